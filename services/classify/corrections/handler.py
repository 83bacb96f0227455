"""One person's decision about one opinion: kept, brought to the opinion, then to all that say the same.

Every step may be repeated, in this order: the decision, what it comes to (before the result: see `relabel/twins.py`), the new
revision of the result, its publication, the order to relabel. A redelivery publishes the same revision again.
"""

from collections.abc import Callable, Collection, Sequence

import structlog

from services.classify.corrections import store as corrections
from services.classify.corrections.apply import contested, decided, head_of, reached
from services.classify.corrections.effective import Conflict, Label
from services.classify.outlet import follow, let_out
from services.classify.projection import NAME, REVIEWS, WITHDRAWN, derived, review_document
from services.classify.relabel.order import Relabel, Work
from services.classify.results import revise
from services.classify.review.heirs import inherit_reader
from shared import metrics
from shared.consultation import Consultation
from shared.delivery import Delivery
from shared.errors import Permanent, Transient
from shared.events import Event, Opinion, OpinionReviewed, ReviewReason, Stance, SubmissionClassified
from shared.publisher import Publisher
from shared.registry import Consultations
from shared.store.port import DocumentStore

log = structlog.get_logger()


class ReviewHandler:
    """Called by the bus with decisions, by several replicas at once. `corrected` is told the consultation of each new label."""

    def __init__(
        self,
        store: DocumentStore,
        publisher: Publisher,
        consultations: Consultations,
        work: Work,
        corrected: Callable[[str], None],
    ) -> None:
        self._store = store
        self._publisher = publisher
        self._consultations = consultations
        self._work = work
        self._corrected = corrected

    async def __call__(self, deliveries: Sequence[Delivery[Event]]) -> None:
        """Raises Permanent for a decision about something that is not there, Transient when bus or database are away."""
        for delivery in deliveries:
            if isinstance(delivery.event, OpinionReviewed):
                await self._one(delivery.event, delivery)

    async def _one(self, review: OpinionReviewed, delivery: Delivery[Event]) -> None:
        self._check(review)
        new = await self._store.insert_once(REVIEWS, review.review_id, review_document(review))
        found = await corrections.effective_of(self._store, review.opinion_id)
        await self._store.apply(NAME, 0, derived(review))
        metrics.REVIEWS.labels(review.kind if new else "repeated").inc()
        if _cuts(found) and await self._store.get(WITHDRAWN, review.submission_id) is not None:
            # The respondent was faster than the reader: there is nothing left to cut, and nobody inherits a part.
            log.info("review.of_withdrawn", review_id=review.review_id, opinion_id=review.opinion_id)
            return
        heads = {review.opinion_id}  # whose twins might have followed
        try:
            event = await self._revised(review, found, heads)
        except Permanent:
            if not isinstance(found, Label) or found.review_id == review.review_id:
                await self._store.delete(
                    REVIEWS, review.review_id
                )  # else what it refused would stand before older decisions
            raise
        if found is None:
            return  # one reading of the blind sample: it waits for the other
        await follow(self._store, [event])
        await let_out(
            self._store, self._publisher, {event.submission_id: event}, {event.submission_id: delivery.context}
        )
        if isinstance(found, Label):
            opinion = _opinion(event, review.opinion_id)
            for key in sorted(reached(opinion, found)):
                await self._work.order(Relabel(consultation=event.consultation, key=key, review_id=found.review_id))
            log.info(
                "opinion.corrected", review_id=found.review_id, opinion_id=review.opinion_id, revision=event.revision
            )
        if _cuts(found):
            await self._heirs(event.consultation, heads, delivery)
        self._corrected(event.consultation)

    async def _heirs(self, consultation: str, heads: Collection[str], delivery: Delivery[Event]) -> None:
        """What was cut says less than its twins: one of these is to be read in its place, whatever the classifier thinks of it."""
        for head in sorted(heads):
            if (heir := await inherit_reader(self._store, consultation, head, _to_be_cut)) is not None:
                await follow(self._store, [heir])
                await let_out(
                    self._store, self._publisher, {heir.submission_id: heir}, {heir.submission_id: delivery.context}
                )
                log.info("review.inherited", opinion_id=head, submission_id=heir.submission_id)

    def _check(self, review: OpinionReviewed) -> None:
        definition = self._consultations.get(review.consultation)
        if definition is None:
            metrics.UNKNOWN_CONSULTATION.inc()
            raise Transient(f"consultation {review.consultation} is not known (yet)")
        if not 1 <= len(review.topics) <= 2 or len(set(review.topics)) < len(review.topics):
            raise Permanent("topics: one or two different ones")
        if len(review.topics) > 1 and 0 in review.topics:
            raise Permanent("topics: 0 (outside the groups) stands alone")
        if unknown := set(review.topics) - _codes(definition):
            raise Permanent(f"topics: {sorted(unknown)} not in the consultation")
        if (review.start is None) != (review.end is None):
            raise Permanent("span: start and end belong together")

    async def _revised(
        self, review: OpinionReviewed, found: Label | Conflict | None, heads: set[str]
    ) -> SubmissionClassified:
        """The result after the decision; `heads` gets the head that the opinion followed before it."""
        given = (await corrections.given_stances(self._store, [review.submission_id])).get(review.submission_id)

        async def change(current: SubmissionClassified) -> SubmissionClassified | None:
            opinion = _opinion(current, review.opinion_id)
            heads.add(head_of(opinion))
            changed = _changed(current, review.opinion_id, found, given)
            if changed is not None:
                opinion = _opinion(changed, review.opinion_id)
            label = found if isinstance(found, Label) else None
            await corrections.remember(self._store, current.consultation, opinion, label)
            return changed

        event = await revise(self._store, review.submission_id, change)
        if event is None:
            raise Permanent(f"submission {review.submission_id}: never classified here")
        return event


def _changed(
    current: SubmissionClassified, opinion_id: str, found: Label | Conflict | None, given: Stance | None
) -> SubmissionClassified | None:
    if isinstance(found, Label):
        return decided(current, opinion_id, found, given)
    return contested(current, opinion_id) if isinstance(found, Conflict) else None


def _to_be_cut(_event: SubmissionClassified, _opinion: Opinion) -> tuple[ReviewReason, ...]:
    return (ReviewReason.LOW_CONFIDENCE,)


def _cuts(found: Label | Conflict | None) -> bool:
    return isinstance(found, Label) and found.start is not None


def _codes(definition: Consultation) -> set[int]:
    return {0} | {topic.code for topic in definition.topic_groups}


def _opinion(event: SubmissionClassified, opinion_id: str) -> Opinion:
    found = next((opinion for opinion in event.opinions if opinion.opinion_id == opinion_id), None)
    if found is None:
        raise Permanent(f"opinion {opinion_id}: not in submission {event.submission_id}")
    return found
