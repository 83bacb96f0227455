"""Which consultation a partner's submission is for, and what its idempotency key becomes."""

from datetime import UTC, datetime

import pytest

from services.ingest.channels.partner.request import PartnerLine, PartnerRequest, choose, key_of, read
from services.ingest.faults import Faults
from shared.consultation import Consultation
from shared.partners import Partner
from tests.support.small_consultation import small_consultation

NOW = datetime(2025, 6, 12, tzinfo=UTC)
CHANNELS = [{"id": "partner", "name": "Ứng dụng", "self_service": False}]
OPEN = small_consultation("dang-mo", channels=CHANNELS)
PAST = small_consultation(
    "da-qua",
    channels=CHANNELS,
    window={"opens": datetime(2025, 1, 1, tzinfo=UTC), "closes": datetime(2025, 2, 1, tzinfo=UTC)},
)
OTHER = small_consultation("dang-mo-nua", channels=CHANNELS)
CLOSED_CHANNEL = small_consultation("khong-kenh")
KNOWN = {one.id: one for one in (OPEN, PAST, OTHER, CLOSED_CHANNEL)}


def chosen(consultations: tuple[str, ...], named: str | None = None) -> Consultation:
    return choose(Partner(id="p", name="P", consultations=consultations), named, KNOWN.get, NOW)


def field_of(consultations: tuple[str, ...], named: str | None = None) -> str:
    with pytest.raises(Faults) as caught:
        chosen(consultations, named)
    return caught.value.faults[0].field


def test_the_only_one_and_else_the_only_open_one_is_meant() -> None:
    assert chosen(("da-qua",)) is PAST
    assert chosen(("da-qua", "dang-mo")) is OPEN
    assert chosen(("dang-mo", "dang-mo-nua"), "dang-mo-nua") is OTHER
    assert chosen(("dang-mo", "chua-co")) is OPEN


@pytest.mark.parametrize(
    ("consultations", "named"),
    [
        (("dang-mo", "dang-mo-nua"), None),
        (("chua-co",), None),
        (("dang-mo",), "da-qua"),
        (("dang-mo",), "khong-he-co"),
        (("khong-kenh",), None),
    ],
)
def test_anything_else_is_refused_naming_the_field(consultations: tuple[str, ...], named: str | None) -> None:
    assert field_of(consultations, named) == "consultation_id"


def test_keys_of_two_partners_and_of_two_kinds_never_meet() -> None:
    keys = {key_of(p, kind, key) for p in ("a", "b") for kind in ("key", "signature") for key in ("1", "2")}
    assert len(keys) == 8


def test_a_misspelt_field_is_refused_and_a_line_needs_its_id() -> None:
    with pytest.raises(Faults) as caught:
        read({"text": "a", "consultation": "x"}, PartnerRequest)
    assert caught.value.faults[0].field == "consultation"
    with pytest.raises(Faults) as caught:
        read({"text": "a"}, PartnerLine)
    assert caught.value.faults[0].field == "id"
