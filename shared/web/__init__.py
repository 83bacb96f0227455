"""What all pages share: the base template, the stylesheet and the Vietnamese way of writing numbers and dates."""

import hashlib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import jinja2

from shared.clock import parse_instant

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def so(number: float) -> str:
    """1234567 -> 1.234.567; 12.5 -> 12,5."""
    text = f"{number:,}" if isinstance(number, int) else f"{number:,.6f}".rstrip("0").rstrip(".")
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")


def phan_tram(share: float, digits: int = 1) -> str:
    """0.1234 -> 12,3 %: the argument is a share of one."""
    return f"{share * 100:.{digits}f}".replace(".", ",") + "\u00a0%"


def ngay(at: date | datetime | str) -> str:
    """dd/mm/yyyy; an instant is shown as the day it is in Vietnam. Raises ValueError for a naive instant."""
    return _local(at).strftime("%d/%m/%Y")


def ngay_gio(at: datetime | str) -> str:
    """HH:MM ngày dd/mm/yyyy in Vietnam. Raises ValueError for a naive instant."""
    return _local(at).strftime("%H:%M ngày %d/%m/%Y")


def templates(package: str, folder: str = "pages") -> jinja2.Environment:
    """An autoescaping environment that finds the templates of `package/folder` and the shared ones; a missing variable is an error."""
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader([jinja2.PackageLoader(package, folder), jinja2.FileSystemLoader(FOLDER)]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return _equip(environment)


@cache
def shared_templates() -> jinja2.Environment:
    """The environment of the pages that every service has (errors)."""
    return _equip(
        jinja2.Environment(
            loader=jinja2.FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
    )


@cache
def style_version() -> str:
    """Changes with the stylesheet, so that browsers may keep it for long."""
    return hashlib.sha256((STATIC / "style.css").read_bytes()).hexdigest()[:12]


def _equip(environment: jinja2.Environment) -> jinja2.Environment:
    environment.filters.update(so=so, phan_tram=phan_tram, ngay=ngay, ngay_gio=ngay_gio)
    environment.globals["style_version"] = style_version()
    return environment


def _local(at: date | datetime | str) -> date:
    if isinstance(at, str):
        at = parse_instant(at) if "T" in at else date.fromisoformat(at)
    if not isinstance(at, datetime):
        return at
    if at.tzinfo is None:
        raise ValueError("a naive datetime has no day in Vietnam; give it a zone")
    return at.astimezone(ZONE)
