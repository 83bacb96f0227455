"""Login and logout of the one operator account."""

from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from services.report.pages.render import render
from services.report.web.auth import DOOR, LOGIN, logged_in
from services.report.web.secrets import OPERATOR
from services.report.web.service import HttpRequest, service_of
from shared.login import Form, Refused, begin_session, check_form_token, refused


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
    name, password = data.get("ten_dang_nhap", "").strip(), data.get("mat_khau", "")

    def right() -> bool:
        return service.secrets.password_matches(password[:1024]) and name == OPERATOR  # slow for a wrong name too

    fault = await refused(service.throttle, request, service.clock(), right)
    if fault is not None:
        return _page(request, back, fault)
    begin_session(request, stamp=service.secrets.stamp)
    return Redirect(back, status_code=303)


@post("/bao-cao/dang-xuat", status_code=303)
async def logout(request: HttpRequest, data: Form) -> Response[Any]:
    """Ends the session."""
    check_form_token(request, data.get("_form", ""))
    request.session.clear()
    return Redirect(LOGIN, status_code=303)


def _page(request: HttpRequest, back: str, fault: Refused | None = None) -> Response[str]:
    return render(request, "login.html", fault.status if fault else 200, back=back, fault=fault and fault.fault)
