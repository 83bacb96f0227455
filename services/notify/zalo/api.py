"""The two calls to Zalo, and what their answers mean. Zalo answers 200 to nearly everything: the truth is in `error`."""

from typing import Any

import httpx
from pydantic import Field, ValidationError

from shared.errors import Permanent, Transient
from shared.events import Frozen

MAX_TEXT = 2000  # characters of one message
_TOKEN = frozenset({-216, -220, -124})  # access token invalid or expired
_LATER = frozenset({-32, -211, -218, -224, -200})  # rate, quota, package: later, or once the office has paid
_WINDOW = frozenset({-230, -232})  # the user was silent for too long: no free answer is possible any more
REUSED = -14020  # the refresh token was used before


class TokenRefusedError(Transient):
    """The access token is not taken (any more): refresh and try again."""


class ZaloAwayError(Transient):
    """Zalo does not answer, limits us, or asks for something the office can mend."""


class WindowClosedError(Permanent):
    """The respondent's last message is too long ago for an answer."""


class ZaloRefusedError(Permanent):
    """Zalo refuses this message for good."""


class AuthorisationLostError(Transient):
    """The refresh token is spent: an administrator must authorise the app anew; everything waits until then."""


class Tokens(Frozen):
    """A pair as the OAuth server gives it; `expires_in` in seconds, as text or number."""

    access_token: str = Field(min_length=1)
    refresh_token: str = Field(min_length=1)
    expires_in: int = Field(90_000, gt=0)


async def send(client: httpx.AsyncClient, api: str, access_token: str, user_id: str, text: str) -> None:
    """Sends a consultation message (`v3.0/oa/message/cs`). Returns when Zalo took it. Errors never quote user, token or text."""
    body = {"recipient": {"user_id": user_id}, "message": {"text": text[:MAX_TEXT]}}
    answer = await _post(client, f"{api}/v3.0/oa/message/cs", headers={"access_token": access_token}, json=body)
    code = _code(answer)
    if code == 0:
        return
    if code in _TOKEN:
        raise TokenRefusedError(f"Zalo does not take the access token ({code})")
    if code in _WINDOW:
        raise WindowClosedError(f"the time for an answer has passed ({code})")
    if code in _LATER:
        raise ZaloAwayError(f"Zalo asks to try later ({code})")
    raise ZaloRefusedError(f"Zalo refused the message ({code})")


async def refresh(client: httpx.AsyncClient, oauth: str, app_id: str, secret: str, refresh_token: str) -> Tokens:
    """Exchanges a refresh token, which is spent by that. Raises AuthorisationLostError when it was spent before."""
    form = {"refresh_token": refresh_token, "app_id": app_id, "grant_type": "refresh_token"}
    answer = await _post(client, f"{oauth}/v4/oa/access_token", headers={"secret_key": secret}, data=form)
    if "access_token" not in answer:
        code = _code(answer)
        if code == REUSED:
            raise AuthorisationLostError(f"the refresh token is not taken ({code}): authorise the app anew")
        raise ZaloAwayError(f"Zalo gave no token ({code})")
    try:
        return Tokens.model_validate(answer)
    except ValidationError:
        raise ZaloAwayError("Zalo's token answer is not understood") from None


async def _post(client: httpx.AsyncClient, url: str, **arguments: Any) -> dict[str, Any]:
    try:
        response = await client.post(url, **arguments)
        if (
            response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR
            or response.status_code == httpx.codes.TOO_MANY_REQUESTS
        ):
            raise ZaloAwayError(f"Zalo answered {response.status_code}")
        answer = response.json()
    except httpx.HTTPError as error:
        raise ZaloAwayError(f"Zalo does not answer ({type(error).__name__})") from None
    except ValueError:
        raise ZaloAwayError("Zalo answered something else than JSON") from None
    if not isinstance(answer, dict):
        raise ZaloAwayError("Zalo answered something else than an object")
    return answer


def _code(answer: dict[str, Any]) -> int:
    """`error`, which Zalo writes as a number or as text; -1 when there is none: only an explicit 0 is a success."""
    code = answer.get("error", -1)
    try:
        return int(code)
    except (TypeError, ValueError):
        return -1
