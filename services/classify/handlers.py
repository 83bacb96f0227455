"""One batch of received submissions: decide, link, correct, store, publish; the acknowledgement is to return.

Every step may be repeated. The first decision that is stored wins, whichever replica made it, and is the one published, again
and again with the same id: a crash between any two steps changes nothing. Withdrawn ones lose their words.
"""

import asyncio
from collections.abc import Mapping, Sequence

import structlog

from services.classify import withdrawal
from services.classify.corrections import store as corrections
from services.classify.corrections.apply import inherited, usable
from services.classify.decide import decide, reviewed
from services.classify.models import Models
from services.classify.near.index import Twins
from services.classify.originals import without_duplicates
from services.classify.outlet import follow, let_out
from services.classify.projection import RESULTS, SOURCES, result_document, source_document
from services.classify.relabel.twins import inherit
from services.classify.results import known
from services.classify.task import Pieces, Task
from shared import metrics
from shared.consultation import Consultation
from shared.delivery import Delivery
from shared.errors import Transient
from shared.events import Event, SubmissionClassified, SubmissionReceived, SubmissionWithdrawn
from shared.publisher import Publisher
from shared.registry import Consultations
from shared.store.port import DocumentStore

log = structlog.get_logger()

_LARGE = 20_000  # code points of a batch from which deciding leaves the event loop


class ClassifyHandler:
    """Called by the bus with up to a batch of deliveries, by several replicas at once."""

    def __init__(
        self,
        store: DocumentStore,
        publisher: Publisher,
        consultations: Consultations,
        secret: bytes,
        models: Models | None = None,
    ) -> None:
        self._store = store
        self._publisher = publisher
        self._consultations = consultations
        self._secret = secret
        self._models = models or Models(consultations)
        self._twins = Twins(store)

    async def __call__(self, deliveries: Sequence[Delivery[Event]]) -> None:
        """Raises Transient when a consultation is not known yet, or the bus or the database is away."""
        if withdrawn := [d.event for d in deliveries if isinstance(d.event, SubmissionWithdrawn)]:
            await withdrawal.mark(self._store, withdrawn)
        received = [(d.event, d) for d in deliveries if isinstance(d.event, SubmissionReceived)]
        if not received:
            return
        for event, _ in received:
            self._definition(event)
        await self._store.insert_many_once(
            SOURCES, {event.submission_id: source_document(event, d.seq) for event, d in received}
        )
        contexts = {event.submission_id: d.context for event, d in received}
        results = await known(self._store, sorted(contexts))
        fresh = [event for event, _ in received if event.submission_id not in results]
        tasks = {event.submission_id: await self._task(event) for event in fresh}
        results |= await self._stored(await self._decided(tasks))
        await follow(self._store, results.values())
        results |= await self._corrected_meanwhile(results, tasks)
        await let_out(self._store, self._publisher, results, contexts)

    async def _task(self, event: SubmissionReceived) -> Task:
        definition = self._definition(event)
        return Task(event, definition, await self._models.of(definition))

    def _definition(self, event: SubmissionReceived) -> Consultation:
        definition = self._consultations.get(event.consultation)
        if definition is None:
            metrics.UNKNOWN_CONSULTATION.inc()
            raise Transient(f"consultation {event.consultation} is not known (yet)")
        return definition

    async def _decided(self, tasks: dict[str, Task]) -> list[SubmissionClassified]:
        """What each submission is, by rules, by what came before it, and by people; with the reasons to have it read."""
        decided = await without_duplicates(self._store, await self._read(list(tasks.values())))
        linked = await self._twins.link(decided, Pieces(tasks))
        corrected = await self._inherited(linked, tasks)
        return [
            reviewed(corrected.get(id_, event), task.definition.review, self._secret, task.model)
            for event in linked
            for id_, task in ((event.submission_id, tasks[event.submission_id]),)
        ]

    async def _read(self, tasks: Sequence[Task]) -> list[SubmissionClassified]:
        def decide_all() -> list[SubmissionClassified]:
            return [decide(task.received, task.model, self._secret) for task in tasks]

        if sum(len(task.received.text) for task in tasks) < _LARGE:
            return decide_all()
        return await asyncio.to_thread(decide_all)

    async def _inherited(
        self, events: Sequence[SubmissionClassified], tasks: Mapping[str, Task]
    ) -> dict[str, SubmissionClassified]:
        """Those of the events that corrections change, changed."""
        changed: dict[str, SubmissionClassified] = {}
        for consultation in sorted({event.consultation for event in events}):
            ours = [event for event in events if event.consultation == consultation]
            labels = await corrections.labels_of(
                self._store, consultation, [o for event in ours for o in event.opinions]
            )
            for event in ours if labels else ():
                task = tasks[event.submission_id]
                ours_now = usable(labels, task.model.codes)
                if (after := inherited(event, ours_now, (), task.received.stance)) is not None:
                    changed[event.submission_id] = after
        return changed

    async def _stored(self, decided: Sequence[SubmissionClassified]) -> dict[str, SubmissionClassified]:
        """Stores each decision once; where another replica was faster, its decision."""
        events = {event.submission_id: event for event in decided}
        if not events:
            return {}
        taken = await self._store.insert_many_once(
            RESULTS, {id_: result_document(event) for id_, event in events.items()}
        )
        for id_ in taken:
            metrics.CLASSIFIED.labels(events[id_].outcome.value).inc()
            log.debug(
                "submission.classified",
                submission_id=id_,
                outcome=events[id_].outcome.value,
                opinions=len(events[id_].opinions),
            )
        return events | await known(self._store, sorted(set(events) - taken))

    async def _corrected_meanwhile(
        self, results: Mapping[str, SubmissionClassified], tasks: Mapping[str, Task]
    ) -> dict[str, SubmissionClassified]:
        """New revisions of what was corrected while it was being stored: whoever relabelled could not find it yet."""
        late: dict[str, SubmissionClassified] = {}
        for id_ in await self._inherited([results[id_] for id_ in tasks], tasks):
            if (event := await inherit(self._store, id_)) is not None:
                late[id_] = event
        if late:
            await follow(self._store, late.values())
        return late
