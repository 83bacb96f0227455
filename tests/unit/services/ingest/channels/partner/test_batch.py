"""Reading a batch: whatever the bytes are, each line is a whole submission or a refusal with a reason."""

import json
import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.channels.partner.batch import MAX_LINES, BadLine, Line, split, understand
from services.ingest.faults import TooLarge
from tests.support.fuzz import for_seconds

GOOD = json.dumps({"id": "a-1", "text": "Đề nghị bổ sung.", "stance": "supplement"}, ensure_ascii=False).encode()


def test_lines_are_counted_before_anything_is_read() -> None:
    assert len(split(b"\n".join([GOOD] * MAX_LINES) + b"\r\n\n  \n")) == MAX_LINES
    with pytest.raises(TooLarge):
        split(b"\n".join([GOOD] * (MAX_LINES + 1)))
    with pytest.raises(TooLarge):
        split(b"\n" * 2_000_000 + b"{}")
    assert split(b" \r\n\n") == []


def test_a_line_separator_inside_a_text_is_no_end_of_line() -> None:
    body = json.dumps({"id": "1", "text": "một\u2028hai\u0085ba"}, ensure_ascii=False).encode()
    assert len(split(body)) == 1
    assert isinstance(understand(1, body), Line)


@pytest.mark.parametrize("at", range(1, len(GOOD)))
def test_no_truncation_of_a_line_is_taken(at: int) -> None:
    found = understand(1, GOOD[:-at])
    assert isinstance(found, BadLine)
    assert found.refused.faults[0].reason


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"null",
        b'"a"',
        b'{"id":"1","id":"2","text":"a"}',
        b'{"id":1,"text":"a"}',
        b'{"id":"","text":"a"}',
        b'{"id":"a b","text":"a"}',
        b'{"id":"1","text":"a","submitted_at":NaN}',
        b"[" * 100_000,
        b'{"id":"1","text":"\\ud800"}x',
        b"\xff\xfe{}",
    ],
)
def test_what_is_no_submission_is_refused_by_itself(raw: bytes) -> None:
    assert isinstance(understand(3, raw), BadLine)


@given(st.binary(max_size=300))
def test_whatever_the_bytes_are_reading_never_fails(raw: bytes) -> None:
    for number, line in enumerate(split(raw), 1):
        found = understand(number, line)
        assert found.number == number


@pytest.mark.fuzz
def test_fuzz_damaged_batches() -> None:
    """Bytes cut, doubled, changed, moved: a line is taken only when JSON itself says it is whole and what we ask for."""

    def damaged(chance: random.Random) -> bytes:
        lines = [
            json.dumps(
                {
                    "id": f"n{number}",
                    "text": "".join(chance.choices(string.printable + "ạẵđừỹ\u2028\x00", k=chance.randint(0, 40))),
                    "respondent": chance.choice([None, {}, {"email": "a@example.vn"}, {"x": 1}, []]),
                },
                ensure_ascii=chance.random() < 0.5,
            )
            for number in range(chance.randint(1, 6))
        ]
        body = bytearray(chance.choice(["\n", "\r\n", "\n\n"]).join(lines).encode("utf-8"))
        for _ in range(chance.randint(0, 8)):
            at = chance.randrange(len(body) + 1)
            match chance.randrange(4):
                case 0:
                    del body[at : at + chance.randint(1, 30)]
                case 1:
                    body[at:at] = bytes(chance.choices(range(256), k=chance.randint(1, 5)))
                case 2:
                    body[at:at] = body[: chance.randint(0, 50)]
                case _:
                    body[at:at] = chance.choice([b"\n", b'"', b"{", b"}", b"\\u", b"[" * 2000, b"1" * 5000, b"\x00"])
        return bytes(body[: chance.randint(0, len(body))] if chance.random() < 0.3 else body)

    def check(body: bytes) -> None:
        for number, raw in enumerate(split(body), 1):
            found = understand(number, raw)
            try:
                data = json.loads(raw.decode("utf-8"))
            except (ValueError, RecursionError):
                data = None
            if isinstance(found, Line):
                assert data["id"] == found.id
                assert data.get("text", "") == found.request.text
            else:
                assert all(fault.field and fault.reason for fault in found.refused.faults)

    assert for_seconds(damaged, check) > 100
