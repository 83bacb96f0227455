"""What the request handlers work with, put together in app.py and found in the app's state."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from litestar import Request

from services.report.build import Builder
from services.report.counts.copies import Copies
from services.report.web.secrets import Secrets
from shared.bus import Bus
from shared.clock import Clock
from shared.consultation import Consultation
from shared.problem import Problem
from shared.shared_throttle import SharedThrottle
from shared.store.port import DocumentStore

HttpRequest = Request[Any, Any, Any]


@dataclass(frozen=True)
class Service:
    """One per process."""

    store: DocumentStore
    bus: Bus
    secrets: Secrets
    clock: Clock
    copies: Copies
    throttle: SharedThrottle
    cache: dict[str, tuple[float, Any]] = field(default_factory=dict)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def builder(self) -> Builder:
        """Makes reports."""
        return Builder(self.store, self.bus, self.copies)

    def consultation(self, id_: str) -> Consultation:
        """Raises Problem 404 when there is no such consultation."""
        found = self.bus.consultations.get(id_)
        if found is None:
            raise Problem(
                404,
                "unknown-consultation",
                "Không có đợt lấy ý kiến này",
                "Mã đợt lấy ý kiến không đúng hoặc đợt lấy ý kiến chưa được công bố. Xin kiểm tra lại.",
            )
        return found


def service_of(request: HttpRequest) -> Service:
    """The service of the app that got the request."""
    found: Service = request.app.state.report
    return found
