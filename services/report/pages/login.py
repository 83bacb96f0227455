"""Login and logout of the one operator account."""

import asyncio
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from services.report.pages.render import render
from services.report.web.auth import DOOR, LOGIN, logged_in
from services.report.web.secrets import OPERATOR
from services.report.web.service import HttpRequest, service_of
from shared.login import check_form_token, form_token

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
WRONG = "Tên đăng nhập hoặc mật khẩu không đúng. Xin kiểm tra lại."
WAIT = "Đã nhập sai nhiều lần. Xin chờ {minutes} phút rồi thử lại."


@get(LOGIN)
async def login_page(request: HttpRequest, tiep: str = "/bao-cao") -> Response[Any]:
    """The login form; who is logged in already goes on."""
    if logged_in(request, service_of(request)):
        return Redirect(DOOR.safe_return(tiep), status_code=303)
    return _page(request, DOOR.safe_return(tiep))


@post(LOGIN, status_code=200)
async def login(request: HttpRequest, data: Form) -> Response[Any]:
    """Opens a session. Too many failures from one address close the door for a while, for right passwords too."""
    service = service_of(request)
    check_form_token(request, data.get("_form", ""))
    back = DOOR.safe_return(data.get("tiep", ""))
    address = request.client.host if request.client else "?"
    closed = service.throttle.open_in(address, service.clock())
    if closed:
        return _page(request, back, WAIT.format(minutes=-(-int(closed.total_seconds()) // 60) or 1), 429)
    name, password = data.get("ten_dang_nhap", "").strip(), data.get("mat_khau", "")
    # Counted before the slow check, and forgotten when it was right: else many guesses sent at once would all pass the door.
    service.throttle.failed(address, service.clock())
    right = await asyncio.to_thread(service.secrets.password_matches, password[:1024])
    if not right or name != OPERATOR:
        return _page(request, back, WRONG, 401)
    service.throttle.succeeded(address)
    request.session.clear()
    request.session["stamp"] = service.secrets.stamp
    form_token(request)
    return Redirect(back, status_code=303)


@post("/bao-cao/dang-xuat", status_code=303)
async def logout(request: HttpRequest, data: Form) -> Response[Any]:
    """Ends the session."""
    check_form_token(request, data.get("_form", ""))
    request.session.clear()
    return Redirect(LOGIN, status_code=303)


def _page(request: HttpRequest, back: str, fault: str = "", status: int = 200) -> Response[str]:
    return render(request, "login.html", status, back=back, fault=fault)
