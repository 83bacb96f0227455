"""A review on its way: is it the same as one before, does the opinion still stand as it was seen, is it sound; then the stream.

The answer is stored before it is published and by an id that repeats: a double click, a retry after an outage and a crash between
the two steps all come to one event.
"""

from datetime import datetime, timedelta

import structlog

from services.classify.corrections.store import reviews_of
from services.classify.projection import RESULTS, SOURCES, WITHDRAWN, result_of
from services.classify.review import claims
from services.classify.review.answer import Answer, faults, review_id, reviewed, same_decision
from services.classify.review.desk import Desk
from services.classify.review.item import Item, Kind, item_of
from services.classify.review.pick import seen, work_of
from services.classify.review.queue import ANSWERS, QUEUE, answer_document, changes, queue_id, sample_id
from shared.accounts import Account
from shared.consultation import Consultation
from shared.events import Opinion, OpinionReviewed, Stance, SubmissionClassified
from shared.problem import Problem, of_status
from shared.store.port import Merge

log = structlog.get_logger()

KINDS: tuple[Kind, ...] = ("queue", "sample", "settle")


async def submit(desk: Desk, consultation: Consultation, answer: Answer, reader: Account) -> OpinionReviewed:
    """Publishes the review and answers after the PubAck. Raises Problem 404, 409 or 422, Transient."""
    if (before := await _said_before(desk, answer, reader.id)) is not None:
        return await _published(desk, before)
    result, opinion, item = await _now(desk, consultation.id, answer, reader.id)
    kind: Kind = item.kind if item is not None else "queue"
    if item is not None and not item.open_to(reader.id):
        raise _reviewed_already()
    given = await _given(desk, result.submission_id)
    codes = [group.code for group in consultation.topic_groups]
    if wrong := faults(answer, opinion, codes, given, kind):
        raise of_status(422, errors=wrong)
    claimed = item.id if item is not None else queue_id(opinion.opinion_id, result.revision)
    if not await claims.take(desk.store, opinion.opinion_id, reader.id, desk.clock()):
        raise Problem(409, "claimed", "Ý kiến đang được thẩm định", "Một người khác đang thẩm định ý kiến này.")
    event = reviewed(answer, result, opinion, kind, reader.id, await _after_all_others(desk, opinion.opinion_id))
    if not await desk.store.insert_once(ANSWERS, event.review_id, answer_document(event)):
        return await submit(desk, consultation, answer, reader)  # the other click of a double one was faster
    published = await _published(desk, event)
    if kind == "queue":  # of the present revision too, when the reader saw an older one
        await desk.store.apply("review-answers", 0, [Merge(QUEUE, claimed, {"done": True, "lane": None})])
    else:
        await work_of(desk.store, claimed)  # puts its lane right, so that the next reader finds it
    await claims.release(desk.store, opinion.opinion_id, reader.id)
    return published


async def _after_all_others(desk: Desk, opinion_id: str) -> datetime:
    """Now; or just after the latest decision about the opinion: the clock of the replica that took that one may be ahead of this one's."""
    latest = max((review.reviewed_at for review in await reviews_of(desk.store, opinion_id)), default=None)
    now = desk.clock()
    return now if latest is None else max(now, latest + timedelta(milliseconds=1))


async def _said_before(desk: Desk, answer: Answer, reviewer: str) -> OpinionReviewed | None:
    ids = [review_id(answer.opinion_id, answer.revision, reviewer, kind) for kind in KINDS]
    for stored in (await desk.store.get_many(ANSWERS, ids)).values():
        event = OpinionReviewed.model_validate(stored.doc["event"])
        if same_decision(answer, event):
            return event
        if stored.doc.get("published") is not True:
            await _published(desk, event)  # a crash came between: what was decided first stands
        raise _reviewed_already()
    return None


async def _now(
    desk: Desk, consultation: str, answer: Answer, reviewer: str
) -> tuple[SubmissionClassified, Opinion, Item | None]:
    submission_id = answer.opinion_id.rpartition("-")[0]
    stored = await desk.store.get(RESULTS, submission_id)
    if stored is None or (result := result_of(stored.doc)).consultation != consultation:
        raise of_status(404)
    if await desk.store.get(WITHDRAWN, submission_id) is not None:
        raise Problem(409, "withdrawn", "Ý kiến đã được rút lại", "Người góp ý đã rút lại ý kiến này.")
    opinion = _opinion(result, answer.opinion_id)
    if opinion is None:
        raise of_status(404)
    if result.revision != answer.revision and not await _still_so(desk, answer, opinion, reviewer):
        raise Problem(
            409,
            "newer-revision",
            "Ý kiến đã được phân loại lại",
            "Trong lúc Ông/Bà xem, ý kiến này đã có kết quả phân loại mới. Xin mở lại để xem kết quả mới nhất.",
        )
    found = await desk.store.get_many(
        QUEUE, [sample_id(opinion.opinion_id), queue_id(opinion.opinion_id, result.revision)]
    )
    items = [item for one in found.values() if (item := item_of(one)) is not None]
    # What waits as part of the sample is answered as that; what never waited may still be corrected by anybody.
    items.sort(key=lambda item: item.revision is not None)
    waiting = next((item for item in items if item.lane is not None), None)
    if waiting is None and items:
        raise _reviewed_already()  # the new revision is on its way, or the blind readings are complete
    return result, opinion, waiting


async def _still_so(desk: Desk, answer: Answer, opinion: Opinion, reviewer: str) -> bool:
    """Whether the opinion stands as the reader saw it."""
    return await claims.has_seen(desk.store, opinion.opinion_id, reviewer, seen(answer.revision, opinion))


async def _published(desk: Desk, event: OpinionReviewed) -> OpinionReviewed:
    await desk.bus.publisher.publish(event)
    await desk.store.apply("review-answers", 0, changes(event))
    desk.forget_sizes(event.consultation)
    log.info("opinion.reviewed", opinion_id=event.opinion_id, review_id=event.review_id, kind=event.kind)
    return event


async def _given(desk: Desk, submission_id: str) -> Stance | None:
    source = await desk.store.get(SOURCES, submission_id)
    given = source.doc.get("stance") if source is not None else None
    return Stance(str(given)) if given is not None else None


def _opinion(result: SubmissionClassified, opinion_id: str) -> Opinion | None:
    return next((o for o in result.opinions if o.opinion_id == opinion_id), None)


def _reviewed_already() -> Problem:
    return Problem(
        409,
        "reviewed-already",
        "Ý kiến đã được thẩm định",
        "Ý kiến này đã được thẩm định, hoặc Ông/Bà đã đọc ý kiến này trong mẫu kiểm tra. Xin chuyển sang ý kiến khác.",
    )
