"""What has become of a submission, for whoever holds its tracking code. Never the identity, never the text."""

import asyncio
from typing import Literal, cast

from pydantic import AwareDatetime, Field

from services.ingest.idempotency import RESERVATIONS
from services.ingest.projection import ANSWERED, CLASSIFIED, REPORTS, STATUS
from shared.clock import parse_instant
from shared.events import Frozen, Outcome, Stance, WindowMark
from shared.store.port import Document, DocumentStore

_POLL_S = 0.1


class OpinionStatus(Frozen):
    """How one opinion was read."""

    topics: tuple[int, ...]
    stance: Stance


class Status(Frozen):
    """The steps so far; `counted` means: in a published report."""

    consultation: str
    tracking_code: str
    status: Literal["received", "classified", "counted", "answered"]
    received_at: AwareDatetime
    channel: str
    window: WindowMark
    text_sha256: str
    outcome: Outcome | None = None
    opinions: tuple[OpinionStatus, ...] = ()
    decisions: tuple[str, ...] = ()
    unread_files: int = Field(0, ge=0, description="attached files that wait to be read by the office")


class StatusReader:
    """Looks up by tracking code. `wait_s`: how long to wait for a projection that lags behind the receipt."""

    def __init__(self, store: DocumentStore, *, wait_s: float) -> None:
        self._store = store
        self._wait_s = wait_s

    async def find(self, code: str) -> Status | None:
        """The status, or None when no submission has this code. Raises Transient when the database is away."""
        deadline = asyncio.get_running_loop().time() + self._wait_s
        while True:
            if status := await self._look(code):
                return status
            if asyncio.get_running_loop().time() >= deadline:
                return None
            await asyncio.sleep(_POLL_S)

    async def committed(self, code: str) -> bool:
        """Whether the stream is known to hold this submission."""
        held = await self._store.get(STATUS, code)
        return held is not None and "received_at" in held.doc

    async def _look(self, code: str) -> Status | None:
        held = await self._store.get(STATUS, code)
        doc = held.doc if held else {}
        if "received_at" not in doc:
            # Who knows the code of a reservation was told it after the PubAck, so the submission is in the stream.
            reserved = await self._store.get(RESERVATIONS, code)
            if reserved is None:
                return None
            doc = {**doc, **reserved.doc}
        seq = classified_seq(doc)
        counted = False
        if seq is not None:
            page = await self._store.scan(REPORTS, "by_cutoff", where=(str(doc["consultation"]),), low=seq + 1, limit=1)
            counted = bool(page.items)
        return read(code, doc, in_report=counted)


def classified_seq(doc: Document) -> int | None:
    """Where the stream holds the first classification that counts it; None before there is one.

    What a report counted once stays counted: a later revision says how it is read, not whether.
    """
    found = [cast("Document", value) for key, value in doc.items() if key.startswith(CLASSIFIED)]
    return min((cast("int", one["seq"]) for one in found if one["outcome"] == Outcome.COUNTED.value), default=None)


def read(code: str, doc: Document, *, in_report: bool) -> Status:
    """A status document as the respondent sees it. `in_report`: a published report's cut-off lies after the classification."""
    newest = _newest(doc)
    answers = [cast("Document", doc[key]) for key in sorted(doc) if key.startswith(ANSWERED)]
    outcome = Outcome(str(newest["outcome"])) if newest else None
    counted = in_report and outcome is Outcome.COUNTED
    status = "answered" if answers else "counted" if counted else "classified" if newest else "received"
    return Status.model_validate(
        {
            "consultation": doc["consultation"],
            "tracking_code": code,
            "status": status,
            "received_at": parse_instant(str(doc["received_at"])),
            "channel": doc["channel"],
            "window": doc["window"],
            "text_sha256": doc["text_sha256"],
            "outcome": outcome,
            "opinions": newest["opinions"] if newest else (),
            "unread_files": newest.get("unread_files", 0) if newest else 0,
            "decisions": tuple(str(answer["decision"]) for answer in answers),
        }
    )


def _newest(doc: Document) -> Document | None:
    """The highest revision; of one stored twice the first copy, which every replica and rebuild agrees on."""
    keys = sorted(key for key in doc if key.startswith(CLASSIFIED))
    if not keys:
        return None
    revision = keys[-1].rsplit("_", 1)[0]
    return cast("Document", doc[next(key for key in keys if key.startswith(revision))])
