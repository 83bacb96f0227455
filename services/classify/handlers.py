"""One batch of received submissions: decide, store, publish; the acknowledgement is to return. Withdrawn ones lose their words.

Every step may be repeated. The first decision that is stored wins, whichever replica made it, and is the one published, again
and again with the same id: a crash between any two steps changes nothing.
"""

import asyncio
from collections.abc import Sequence

import structlog
from opentelemetry.context import Context

from services.classify import withdrawal
from services.classify.decide import as_duplicate, decide
from services.classify.model import TopicModel
from services.classify.models import Models
from services.classify.projection import ORIGINALS, RESULTS, original_document, result_document
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

    def __init__(self, store: DocumentStore, publisher: Publisher, consultations: Consultations, secret: bytes) -> None:
        self._store = store
        self._publisher = publisher
        self._consultations = consultations
        self._secret = secret
        self._models = Models()

    async def __call__(self, deliveries: Sequence[Delivery[Event]]) -> None:
        """Raises Transient when a consultation is not known yet, or the bus or the database is away."""
        if withdrawn := [d.event for d in deliveries if isinstance(d.event, SubmissionWithdrawn)]:
            await withdrawal.mark(self._store, withdrawn)
        received = [(d.event, d.context) for d in deliveries if isinstance(d.event, SubmissionReceived)]
        work = {event.submission_id: (event, self._models.of(self._definition(event))) for event, _ in received}
        known = await self._known(sorted(work))
        decided = await self._decided([pair for id_, pair in work.items() if id_ not in known])
        results = known | await self._stored(await self._without_duplicates(decided))
        if gone := await withdrawal.among(self._store, results):  # asked last: see `withdrawal.mark`
            await withdrawal.erase(self._store, gone)
            results |= {id_: withdrawal.erased(results[id_]) for id_ in gone}
        await self._publish([(results[event.submission_id], context) for event, context in received])

    def _definition(self, event: SubmissionReceived) -> Consultation:
        definition = self._consultations.get(event.consultation)
        if definition is None:
            metrics.UNKNOWN_CONSULTATION.inc()
            raise Transient(f"consultation {event.consultation} is not known (yet)")
        return definition

    async def _known(self, ids: Sequence[str]) -> dict[str, SubmissionClassified]:
        found = await self._store.get_many(RESULTS, ids)
        return {id_: SubmissionClassified.model_validate(stored.doc["event"]) for id_, stored in found.items()}

    async def _decided(self, work: Sequence[tuple[SubmissionReceived, TopicModel]]) -> list[SubmissionClassified]:
        def decide_all() -> list[SubmissionClassified]:
            return [decide(event, model, self._secret) for event, model in work]

        if sum(len(event.text) for event, _ in work) < _LARGE:
            return decide_all()
        return await asyncio.to_thread(decide_all)

    async def _without_duplicates(self, decided: Sequence[SubmissionClassified]) -> list[SubmissionClassified]:
        """The first submission that takes a duplicate key is the original for ever; later ones are marked."""
        first: dict[str, str] = {}
        for event in decided:
            if event.duplicate_key is not None:
                first.setdefault(event.duplicate_key, event.submission_id)
        if not first:
            return list(decided)
        taken = await self._store.insert_many_once(
            ORIGINALS, {key: original_document(id_) for key, id_ in first.items()}
        )
        held = await self._store.get_many(ORIGINALS, sorted(set(first) - taken))
        originals = first | {key: str(stored.doc["submission_id"]) for key, stored in held.items()}
        return [_marked(event, originals) for event in decided]

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
        return events | await self._known(sorted(set(events) - taken))

    async def _publish(self, events: Sequence[tuple[SubmissionClassified, Context]]) -> None:
        """Publishes all at once, so that they share a commit; the first failure is raised after all have ended."""
        ended = await asyncio.gather(
            *(self._publisher.publish(event, context=context) for event, context in events),
            return_exceptions=True,
        )
        for outcome in ended:
            if isinstance(outcome, BaseException):
                raise outcome


def _marked(event: SubmissionClassified, originals: dict[str, str]) -> SubmissionClassified:
    if event.duplicate_key is None:
        return event
    original = originals[event.duplicate_key]
    return event if original == event.submission_id else as_duplicate(event, original)
