"""Who may see reports: the operator, by session (pages) or bearer token (programs). A later part of the work adds roles."""

import hmac
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from services.report.web.service import Service
from shared.login import Door, LoginNeeded, check_form_token
from shared.problem import Problem, of_status

LOGIN = "/bao-cao/dang-nhap"
DOOR = Door("/bao-cao", LOGIN)


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
