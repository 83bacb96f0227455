"""The stored results: read at their highest revision, changed by compare-and-set, one revision at a time."""

from collections.abc import Awaitable, Callable, Sequence

from services.classify.projection import RESULTS, result_document, result_of
from shared.errors import Transient
from shared.events import SubmissionClassified
from shared.store.port import DocumentStore

_TRIES = 10

Change = Callable[[SubmissionClassified], Awaitable[SubmissionClassified | None]]


async def known(store: DocumentStore, ids: Sequence[str]) -> dict[str, SubmissionClassified]:
    """The results of those submissions that have one."""
    found = await store.get_many(RESULTS, ids)
    return {id_: result_of(stored.doc) for id_, stored in found.items()}


async def revise(store: DocumentStore, submission_id: str, change: Change) -> SubmissionClassified | None:
    """The result after `change`, as it is stored now; None when the submission has none.

    `change` answers the result as it shall be, its revision untouched, or None to leave it as it is; it is asked again when another
    was quicker. Raises Transient when others write at the same time, again and again.
    """
    for _ in range(_TRIES):
        held = await store.get(RESULTS, submission_id)
        if held is None:
            return None
        current = result_of(held.doc)
        changed = await change(current)
        if changed is None:
            return current
        after = changed.model_copy(update={"revision": current.revision + 1})
        if await store.replace_if(RESULTS, submission_id, held.version, result_document(after)):
            return after
    raise Transient("a result is written by others at the same time")
