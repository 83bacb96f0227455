"""Who may see reports: the operator, by session (pages) or bearer token (programs). A later part of the work adds roles."""

import hmac
import secrets as random
from typing import Any
from urllib.parse import quote

from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.response import Redirect

from services.report.web.service import HttpRequest, Service
from shared.problem import Problem, of_status

LOGIN = "/bao-cao/dang-nhap"


class LoginNeeded(Exception):
    """A page was asked for without a session: the browser is sent to the login and back afterwards."""


def logged_in(connection: ASGIConnection[Any, Any, Any, Any], service: Service) -> bool:
    """Whether the session is one of the present password."""
    return hmac.compare_digest(str(connection.session.get("stamp", "")), service.secrets.stamp)


def page_guard(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """For pages. Raises LoginNeeded."""
    if not logged_in(connection, connection.app.state.report):
        raise LoginNeeded


def api_guard(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """For the API: a bearer token; a session too, for reading or with its form token in `X-CSRF-Token`.

    Raises Problem 401 or 403.
    """
    service: Service = connection.app.state.report
    authorization = connection.headers.get("Authorization")
    if authorization is not None:
        if service.secrets.token_matches(authorization):
            return
        raise Problem(401, "wrong-token", "Mã truy cập không đúng", "Xin kiểm tra lại mã truy cập của người vận hành.")
    if not logged_in(connection, service):
        raise of_status(401, {"WWW-Authenticate": "Bearer"})
    if connection.scope.get("method") not in ("GET", "HEAD"):
        check_form_token(connection, connection.headers.get("X-CSRF-Token", ""))


def form_token(request: HttpRequest) -> str:
    """The token that every form of this session must send back."""
    token = request.session.get("form")
    if not isinstance(token, str):
        token = random.token_urlsafe(24)
        request.session["form"] = token
    return token


def check_form_token(connection: ASGIConnection[Any, Any, Any, Any], sent: str) -> None:
    """Raises Problem 403 when the form was not made for this session."""
    known = connection.session.get("form")
    if not isinstance(known, str) or not hmac.compare_digest(known.encode(), sent.encode()):
        raise Problem(403, "form-expired", "Biểu mẫu đã hết hiệu lực", "Xin tải lại trang và gửi lại biểu mẫu.")


def to_login(request: Request[Any, Any, Any], _: Exception) -> Response[Any]:
    """Exception handler of LoginNeeded; a form that lost its session goes back to the list, not to the form's address."""
    back = request.scope["path"] if request.method == "GET" else "/bao-cao"
    return Redirect(f"{LOGIN}?tiep={quote(back)}", status_code=303)


def safe_return(path: str) -> str:
    """Only back to pages of this service, never to another site."""
    ok = path.startswith("/bao-cao") and path.isprintable() and "\\" not in path and not path.startswith(LOGIN)
    return path if ok else "/bao-cao"
