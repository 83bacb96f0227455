"""How waiting events are gathered into batches, without a server."""

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from shared.commit import Ack, Commit, Message
from shared.errors import Transient
from shared.publisher import BATCH_BYTES, BATCH_MESSAGES, COMMITTERS, Publisher
from tests.support.events import submission


class SlowCommit:
    """Remembers the batches; answers after a moment, as a disk does."""

    def __init__(self, pause_s: float = 0.01) -> None:
        self.batches: list[list[str]] = []
        self.running = 0
        self.most = 0
        self.pause_s = pause_s

    async def __call__(self, messages: Sequence[Message]) -> list[Ack | Exception]:
        self.running += 1
        self.most = max(self.most, self.running)
        self.batches.append([m.id for m in messages])
        await asyncio.sleep(self.pause_s)
        self.running -= 1
        return [Ack(n) for n, _ in enumerate(messages, 1)]


def publisher(commit: Any) -> Publisher:
    made = Publisher(SimpleNamespace(), source="test")  # type: ignore[arg-type]
    made._commit = commit
    return made


async def test_a_lone_event_does_not_wait_for_company() -> None:
    commit = SlowCommit()
    await publisher(commit).publish(submission(1))
    assert commit.batches == [[submission(1).event_id]]


async def test_what_queues_while_a_commit_runs_goes_out_together() -> None:
    commit = SlowCommit()
    made = publisher(commit)
    await asyncio.gather(*(made.publish(submission(n)) for n in range(1000)))
    assert max(len(b) for b in commit.batches) == BATCH_MESSAGES
    assert len(commit.batches) <= 1000 // BATCH_MESSAGES + 1
    assert commit.most == COMMITTERS
    assert sorted(i for b in commit.batches for i in b) == sorted(submission(n).event_id for n in range(1000))


async def test_a_batch_stays_below_its_size_in_bytes() -> None:
    commit = SlowCommit()
    made = publisher(commit)
    big = "x" * (BATCH_BYTES // 3)
    await asyncio.gather(*(made.publish(submission(n, text=big)) for n in range(7)))
    assert max(len(b) for b in commit.batches) == 2


async def test_an_id_stands_once_in_a_batch() -> None:
    commit = SlowCommit()
    made = publisher(commit)
    await asyncio.gather(*(made.publish(submission(n // 2)) for n in range(20)))
    assert all(len(set(b)) == len(b) for b in commit.batches)
    assert sum(len(b) for b in commit.batches) == 20


async def test_a_broken_commit_answers_every_caller_and_the_publisher_goes_on() -> None:
    async def broken(_: Sequence[Message]) -> list[Ack | Exception]:
        raise RuntimeError("bug")

    made = publisher(broken)
    answers = await asyncio.gather(*(made.publish(submission(n)) for n in range(5)), return_exceptions=True)
    assert all(isinstance(a, Transient) for a in answers)
    made._commit = SlowCommit()  # type: ignore[assignment]
    assert await made.publish(submission(9)) == Ack(1)


async def test_close_waits_for_every_answer() -> None:
    commit = SlowCommit(0.05)
    made = publisher(commit)
    asking = [asyncio.create_task(made.publish(submission(n))) for n in range(5)]
    await asyncio.sleep(0)
    await made.close()
    assert all(task.done() for task in asking) or sum(len(b) for b in commit.batches) == 5
    await asyncio.gather(*asking)


@pytest.mark.parametrize("connected", [True, False])
async def test_no_answer_is_never_told_as_stored(connected: bool) -> None:
    async def request(*_: object, **__: object) -> None:
        await asyncio.sleep(60)

    nc = SimpleNamespace(is_connected=connected, is_closed=False, stats={"reconnects": 0}, request=request)
    message = Message("s", {"Nats-Msg-Id": "x", "Ykien-Call": "1"}, b"", asyncio.get_running_loop().time())
    (answer,) = await asyncio.wait_for(_lost(nc, message), 5)
    assert isinstance(answer, Transient)


async def _lost(nc: SimpleNamespace, message: Message) -> list[Ack | Exception]:
    async def lose() -> None:
        await asyncio.sleep(0.1)
        nc.is_connected = False

    losing = asyncio.create_task(lose())
    try:
        return await Commit(nc)([message])  # type: ignore[arg-type]
    finally:
        await losing


async def test_who_publishes_in_the_very_turn_in_which_the_committers_leave_is_not_forgotten() -> None:
    gate = asyncio.Event()

    async def commit(messages: Sequence[Message]) -> list[Ack | Exception]:
        await gate.wait()
        return [Ack(1) for _ in messages]

    made = publisher(commit)

    async def later() -> Ack:
        await gate.wait()  # woken after both committers, in the same turn of the loop
        return await made.publish(submission(3))

    async with asyncio.timeout(2):
        first = []
        for n in (1, 2):
            first.append(asyncio.create_task(made.publish(submission(n))))
            await asyncio.sleep(0.01)
        last = asyncio.create_task(later())
        await asyncio.sleep(0.01)
        assert len(made._committers) == COMMITTERS
        gate.set()
        assert await last == Ack(1)
        await asyncio.gather(*first)
