"""Counts made by another body: never added to ours, never twice, never guessed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.ingest.channels.vneid import counts, payload
from services.ingest.channels.vneid.batches import Revision, Scope, hold, published, reserve
from services.ingest.channels.vneid.settings import Issuer
from services.ingest.channels.vneid.verify import Trusted
from services.ingest.faults import Fault, Faults, KeyReused
from shared.consultation_yaml import load
from shared.events import AggregateCount, Stance
from tests.support.ingest_app import ROOT
from tests.support.memory_store import MemoryStore
from tests.support.vneid_issuer import AUD, ISS, claims

DEFINITION = load(ROOT / "consultations" / "dien-bien-2025.yaml")
START = datetime(2025, 6, 11, tzinfo=UTC)
NOW = START + timedelta(days=9)
ISSUER = Issuer.model_validate(
    {"id": "thu", "issuer": ISS, "audience": AUD, "jwks_file": "x", "aggregates": {"channel": "vneid-tong-hop"}}
)
DRAFT = "bao-cao-chinh-tri"


def batch(**more: Any) -> dict[str, Any]:
    return claims(
        **(
            {
                "batch_id": "ngay-11",
                "period_start": "2025-06-11T00:00:00+07:00",
                "period_end": "2025-06-12T00:00:00+07:00",
                "counts": [{"draft_id": DRAFT, "stance": "Tán thành", "submissions": 5}],
            }
            | more
        )
    )


def rows(said: dict[str, Any]) -> tuple[tuple[AggregateCount, ...], tuple[Fault, ...]]:
    content = payload.mapped(Trusted(ISSUER, said["jti"], None, said), counts.Batch.model_fields)
    return counts.rows(counts.read(content.fields, ISSUER), DEFINITION, ISSUER, NOW)


def refused(said: dict[str, Any]) -> set[str]:
    with pytest.raises(Faults) as caught:
        rows(said)
    return {fault.field for fault in caught.value.faults}


def test_rows_are_read_with_labels_and_unknown_places_are_kept_and_noted() -> None:
    found, notes = rows(
        batch(
            counts=[
                {"draft_id": DRAFT, "section_ref": "II", "stance": "Không tán thành", "submissions": 2, "with_text": 1},
                {"draft_id": "khac", "section_ref": "ZZ", "submissions": 0},
            ]
        )
    )
    assert found[0] == AggregateCount(
        draft_id=DRAFT, section_ref="II", stance=Stance.DISAGREE, submissions=2, with_text=1
    )
    assert (found[1].draft_id, found[1].section_ref, found[1].stance) == ("khac", "ZZ", None)
    assert {note.field for note in notes} == {"counts[1].draft_id", "counts[1].section_ref"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"counts": []}, "counts"),
        ({"counts": [{"submissions": 1}] * 5001}, "counts"),
        ({"counts": [{"submissions": -1}]}, "counts[0].submissions"),
        ({"counts": [{"submissions": 1.5}]}, "counts[0].submissions"),
        ({"counts": [{"submissions": "1"}]}, "counts[0].submissions"),
        ({"counts": [{"submissions": True}]}, "counts[0].submissions"),
        ({"counts": [{"submissions": 10**10}]}, "counts[0].submissions"),
        ({"counts": [{"submissions": 1, "with_text": 2}]}, "counts[0].with_text"),
        ({"counts": [{"submissions": 1, "stance": "hả"}]}, "counts[0].stance"),
        ({"counts": [{"submissions": 1, "sum": 2}]}, "counts[0].sum"),
        ({"counts": [{"submissions": 1, "stance": "agree"}, {"submissions": 1, "stance": "Tán thành"}]}, "counts[1]"),
        ({"batch_id": "có dấu"}, "batch_id"),
        ({"batch_id": "x\r\nNats-Msg-Id: y"}, "batch_id"),
        ({"revision": 0}, "revision"),
        ({"period_end": "2025-06-11T00:00:00+07:00"}, "period_end"),
        ({"period_end": "2025-07-11T00:00:00+07:00"}, "period_end"),
        ({"period_start": "2025-06-11"}, "period_start"),
        ({"period_start": 1749697200}, "period_start"),
        ({"period_start": "0001-01-01T00:00:00+14:00"}, "period_start"),
        (
            {"counts": [{"submissions": 1, "draft_id": DRAFT, "section_ref": s} for s in ("I", f"{DRAFT}:I")]},
            "counts[1]",
        ),
        ({"batch_id": ...}, "batch_id"),
        ({"text": "x"}, "text"),
    ],
)
def test_wrong_batches_name_their_field(wrong: dict[str, Any], field: str) -> None:
    assert refused(batch(**wrong)) == {field}


@pytest.mark.parametrize("channel", ["vneid", "khong-co"])
def test_counts_go_only_under_a_channel_that_another_body_counts(channel: str) -> None:
    issuer = ISSUER.model_copy(update={"aggregates": ISSUER.aggregates.model_copy(update={"channel": channel})})  # type: ignore[union-attr]
    with pytest.raises(Faults):
        counts.channel_of(issuer, DEFINITION)
    assert counts.channel_of(ISSUER, DEFINITION).counted_by == "Bộ Công an"


def test_an_issuer_without_leave_or_of_another_body_is_refused() -> None:
    with pytest.raises(Faults):
        counts.channel_of(ISSUER.model_copy(update={"aggregates": None}), DEFINITION)
    other = ISSUER.aggregates.model_copy(update={"counted_by": "Cơ quan khác"})  # type: ignore[union-attr]
    with pytest.raises(Faults):
        counts.channel_of(ISSUER.model_copy(update={"aggregates": other}), DEFINITION)


def revision(id_: str = "a", n: int = 1, day: int = 0, days: int = 1, **more: Any) -> Revision:
    fields: dict[str, Any] = {
        "batch_id": id_,
        "revision": n,
        "period_start": START + timedelta(days=day),
        "period_end": START + timedelta(days=day + days),
        "drafts": None,
        "fingerprint": f"{id_}{n}",
        "evidence_sha256": "0" * 64,
        "received_at": NOW,
    }
    return Revision.model_validate(fields | more)


def test_the_same_revision_again_is_the_first_one_and_other_counts_are_a_conflict() -> None:
    held = [revision()]
    again = revision(received_at=NOW + timedelta(hours=1), evidence_sha256="1" * 64)
    assert reserve(held, again) is held[0]
    with pytest.raises(KeyReused):
        reserve(held, revision(fingerprint="khác"))


def test_a_higher_revision_replaces_and_a_lower_one_comes_too_late() -> None:
    second = revision(n=3)
    assert reserve([revision()], second) is second
    with pytest.raises(Faults):
        reserve([revision(), second], revision(n=2))
    assert reserve([revision(), second], revision()).revision == 1, "a late repeat of what was accepted"


@pytest.mark.parametrize(
    ("day", "days", "clash"), [(0, 1, True), (-1, 3, True), (0.5, 1, True), (1, 1, False), (-1, 1, False)]
)
def test_periods_of_two_batches_may_touch_but_not_overlap(day: float, days: int, clash: bool) -> None:
    other = revision("b", day=day, days=days)  # type: ignore[arg-type]
    if not clash:
        assert reserve([revision()], other) is other
        return
    with pytest.raises(Faults) as caught:
        reserve([revision()], other)
    assert caught.value.faults[0].field == "period_start"


def test_batches_of_different_drafts_may_share_a_period() -> None:
    held = [revision(drafts=("x",))]
    reserve(held, revision("b", drafts=("y",)))
    for drafts in (("x", "y"), None):
        with pytest.raises(Faults):
            reserve(held, revision("b", drafts=drafts))


def test_only_the_standing_revision_of_another_batch_is_in_the_way() -> None:
    moved = revision(n=2, day=5)
    reserve([revision(), moved], revision("b"))
    with pytest.raises(Faults):
        reserve([revision(), moved], revision("b", day=5))


async def test_what_is_held_outlives_the_process_and_replicas_agree() -> None:
    store, scope = MemoryStore(), Scope("thu", "dien-bien-2025", "vneid-tong-hop")
    first = await hold(store, scope, revision())
    again = await hold(store, scope, revision(received_at=NOW + timedelta(hours=1)))
    assert again == first
    assert not again.published
    await published(store, scope, first)
    assert (await hold(store, scope, revision())).published
    with pytest.raises(Faults):
        await hold(store, scope, revision("b"))
    await hold(store, Scope("khac", "dien-bien-2025", "vneid-tong-hop"), revision("b"))
