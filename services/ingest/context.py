"""What the HTTP handlers need, put together once by `app.py` when the process has its connections."""

from dataclasses import dataclass
from typing import Any

from litestar import Request

from services.ingest.accept import Acceptor
from services.ingest.receipt import Signer
from services.ingest.settings import IngestSettings, Secrets
from services.ingest.status import StatusReader
from shared.consultation import Consultation
from shared.problem import FieldError, Problem
from shared.registry import Consultations

HttpRequest = Request[Any, Any, Any]


@dataclass(frozen=True)
class Ingest:
    """The running service."""

    settings: IngestSettings
    secrets: Secrets
    consultations: Consultations
    acceptor: Acceptor
    status: StatusReader
    signer: Signer

    def consultation(self, id_: str) -> Consultation:
        """The definition. Raises Problem 404 when there is none."""
        found = self.consultations.get(id_)
        if found is None:
            reason = "Không có đợt lấy ý kiến này."
            raise Problem(
                404,
                "unknown-consultation",
                "Không tìm thấy đợt lấy ý kiến",
                reason,
                [FieldError("consultation", reason)],
            )
        return found


def ingest(request: HttpRequest) -> Ingest:
    """The running service behind a request."""
    found: Ingest = request.app.state.ingest
    return found
