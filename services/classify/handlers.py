"""One batch of received submissions: decide, link, correct, store, publish; the acknowledgement is to return.

Every step may be repeated. The first decision that is stored wins, whichever replica made it, and is the one published, again
and again with the same id: a crash between any two steps changes nothing. Withdrawn ones lose their words.
"""

from collections.abc import Mapping, Sequence

import structlog
from opentelemetry.context import Context

from services.classify import withdrawal
from services.classify.aside import aside
from services.classify.corrections import store as corrections
from services.classify.corrections.apply import inherited, usable
from services.classify.decide import decide_all, reviewed
from services.classify.models import Models
from services.classify.near.index import Twins
from services.classify.originals import without_duplicates
from services.classify.outlet import follow, let_out
from services.classify.projection import RESULTS, SOURCES, result_document, source_document
from services.classify.relabel.twins import inherit
from services.classify.results import known
from services.classify.review import heirs
from services.classify.review.rules import reasons
from services.classify.task import Pieces, Task
from shared import metrics
from shared.consultation import Consultation
from shared.delivery import Delivery
from shared.errors import Transient
from shared.events import Event, Opinion, ReviewReason, SubmissionClassified, SubmissionReceived, SubmissionWithdrawn
from shared.publisher import Publisher
from shared.registry import Consultations
from shared.store.port import DocumentStore

log = structlog.get_logger()


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
            gone = await known(self._store, sorted({event.submission_id for event in withdrawn}))
            await self._heirs(gone, {d.event.submission_id: d.context for d in deliveries if d.event in withdrawn})
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
        if late := await self._corrected_meanwhile(results, tasks):
            # The first revision as well: a rebuild reads from it who said the same.
            await let_out(self._store, self._publisher, {id_: results[id_] for id_ in late}, contexts)
            results |= late
        await let_out(self._store, self._publisher, results, contexts)
        await self._heirs(results, contexts)

    async def _heirs(self, results: Mapping[str, SubmissionClassified], contexts: Mapping[str, Context]) -> None:
        """Sees to it that the twins of whoever was taken back are read. Raises Transient."""
        models = {e.consultation: await self._models.of(self._known(e.consultation)) for e in results.values()}

        def doubts(event: SubmissionClassified, opinion: Opinion) -> tuple[ReviewReason, ...]:
            policy = self._known(event.consultation).review
            as_head = opinion.model_copy(update={"same_as": None})
            return reasons(as_head, policy, self._secret, models[event.consultation].topics_of_section)

        for consultation, head in await heirs.orphaned(self._store, results.values(), doubts):
            if (heir := await heirs.inherit_reader(self._store, consultation, head, doubts)) is not None:
                await follow(self._store, [heir])
                context = contexts.get(head.rpartition("-")[0]) or next(iter(contexts.values()))
                await let_out(self._store, self._publisher, {heir.submission_id: heir}, {heir.submission_id: context})
                log.info("review.inherited", opinion_id=head, submission_id=heir.submission_id)

    async def _task(self, event: SubmissionReceived) -> Task:
        definition = self._definition(event)
        return Task(event, definition, await self._models.of(definition))

    def _definition(self, event: SubmissionReceived) -> Consultation:
        return self._known(event.consultation)

    def _known(self, consultation: str) -> Consultation:
        definition = self._consultations.get(consultation)
        if definition is None:
            metrics.UNKNOWN_CONSULTATION.inc()
            raise Transient(f"consultation {consultation} is not known (yet)")
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
        def read() -> list[SubmissionClassified]:
            decided: dict[str, SubmissionClassified] = {}
            for model in {id(task.model): task.model for task in tasks}.values():
                letters = [task.received for task in tasks if task.model is model]
                decided |= {event.submission_id: event for event in decide_all(letters, model, self._secret)}
            return [decided[task.received.submission_id] for task in tasks]

        return await aside(sum(len(task.received.text) for task in tasks), read)

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
            if (event := await inherit(self._store, id_, tasks[id_].model.codes)) is not None:
                late[id_] = event
        if late:
            await follow(self._store, late.values())
        return late
