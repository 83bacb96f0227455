"""What a verified message becomes: names and words of the issuer, stances, drafts, sections; nothing lost silently."""

from typing import Any

import pytest

from services.ingest import respondent
from services.ingest.channels.vneid import payload
from services.ingest.channels.vneid.routes import idempotency_key
from services.ingest.channels.vneid.settings import Issuer
from services.ingest.channels.vneid.verify import Trusted
from services.ingest.faults import Faults
from services.ingest.submission import Submission
from shared.consultation_yaml import load
from shared.events import Stance
from tests.support.ingest_app import ROOT
from tests.support.vneid_issuer import AUD, ISS, claims

ONE = load(ROOT / "consultations" / "dien-bien-2025.yaml")
SEVERAL = load(ROOT / "consultations" / "lai-chau-2025.yaml")
PLAIN: dict[str, Any] = {"id": "thu", "issuer": ISS, "audience": AUD, "jwks_file": "x"}


def trusted(said: dict[str, Any], **settings: Any) -> Trusted:
    return Trusted(Issuer.model_validate(PLAIN | settings), str(said["jti"]), said.get("sub"), said)


def submit(said: dict[str, Any], consultation: Any = ONE, **settings: Any) -> Submission:
    found = trusted(said, **settings)
    content = payload.mapped(found, payload.Said.model_fields)
    return payload.submit(payload.read(content.fields, found.issuer), found, consultation)


def refused(said: dict[str, Any], **settings: Any) -> dict[str, str]:
    with pytest.raises(Faults) as caught:
        submit(said, **settings)
    return {fault.field: fault.reason for fault in caught.value.faults}


@pytest.mark.parametrize(
    ("word", "stance"),
    [
        ("Tán thành", Stance.AGREE),
        ("không tán thành", Stance.DISAGREE),
        ("ĐỒNG Ý MỘT PHẦN", Stance.PARTLY_AGREE),
        ("partly_agree", Stance.PARTLY_AGREE),
        ("disagree", Stance.DISAGREE),
        ("amend", Stance.AMEND),
        ("Đồng tình", Stance.AGREE),
    ],
)
def test_stances_by_code_label_and_the_issuers_own_words(word: str, stance: Stance) -> None:
    found = submit(claims(stance=word), stances={"Đồng tình": "agree"})
    assert (found.stance, found.text) == (stance, "")


def test_a_stance_nobody_knows_is_refused_not_dropped() -> None:
    assert set(refused(claims(stance="Chắc thế", text="Nhất trí."))) == {"stance"}


def test_names_of_the_issuer_are_used_both_ways() -> None:
    names = {"text": "noiDung", "stance": "mucDo", "respondent_group": "doiTuong"}
    found = submit(claims(noiDung="Nhất trí.", mucDo="Tán thành", doiTuong="Đảng viên"), claims=names)
    assert (found.text, found.stance, found.person.group) == ("Nhất trí.", Stance.AGREE, "dang-vien")
    assert set(refused(claims(mucDo="?", noiDung="Được."), claims=names)) == {"mucDo"}
    assert set(refused(claims(noiDung=7), claims=names)) == {"noiDung"}
    assert set(refused(claims(text="Nhất trí."), claims=names)) == {"text"}, "their claim is called otherwise"


def test_a_misspelt_claim_is_refused_registered_and_ignored_ones_are_not() -> None:
    assert set(refused(claims(text="Nhất trí.", stanec="agree"))) == {"stanec"}
    submit(claims(text="Nhất trí.", acr="LoA2", nonce="n", phienBan=2), ignored=["phienBan"])


def test_neither_text_nor_stance_is_refused() -> None:
    assert set(refused(claims(text="  "))) == {"text"}
    assert set(refused(claims())) == {"text"}
    assert set(refused(claims(stance="none"))) == {"text"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ["x"]},
        {"text": "a\u0000b"},
        {"draft_id": "x" * 65},
        {"section_ref": "x" * 201},
        {"submitted_at": 1749697200},
        {"submitted_at": "hôm qua"},
        {"submitted_at": "2025-06-12T08:00:00"},
        {"respondent_group": 7},
        {"locality_code": "x" * 65},
        {"consultation_id": ""},
        {"consultation_id": ...},
    ],
)
def test_wrong_fields_are_named(wrong: dict[str, Any]) -> None:
    assert set(refused(claims(**({"text": "Nhất trí."} | wrong)))) == set(wrong)


def test_unknown_drafts_sections_groups_and_places_are_kept_and_noted() -> None:
    found = submit(
        claims(text="Nhất trí.", draft_id="khac", section_ref="XX", respondent_group="ai đó", locality_code="000")
    )
    assert (found.draft_id, found.section_ref) == ("khac", "XX")
    assert (found.person.group, found.person.locality) == (None, None)
    assert {note.field for note in found.notes} == {"draft_id", "section_ref", "respondent_group", "locality_code"}


def test_a_section_is_named_with_its_draft_where_there_are_several() -> None:
    draft = SEVERAL.drafts[1]
    ref = draft.current.sections[0].ref
    found = submit(claims(stance="agree", draft_id=draft.id, section_ref=ref), SEVERAL)
    assert (found.draft_id, found.section_ref, found.notes) == (draft.id, f"{draft.id}:{ref}", ())
    only = ONE.drafts[0]
    assert submit(claims(stance="agree", draft_id=only.id, section_ref="II")).section_ref == "II"


def test_of_the_subject_only_a_keyed_hash_remains() -> None:
    def event(said: dict[str, Any]) -> Any:
        return respondent.for_event(submit(said).person, "C", (), pepper=b"k", seal=lambda data: data.decode())

    one, again = event(claims(text="A", sub="s-1")), event(claims(text="B", sub="s-1"))
    assert one.person_hash == again.person_hash is not None
    assert one.person_hash != event(claims(text="A", sub="s-2")).person_hash
    assert one.sealed_identity is None
    assert "s-1" not in one.model_dump_json()
    assert event(claims(text="A", sub=...)).person_hash is None


def test_content_is_told_apart_from_when_and_how_it_was_signed() -> None:
    def seen(**more: Any) -> tuple[str, str]:
        found = trusted(claims(**({"jti": "m", "text": "A"} | more)))
        return idempotency_key(found), payload.mapped(found, payload.Said.model_fields).fingerprint

    first = seen()
    assert seen(iat=1, exp=2, draft_id=None) == first
    assert seen(text="B")[0] == first[0]
    assert len({first[1], seen(text="B")[1], seen(sub="x")[1], seen(stance="agree")[1]}) == 4
    assert seen(jti="n")[0] != first[0]
