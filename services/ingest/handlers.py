"""What ingest learns from the bus: it keeps the status documents, nothing else."""

from collections.abc import Awaitable, Callable, Sequence

from services.ingest.projection import NAME, Fold
from shared.delivery import Delivery
from shared.events import Event
from shared.store.port import DocumentStore


def keep_status(store: DocumentStore, fold: Fold) -> Callable[[Sequence[Delivery[Event]]], Awaitable[None]]:
    """The handler of the `ingest-status` consumer: the same fold as `ykien rebuild ingest`."""

    async def handle(deliveries: Sequence[Delivery[Event]]) -> None:
        changes = [change for delivery in deliveries for change in fold(delivery)]
        await store.apply(NAME, max(delivery.seq for delivery in deliveries), changes)

    return handle
