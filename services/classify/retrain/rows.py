"""What a consultation's corrections teach: the rows of the training, and a short name for all of them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from hashlib import sha256

import structlog

from services.classify.corrections.store import label_of
from services.classify.learning.artifact import FORMAT
from services.classify.learning.rows import Labelled, masked
from services.classify.projection import CORRECTIONS, WITHDRAWN
from services.classify.results import known
from shared.store.port import After, DocumentStore, Stored

log = structlog.get_logger()


@dataclass(frozen=True)
class State:
    """`digest`: equal for equal decisions taught to equal models; `rows`: how many decisions there are.

    `gone`: how many submissions of the consultation were taken back so far; it never falls.
    """

    digest: str
    rows: int
    gone: int = 0


async def state_of(store: DocumentStore, consultation: str, day0: str) -> State:
    """The present state of the corrections; `day0` is the version of the model that they are taught to."""
    # Counted first: who is taken back while the rows are read makes a model look older than it is, never younger.
    gone = (await store.count_by(WITHDRAWN, "by_consultation", where=(consultation,))).get((), 0)
    hashed = sha256(f"{FORMAT}\n{day0}\n".encode())
    told: list[str] = []
    async for page in _pages(store, consultation):
        told += [f"{item.id} {item.doc['review_id']} {item.doc['topics']} {item.doc['stance']}" for item in page]
    hashed.update("\n".join(sorted(told)).encode())
    return State(hashed.hexdigest(), len(told), gone)


async def rows_of(store: DocumentStore, consultation: str) -> list[Labelled]:
    """The texts that people labelled, personal data blotted out. The same words with the same labels are one row each."""
    rows: list[Labelled] = []
    async for page in _pages(store, consultation):
        results = await known(store, sorted({_submission(item) for item in page}))
        for item in page:
            result = results.get(_submission(item))
            opinion = next((o for o in result.opinions if o.opinion_id == item.id), None) if result else None
            if opinion is None or not opinion.text:
                log.warning("correction without its words", opinion_id=item.id)
                continue
            label = label_of(item.doc)
            rows.append(Labelled(masked(opinion.text, opinion.pii, opinion.start), label.topics, label.stance))
    return rows


async def _pages(store: DocumentStore, consultation: str) -> AsyncIterator[list[Stored]]:
    """Every correction of the consultation but those of submissions that were taken back."""
    after: After | None = None
    while True:
        page = await store.scan(CORRECTIONS, "by_text", where=(consultation,), after=after)
        gone = await store.get_many(WITHDRAWN, sorted({_submission(item) for item in page.items}))
        yield [item for item in page.items if _submission(item) not in gone]
        if page.next is None:
            return
        after = page.next


def _submission(correction: Stored) -> str:
    return correction.id.rpartition("-")[0]
