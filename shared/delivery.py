"""One event as a consumer got it: the fact, where it stands in the stream, and the trace it belongs to."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from opentelemetry.context import Context

from shared.events import Event

E = TypeVar("E", bound=Event, covariant=True)


@dataclass(frozen=True)
class Delivery(Generic[E]):
    """`seq` and `stored_at` are the stream's own, equal at every delivery and every rebuild."""

    event: E
    seq: int
    stored_at: datetime
    attempt: int = 1
    context: Context = field(default_factory=Context)
