"""A bus, a registry and an orders' box that live in memory, for the service side of classify."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from opentelemetry.context import Context

from services.classify.corrections.handler import ReviewHandler
from services.classify.handlers import ClassifyHandler
from services.classify.projection import RESULTS, result_of
from services.classify.relabel.order import Order, Relabel
from services.classify.relabel.twins import Twins
from shared.consultation import Consultation
from shared.delivery import Delivery
from shared.errors import Transient
from shared.events import Event, OpinionReviewed, Stance, SubmissionClassified, SubmissionReceived
from tests.support.memory_store import MemoryStore
from tests.support.small_consultation import small_consultation
from tests.unit.services.classify.samples import AT, submission_id


class Crash(Exception):
    """The process died here."""


@dataclass
class Publisher:
    """Keeps what is published; `away` makes it refuse."""

    published: list[SubmissionClassified] = field(default_factory=list)
    away: bool = False

    async def publish(self, event: Event, *, context: Context | None = None) -> None:
        if self.away:
            raise Transient("the bus is away")
        assert isinstance(event, SubmissionClassified)
        self.published.append(event)


@dataclass
class Registry:
    """Definitions by id."""

    known: dict[str, Consultation]

    def get(self, id_: str) -> Consultation | None:
        return self.known.get(id_)


@dataclass
class Orders:
    """Work that was ordered; the same id once, as on the bus."""

    waiting: list[Order] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    away: bool = False

    async def order(self, order: Order) -> None:
        if self.away:
            raise Transient("the bus is away")
        if order.id not in self.ids:
            self.ids.add(order.id)
            self.waiting.append(order)


class Site:
    """classify in small: handlers over one store, the bus in memory."""

    def __init__(self, store: Any = None, *definitions: Consultation) -> None:
        self.store: Any = store or MemoryStore()
        self.publisher = Publisher()
        self.orders = Orders()
        self.registry = Registry({d.id: d for d in definitions or (small_consultation(),)})
        self.corrected: list[str] = []
        bus: Any = self.publisher
        registry: Any = self.registry
        work: Any = self.orders
        self.classify = ClassifyHandler(self.store, bus, registry, b"key")
        self.review = ReviewHandler(self.store, bus, registry, work, self.corrected.append)
        self.twins = Twins(self.store, bus, registry, work)
        self.stream: list[Delivery[Event]] = []

    async def receive(self, *events: SubmissionReceived) -> None:
        """Submissions arrive."""
        await self.classify(self._delivered(events))

    async def hear(self, *reviews: OpinionReviewed) -> None:
        """Decisions arrive, one at a time."""
        for delivery in self._delivered(reviews):
            await self.review([delivery])

    async def work(self) -> None:
        """All that was ordered is carried out."""
        while self.orders.waiting:
            order = self.orders.waiting.pop(0)
            assert isinstance(order, Relabel)
            await self.twins(order, Context())

    async def result(self, number: int = 1) -> SubmissionClassified:
        """What is stored of a submission."""
        held = await self.store.get(RESULTS, submission_id(number))
        assert held is not None
        return result_of(held.doc)

    def _delivered(self, events: Sequence[Event]) -> list[Delivery[Event]]:
        first = len(self.stream) + 1
        deliveries = [Delivery(event, seq, AT) for seq, event in enumerate(events, start=first)]
        self.stream += deliveries
        return deliveries


def review(number: int = 1, opinion: int = 1, **fields: Any) -> OpinionReviewed:
    """A decision about an opinion: the first of the first submission, topic 3, agreement, by the queue."""
    minutes = fields.pop("minutes", 0)
    return OpinionReviewed.model_validate(
        {
            "consultation": "thu-nghiem",
            "review_id": f"r{number}-{opinion}-{fields.get('reviewer', 'can-bo-1')}-{minutes}",
            "submission_id": submission_id(number),
            "opinion_id": f"{submission_id(number)}-{opinion}",
            "reviewer": "can-bo-1",
            "reviewed_at": AT + timedelta(minutes=minutes),
            "topics": (3,),
            "stance": Stance.AGREE,
            "confirmed": False,
        }
        | fields
    )
