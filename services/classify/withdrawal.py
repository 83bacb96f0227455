"""Withdrawn submissions: what was decided about them stays, the words that were kept with it go.

The event of the classification still stands in the stream; erasing it there is a matter of the stream's own keeping.
"""

from collections.abc import Iterable, Sequence

from services.classify.near import records as near
from services.classify.projection import RESULTS, WITHDRAWN, result_document, result_of, withdrawn_document
from shared.errors import Transient
from shared.events import Opinion, SubmissionClassified, SubmissionWithdrawn
from shared.store.port import After, DocumentStore

_TRIES = 10


def erased(event: SubmissionClassified) -> SubmissionClassified:
    """The same decision without a word of the text; nobody needs to read it any more."""
    return event.model_copy(update={"opinions": tuple(_erased(opinion) for opinion in event.opinions)})


def _erased(opinion: Opinion) -> Opinion:
    evidence = opinion.evidence and opinion.evidence.model_copy(update={"terms": ()})  # terms are words of the text
    gone = {"text": "", "cites": (), "edits": (), "pii": (), "review": (), "evidence": evidence}
    return opinion.model_copy(update=gone)


async def mark(store: DocumentStore, events: Sequence[SubmissionWithdrawn]) -> None:
    """Remembers and erases. Whoever stores a result looks for this mark afterwards, so one of both erases it."""
    await store.insert_many_once(WITHDRAWN, {event.submission_id: withdrawn_document(event) for event in events})
    await erase(store, [event.submission_id for event in events])


async def among(store: DocumentStore, ids: Iterable[str]) -> list[str]:
    """Those of the submissions that were taken back."""
    return sorted(await store.get_many(WITHDRAWN, sorted(ids)))


async def erase(store: DocumentStore, ids: Sequence[str]) -> None:
    """Erases the words in what is kept of these submissions. Raises Transient when others write at the same time, again and again."""
    await near.forget(store, ids)
    for id_ in ids:
        for _ in range(_TRIES):
            held = await store.get(RESULTS, id_)
            if held is None:
                break
            plain = result_document(erased(result_of(held.doc)))
            if held.doc == plain or await store.replace_if(RESULTS, id_, held.version, plain):
                break
        else:
            raise Transient("a result is written by others at the same time")


async def erase_all(store: DocumentStore) -> None:
    """After a rebuild, which folds every submission's words anew."""
    after: After | None = None
    while True:
        page = await store.scan(WITHDRAWN, "by_consultation", after=after)
        await erase(store, [item.id for item in page.items])
        if page.next is None:
            return
        after = page.next
