"""The first submission that takes a duplicate key is the original for ever; later ones are marked."""

from collections.abc import Mapping, Sequence

from services.classify.decide import as_duplicate
from services.classify.projection import ORIGINALS, original_document
from shared.events import SubmissionClassified
from shared.store.port import DocumentStore


async def without_duplicates(
    store: DocumentStore, decided: Sequence[SubmissionClassified]
) -> list[SubmissionClassified]:
    """The same events, those that repeat their sender's words marked as duplicates. Raises Transient."""
    first: dict[str, str] = {}
    for event in decided:
        if event.duplicate_key is not None:
            first.setdefault(event.duplicate_key, event.submission_id)
    if not first:
        return list(decided)
    taken = await store.insert_many_once(ORIGINALS, {key: original_document(id_) for key, id_ in first.items()})
    held = await store.get_many(ORIGINALS, sorted(set(first) - taken))
    originals = first | {key: str(stored.doc["submission_id"]) for key, stored in held.items()}
    return [_marked(event, originals) for event in decided]


def _marked(event: SubmissionClassified, originals: Mapping[str, str]) -> SubmissionClassified:
    if event.duplicate_key is None:
        return event
    original = originals[event.duplicate_key]
    return event if original == event.submission_id else as_duplicate(event, original)
