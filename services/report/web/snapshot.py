"""The live figures behind the pages, kept for a moment so that many readers cost one look."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from services.report.counts import live
from services.report.counts.freshness import StreamState, is_folded, stored_messages, stream_state, waiting_messages
from services.report.counts.live import Figures
from services.report.counts.load import oldest_pending
from services.report.figures.labels import Labels, labels_of
from services.report.web.service import Service
from shared.consultation import Consultation
from shared.errors import Transient
from shared.events import Reconciliation
from shared.topology import CLASSIFY, DEAD_LETTERS, EVENTS, REPORT

T = TypeVar("T")
FIGURES_S = 2.0
LINE_S = 0.25


@dataclass(frozen=True)
class Standing:
    """The public reconciliation and the stream's own count: messages of received submissions, and how many repeat one."""

    line: Reconciliation
    stream_received: int
    repeated: int

    @property
    def lag(self) -> int:
        """Submissions that the figures do not know (yet)."""
        return max(0, self.stream_received - self.repeated - self.line.received)


@dataclass(frozen=True)
class Backlog:
    """What is still under way: submissions without a decision, messages before each service, and those given up."""

    oldest: timedelta | None
    classify_waiting: int
    report_waiting: int
    dead_letters: int


async def standing(service: Service, consultation: Consultation) -> Standing:
    """Raises Transient when the bus or the database is away."""

    async def look() -> Standing:
        line = await live.reconciliation(service.store, consultation.id)
        # The stream is asked last: what the fold has, the stream has too.
        return await _standing(service, consultation, line, await stream_state(service.bus.nc, consultation.id))

    return await _kept(service, f"line:{consultation.id}", LINE_S, look)


async def dashboard(service: Service, consultation: Consultation) -> tuple[Labels, Figures, Standing, Backlog]:
    """Everything the dashboard counts."""

    async def look() -> tuple[Labels, Figures, Standing, Backlog]:
        labels = labels_of(consultation)
        figures = await live.figures(service.store, consultation.id, labels, ZoneInfo(consultation.report.zone))
        oldest = await oldest_pending(service.store, consultation.id)
        nc = service.bus.nc
        state = await stream_state(nc, consultation.id)
        backlog = Backlog(
            oldest=state.at - oldest if oldest is not None else None,
            classify_waiting=await waiting_messages(nc, EVENTS.name, CLASSIFY.name),
            report_waiting=await waiting_messages(nc, EVENTS.name, REPORT.name),
            dead_letters=await stored_messages(nc, DEAD_LETTERS.name),
        )
        return labels, figures, await _standing(service, consultation, figures.line, state), backlog

    return await _kept(service, f"figures:{consultation.id}", FIGURES_S, look)


async def _standing(service: Service, consultation: Consultation, line: Reconciliation, state: StreamState) -> Standing:
    repeated = service.copies.known(consultation.id)
    # Only a fold that has come to the end is worth a look at why it has fewer: before that it is merely behind.
    if state.received - repeated > line.received and await _is_folded(service, state.last_seq):
        repeated = await service.copies.count(consultation.id, state)
    return Standing(line, state.received, repeated)


async def _is_folded(service: Service, seq: int) -> bool:
    try:
        return await is_folded(service.bus.nc, seq)
    except Transient:  # being rebuilt: the figures of this moment are shown all the same
        return False


async def _kept(service: Service, key: str, for_s: float, look: Callable[[], Awaitable[T]]) -> T:
    now = asyncio.get_running_loop().time
    async with service.lock:
        kept = service.cache.get(key)
        if kept is not None and now() - kept[0] < for_s:
            value: T = kept[1]
            return value
        value = await look()
        service.cache[key] = (now(), value)
        return value
