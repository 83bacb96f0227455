"""Makes a report as of an instant: waits for the fold, scans, draws the documents, stores them. Publishes when asked."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from opentelemetry import trace
from opentelemetry.context import Context

from services.report.calendar.periods import Period, current
from services.report.calendar.schedule import adhoc_report_id, report_id
from services.report.counts.copies import Copies
from services.report.counts.freshness import StreamState, check_whole, stream_state, wait_until_folded
from services.report.counts.load import load_aggregates, load_facts
from services.report.documents import render_all
from services.report.figures.make import Kind, make_report
from services.report.figures.publication import publication
from services.report.figures.rows import Facts
from services.report.model import Report
from services.report.projection import REPORTS
from shared.bus import Bus
from shared.clock import format_instant
from shared.consultation import Consultation
from shared.errors import Transient
from shared.events import ReportFile, ReportPublished
from shared.metrics import REPORTS_PUBLISHED
from shared.store.port import Collection, DocumentStore, Index

log = structlog.get_logger()

# Frozen snapshots of all reports made here, published or not; not a projection, so a rebuild leaves them.
BUILT = Collection("built", (Index("by_time", ("consultation", "as_of")),))
CLOCK_SKEW_S = 5.0


class Unbalanced(Transient):
    """The figures do not reconcile (yet): nothing is published."""


class Incomplete(Unbalanced):
    """The stream holds submissions that the fold has passed by: they stand among the dead letters, or it has lost them."""

    def __init__(self, consultation: str, missing: int) -> None:
        super().__init__(
            f"{consultation}: {missing} submissions of the stream are not in the figures; `ykien dlq list` names what "
            "could not be folded, `ykien rebuild report` folds the stream anew"
        )
        self.missing = missing


class InTheFuture(Transient):
    """`as_of` has not come yet by the server's clock."""


@dataclass(frozen=True)
class Builder:
    """Holds what building needs; several replicas may build the same report, the first snapshot stands."""

    store: DocumentStore
    bus: Bus
    copies: Copies

    async def adhoc(self, consultation: Consultation, as_of: datetime | None) -> ReportPublished:
        """A report on request, from the start of the current period; `as_of` None: now, by the server's clock."""
        state = await stream_state(self.bus.nc, consultation.id)
        at = state.at if as_of is None else as_of
        period = current(consultation, at)
        return await self._build(consultation, period, at, "adhoc", adhoc_report_id(consultation.id, at), state)

    async def scheduled(self, consultation: Consultation, period: Period) -> ReportPublished:
        """The report of a period, as of its cut-off. Raises ValueError for the open period."""
        if period.end is None:
            raise ValueError("the open period has no cut-off")
        state = await stream_state(self.bus.nc, consultation.id)
        early = (period.end - state.at).total_seconds()
        if 0 < early <= CLOCK_SKEW_S:
            await asyncio.sleep(early)
            state = await stream_state(self.bus.nc, consultation.id)
        kind: Kind = "final" if period.final else "weekly"
        id_ = report_id(consultation.id, period.number)
        return await self._build(consultation, period, period.end, kind, id_, state)

    async def publish(self, event: ReportPublished, context: Context | None = None) -> None:
        """Tells the committee, once per report: the fold knows of older publications, the message id of concurrent ones."""
        # By these two the traces of the submissions that the report counts are found: no span can link thousands.
        facts: dict[str, str | int] = {"ykien.report_id": event.report_id, "ykien.cutoff_seq": event.cutoff_seq}
        trace.get_current_span().set_attributes(facts)
        if await self.store.get(REPORTS, event.report_id) is not None:
            return
        ack = await self.bus.publisher.publish(event, context=context)
        if not ack.duplicate:
            REPORTS_PUBLISHED.labels(event.kind).inc()
            log.info("report.published", report_id=event.report_id, kind=event.kind, line=event.reconciliation.line())

    async def _build(
        self, consultation: Consultation, period: Period, as_of: datetime, kind: Kind, id_: str, state: StreamState
    ) -> ReportPublished:
        if state.at < as_of:
            raise InTheFuture(f"{format_instant(as_of)} has not come yet")
        await wait_until_folded(self.bus.nc, state.last_seq)
        made = await self.store.get(BUILT, id_)
        if made is not None:
            return ReportPublished.model_validate(made.doc)
        facts = await load_facts(self.store, consultation.id, as_of)
        elsewhere = await load_aggregates(self.store, consultation.id, as_of)
        await check_whole(self.bus.nc)
        await self._check_complete(consultation, state, facts)
        report, files = await asyncio.to_thread(
            lambda: _draw(
                make_report(
                    facts,
                    report_id=id_,
                    kind=kind,
                    consultation=consultation,
                    period=period,
                    as_of=as_of,
                    elsewhere=elsewhere,
                )
            )
        )
        stored = [
            ReportFile(name=name, media_type=media_type, sha256=await self.bus.blobs.put(data), size=len(data))
            for name, (media_type, data) in files.items()
        ]
        event = publication(report, stored)
        doc = event.model_dump(mode="json") | {"as_of": format_instant(as_of)}
        if not await self.store.insert_once(BUILT, id_, doc):
            made = await self.store.get(BUILT, id_)
            return event if made is None else ReportPublished.model_validate(made.doc)
        log.info("report.made", report_id=id_, as_of=format_instant(as_of), opinions=report.opinions_cumulative)
        return event

    async def _check_complete(self, consultation: Consultation, state: StreamState, facts: Facts) -> None:
        """The stream's own count against the fold: an event among the dead letters must not go missing silently."""
        # What came after `state` is left out on both sides, or it would make up for what is missing.
        missing = state.received - sum(seq <= state.last_seq for seq in facts.folded)
        if missing > 0:
            missing -= await self.copies.count(consultation.id, state)
        if missing > 0:
            raise Incomplete(consultation.id, missing)


def _draw(report: Report) -> tuple[Report, Mapping[str, tuple[str, bytes]]]:
    for name, line in (("cumulative", report.cumulative), ("in the period", report.in_period)):
        if not line.balanced:
            raise Unbalanced(f"{report.report_id}: {name}: {line.line()}")
    return report, render_all(report)
