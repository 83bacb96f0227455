"""The operator's token, as services know it: by its hash alone."""

import hashlib
import hmac


def token_matches(authorization: str, token_sha256: str) -> bool:
    """Whether `Bearer <token>` holds the token of that SHA-256 (hex); compared in constant time."""
    scheme, _, token = authorization.partition(" ")
    found = hashlib.sha256(token.strip().encode("utf-8", "surrogateescape")).hexdigest()
    return hmac.compare_digest(found, token_sha256) and scheme.lower() == "bearer"
