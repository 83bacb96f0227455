"""What the HTTP handlers need, put together once by `app.py` when the process has its connections."""

from dataclasses import dataclass, field
from typing import Any, TypeVar

from litestar import Request

from services.ingest.accept import Acceptor
from services.ingest.receipt import Signer
from services.ingest.settings import IngestSettings, Secrets
from services.ingest.status import StatusReader
from shared.bus import Bus
from shared.consultation import Consultation
from shared.problem import FieldError, Problem
from shared.registry import Consultations
from shared.store.port import DocumentStore

HttpRequest = Request[Any, Any, Any]
Part = TypeVar("Part")


@dataclass(frozen=True)
class Ingest:
    """The running service."""

    settings: IngestSettings
    secrets: Secrets
    consultations: Consultations
    acceptor: Acceptor
    status: StatusReader
    signer: Signer
    store: DocumentStore
    bus: Bus
    parts: dict[type, Any] = field(default_factory=dict)  # what each channel opened for itself, by its type

    def part(self, kind: type[Part]) -> Part | None:
        """What a channel opened for itself; None when that channel is off here."""
        return self.parts.get(kind)

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
