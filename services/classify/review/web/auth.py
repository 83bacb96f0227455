"""Who may read: accounts with the role of a reviewer, by session. The operator's token shows how much waits, nothing more."""

import hmac
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from services.classify.review.desk import Desk
from shared.accounts import Account
from shared.login import Door, LoginNeeded, check_form_token
from shared.operator import token_matches
from shared.problem import Problem, of_status

Connection = ASGIConnection[Any, Any, Any, Any]
HttpRequest = Request[Any, Any, Any]
DOOR = Door("/tham-dinh", "/tham-dinh/dang-nhap")


def desk_of(connection: Connection) -> Desk:
    """The desk of the app that got the request."""
    found: Desk = connection.app.state.review
    return found


def reader_of(connection: Connection) -> Account | None:
    """The account of the session, if it still may read and its password is still the one it came with."""
    account = desk_of(connection).accounts.get(str(connection.session.get("account", "")), "reviewer")
    if account is None or not hmac.compare_digest(str(connection.session.get("stamp", "")), account.stamp):
        return None
    return account


def reader(connection: Connection) -> Account:
    """The account of a request that a guard has let in. Raises LoginNeeded when it was revoked in between."""
    found = reader_of(connection)
    if found is None:
        raise LoginNeeded
    return found


def page_guard(connection: Connection, _: BaseRouteHandler) -> None:
    """For pages. Raises LoginNeeded."""
    reader(connection)


def api_guard(connection: Connection, _: BaseRouteHandler) -> None:
    """For the API: the session, and for writing its form token in `X-CSRF-Token`. Raises Problem 401 or 403."""
    if reader_of(connection) is None:
        raise of_status(401)
    if connection.scope.get("method") not in ("GET", "HEAD"):
        check_form_token(connection, connection.headers.get("X-CSRF-Token", ""))


def size_guard(connection: Connection, _: BaseRouteHandler) -> None:
    """For the size of the queue: the operator's token does as well. Raises Problem 401."""
    authorization = connection.headers.get("Authorization")
    if authorization is not None:
        if token_matches(authorization, desk_of(connection).operator_token_sha256):
            return
        raise Problem(401, "wrong-token", "Mã truy cập không đúng", "Xin kiểm tra lại mã truy cập của người vận hành.")
    if reader_of(connection) is None:
        raise of_status(401, {"WWW-Authenticate": "Bearer"})
