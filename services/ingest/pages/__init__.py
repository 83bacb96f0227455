"""What citizens see: Jinja templates on the shared base, and the few things they cannot do themselves."""

import json
from functools import cache
from typing import Any

import jinja2
import segno
from markupsafe import Markup

from services.ingest.windows import period
from shared.web import templates


@cache
def _environment() -> jinja2.Environment:
    environment = templates("services.ingest")
    environment.globals["period"] = period
    environment.filters["readable"] = _readable
    return environment


def render(template: str, **values: Any) -> str:
    """A page as HTML."""
    return _environment().get_template(template).render(values)


def _readable(value: object) -> str:
    """JSON for people: letters as they are."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def qr(url: str) -> Markup:
    """The URL as an inline SVG: sharp at any size, on paper too."""
    drawing = segno.make(url, error="m", micro=False).svg_inline(
        border=4, light="#fff", svgclass="qr", omitsize=True, title="Mã QR dẫn đến trang tra cứu"
    )
    return Markup(drawing)  # noqa: S704 - our own drawing, the URL stands in it only as dots
