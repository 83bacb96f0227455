"""Templates of this service."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

import jinja2
from litestar import Response

from services.report.figures.labels import STANCES
from services.report.pages.view import KINDS, duration
from services.report.web.auth import logged_in
from services.report.web.service import HttpRequest, service_of
from shared.http import page
from shared.login import form_token
from shared.web import ZONE, ngay, ngay_gio, templates


@cache
def _environment() -> jinja2.Environment:
    environment = templates("services.report")
    environment.globals["KINDS"] = KINDS
    environment.globals["STANCES"] = STANCES
    environment.filters["khoang"] = duration
    environment.filters["dung_luong"] = size
    environment.filters["het_han"] = closing
    return environment


def size(count: int) -> str:
    """Bytes as people read them: `12 KB`, `1,4 MB`."""
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))} KB"
    return f"{count / 1_000_000:.1f} MB".replace(".", ",")


def closing(at: datetime) -> str:
    """An end that is not included, as people say it: midnight is the end of the day before."""
    local = at.astimezone(ZONE)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return f"hết ngày {ngay(local - timedelta(days=1))}"
    return ngay_gio(local)


def render(request: HttpRequest, name: str, status: int = 200, **values: Any) -> Response[str]:
    """A page; every template knows whether somebody is logged in and the session's form token."""
    shared = {"form_token": form_token(request), "logged_in": logged_in(request, service_of(request))}
    return page(_environment().get_template(name).render(**shared, **values), status)
