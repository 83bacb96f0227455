"""The receipt can be made again, and nobody else can make it."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from services.ingest import idempotency
from services.ingest.receipt import Receipt, Signer
from services.ingest.respondent import Person
from services.ingest.settings import Secrets
from services.ingest.submission import Submission
from shared import signing
from shared.events import WindowMark

KEYS = Secrets(
    sealing_public="00" * 32,
    receipt_seed="11" * 32,
    tracking=b"t",
    pepper=b"p",
    operator_token_sha256="00" * 32,
    spool=b"s",
    partner=b"k",
    challenge=b"c",
)
AT = datetime(2025, 6, 12, 3, 4, 5, 678, tzinfo=UTC)


def make(at: datetime = AT, window: WindowMark = WindowMark.INSIDE) -> Receipt:
    return Signer(KEYS).make(
        consultation="dien-bien-2025", tracking_code="2" * 15, received_at=at, text_sha256="ab" * 32, window=window
    )


def test_the_same_facts_make_the_same_receipt_whatever_the_zone_they_are_told_in() -> None:
    assert make() == make() == make(AT.astimezone(timezone(timedelta(hours=7))))


@given(st.sampled_from(["consultation", "tracking_code", "received_at", "text_sha256", "window", "key_id"]))
def test_a_changed_receipt_does_not_check(field: str) -> None:
    facts = make().model_dump(mode="json")
    signature = facts.pop("signature")
    public = Signer(KEYS).public_key
    assert signing.verify(public, facts, signature)
    assert not signing.verify(public, {**facts, field: facts[field] + "x"}, signature)


def test_secrets_do_not_show_themselves() -> None:
    assert "11" not in repr(KEYS)


def test_an_idempotency_key_makes_the_id_within_its_consultation_and_channel() -> None:
    ids = {idempotency.submission_id(c, ch, k) for c in ("a", "b") for ch in ("web", "api") for k in ("1", "2")}
    assert len(ids) == 8
    assert all(len(one) == 32 and int(one, 16) for one in ids)
    assert idempotency.submission_id("a", "web", "1") in ids


def test_the_mac_of_a_body_sees_every_part_and_needs_the_pepper() -> None:
    one = Submission(text="x", section_ref=None, stance=None, person=Person(phone="0912345678"), files=())
    two = one.model_copy(update={"person": Person(phone="0912345679")})
    macs = {idempotency.body_mac(b"p", one), idempotency.body_mac(b"p", two), idempotency.body_mac(b"q", one)}
    assert len(macs) == 3
    assert idempotency.body_mac(b"p", one) in macs
