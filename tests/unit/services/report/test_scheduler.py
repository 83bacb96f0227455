"""What a trigger's handler refuses."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from services.report.build import Builder
from services.report.scheduler import on_trigger
from shared.errors import Permanent, Transient
from shared.raw_message import RawMessage
from tests.support.report_events import BASE


def builder() -> Builder:
    """One that knows no consultation and fails on every other use."""
    bus = SimpleNamespace(consultations=SimpleNamespace(get=lambda _id: None))
    return Builder(cast("Any", None), cast("Any", bus), cast("Any", None))


def message(body: bytes) -> RawMessage:
    return RawMessage("trigger.report.c.1", {}, body, 1, BASE)


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff", b'{"consultation":"C!","period":1,"cut_off":"x"}'])
async def test_an_order_nobody_can_read_is_given_up(body: bytes) -> None:
    with pytest.raises(Permanent):
        await on_trigger(builder(), message(body))


async def test_an_unknown_consultation_may_still_come() -> None:
    with pytest.raises(Transient):
        await on_trigger(builder(), message(b'{"consultation":"c","period":1,"cut_off":"2025-06-18T07:00:00Z"}'))
