"""Brings corrections to what says the same: one submission, and one page of them."""

from collections.abc import Mapping

import structlog
from opentelemetry.context import Context

from services.classify.corrections import store as corrections
from services.classify.corrections.apply import inherited
from services.classify.outlet import follow, let_out
from services.classify.projection import OPINIONS
from services.classify.relabel.order import Place, Relabel, Work
from services.classify.results import revise
from shared.events import SubmissionClassified
from shared.publisher import Publisher
from shared.store.port import DocumentStore

log = structlog.get_logger()

PAGE = 200  # opinions of one message


async def inherit(store: DocumentStore, submission_id: str) -> SubmissionClassified | None:
    """The result of a submission once it has what it inherits from corrections; None when it has none.

    What people decided about it directly is asked for at every try, after the result was read: a decision that comes meanwhile
    is stored before it changes the result, so one of both sees the other.
    """
    given = (await corrections.given_stances(store, [submission_id])).get(submission_id)

    async def change(current: SubmissionClassified) -> SubmissionClassified | None:
        labels = await corrections.labels_of(store, current.consultation, current.opinions)
        if not labels:
            return None
        return inherited(current, labels, await corrections.direct(store, current.opinions), given)

    return await revise(store, submission_id, change)


class Twins:
    """Carries out `Relabel` orders. Repeating one changes nothing; the next page is ordered before this one is acknowledged."""

    def __init__(self, store: DocumentStore, publisher: Publisher, work: Work) -> None:
        self._store = store
        self._publisher = publisher
        self._work = work

    async def __call__(self, order: Relabel, context: Context) -> None:
        """Raises Transient when the bus or the database is away."""
        page = await self._store.scan(
            OPINIONS,
            "by_key",
            where=(order.consultation, order.key),
            after=order.after.after() if order.after else None,
            limit=PAGE,
        )
        ids = {str(item.doc["submission_id"]) for item in page.items}
        if order.after is None and "-" in order.key:
            ids.add(order.key.rpartition("-")[0])  # the head itself, when its twin was corrected
        done: dict[str, SubmissionClassified] = {}
        for id_ in sorted(ids):
            event = await inherit(self._store, id_)
            if event is not None and _follows(event, order.review_id):  # changed now, or before a crash
                done[id_] = event
        await follow(self._store, done.values())
        await let_out(self._store, self._publisher, done, _contexts(done, context))
        log.info("opinions.relabelled", review_id=order.review_id, looked_at=len(ids), following=len(done))
        if page.next is not None:
            await self._work.order(order.model_copy(update={"after": Place.of(page.next)}))


def _contexts(done: Mapping[str, SubmissionClassified], context: Context) -> dict[str, Context]:
    return dict.fromkeys(done, context)


def _follows(event: SubmissionClassified, review_id: str) -> bool:
    return any(o.evidence is not None and o.evidence.review_id == review_id for o in event.opinions)
