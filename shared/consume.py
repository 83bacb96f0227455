"""Subscriptions: FastStream pulls batches of a durable consumer, `worker.py` hands them over and settles each one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import nats.errors
from faststream import AckPolicy
from faststream.nats import JStream, NatsBroker, PullSub
from faststream.nats.subscriber.usecases import BatchPullStreamSubscriber
from nats.aio.msg import Msg
from nats.js.errors import APIError, ServiceUnavailableError

from shared import raw_message, settlement, topology
from shared.broker import end_process
from shared.bus import Bus
from shared.delivery import Delivery
from shared.events import Event
from shared.raw_message import RawMessage
from shared.worker import Worker

__all__ = ["RawMessage", "subscribe", "subscribe_raw"]

PULL_S = 5.0  # how long one pull waits at the server; a message ends the wait at once
STUCK_S = (
    5.0  # a pull that outlives its own timeout by this was lost with a connection; what it held is delivered again
)
PAUSE_S = 0.5  # before pulling again when there is no consumer, no server or no connection


def subscribe(
    broker: NatsBroker,
    consumer: topology.Consumer,
    handler: Callable[[Sequence[Delivery[Event]]], Awaitable[None]],
    *,
    bus: Bus,
    policy: settlement.Policy = settlement.DEFAULT,
) -> None:
    """Delivers the consumer's events to the handler, up to `consumer.batch` at once; call it before `broker.start()`.

    The handler must be idempotent. Messages are acknowledged only after it returned. When it raises for a batch, it is
    called again with each delivery alone: Permanent (or the sixth failure) goes to the dead letters, anything else is
    delivered again after a growing pause. What comes a third time is handled alone from the start: it may be what killed the
    process. Bodies that cannot be decoded go to the dead letters alone.
    """
    _attach(broker, consumer, Worker(raw_message.to_delivery, handler, consumer, bus, policy), bus)


def subscribe_raw(
    broker: NatsBroker,
    consumer: topology.Consumer,
    handler: Callable[[RawMessage], Awaitable[None]],
    *,
    bus: Bus,
    policy: settlement.Policy = settlement.DEFAULT,
) -> None:
    """The same for messages that are no events (schedule triggers), one at a time."""

    async def each(messages: Sequence[RawMessage]) -> None:
        for message in messages:
            await handler(message)

    _attach(broker, consumer, Worker(lambda raw: raw, each, consumer, bus, policy), bus)


def _attach(broker: NatsBroker, consumer: topology.Consumer, worker: Worker[Any], bus: Bus) -> None:
    _pull(broker, consumer, worker.work)
    _pull(broker, topology.replay_of(consumer), worker.work_replays)
    bus.watch.add(consumer)
    bus.watch.add(topology.replay_of(consumer))


def _pull(broker: NatsBroker, consumer: topology.Consumer, work: Callable[[list[Msg]], Awaitable[None]]) -> None:
    subscriber = broker.subscriber(
        consumer.subjects[0] if consumer.subjects else ">",
        durable=consumer.name,
        stream=JStream(consumer.stream, declare=False),
        pull_sub=PullSub(batch_size=consumer.batch, timeout=PULL_S, batch=True),
        ack_policy=AckPolicy.MANUAL,
        decoder=_as_it_is,
        no_reply=True,
    )
    subscriber(work)
    # FastStream offers no seam for its pull loop; the subclass adds no state, so the object may become one.
    subscriber.__class__ = _PatientPull


async def _as_it_is(message: Any) -> list[Msg]:
    raw: list[Msg] = message.raw_message
    return raw


class _PatientPull(BatchPullStreamSubscriber):
    """FastStream's batch subscriber with a pull loop that hands over what is there at once (the original collects for
    the whole timeout), pauses when nobody answers (the original spins), and never creates consumers: provisioning does.
    """

    __slots__ = ()

    async def _create_subscription(self) -> None:
        if self.subscription:
            return
        self.subscription = await self.jetstream.pull_subscribe_bind(
            durable=self.extra_options["durable"], stream=self.stream.name
        )
        self.add_task(self._consume_pull)

    async def _consume_pull(self) -> None:
        while self.running and self.subscription is not None:
            messages: list[Msg] = []
            try:
                async with asyncio.timeout(PULL_S + STUCK_S):
                    messages = await self.subscription.fetch(self.pull_sub.batch_size, timeout=self.pull_sub.timeout)
                if not messages:  # a status ended the pull early: consumer deleted, server shutting down
                    await asyncio.sleep(PAUSE_S)
            except TimeoutError:  # nats-py raises its own kind and asyncio's
                continue
            except nats.errors.ConnectionClosedError:  # never comes back, and nats-py does not always tell its callback
                end_process("subscriptions")
                return
            except (APIError, ServiceUnavailableError, nats.errors.Error):
                await asyncio.sleep(PAUSE_S)
            if messages and self.running:
                await self.consume(messages)
            elif messages:  # stopping: another replica may have them now
                await asyncio.gather(*(m.nak() for m in messages), return_exceptions=True)
