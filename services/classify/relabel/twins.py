"""Brings corrections to what says the same: one submission, and one page of them."""

import asyncio
from collections.abc import Collection, Mapping

import structlog
from opentelemetry.context import Context

from services.classify.corrections import store as corrections
from services.classify.corrections.apply import inherited, usable
from services.classify.outlet import follow, let_out
from services.classify.projection import OPINIONS
from services.classify.relabel.order import Place, Relabel, Work
from services.classify.results import revise
from shared.errors import Transient
from shared.events import SubmissionClassified
from shared.publisher import Publisher
from shared.registry import Consultations
from shared.store.port import DocumentStore

log = structlog.get_logger()

PAGE = 200  # opinions of one message
_AT_ONCE = 32  # results written together, so that they share a commit


async def inherit(store: DocumentStore, submission_id: str, codes: Collection[int]) -> SubmissionClassified | None:
    """The result of a submission once it has what it inherits from corrections; None when it has none. `codes`: the topic groups there
    are: a decision that names one that is no more is nobody's.

    What people decided about it directly is asked for at every try, after the result was read: a decision that comes meanwhile
    is stored before it changes the result, so one of both sees the other.
    """
    given = (await corrections.given_stances(store, [submission_id])).get(submission_id)

    async def change(current: SubmissionClassified) -> SubmissionClassified | None:
        labels = usable(await corrections.labels_of(store, current.consultation, current.opinions), codes)
        if not labels:
            return None
        return inherited(current, labels, await corrections.direct(store, current.opinions), given)

    return await revise(store, submission_id, change)


class Twins:
    """Carries out `Relabel` orders. Repeating one changes nothing; the next page is ordered before this one is acknowledged."""

    def __init__(self, store: DocumentStore, publisher: Publisher, consultations: Consultations, work: Work) -> None:
        self._store = store
        self._publisher = publisher
        self._consultations = consultations
        self._work = work

    async def __call__(self, order: Relabel, context: Context) -> None:
        """Raises Transient when the bus or the database is away, or the consultation is not known (yet)."""
        definition = self._consultations.get(order.consultation)
        if definition is None:
            raise Transient(f"consultation {order.consultation} is not known (yet)")
        codes = [topic.code for topic in definition.topic_groups]
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
        limit = asyncio.Semaphore(_AT_ONCE)

        async def one(id_: str) -> SubmissionClassified | None:
            async with limit:
                return await inherit(self._store, id_, codes)

        events = await asyncio.gather(*(one(id_) for id_ in sorted(ids)))
        # Those that were changed now, or before a crash.
        done = {e.submission_id: e for e in events if e is not None and _follows(e, order.review_id)}
        await follow(self._store, done.values())
        await let_out(self._store, self._publisher, done, _contexts(done, context))
        log.info("opinions.relabelled", review_id=order.review_id, looked_at=len(ids), following=len(done))
        if page.next is not None:
            await self._work.order(order.model_copy(update={"after": Place.of(page.next)}))


def _contexts(done: Mapping[str, SubmissionClassified], context: Context) -> dict[str, Context]:
    return dict.fromkeys(done, context)


def _follows(event: SubmissionClassified, review_id: str) -> bool:
    return any(o.evidence is not None and o.evidence.review_id == review_id for o in event.opinions)
