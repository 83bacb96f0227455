"""Who has an opinion on the screen, so that two readers do not work on the same. A help, no promise: the right to answer is checked again.

A claim ends by itself; a reader who comes back in time has it still.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.classify.review.queue import CLAIMS, LATER
from shared.clock import format_instant
from shared.store.port import Document, DocumentStore, Json, Merge, Stored

CLAIM = timedelta(minutes=15)
_TRIES = 5
_VIEWS = 5  # of one opinion by one reader, in several windows or at several revisions
PUT_OFF = timedelta(hours=12)  # to the next working day


async def take(store: DocumentStore, opinion_id: str, reviewer: str, now: datetime, seen: str | None = None) -> bool:
    """Takes the opinion or renews the claim; False while another reader has it. `seen`: what this reader is shown of it."""
    doc: Document = {"reviewer": reviewer, "until": format_instant(now + CLAIM), "seen": [seen] if seen else []}
    for _ in range(_TRIES):  # the same reader may ask twice at once
        held = await store.get(CLAIMS, opinion_id)
        if held is None:
            taken = await store.insert_once(CLAIMS, opinion_id, doc)
        elif _others(held, reviewer, now):
            return False
        else:
            views: list[Json] = [view for view in _seen(held, reviewer) if view != seen]
            doc["seen"] = [*views, *([seen] if seen else [])][-_VIEWS:]
            taken = await store.replace_if(CLAIMS, opinion_id, held.version, doc)
        if taken:
            return True
    return False


async def has_seen(store: DocumentStore, opinion_id: str, reviewer: str, seen: str) -> bool:
    """Whether that reader was shown the opinion so, and nobody else has taken it since."""
    held = await store.get(CLAIMS, opinion_id)
    return held is not None and seen in _seen(held, reviewer)


async def release(store: DocumentStore, opinion_id: str, reviewer: str) -> None:
    """Lets the opinion go, if it is that reader's."""
    held = await store.get(CLAIMS, opinion_id)
    if held is not None and held.doc.get("reviewer") == reviewer:
        await store.delete(CLAIMS, opinion_id)


async def of_others(store: DocumentStore, opinion_ids: Sequence[str], reviewer: str, now: datetime) -> frozenset[str]:
    """Those of the opinions that other readers have now."""
    held = await store.get_many(CLAIMS, opinion_ids)
    return frozenset(id_ for id_, claim in held.items() if _others(claim, reviewer, now))


async def put_off(store: DocumentStore, opinion_id: str, reviewer: str, now: datetime) -> None:
    """Offers the opinion to that reader only after everything else."""
    until = format_instant(now + PUT_OFF)
    await store.apply("review-later", 0, [Merge(LATER, _later_id(opinion_id, reviewer), {"until": until})])
    await release(store, opinion_id, reviewer)


async def put_off_by(store: DocumentStore, opinion_ids: Sequence[str], reviewer: str, now: datetime) -> frozenset[str]:
    """Those of the opinions that the reader has put off."""
    ids = {_later_id(opinion_id, reviewer): opinion_id for opinion_id in opinion_ids}
    held = await store.get_many(LATER, sorted(ids))
    return frozenset(ids[id_] for id_, later in held.items() if str(later.doc["until"]) > format_instant(now))


def _seen(claim: Stored, reviewer: str) -> list[str]:
    views = claim.doc.get("seen")
    return [str(view) for view in views] if isinstance(views, list) and claim.doc.get("reviewer") == reviewer else []


def _later_id(opinion_id: str, reviewer: str) -> str:
    return f"{opinion_id}:{reviewer}"


def _others(claim: Stored, reviewer: str, now: datetime) -> bool:
    return claim.doc.get("reviewer") != reviewer and str(claim.doc.get("until")) > format_instant(now)
