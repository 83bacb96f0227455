"""CloudEvents headers, and refusals that name the field but never quote a citizen."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.envelope import BadEnvelope, decode, encode
from shared.errors import Permanent
from tests.support.events import submission

AT = datetime(2025, 10, 1, 7, 0, tzinfo=UTC)
SUBJECT, HEADERS, BODY = encode(submission(1), source="ykien/ingest", time=AT)


def test_the_attributes_stand_in_the_headers() -> None:
    assert SUBJECT == "submission.received.v1.dien-bien-2025"
    assert {
        "Nats-Msg-Id": f"submission.received:{1:032x}",
        "ce-specversion": "1.0",
        "ce-id": f"submission.received:{1:032x}",
        "ce-type": "submission.received.v1",
        "ce-source": "ykien/ingest",
        "ce-time": "2025-10-01T07:00:00.000000Z",
        "ce-subject": f"{1:032x}",
        "content-type": "application/json",
    } == HEADERS


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    event = submission(2, text=text)
    assert decode(*encode(event, source="s", time=AT)) == event


@given(st.binary(max_size=200))
def test_any_other_body_is_refused_and_nothing_else_is_raised(body: bytes) -> None:
    with pytest.raises(BadEnvelope):
        decode(SUBJECT, HEADERS, body)


@pytest.mark.parametrize(
    ("subject", "headers", "body", "names"),
    [
        (SUBJECT, {}, BODY, "ce-type"),
        (SUBJECT, {"ce-type": "submission.received.v9"}, BODY, "ce-type"),
        (SUBJECT, HEADERS, b"{", "body: json_invalid"),
        (SUBJECT, HEADERS, b"[]", "body"),
        ("submission.received.v1.lai-chau-2025", HEADERS, BODY, "subject"),
    ],
)
def test_what_is_no_event_is_refused_naming_the_field(
    subject: str, headers: dict[str, str], body: bytes, names: str
) -> None:
    with pytest.raises(BadEnvelope, match=names):
        decode(subject, headers, body)


def test_a_refusal_never_quotes_the_input() -> None:
    words = "lời của công dân"
    body = json.dumps({**json.loads(BODY), "text_sha256": words, "submission_id": words}).encode()
    with pytest.raises(BadEnvelope) as caught:
        decode(SUBJECT, HEADERS, body)
    assert "submission_id" in str(caught.value)
    assert words not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_lone_surrogate_cannot_be_published() -> None:
    event = submission(3).model_copy(update={"text": "x\ud800"})
    with pytest.raises(Permanent) as caught:
        encode(event, source="s", time=AT)
    assert "ud800" not in str(caught.value)
