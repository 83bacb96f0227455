"""Decisions and corrections in the store: each opinion's own, and the newest of each text and each cluster.

LABELS is only a short cut to CORRECTIONS, which only say what the REVIEWS come to; whoever changes the one works the other out anew,
so that replicas at the same moment, repetitions and a rebuild all end in the same.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import cast

from services.classify.corrections.apply import head_reached, keys, reached, words_of
from services.classify.corrections.effective import Conflict, Label, effective
from services.classify.projection import CORRECTIONS, LABELS, REVIEWS, SOURCES, review_of
from shared.errors import Transient
from shared.events import Opinion, OpinionReviewed, Stance
from shared.store.port import After, Document, DocumentStore, Stored

_TRIES = 10


async def reviews_of(store: DocumentStore, opinion_id: str) -> list[OpinionReviewed]:
    """Every decision about an opinion, in no order."""
    found: list[OpinionReviewed] = []
    after: After | None = None
    while True:
        page = await store.scan(REVIEWS, "by_opinion", where=(opinion_id,), after=after)
        found += [review_of(item.doc) for item in page.items]
        if page.next is None:
            return found
        after = page.next


async def effective_of(store: DocumentStore, opinion_id: str) -> Label | Conflict | None:
    """What the decisions about an opinion come to."""
    return effective(await reviews_of(store, opinion_id))


async def remember(store: DocumentStore, consultation: str, opinion: Opinion, label: Label | None) -> None:
    """Keeps what people made of an opinion (None: nothing any more), by itself and for those that say the same.

    Raises Transient when others write at the same time, again and again.
    """
    held = await store.get(CORRECTIONS, opinion.opinion_id)
    wanted = None if label is None else _correction(consultation, opinion, label)
    if wanted is None:
        await store.delete(CORRECTIONS, opinion.opinion_id)
    elif (held is None or held.doc != wanted) and not await store.replace_if(
        CORRECTIONS, opinion.opinion_id, held.version if held else 0, wanted
    ):
        raise Transient("a correction is written by others at the same time")
    before = {str(held.doc[name]) for name in ("text_key", "head") if name in held.doc} if held else set()
    for key in sorted(before | (reached(opinion, label) if label else set())):
        await _relabel(store, consultation, key)


async def labels_of(store: DocumentStore, consultation: str, opinions: Iterable[Opinion]) -> dict[str, Label]:
    """The labels that opinions may inherit, by text key or head."""
    wanted = {f"{consultation}:{key}": key for key in keys(opinions)}
    found = await store.get_many(LABELS, sorted(wanted)) if wanted else {}
    return {wanted[id_]: label_of(stored.doc) for id_, stored in found.items()}


async def direct(store: DocumentStore, opinions: Iterable[Opinion]) -> frozenset[str]:
    """Those of the opinions that people decided themselves."""
    return frozenset(await store.get_many(CORRECTIONS, sorted(opinion.opinion_id for opinion in opinions)))


async def given_stances(store: DocumentStore, submission_ids: Collection[str]) -> Mapping[str, Stance]:
    """The stances that writers chose themselves."""
    found = await store.get_many(SOURCES, sorted(submission_ids))
    return {id_: Stance(str(stored.doc["stance"])) for id_, stored in found.items() if "stance" in stored.doc}


def _correction(consultation: str, opinion: Opinion, label: Label) -> Document:
    """What people made of an opinion, and under which keys others inherit it. No word of it stands here."""
    return {
        "consultation": consultation,
        "text_key": words_of(opinion),
        "head": head_reached(opinion, label),
        "review_id": label.review_id,
        "at": label.at,
        "topics": list(label.topics),
        "stance": label.stance.value,
    }


def label_of(doc: Document) -> Label:
    """The label that a document of CORRECTIONS or LABELS holds; spans are the corrected opinion's own affair."""
    topics = tuple(cast("list[int]", doc["topics"]))
    return Label(str(doc["review_id"]), str(doc["at"]), topics, Stance(str(doc["stance"])))


async def _relabel(store: DocumentStore, consultation: str, key: str) -> None:
    """Works out the newest correction of a key. Its old version is read first: whoever is slower does it again."""
    id_ = f"{consultation}:{key}"
    for _ in range(_TRIES):
        held = await store.get(LABELS, id_)
        found = [*await _all(store, "by_text", consultation, key), *await _all(store, "by_head", consultation, key)]
        newest = max(found, key=lambda item: label_of(item.doc).order, default=None)
        if newest is None:
            if held is None or await store.delete(LABELS, id_):
                return
            continue
        doc = {name: newest.doc[name] for name in ("review_id", "at", "topics", "stance")}
        if held is not None and held.doc == doc:
            return
        if await store.replace_if(LABELS, id_, held.version if held else 0, doc):
            return
    raise Transient("a label is written by others at the same time")


async def _all(store: DocumentStore, index: str, consultation: str, key: str) -> list[Stored]:
    found: list[Stored] = []
    after: After | None = None
    while True:
        page = await store.scan(CORRECTIONS, index, where=(consultation, key), after=after)
        found += page.items
        if page.next is None:
            return found
        after = page.next
