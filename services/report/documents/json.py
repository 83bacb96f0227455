"""report.json: the `Report` itself, the same bytes for the same report."""

import json
from datetime import UTC, date, datetime

from services.report.model import Report


def render(report: Report) -> bytes:
    """Sorted keys, instants as RFC 3339 in UTC, UTF-8, a newline at the end; no clock, no locale.

    A lone surrogate, which UTF-8 cannot hold, is written as its JSON escape: nothing is lost.
    """
    text = json.dumps(report.model_dump(), default=_plain, ensure_ascii=False, sort_keys=True, indent=1)
    return (text + "\n").encode("utf-8", "backslashreplace")


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in report.json")
