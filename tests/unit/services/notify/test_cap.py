"""The cap on receipts counts mailboxes, not ways to write them."""

from datetime import UTC, datetime

import pytest

from services.notify.cap import ReceiptCap, mailbox_of
from tests.support.memory_store import MemoryStore


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("lo.thi.b@example.vn", "lo.thi.b+1@example.vn", True),
        ("lo.thi.b@example.vn", "LO.THI.B+gop-y@Example.VN", True),
        ("lothib@gmail.com", "l.o.t.h.i.b+x@googlemail.com", True),
        ("lo.thi.b@example.vn", "lothib@example.vn", False),
        ("a@example.vn", "a@example.com", False),
        ("+a@example.vn", "+b@example.vn", False),
    ],
)
def test_addresses_of_one_mailbox_share_its_cap(one: str, other: str, same: bool) -> None:
    assert (mailbox_of(one, "khoa") == mailbox_of(other, "khoa")) is same
    assert mailbox_of(one, "khoa") != mailbox_of(one, "khoa khac")


async def test_what_is_over_the_cap_stays_refused_and_what_was_admitted_stays_admitted() -> None:
    cap = ReceiptCap(MemoryStore(), 2, lambda: datetime(2026, 6, 1, 3, tzinfo=UTC))
    boxes = [mailbox_of(f"a+{n}@example.vn", "khoa") for n in range(4)]
    assert [await cap.admits(box, f"receipt:{n}") for n, box in enumerate(boxes)] == [True, True, False, False]
    assert await cap.admits(boxes[0], "receipt:1")
