"""Who may speak for a channel: the operator, by a bearer token of which only the SHA-256 is kept."""

import hashlib
import hmac

from services.ingest.context import HttpRequest, ingest
from shared.problem import FieldError, Problem


def presented(request: HttpRequest) -> bool:
    """Whether the request carries the right token; False when it carries none. Raises Problem 401 for a wrong one."""
    header = request.headers.get("Authorization")
    if header is None:
        return False
    if not matches(header, ingest(request).secrets.operator_token_sha256):
        reason = "Mã truy cập không đúng."
        raise Problem(401, "wrong-token", "Mã truy cập không đúng", reason, [FieldError("Authorization", reason)])
    return True


def matches(header: str, sha256_hex: str) -> bool:
    """Whether `Bearer <token>` holds the token with this hash; compared in constant time."""
    scheme, _, token = header.partition(" ")
    found = hashlib.sha256(token.strip().encode("utf-8", "surrogateescape")).hexdigest()
    return hmac.compare_digest(found, sha256_hex) and scheme.lower() == "bearer"
