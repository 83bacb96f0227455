"""Login and logout of readers."""

import asyncio
from typing import Annotated, Any

import structlog
from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from services.classify.review.web.auth import DOOR, HttpRequest, desk_of, reader_of
from services.classify.review.web.render import render
from shared.accounts import password_matches
from shared.login import check_form_token, form_token

log = structlog.get_logger()

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
WRONG = "Tên đăng nhập hoặc mật khẩu không đúng. Xin kiểm tra lại."
WAIT = "Đã nhập sai nhiều lần. Xin chờ {minutes} phút rồi thử lại."


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
    address = request.client.host if request.client else "?"
    closed = desk.throttle.open_in(address, desk.clock())
    if closed:
        return _page(request, back, WAIT.format(minutes=-(-int(closed.total_seconds()) // 60) or 1), 429)
    account = desk.accounts.get(data.get("ten_dang_nhap", "").strip(), "reviewer")
    # Counted before the slow check, and forgotten when it was right: else many guesses sent at once would all pass the door.
    desk.throttle.failed(address, desk.clock())
    right = await asyncio.to_thread(password_matches, account, data.get("mat_khau", ""))
    if not right or account is None:
        return _page(request, back, WRONG, 401)
    desk.throttle.succeeded(address)
    request.session.clear()
    request.session["account"] = account.id
    request.session["stamp"] = account.stamp
    form_token(request)
    log.info("review.login", account=account.id)
    return Redirect(back, status_code=303)


@post("/tham-dinh/dang-xuat", status_code=303)
async def logout(request: HttpRequest, data: Form) -> Response[Any]:
    """Ends the session."""
    check_form_token(request, data.get("_form", ""))
    request.session.clear()
    return Redirect(DOOR.login, status_code=303)


def _page(request: HttpRequest, back: str, fault: str = "", status: int = 200) -> Response[str]:
    return render(request, "login.html", status, back=back, fault=fault)
