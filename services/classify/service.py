"""What classify's request handlers work with, put together in app.py and found in the app's state."""

from dataclasses import dataclass
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from services.classify.models import Models
from services.classify.relabel.order import Work
from shared.bus import Bus
from shared.clock import Clock
from shared.consultation import Consultation
from shared.operator import token_matches
from shared.problem import Problem, of_status
from shared.store.port import DocumentStore

HttpRequest = Request[Any, Any, Any]


@dataclass(frozen=True)
class Service:
    """One per process. `token_sha256`: of the operator's token; None: nobody may ask."""

    store: DocumentStore
    bus: Bus
    models: Models
    work: Work
    clock: Clock
    token_sha256: str | None

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


def service_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Service:
    """The service of the app that got the request."""
    found: Service = connection.app.state.classify
    return found


def operator_guard(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Lets in who shows the operator's token. Raises Problem 401."""
    authorization = connection.headers.get("Authorization")
    if authorization is None:
        raise of_status(401, {"WWW-Authenticate": "Bearer"})
    expected = service_of(connection).token_sha256
    if expected is None or not token_matches(authorization, expected):
        raise Problem(401, "wrong-token", "Mã truy cập không đúng", "Xin kiểm tra lại mã truy cập của người vận hành.")
