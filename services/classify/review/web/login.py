"""Login and logout of readers."""

from functools import partial
from typing import Any

import structlog
from litestar import Response, get, post
from litestar.response import Redirect

from services.classify.review.web.auth import DOOR, HttpRequest, desk_of, reader_of
from services.classify.review.web.render import render
from shared.accounts import password_matches
from shared.login import Form, Refused, begin_session, check_form_token, refused

log = structlog.get_logger()


@get(DOOR.login)
async def login_page(request: HttpRequest, tiep: str = DOOR.home) -> Response[Any]:
    """The login form; who is logged in already goes on."""
    if reader_of(request) is not None:
        return Redirect(DOOR.safe_return(tiep), status_code=303)
    return _page(request, DOOR.safe_return(tiep))


@post(DOOR.login, status_code=200)
async def login(request: HttpRequest, data: Form) -> Response[Any]:
    """Opens a session. Too many failures from one address close the door for a while, for right passwords too."""
    desk = desk_of(request)
    check_form_token(request, data.get("_form", ""))
    back = DOOR.safe_return(data.get("tiep", ""))
    account = desk.accounts.get(data.get("ten_dang_nhap", "").strip(), "reviewer")
    right = partial(password_matches, account, data.get("mat_khau", ""))
    fault = await refused(desk.throttle, request, desk.clock(), right)
    if fault is not None or account is None:  # nobody's password is right
        return _page(request, back, fault)
    begin_session(request, account=account.id, stamp=account.stamp)
    log.info("review.login", account=account.id)
    return Redirect(back, status_code=303)


@post("/tham-dinh/dang-xuat", status_code=303)
async def logout(request: HttpRequest, data: Form) -> Response[Any]:
    """Ends the session."""
    check_form_token(request, data.get("_form", ""))
    request.session.clear()
    return Redirect(DOOR.login, status_code=303)


def _page(request: HttpRequest, back: str, fault: Refused | None = None) -> Response[str]:
    return render(request, "login.html", fault.status if fault else 200, back=back, fault=fault and fault.fault)
