"""The live figures behind the pages, kept for a moment so that many readers cost one look."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar
from zoneinfo import ZoneInfo

from services.report import live
from services.report.freshness import stored_messages, stream_state, waiting_messages
from services.report.labels import Labels, labels_of
from services.report.live import Figures
from services.report.load import oldest_pending
from services.report.service import Service
from services.report.view import Backlog
from shared.consultation import Consultation
from shared.events import Reconciliation
from shared.topology import CLASSIFY, DEAD_LETTERS, EVENTS, REPORT

T = TypeVar("T")
FIGURES_S = 2.0
LINE_S = 0.25


@dataclass(frozen=True)
class Standing:
    """The public reconciliation and the stream's own count of received submissions."""

    line: Reconciliation
    stream_received: int


async def standing(service: Service, consultation: Consultation) -> Standing:
    """Raises Transient when the bus or the database is away."""

    async def look() -> Standing:
        # The stream is asked last: what the fold has, the stream has too.
        line = await live.reconciliation(service.store, consultation.id)
        return Standing(line, (await stream_state(service.bus.nc, consultation.id)).received)

    return await _kept(service, f"line:{consultation.id}", LINE_S, look)


async def dashboard(service: Service, consultation: Consultation) -> tuple[Labels, Figures, Backlog]:
    """Everything the dashboard counts."""

    async def look() -> tuple[Labels, Figures, Backlog]:
        labels = labels_of(consultation)
        figures = await live.figures(service.store, consultation.id, labels, ZoneInfo(consultation.report.zone))
        oldest = await oldest_pending(service.store, consultation.id)
        nc = service.bus.nc
        state = await stream_state(nc, consultation.id)
        backlog = Backlog(
            pending=figures.line.pending,
            oldest=state.at - oldest if oldest is not None else None,
            classify_waiting=await waiting_messages(nc, EVENTS.name, CLASSIFY.name),
            report_waiting=await waiting_messages(nc, EVENTS.name, REPORT.name),
            dead_letters=await stored_messages(nc, DEAD_LETTERS.name),
            stream_received=state.received,
        )
        return labels, figures, backlog

    return await _kept(service, f"figures:{consultation.id}", FIGURES_S, look)


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
