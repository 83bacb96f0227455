"""Zalo's JSON, read without believing in any type: ids and times are strings there, or numbers on a bad day. Pure."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from shared import text as texts

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = datetime(2015, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_MAX_MARKS = 100_000  # brackets, braces and commas: beyond, it is made to cost memory


def parse(body: bytes) -> dict[str, Any] | None:
    """The JSON object, or None when it is none."""
    if sum(map(body.count, (b"{", b"[", b","))) > _MAX_MARKS:
        return None
    try:
        data = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):  # UnicodeDecodeError and JSONDecodeError are ValueErrors
        return None
    return data if isinstance(data, dict) else None


def sub(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object under that name; an empty one when there is none."""
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def text_id(value: object) -> str | None:
    """An id as text, at most 200 characters; None when there is none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    try:
        text = str(value).strip()
    except ValueError:  # an integer of more digits than Python prints
        return None
    return texts.readable(text)[:200] or None


def line(value: object) -> str:
    """A text as it may be kept; "" when there is none."""
    return texts.readable(value) if isinstance(value, str) else ""


def millis(value: str | None) -> datetime | None:
    """Milliseconds since 1970 as an instant; None for what is no time of our days."""
    if value is None or not value.isascii() or not value.isdigit() or len(value) > 16:
        return None
    at = _EPOCH + timedelta(milliseconds=int(value)) if len(value) < 15 else _LAST
    return at if _FIRST <= at < _LAST else None
