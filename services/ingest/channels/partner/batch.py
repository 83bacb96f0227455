"""A batch: NDJSON, one submission per line, each accepted or refused for itself.

A line is a submission only when it is whole JSON: what a cut connection leaves of the last one is refused, never half accepted.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from services.ingest import decode, refusals
from services.ingest.accept import Accepted
from services.ingest.channels.partner.intake import take_in
from services.ingest.channels.partner.request import PartnerLine, read
from services.ingest.context import Ingest
from services.ingest.faults import Fault, Refused, TooLarge
from shared.errors import Transient
from shared.partners import Partner

MAX_LINES = 1000
AT_ONCE = 64  # lines under way together: enough to fill the publisher's group commits
BREATH = 50  # so many lines are decoded before other requests get their turn
_AWAY = Fault("(line)", "Hệ thống tạm thời gián đoạn; dòng này chưa được tiếp nhận, xin gửi lại sau ít giây.")
_OVER = Fault("(line)", "Đối tác đã dùng hết hạn mức; dòng này chưa được tiếp nhận, xin gửi lại sau.")


@dataclass(frozen=True)
class Line:
    """A line that is a request. `number` from 1."""

    number: int
    request: PartnerLine

    @property
    def id(self) -> str:
        """The partner's own id of it."""
        return self.request.id


@dataclass(frozen=True)
class BadLine:
    """A line that cannot be one, and why; its id where that much could be read."""

    number: int
    id: str | None
    refused: Refused


def split(body: bytes) -> list[bytes]:
    """The lines, without the empty ones at the end. Raises TooLarge for more than `MAX_LINES`: then none is looked at."""
    whole = body.rstrip(b"\r\n \t")
    if whole.count(b"\n") >= MAX_LINES:
        raise TooLarge(Fault("(body)", f"Mỗi lần gửi tối đa {MAX_LINES} dòng; xin chia làm nhiều lần."))
    return whole.split(b"\n") if whole else []


def understand(number: int, raw: bytes) -> Line | BadLine:
    """One line. Never raises: whatever it holds, the others are not to suffer."""
    id_: str | None = None
    try:
        data = decode.json_object(raw)
        given = data.get("id")
        id_ = given if isinstance(given, str) and len(given) <= 200 and given.isprintable() else None
        return Line(number, read(data, PartnerLine))
    except Refused as error:
        return BadLine(number, id_, error)


async def run(service: Ingest, partner: Partner, lines: list[bytes], granted: int) -> list[dict[str, Any]]:
    """One result per line, in the order of the lines. The first `granted` lines are within the quota."""
    results: dict[int, dict[str, Any]] = {}
    groups: dict[str, list[Line]] = {}
    for number, raw in enumerate(lines, 1):
        line = understand(number, raw)
        if isinstance(line, BadLine):
            results[number] = _refused(number, line.id, line.refused)
        elif number > granted:
            results[number] = _result(number, line.id, 429, (_OVER,))
        else:
            groups.setdefault(line.id, []).append(line)
        if number % BREATH == 0:
            await asyncio.sleep(0)
    away = asyncio.Event()
    at_once = asyncio.Semaphore(AT_ONCE)

    async def in_order(same_id: list[Line]) -> None:
        """Of two lines with one id the first is the one that counts."""
        for line in same_id:
            async with at_once:
                results[line.number] = await _one(service, partner, line, away)

    await asyncio.gather(*map(in_order, groups.values()))
    return [results[number] for number in sorted(results)]


async def _one(service: Ingest, partner: Partner, line: Line, away: asyncio.Event) -> dict[str, Any]:
    if away.is_set():  # the others would only wait for the same silence
        return _result(line.number, line.id, 503, (_AWAY,))
    try:
        accepted, notes = await take_in(service, partner, line.request, "key", line.id)
    except Refused as error:
        return _refused(line.number, line.id, error)
    except Transient:
        away.set()
        return _result(line.number, line.id, 503, (_AWAY,))
    return _accepted(line, accepted, notes)


def _accepted(line: Line, accepted: Accepted, notes: tuple[Fault, ...]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "line": line.number,
        "id": line.id,
        "status": 202,
        "tracking_code": accepted.receipt.tracking_code,
        "received_at": accepted.receipt.received_at,
    }
    if accepted.replayed:
        result["replayed"] = True
    if notes:
        result["notes"] = _pairs(notes)
    return result


def _refused(number: int, id_: str | None, refused: Refused) -> dict[str, Any]:
    return _result(number, id_, refusals.problem(refused).status, refused.faults)


def _result(number: int, id_: str | None, status: int, faults: tuple[Fault, ...]) -> dict[str, Any]:
    return {"line": number, "id": id_, "status": status, "errors": _pairs(faults)}


def _pairs(faults: tuple[Fault, ...]) -> list[dict[str, str]]:
    return [{"field": fault.field, "reason": fault.reason} for fault in faults]
