"""Templates of the readers' pages."""

from functools import cache
from typing import Any

import jinja2
from litestar import Response

from services.classify.review import wording
from services.classify.review.web.auth import HttpRequest, reader_of
from shared.http import page
from shared.login import form_token
from shared.web import templates


@cache
def _environment() -> jinja2.Environment:
    environment = templates("services.classify.review")
    environment.globals.update(
        STANCES=wording.STANCES, LANES=wording.LANES, STANCE_HINTS=wording.STANCE_HINTS, EVIDENCE_BY=wording.EVIDENCE_BY
    )
    environment.filters["ngon_ngu"] = wording.language
    return environment


def render(request: HttpRequest, name: str, status: int = 200, **values: Any) -> Response[str]:
    """A page; every template knows who is logged in and the session's form token."""
    shared = {"form_token": form_token(request), "reader": reader_of(request)}
    return page(_environment().get_template(name).render(**shared, **values), status)
