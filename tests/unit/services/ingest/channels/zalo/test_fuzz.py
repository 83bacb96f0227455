"""The webhook's pure entry under random input: nothing breaks it, nothing forged or cut short gets in."""

import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.ingest.channels.zalo import content, conversation
from services.ingest.channels.zalo.admission import Admitted, Ping, Refused, admit
from services.ingest.channels.zalo.conversation import Closing, Conversation, Patience
from services.ingest.channels.zalo.event import Ignored, Withdrawal, decode
from services.ingest.channels.zalo.message import Message
from services.ingest.submission import MAX_TEXT
from tests.support import zalo_events as zalo
from tests.support.fuzz import for_seconds
from tests.unit.services.ingest.channels.zalo.test_admission import ACCOUNTS, NOW

pytestmark = pytest.mark.fuzz
PATIENCE = Patience(quiet=timedelta(seconds=60), longest=timedelta(seconds=600))
NAMES = ["user_send_text", "user_send_image", "user_send_location", "anonymous_send_file", "user_withdraw", "user_new"]
ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    10**400,
    1.5,
    "",
    "x",
    "\ud800",
    "\x00",
    [],
    {},
    [[]],
    [{}],
    "9" * 30,
    "21.38",
    "NaN",
]


def samples(chance: random.Random) -> dict[str, Any]:
    """One of the events as Zalo sends them."""
    kind = chance.choice(["image", "file", "link", "location", "sticker", "business_card", "poll"])
    payload = {
        "url": chance.choice(["https://x.zdn.vn/1", "http://[::1", "javascript:0"]),
        "coordinates": {"latitude": "21.386", "longitude": "103.017"},
        "size": "12",
        "checksum": "0" * 32,
        "name": "thư.docx",
    }
    return chance.choice(
        [
            zalo.text("m1", "Đề nghị bổ sung chỉ tiêu.", NOW),
            zalo.event(chance.choice(NAMES), "m2", NOW, text="x", attachments=[{"type": kind, "payload": payload}]),
            zalo.withdraw(NOW),
        ]
    )


def twisted(chance: random.Random, value: Any) -> Any:
    """The same shape with something odd in a few places."""
    if chance.random() < 0.08:
        return chance.choice(ODD)
    if isinstance(value, dict):
        return {name: twisted(chance, one) for name, one in value.items() if chance.random() > 0.03}
    if isinstance(value, list):
        return [twisted(chance, one) for one in value for _ in range(chance.choice([1, 1, 1, 0, 3]))]
    return value


def mutated(chance: random.Random, data: bytes) -> bytes:
    """Cut, doubled, with bytes changed."""
    found = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(found) + 1)
        how = chance.randrange(4)
        if how == 0:
            del found[at:]
        elif how == 1:
            found[at:at] = chance.randbytes(chance.randint(1, 5))
        elif how == 2:
            found[at : at + 1] = bytes([chance.randrange(256)])
        else:
            found[at:at] = found[: chance.randrange(len(found) + 1)]
    return bytes(found)


def ask(body: bytes, headers: dict[str, str]) -> Ping | Refused | Admitted:
    return admit(body, {name.lower(): value for name, value in headers.items()}, ACCOUNTS, NOW)


def test_nothing_forged_or_cut_short_is_admitted() -> None:
    def example(chance: random.Random) -> tuple[bytes, bytes, dict[str, str], str | None]:
        stamp = chance.choice([None, "1760929200000"])
        body, headers = zalo.signed(samples(chance), timestamp=stamp)
        changed = mutated(chance, body)
        if chance.random() < 0.3:  # bytes of the body as the header's timestamp, under the same signature
            cut = chance.randrange(len(body))
            changed = body[:cut]
            headers["X-ZEvent-Timestamp"] = body[cut:].decode("latin-1") + (stamp or "")
        return body, changed, headers, stamp

    def check(one: tuple[bytes, bytes, dict[str, str], str | None]) -> None:
        body, changed, headers, _ = one
        if changed != body:
            assert not isinstance(ask(changed, headers), Admitted)
            forged = {**headers, "X-ZEvent-Signature": "mac=" + "a" * 64}
            assert not isinstance(ask(changed, forged), Admitted)

    assert for_seconds(example, check) > 0


def test_any_headers_and_bytes_get_one_of_three_answers() -> None:
    def example(chance: random.Random) -> tuple[bytes, dict[str, str]]:
        body = chance.choice([chance.randbytes(chance.randint(0, 60)), b"[" * 100_000, b'{"a":' * 5000, b"1" * 5000])
        names = ["X-ZEvent-Signature", "X-ZEvent-Timestamp", "num_retry"]
        return body, {name: chance.randbytes(chance.randint(0, 80)).decode("latin-1") for name in names}

    assert for_seconds(example, lambda one: ask(*one)) > 0


def test_a_signed_event_of_any_shape_ends_as_a_submission_or_not_at_all() -> None:
    """What is behind the signature must hold too: the event reaches `accept` in a shape nothing refuses."""

    def example(chance: random.Random) -> bytes:
        event = twisted(chance, samples(chance))
        body = json.dumps(event).encode()
        return mutated(chance, body) if chance.random() < 0.1 else body

    def check(body: bytes) -> None:
        assert isinstance(ask(*zalo.signed(body)), Ping | Refused | Admitted)
        found = decode(body, received_at=datetime(2025, 10, 20, 3, tzinfo=UTC))
        assert isinstance(found, Message | Withdrawal | Ignored)
        if isinstance(found, Message):
            state = conversation.deliver(Conversation(oa="1", user=found.user), found, PATIENCE)
            state = Conversation.model_validate_json(state.model_dump_json())
            closing = Closing(messages=state.open)
            assert closing.fingerprint() == Closing(messages=(found,)).fingerprint()
            made = content.to_submission(state, closing, {})
            assert len(made.text.encode()) <= MAX_TEXT
            made.text.encode("utf-8")

    assert for_seconds(example, check) > 0
