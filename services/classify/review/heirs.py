"""Who is read instead of an opinion that cannot speak for its cluster any more.

Only the head of a cluster waits for a reader, its twins follow what is decided of it. A head that was taken back is read by nobody, and
one that was cut says less than its twins: then the first of these that is in doubt waits in its place. The sample is not concerned.
"""

from collections.abc import Callable, Collection, Sequence

from services.classify.corrections.apply import head_of
from services.classify.near.records import submission_of
from services.classify.projection import CORRECTIONS, LABELS, OPINIONS, WITHDRAWN
from services.classify.results import known, revise
from shared.events import Opinion, Outcome, ReviewReason, SubmissionClassified
from shared.store.port import After, DocumentStore

Doubts = Callable[[SubmissionClassified, Opinion], Sequence[ReviewReason]]
"""Why a reader would be needed for an opinion if it were the head of its cluster."""

_PAGE = 100
_PAGES = 25
_LOOKED_AT = 20  # twins that might be the heir: when none of them is in doubt, the cluster is not


async def orphaned(
    store: DocumentStore, events: Collection[SubmissionClassified], doubts: Doubts
) -> list[tuple[str, str]]:
    """(consultation, head) of the clusters that may need an heir: of those of these results that were taken back, or whose head is dead."""
    gone = await store.get_many(WITHDRAWN, sorted(event.submission_id for event in events))
    heads: dict[str, str] = {}
    for event in events:
        for opinion in event.opinions if event.outcome is Outcome.COUNTED else ():
            follows = opinion.same_as is not None and not _decided(opinion)
            if event.submission_id in gone or (follows and _doubtful(doubts(event, opinion))):
                heads[head_of(opinion)] = event.consultation
    return sorted((heads[head], head) for head in await _dead(store, heads)) if heads else []


async def inherit_reader(
    store: DocumentStore, consultation: str, head: str, doubts: Doubts
) -> SubmissionClassified | None:
    """The result in which a twin waits for a reader in place of `head`, to be published (again: a crash may have come between); None
    when none needs to.

    Call it for a dead head only. Repeating it changes nothing. Raises Transient.
    """
    if await store.get(LABELS, f"{consultation}:{head}") is not None:
        return None  # people have decided, and whoever comes follows that
    after: After | None = None
    looked_at = 0
    for _ in range(_PAGES):
        page = await store.scan(OPINIONS, "by_key", where=(consultation, head), after=after, limit=_PAGE)
        ids = sorted({str(item.doc["submission_id"]) for item in page.items})
        results = await known(store, ids)
        gone = await store.get_many(WITHDRAWN, ids)
        twins = [(event, o) for id_, event in sorted(results.items()) for o in event.opinions if id_ not in gone]
        twins = [(e, o) for e, o in twins if e.outcome is Outcome.COUNTED and o.same_as == head and not _decided(o)]
        if waiting := next((event for event, opinion in twins if _doubtful(opinion.review)), None):
            return waiting
        for event, opinion in twins:
            looked_at += 1
            if (why := _doubtful(doubts(event, opinion))) and (
                heir := await _wait(store, event, opinion.opinion_id, why)
            ) is not None:
                return heir
        if page.next is None or looked_at >= _LOOKED_AT:
            return None
        after = page.next
    return None


async def _wait(
    store: DocumentStore, event: SubmissionClassified, opinion_id: str, why: tuple[ReviewReason, ...]
) -> SubmissionClassified | None:
    done = False

    async def change(current: SubmissionClassified) -> SubmissionClassified | None:
        nonlocal done
        done = False
        opinions: list[Opinion] = []
        for opinion in current.opinions:
            if opinion.opinion_id == opinion_id and not _decided(opinion):
                done = True
                opinions.append(opinion.model_copy(update={"review": why}))
            else:
                opinions.append(opinion)
        return current.model_copy(update={"opinions": tuple(opinions)}) if done else None

    after = await revise(store, event.submission_id, change)
    return after if done else None


async def _dead(store: DocumentStore, heads: Collection[str]) -> set[str]:
    """Those of the heads that were taken back, or cut by a reader."""
    corrected = await store.get_many(CORRECTIONS, sorted(heads))
    gone = await store.get_many(WITHDRAWN, sorted({submission_of(head) for head in heads}))
    return {
        head
        for head in heads
        if submission_of(head) in gone or (head in corrected and "head" not in corrected[head].doc)
    }


def _decided(opinion: Opinion) -> bool:
    return opinion.evidence is not None and opinion.evidence.by == "correction"


def _doubtful(why: Sequence[ReviewReason]) -> tuple[ReviewReason, ...]:
    """Without the sample: it measures, it asks for no decision."""
    return tuple(reason for reason in why if reason is not ReviewReason.SAMPLE)
