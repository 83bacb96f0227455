"""What is kept to recognise twins, all in the store: no replica holds an index that grows with the consultation.

A text costs one small document; one that is like no other before it costs BANDS more, and its own folded words.
"""

from collections.abc import Iterable, Sequence

from services.classify.near.signature import bands
from services.classify.pipeline import text_key
from shared.errors import Transient
from shared.events import Opinion, Outcome, SubmissionClassified
from shared.store.port import After, Change, Collection, Document, DocumentStore, Index, Merge
from shared.text import fold

TEXTS = Collection("near_texts")  # consultation and text key -> the opinion that heads the texts like this one
BANDS = Collection(
    "near_bands"
)  # band key -> the first head that has it: no more candidates than bands, however hot one is
HEADS = Collection("near_heads", (Index("by_id", ()),))  # opinion id of a head -> its folded words
COLLECTIONS = (TEXTS, BANDS, HEADS)

_NOTHING = text_key("")
_PAGE = 200
_TRIES = 10


def key_of(consultation: str, opinion: Opinion) -> str | None:
    """Where TEXTS holds this text; None when it has no letter or digit to compare by."""
    key = opinion.text_key or text_key(opinion.text)
    return None if key == _NOTHING else f"{consultation}:{key}"


def text_document(head: str, similarity: float, mixed: bool = False) -> Document:
    """`mixed`: the text holds the head's words and the writer's own; it is taken apart, not linked."""
    doc: Document = {"head": head, "similarity": similarity}
    return doc | {"mixed": True} if mixed else doc


def band_document(head: str) -> Document:
    """Who came first with a band key."""
    return {"head": head}


def head_document(consultation: str, folded: str) -> Document:
    """The words of a head, as twins are told by."""
    return {"consultation": consultation, "words": folded}


def submission_of(opinion_id: str) -> str:
    """The submission an opinion belongs to: opinions are numbered `{submission_id}-{n}`."""
    return opinion_id.rpartition("-")[0]


def changes(event: SubmissionClassified) -> Sequence[Change]:
    """What one event brings back in a rebuild: in stream order, the heads before their twins.

    A band key that two heads share goes to the later one, unlike when it happened: either finds the cluster. Events whose words
    were erased bring back no words.
    """
    if event.outcome is not Outcome.COUNTED:
        return ()
    found: list[Change] = []
    for opinion in event.opinions:
        key = key_of(event.consultation, opinion)
        if key is None:
            continue
        if opinion.same_as is not None:
            found.append(Merge(TEXTS, key, text_document(opinion.same_as, opinion.similarity or 1.0)))
            continue
        found.append(Merge(TEXTS, key, text_document(opinion.opinion_id, 1.0)))
        folded = fold(opinion.text)
        if keys := bands(event.consultation, folded.split()):
            found.append(Merge(HEADS, opinion.opinion_id, head_document(event.consultation, folded)))
            found.extend(Merge(BANDS, key, band_document(opinion.opinion_id)) for key in keys)
    return found


async def forget(store: DocumentStore, submission_ids: Iterable[str]) -> None:
    """Erases the words kept of these submissions' opinions. Their ids go on heading those who said the same.

    Exact copies still find the head; near ones, with no words to compare to, begin a cluster of their own. Call it after the
    mark of the withdrawal is stored, and again when a result is stored after it (as `withdrawal.erase`). Raises Transient when
    others write at the same time, again and again.
    """
    for submission_id in submission_ids:
        prefix = f"{submission_id}-"
        after: After | None = After((), prefix)
        while after is not None:
            page = await store.scan(HEADS, "by_id", after=after, limit=_PAGE)
            ours = [item for item in page.items if item.id.startswith(prefix)]
            for item in ours:
                await _wordless(store, item.id)
            after = page.next if len(ours) == len(page.items) else None


async def _wordless(store: DocumentStore, opinion_id: str) -> None:
    for _ in range(_TRIES):
        held = await store.get(HEADS, opinion_id)
        if held is None or "words" not in held.doc:
            return
        if await store.replace_if(HEADS, opinion_id, held.version, {"consultation": held.doc["consultation"]}):
            return
    raise Transient("a head is written by others at the same time")
