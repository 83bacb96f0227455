"""Proof of work in place of a captcha: a browser in a crowded network computes for a second, nobody is asked to read crooked letters.

ALTCHA's protocol, version 2 (https://altcha.org/docs/v2/): the solver finds the counter for which SHA-256(salt || nonce || counter)
begins with `keyPrefix`. No third party takes part. A challenge is signed, belongs to one form, ends after a while.
"""

import hmac
import json
import secrets
from collections.abc import Callable

import altcha

from services.ingest.abuse.shared_limits import SharedLimits

LEAST, MOST = 50_000, 200_000  # hashes: a second or two on an old phone, with a plain JavaScript SHA-256
LIFE_S = 3600  # somebody may rewrite the text for long before sending again
USES = 3
MAX_PAYLOAD = 4_000


def challenge(key: bytes, token: str, now: float, pick: Callable[[int], int] = secrets.randbelow) -> str:
    """A challenge for the form with this token, as JSON for the page. `pick(n)` answers a number below n."""
    made = altcha.create_challenge(
        "SHA-256",
        1,
        counter=LEAST + pick(MOST - LEAST),
        expires_at=int(now) + LIFE_S,
        data={"form": _tag(key, token), "most": MOST},
        hmac_secret=key,
    )
    return json.dumps(made.to_dict())


def solved(key: bytes, payload: str, token: str) -> str | None:
    """The challenge's id when the payload solves a challenge of ours for this form and in time; None when not."""
    if not payload or len(payload) > MAX_PAYLOAD:
        return None
    try:
        claimed = altcha.Payload.from_base64(payload)
        if not altcha.verify_solution(claimed, key).verified:
            return None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):  # not a payload at all
        return None
    parameters = claimed.challenge.parameters
    if not hmac.compare_digest(str((parameters.data or {}).get("form")), _tag(key, token)):
        return None
    return str(parameters.nonce)


async def spend(limits: SharedLimits, id_: str) -> bool:
    """Whether the challenge may be used (again), through whichever replica.

    It belongs to one form and so to one submission, however often that is sent; a second click shall get the same answer as the first.
    """
    return await limits.take("proof", id_, 1, USES, LIFE_S) is None


def _tag(key: bytes, token: str) -> str:
    return hmac.new(key, b"form\n" + token.encode(), "sha256").hexdigest()[:32]
