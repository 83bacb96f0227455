"""Recreates a service's projection from the stream: pause its consumers, empty, fold everything again, go on.

The stream is the truth. The fold is the one the service itself uses, so the result is equal to what it replaces. A consumer
stays paused (for a day at most) when this is interrupted: half a projection must not look like a whole one.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

from services.classify import projection as classify
from services.classify.restore import restore as classify_restore
from services.ingest import projection as ingest
from services.notify import projection as notify
from services.report import projection as report
from services.report.handlers import finish as report_finish
from shared import topology
from shared.delivery import Delivery
from shared.envelope import BadEnvelope
from shared.errors import Permanent, Transient
from shared.events import Event
from shared.raw_message import from_delivery, to_delivery
from shared.settings import read_secret
from shared.store.port import Change, Collection, DocumentStore

PAUSE = timedelta(days=1)
BATCH = 256
DRAIN_TIMEOUT_S = 120.0


Fold = Callable[[Delivery[Event]], Sequence[Change]]


@dataclass(frozen=True)
class Plan:
    """A service's projection (its documents, its position, its pure fold) and the consumers that write to it."""

    service: str
    name: str
    collections: tuple[Collection, ...]
    fold: Fold
    consumers: tuple[topology.Consumer, ...]
    finish: Callable[[DocumentStore], Awaitable[None]] | None = None  # what no fold can do: it needs to look


def plan_of(service: str, env: Mapping[str, str]) -> Plan:
    """The plan of a service. Raises SettingsError when ingest's tracking key is needed and not to be had."""
    if service == "ingest":
        key = bytes.fromhex(read_secret(Path(env.get("YKIEN_TRACKING_KEY_FILE", "tracking.key"))).decode())
        fold = partial(ingest.fold, tracking=key)
        return Plan(service, ingest.NAME, ingest.COLLECTIONS, fold, (topology.INGEST_STATUS,))
    if service == "classify":
        writers = (topology.CLASSIFY, topology.CLASSIFY_REVIEW, topology.CLASSIFY_WORK)
        return Plan(service, classify.NAME, classify.COLLECTIONS, classify.fold, writers, classify_restore)
    if service == "report":
        return Plan(service, report.NAME, report.COLLECTIONS, report.fold, (topology.REPORT,), report_finish)
    if service == "notify":
        consumers = (topology.NOTIFY_RECEIPT, topology.NOTIFY_DIGEST)
        return Plan(service, notify.NAME, notify.COLLECTIONS, notify.fold, consumers)
    raise Permanent(f"{service!r} keeps no projection")


async def rebuild(
    js: JetStreamContext, store: DocumentStore, plan: Plan, progress: Callable[[int, int], None] = lambda _d, _t: None
) -> int:
    """Returns how many events were folded. Raises Transient when the bus, the database or the service does not follow."""
    for consumer in plan.consumers:
        await _pause(js, consumer, datetime.now(UTC) + PAUSE)
    try:
        for consumer in plan.consumers:
            await _drained(js, consumer)
    except Transient:
        for consumer in plan.consumers:  # nothing is touched yet: the service goes on with what it has
            await _pause(js, consumer, None)
        raise
    await store.clear(plan.collections, (plan.name,))
    folded = await _refold(js, store, plan, progress)
    if plan.finish is not None:
        await plan.finish(store)
    for consumer in plan.consumers:
        await _pause(js, consumer, None)
    return folded


async def _refold(js: JetStreamContext, store: DocumentStore, plan: Plan, progress: Callable[[int, int], None]) -> int:
    """Folds the stream up to its present end. What comes later reaches the service's own consumer as always."""
    end = (await js.stream_info(topology.EVENTS.name)).state.last_seq
    config = ConsumerConfig(
        ack_policy=AckPolicy.NONE, deliver_policy=DeliverPolicy.ALL, inactive_threshold=60, mem_storage=True
    )
    subscription = await js.pull_subscribe("", stream=topology.EVENTS.name, config=config)
    reader = await subscription.consumer_info()
    folded, position, left = 0, 0, reader.num_pending or 0
    try:
        while position < end and left:  # an erased message leaves a gap: at the end there may be nothing more to come
            changes: list[Change] = []
            # Never more than there are: the client would wait for the rest.
            for message in await subscription.fetch(min(BATCH, left), timeout=10):
                position, left = message.metadata.sequence.stream, message.metadata.num_pending
                if position > end:
                    break
                try:
                    # Reads the time exactly as the live subscription does: nats-py's own rounds through a float.
                    delivery = to_delivery(from_delivery(message))
                except BadEnvelope:
                    continue  # the service never folded it either: it stands among the dead letters
                changes.extend(plan.fold(delivery))
                folded += 1
            await store.apply(plan.name, min(position, end), changes)
            progress(min(position, end), end)
    except TimeoutError as error:
        raise Transient("the stream stopped delivering; run the command again") from error
    finally:
        await subscription.unsubscribe()
        # Else it would look like a consumer that lags until the server forgets it (and does, when the bus is away now).
        with suppress(NatsError, TimeoutError):
            await js.delete_consumer(topology.EVENTS.name, reader.name)
    return folded


async def _pause(js: JetStreamContext, consumer: topology.Consumer, until: datetime | None) -> None:
    """Pauses or (None) resumes a consumer through the JetStream API, which nats-py does not wrap."""
    body = json.dumps({"pause_until": until.isoformat()} if until else {}).encode()
    subject = f"$JS.API.CONSUMER.PAUSE.{consumer.stream}.{consumer.name}"
    answer = json.loads((await js._nc.request(subject, body, timeout=5)).data)  # noqa: SLF001 - the context keeps its connection private
    if "error" in answer:
        raise Permanent(f"consumer {consumer.name} cannot be paused: {answer['error'].get('description')}")


async def _drained(js: JetStreamContext, consumer: topology.Consumer) -> None:
    """Waits until the service has settled what it already held."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + DRAIN_TIMEOUT_S
    while True:
        try:
            info = await js.consumer_info(consumer.stream, consumer.name)
        except NotFoundError as error:
            raise Permanent(f"consumer {consumer.name} does not exist; start the system once") from error
        if not info.num_ack_pending:
            return
        if loop.time() > deadline:
            raise Transient(
                f"{consumer.name} still holds {info.num_ack_pending} messages; see `ykien dlq list` and try again"
            )
        await asyncio.sleep(0.2)
