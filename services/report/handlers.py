"""What the service does with events: fold them, take off what was replaced, erase what was withdrawn, nothing else."""

from collections.abc import Awaitable, Callable, Sequence

from services.report import superseded, withdrawal
from services.report.projection import NAME, fold
from shared.delivery import Delivery
from shared.events import Event
from shared.store.port import DocumentStore


def folder(store: DocumentStore) -> Callable[[Sequence[Delivery[Event]]], Awaitable[None]]:
    """The handler of the REPORT consumer: one step in the store per batch."""

    async def handle(deliveries: Sequence[Delivery[Event]]) -> None:
        changes = [change for delivery in deliveries for change in fold(delivery)]
        await store.apply(NAME, max(delivery.seq for delivery in deliveries), changes)
        await superseded.take_off(store, deliveries)
        withdrawn, classified = withdrawal.touched(deliveries)
        if withdrawn or classified:
            await withdrawal.erase(store, withdrawn, classified)

    return handle


async def finish(store: DocumentStore) -> None:
    """The same of everything, after a rebuild."""
    await superseded.take_off_all(store)
    await withdrawal.erase_all(store)
