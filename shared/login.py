"""What pages behind a login have in common: the way to the login and back, the token of forms, the key of the session cookie."""

import asyncio
import hmac
import secrets as random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.enums import RequestEncodingType
from litestar.middleware.session.client_side import CookieBackendConfig
from litestar.params import Body
from litestar.response import Redirect

from shared.networks import networks_of
from shared.problem import Problem
from shared.settings import SettingsError, read_secret
from shared.shared_throttle import SharedThrottle

Connection = ASGIConnection[Any, Any, Any, Any]
SESSION_S = 8 * 3600  # a working day
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
WRONG = "Tên đăng nhập hoặc mật khẩu không đúng. Xin kiểm tra lại."
WAIT = "Đã nhập sai nhiều lần. Xin chờ {minutes} phút rồi thử lại."


class LoginNeeded(Exception):
    """A page was asked for without a session: the browser is sent to the login and back afterwards."""


@dataclass(frozen=True)
class Door:
    """The login of one part of the site: `home` is the path below which its pages lie, `login` the one where sessions begin."""

    home: str
    login: str

    def safe_return(self, path: str) -> str:
        """Only back to pages of this part, never to another site."""
        below = path == self.home or path.startswith((f"{self.home}/", f"{self.home}?"))
        ok = below and path.isprintable() and "\\" not in path and not path.startswith(self.login)
        return path if ok else self.home

    def to_login(self, request: Request[Any, Any, Any], _: Exception) -> Response[Any]:
        """Exception handler of LoginNeeded; a form that lost its session goes back to the list, not to the form's address."""
        back = request.scope["path"] if request.method == "GET" else self.home
        return Redirect(f"{self.login}?tiep={quote(back)}", status_code=303)


@dataclass(frozen=True)
class Refused:
    """Why a login was not taken: a sentence for the page, and the HTTP status."""

    fault: str
    status: int


async def refused(
    throttle: SharedThrottle, request: Request[Any, Any, Any], now: datetime, right: Callable[[], bool]
) -> Refused | None:
    """None when the password is right. `right` compares it, slowly; it is not asked after too many failures from one network."""
    host = request.client.host if request.client else "?"
    network = (
        found.near if (found := networks_of(host)) is not None else host
    )  # a subscriber of IPv6 has addresses without end
    if closed := await throttle.attempt(network, now):
        return Refused(WAIT.format(minutes=-(-int(closed.total_seconds()) // 60) or 1), 429)
    if not await asyncio.to_thread(right):
        return Refused(WRONG, 401)
    await throttle.succeeded(network)
    return None


def begin_session(request: Request[Any, Any, Any], **values: str) -> None:
    """A session that holds these and nothing from before the login."""
    request.session.clear()
    request.session.update(values)
    form_token(request)


def form_token(request: Request[Any, Any, Any]) -> str:
    """The token that every form of this session must send back."""
    token = request.session.get("form")
    if not isinstance(token, str):
        token = random.token_urlsafe(24)
        request.session["form"] = token
    return token


def check_form_token(connection: Connection, sent: str) -> None:
    """Raises Problem 403 when the form was not made for this session."""
    known = connection.session.get("form")
    if not isinstance(known, str) or not hmac.compare_digest(known.encode(), sent.encode()):
        raise Problem(403, "form-expired", "Biểu mẫu đã hết hiệu lực", "Xin tải lại trang và gửi lại biểu mẫu.")


def read_session_key(path: Path) -> bytes:
    """The key that encrypts a session cookie. Raises SettingsError naming the file that cannot be used."""
    text = read_secret(path).decode("ascii", "replace")
    try:
        key = bytes.fromhex(text)
    except ValueError as error:
        raise SettingsError(f"secret file {path}: not hex") from error
    if len(key) not in (16, 24, 32):
        raise SettingsError(f"secret file {path}: {len(key)} bytes, not 16, 24 or 32")
    return key


def session_cookie(name: str, key: bytes, public_url: str) -> CookieBackendConfig:
    """An encrypted cookie that no script reads and no other site sends."""
    return CookieBackendConfig(
        secret=key,
        key=name,
        max_age=SESSION_S,
        httponly=True,
        samesite="lax",
        secure=public_url.startswith("https"),
    )
