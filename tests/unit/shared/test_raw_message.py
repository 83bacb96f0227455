"""Reading the ack subject: sequence, attempt and an exact time."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nats.aio.msg import Msg
from opentelemetry import trace

from shared.raw_message import from_delivery, instant

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@given(st.integers(min_value=0, max_value=4_000_000_000), st.integers(min_value=0, max_value=999_999_999))
def test_nanoseconds_are_cut_never_rounded(seconds: int, nanos: int) -> None:
    at = instant(seconds * 10**9 + nanos)
    assert at.microsecond == nanos // 1000
    assert int(at.replace(microsecond=0).timestamp()) == seconds


@pytest.mark.parametrize(
    "reply",
    [
        "$JS.ACK.EVENTS.classify.3.42.7.1759284000123456789.0",
        "$JS.ACK.hub.hash.EVENTS.classify.3.42.7.1759284000123456789.0.token",
    ],
)
def test_both_forms_of_the_ack_subject_are_read(reply: str) -> None:
    client: Any = SimpleNamespace()
    raw = from_delivery(Msg(client, "a.b", reply, b"body", {"traceparent": TRACE}))
    assert (raw.subject, raw.body, raw.seq, raw.attempt) == ("a.b", b"body", 42, 3)
    assert raw.stored_at == datetime.fromtimestamp(1759284000, UTC).replace(microsecond=123456)
    assert trace.get_current_span(raw.context).get_span_context().trace_id == 0x0AF7651916CD43DD8448EB211C80319C
