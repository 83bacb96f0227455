"""HTTP's side of both routes: the body as a token, refusals as problems (RFC 9457)."""

import math
from typing import Any

from services.ingest import decode, refusals
from services.ingest.channels.vneid.envelope import Envelope, read
from services.ingest.channels.vneid.refusal import TITLES, KeysAway, MalformedToken, NotPermitted, Untrusted
from services.ingest.context import HttpRequest
from services.ingest.faults import Fault, KeyReused, Refused
from shared import metrics
from shared.errors import Transient
from shared.problem import FieldError, Problem, of_status

MAX_BODY = 6_000_000  # the longest text as JSON escapes, in base64
_PLAIN = {"", "application/jose", "application/jwt", "text/plain", "application/octet-stream"}
_OF_A_MESSAGE = {"Idempotency-Key": "jti"}  # what the sender calls it
_NOTHING = "Chưa có nội dung nào được tiếp nhận."


async def envelope(request: HttpRequest) -> Envelope:
    """The message in the body. Raises MalformedToken, Problem 415."""
    kind = request.headers.get("content-type", "").split(";", 1)[0].strip().lower()
    body = await request.body()
    if kind == "application/json":
        return read(_wrapped(body))
    if kind not in _PLAIN:
        raise of_status(415)
    return read(body)


def _wrapped(body: bytes) -> bytes:
    found = decode.json_object(body)
    token = found.get("jws")
    if set(found) != {"jws"} or not isinstance(token, str) or not token.isascii():
        raise MalformedToken('Phần thân JSON phải có dạng {"jws": "..."}.')
    return token.encode()


def problem(error: Exception) -> Problem:
    """The answer to a message that was not taken."""
    match error:
        case Problem():
            return error
        case Untrusted():
            return _problem(401, error.check.value, TITLES[error.check], error, {"WWW-Authenticate": "JWS"})
        case MalformedToken():
            return _problem(400, "malformed-jws", "Bản tin ký không đọc được", error)
        case NotPermitted():
            return _problem(403, "issuer-not-permitted", "Bên phát hành không được phép thực hiện việc này", error)
        case KeyReused():
            return refusals.problem(
                KeyReused([Fault(_OF_A_MESSAGE.get(f.field, f.field), f.reason) for f in error.faults])
            )
        case Refused():
            return refusals.problem(error)
        case KeysAway():
            metrics.REFUSED.labels("jws-keys-unavailable").inc()
            detail = (
                f"{_NOTHING} Chưa lấy được khóa công khai của bên phát hành; xin gửi lại nguyên bản tin sau ít giây."
            )
            wait = str(max(1, math.ceil(error.retry_after_s)))
            return Problem(
                503, "jws-keys-unavailable", "Chưa kiểm tra được chữ ký số", detail, headers={"Retry-After": wait}
            )
        case Transient():
            return refusals.unavailable(error)
        case _:
            raise error


def _problem(status: int, slug: str, title: str, error: Refused, headers: dict[str, Any] | None = None) -> Problem:
    metrics.REFUSED.labels(slug).inc()
    errors = [FieldError(fault.field, fault.reason) for fault in error.faults]
    return Problem(status, slug, title, _NOTHING, errors, headers)
