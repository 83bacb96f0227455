"""Whatever a message does to its handler, or to the whole process, the others of its batch are settled."""

import random
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest
from nats.aio.msg import Msg

from shared import topology, worker
from shared.bus import Bus
from shared.raw_message import RawMessage
from shared.settlement import DEFAULT
from shared.worker import Worker

POISON = 7


class Died(BaseException):
    """As good as kill -9: nothing of the process gets to say a word after it."""


class Delivered:
    """One delivery of a message, as the client hands it over."""

    def __init__(self, seq: int, attempt: int, settled: dict[int, str]) -> None:
        self.subject, self.headers, self.data = "submission.received.v1.x", None, b""
        self.reply = f"$JS.ACK.EVENTS.classify.{attempt}.{seq}.{seq}.1700000000000000000.0"
        self.metadata = SimpleNamespace(sequence=SimpleNamespace(stream=seq), num_delivered=attempt)
        self._seq, self._settled = seq, settled

    async def ack(self) -> None:
        self._settled[self._seq] = "ack"

    async def nak(self, delay: float | None = None) -> None:
        self._settled[self._seq] = "nak"

    async def in_progress(self) -> None:
        """Nobody waits here."""


class Server:
    """Delivers what is not settled again, in the order of the stream."""

    def __init__(self, count: int) -> None:
        self.settled: dict[int, str] = {}
        self.lives = 0
        self._left = count

    async def live(self, handle: Any) -> None:
        """One life of a process that gets all that is left."""
        self.lives += 1
        bus = cast("Bus", SimpleNamespace(ack_wait_s=30.0, js=None))
        consumer: Worker[RawMessage] = Worker(lambda raw: raw, handle, topology.CLASSIFY, bus, DEFAULT)
        left = [Delivered(seq, self.lives, self.settled) for seq in range(self._left) if seq not in self.settled]
        await consumer.work(cast("list[Msg]", left))


async def test_a_message_that_kills_its_process_does_not_take_the_others_with_it() -> None:
    """Long before the server gives all of them up (`max_deliver`), only the poison is left."""
    random.seed(20251122)
    server = Server(64)

    async def handle(batch: Sequence[RawMessage]) -> None:
        if POISON in [raw.seq for raw in batch]:
            raise Died

    while len(server.settled) < 63 and server.lives < topology.CLASSIFY.max_deliver:
        with pytest.raises(Died):
            await server.live(handle)
    assert sorted(server.settled) == [seq for seq in range(64) if seq != POISON]
    assert set(server.settled.values()) == {"ack"}
    assert server.lives <= topology.CLASSIFY.max_deliver - 5


async def test_a_message_that_fails_is_settled_alone_and_the_others_are_handled_once_more_each() -> None:
    server, calls = Server(64), []

    async def handle(batch: Sequence[RawMessage]) -> None:
        calls.append(len(batch))
        if POISON in [raw.seq for raw in batch]:
            raise ValueError

    await server.live(handle)
    assert server.settled == {seq: "nak" if seq == POISON else "ack" for seq in range(64)}
    assert calls == [64] + [1] * 64


@pytest.mark.parametrize("attempt", range(1, 8))
async def test_what_comes_often_is_handled_alone_and_after_the_others(attempt: int) -> None:
    server, calls = Server(10), []
    server.lives = attempt - 1

    async def handle(batch: Sequence[RawMessage]) -> None:
        calls.append([raw.seq for raw in batch])

    await server.live(handle)
    assert set(server.settled.values()) == {"ack"}
    expected = [[*range(10)]] if attempt <= worker.TOGETHER else [[seq] for seq in range(10)]
    assert sorted(calls) == expected


def test_the_order_of_those_that_come_often_differs_from_life_to_life() -> None:
    items = [cast("Any", SimpleNamespace(raw=SimpleNamespace(attempt=4, seq=seq))) for seq in range(30)]
    random.seed(1)
    orders = {tuple(item.raw.seq for item in Worker._by_risk(items)) for _ in range(5)}
    assert len(orders) == 5
    fresh = cast("Any", SimpleNamespace(raw=SimpleNamespace(attempt=1, seq=99)))
    assert Worker._by_risk([*items, fresh])[0] is fresh
