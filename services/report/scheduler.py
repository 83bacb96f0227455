"""Keeps the one-shot messages of the coming reports on the bus, and the handler of those that fired."""

import asyncio
import json
from collections.abc import Mapping

import structlog
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError
from pydantic import ValidationError

from services.report.build import Builder
from services.report.calendar.periods import numbered, periods
from services.report.calendar.schedule import Trigger, Waiting, due, replaced
from services.report.counts.load import first_stored
from services.report.projection import REPORTS
from shared.bus import Bus
from shared.clock import Clock, format_instant, parse_instant
from shared.consultation import Consultation
from shared.errors import Permanent, Transient, YkienError
from shared.events import ConsultationId, Frozen
from shared.raw_message import RawMessage
from shared.store.port import DocumentStore
from shared.topology import SCHEDULE, schedule_subject, trigger_subject

log = structlog.get_logger()

LOOK_S = 2.0  # how soon a changed definition is noticed
TOP_UP_S = 900.0  # also catches up with what the fold did not know at startup


class Order(Frozen):
    """The body of a trigger."""

    consultation: ConsultationId
    period: int
    cut_off: str


async def top_up(store: DocumentStore, bus: Bus, consultation: Consultation, clock: Clock) -> int:
    """Puts the due triggers on the bus; answers how many were put."""
    waiting = await _waiting(bus.js, consultation)
    published = await _published(store, consultation)
    for number in replaced(consultation, waiting):
        await _take_back(bus.js, schedule_subject(consultation.id, str(number)), waiting[number])
    triggers = due(
        consultation,
        now=clock(),
        first_stored=await first_stored(store, consultation.id),
        published=published,
        waiting=waiting,
    )
    for trigger in triggers:
        if trigger.period in waiting:  # the calendar moved: the old message must not fire
            await _take_back(bus.js, trigger.subject, waiting[trigger.period])
        await bus.js.publish(trigger.subject, _body(trigger), stream=SCHEDULE.name, headers=trigger.headers)
        log.info("report.scheduled", report_id=trigger.report_id, cut_off=format_instant(trigger.cut_off))
    return len(triggers)


async def keep_topped_up(store: DocumentStore, bus: Bus, clock: Clock) -> None:
    """Runs until cancelled: at startup, whenever a definition changes, and four times an hour."""
    known: tuple[Consultation, ...] = ()
    loop = asyncio.get_running_loop()
    last = 0.0
    while True:
        consultations = bus.consultations.all()
        if consultations != known or loop.time() - last >= TOP_UP_S:
            try:
                for consultation in consultations:
                    await top_up(store, bus, consultation, clock)
                known, last = consultations, loop.time()
            except (YkienError, NatsError, OSError) as error:
                log.warning("report.schedule_failed", error=repr(error))  # tried again at the next look
        await asyncio.sleep(LOOK_S)


async def on_trigger(builder: Builder, message: RawMessage) -> None:
    """Makes and publishes the report of the period; repeating it changes nothing.

    Raises Transient while the figures do not reconcile or the fold is behind, Permanent for an order nobody can carry out.
    """
    try:
        order = Order.model_validate_json(message.body)
    except ValidationError as error:
        raise Permanent(f"trigger: {error.error_count()} faults") from error
    consultation = builder.bus.consultations.get(order.consultation)
    if consultation is None:
        raise Transient(f"consultation {order.consultation} is not known (yet)")
    period = numbered(consultation, order.period)
    if period is None or period.end != parse_instant(order.cut_off):
        log.info("report.trigger_outdated", consultation=order.consultation, period=order.period)
        return
    event = await builder.scheduled(consultation, period)
    await builder.publish(event, message.context)


async def _take_back(js: JetStreamContext, subject: str, message: Waiting) -> None:
    """Only what was seen: a replica may have put the new message already, and the bus refuses a second copy of that."""
    if not message.fired:
        await js.purge_stream(SCHEDULE.name, subject=subject, seq=message.seq + 1)


def _body(trigger: Trigger) -> bytes:
    order = Order(consultation=trigger.consultation, period=trigger.period, cut_off=format_instant(trigger.cut_off))
    return order.model_dump_json().encode()


async def _waiting(js: JetStreamContext, consultation: Consultation) -> Mapping[int, Waiting]:
    """What is on the bus for each period: fired when the trigger itself has been stored."""
    found: dict[int, Waiting] = {}
    last = max(p.number for p in periods(consultation))
    for number in range(1, last + 1):
        for subject, fired in ((schedule_subject, False), (trigger_subject, True)):
            try:
                stored = await js.get_last_msg(SCHEDULE.name, subject(consultation.id, str(number)))
            except NotFoundError:
                continue
            cut_off = str(json.loads(stored.data or b"{}").get("cut_off", ""))
            if fired and number in found and found[number].cut_off != cut_off:
                continue  # an older trigger, while the message of the new calendar waits
            found[number] = Waiting(cut_off, fired, stored.seq or 0)
    return found


async def _published(store: DocumentStore, consultation: Consultation) -> list[str]:
    ids = [Trigger(consultation.id, p.number, p.end).report_id for p in periods(consultation) if p.end is not None]
    return list(await store.get_many(REPORTS, ids))
