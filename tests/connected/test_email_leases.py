"""A lease has one holder; a dead holder's passes on; none outlives what the bus knows."""

import asyncio

import pytest

from shared import topology
from shared.bus import Bus
from shared.leases import Lease, end
from tests.support.nats_server import NatsServer
from tests.support.waiting import until

pytestmark = pytest.mark.connected


class Watch:
    """A clock of the test's own."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def sure(lease: Lease) -> bool:
    """Whether it is the holder's at this moment."""
    return lease.valid


def lease(bus: Bus, holder: str, clock: Watch, name: str = "hop-thu.a") -> Lease:
    return Lease(bus.js, name, holder=holder, term_s=15, monotonic=clock)


async def test_one_holds_it_until_it_has_been_silent_for_a_whole_term(bus: Bus) -> None:
    clock = Watch()
    one, two = lease(bus, "mot", clock), lease(bus, "hai", clock)
    assert await one.try_now()
    assert not await two.try_now()
    clock.at += 9.9
    assert sure(one)
    clock.at += 0.2
    assert not sure(one), "it stops believing long before anybody takes over"
    assert not await two.try_now()
    clock.at += 5
    assert await two.try_now()
    assert two.valid
    assert not await one.try_now()
    assert not sure(one)


async def test_a_renewed_lease_is_never_taken(bus: Bus) -> None:
    clock = Watch()
    one, two = lease(bus, "mot", clock), lease(bus, "hai", clock)
    for _ in range(6):
        assert await one.try_now()
        assert not await two.try_now()
        clock.at += 8


async def test_of_many_who_ask_at_once_one_gets_it(bus: Bus) -> None:
    clock = Watch()
    taken = await asyncio.gather(*(lease(bus, str(n), clock).try_now() for n in range(12)))
    assert sum(taken) == 1
    assert await lease(bus, "khac", clock, "hop-thu.b").try_now(), "another name is another lease"


async def test_who_leaves_lets_go_at_once(bus: Bus) -> None:
    one = Lease(bus.js, "a", holder="mot", term_s=15)
    two = Lease(bus.js, "a", holder="hai", term_s=15)
    async with one.held():
        assert sure(one)
        assert not await two.try_now()
    assert not sure(one)
    assert await two.try_now()


async def test_it_is_renewed_while_it_is_held(bus: Bus) -> None:
    one = Lease(bus.js, "a", holder="mot", term_s=2)
    two = Lease(bus.js, "a", holder="hai", term_s=2)
    async with one.held():
        for _ in range(45):
            await asyncio.sleep(0.1)
            assert not await two.try_now()
        assert one.valid


async def test_it_is_lost_while_the_bus_is_away_and_comes_back_though_the_bucket_lived_in_memory(
    bus: Bus, nats_server: NatsServer
) -> None:
    one = Lease(bus.js, "a", holder="mot", term_s=1.5)
    async with one.held():
        nats_server.kill()
        await until(lambda: not one.valid)
        nats_server.start()
    await bus.js.stream_info(topology.EVENTS.name)
    async with asyncio.timeout(60), one.held():
        assert one.valid


async def test_a_task_that_swallows_its_cancellation_is_ended_all_the_same() -> None:
    swallowed = 0

    async def stubborn() -> None:
        nonlocal swallowed
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                swallowed += 1
                if swallowed > 1:
                    raise

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    async with asyncio.timeout(30):
        await end(task, again_s=0.1)
    assert task.done()
