"""How a stored result gets out: what follows from it is stored, withdrawn words are erased, then it is published.

Every step may be repeated; whoever stores a result ends here, so a crash in between is mended by the redelivery of what caused it.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from opentelemetry.context import Context

from services.classify import withdrawal
from services.classify.projection import NAME, derived
from shared.events import SubmissionClassified
from shared.publisher import Publisher
from shared.store.port import DocumentStore


async def follow(store: DocumentStore, results: Iterable[SubmissionClassified]) -> None:
    """Stores what follows from stored results: who says the same, what waits for a reader. Raises Transient."""
    if changes := [change for event in results for change in derived(event)]:
        await store.apply(NAME, 0, changes)


async def let_out(
    store: DocumentStore,
    publisher: Publisher,
    results: Mapping[str, SubmissionClassified],
    contexts: Mapping[str, Context],
) -> None:
    """Publishes results (submission id -> as stored, and followed); `contexts` are the traces they belong to. Raises Transient."""
    ready = dict(results)
    if gone := await withdrawal.among(store, ready):  # asked last: see `withdrawal.mark`
        await withdrawal.erase(store, gone)
        ready |= {id_: withdrawal.erased(ready[id_]) for id_ in gone}
    await _publish(publisher, [(event, contexts.get(id_)) for id_, event in ready.items()])


async def _publish(publisher: Publisher, events: Sequence[tuple[SubmissionClassified, Context | None]]) -> None:
    """All at once, so that they share a commit; the first failure is raised after all have ended."""
    ended = await asyncio.gather(
        *(publisher.publish(event, context=context) for event, context in events), return_exceptions=True
    )
    for outcome in ended:
        if isinstance(outcome, BaseException):
            raise outcome
