"""One part that holds no others: is it text of the mail, and what does it say?"""

import re
from dataclasses import dataclass, replace

from services.ingest.mail import charsets, flowed, html_text, lines, pgp
from services.ingest.mail.lines import Line
from services.ingest.mail.parts import Part
from services.ingest.reading import legacy_fonts

_NO_TEXT = {"text/calendar", "text/csv", "text/rtf", "text/richtext", "text/xml", "text/directory", "text/vcard",
    "text/x-vcard", "text/css",
            "text/javascript", "text/rfc822-headers", "text/x-amp-html", "text/watch-html", "text/tab-separated-values"}  # fmt: skip
_DATA_URI = re.compile(
    r"data:[a-z]+/[^\"'<>\s]{1000,}"
)  # pictures written into the HTML would eat up the room for words
_META = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_MARKUP = re.compile(r"\s*<(?:!doctype html|html|head|body|div|p|table|span|meta)\b[^>]{0,2000}>", re.IGNORECASE)


def is_text(part: Part) -> bool:
    """Whether it is shown as the mail's text: neither an attachment nor named as a file (a mail that is one part may be named)."""
    if not part.content_type.startswith("text/") or part.content_type in _NO_TEXT or part.disposition == "attachment":
        return False
    return not part.filename or part.order == 1


def is_html(part: Part) -> bool:
    return part.content_type == "text/html"


def text(part: Part) -> str:
    """The part's content, decoded; not yet cut into lines."""
    hint = _META.search(part.data[:4096]) if is_html(part) else None
    return charsets.decode(part.data, part.type_params.get("charset"), hint=hint[1].decode("ascii") if hint else None)


MAX_LINES = 100_000  # of one mail that are looked at one by one; more are kept as they stand
MAX_HTML = 2_000_000  # characters of HTML in one mail that are read as a tree; more lose their layout


@dataclass
class Room:
    """What is left of the bounds of one mail."""

    lines: int = MAX_LINES
    html: int = MAX_HTML


def read(part: Part, content: str, room: Room) -> tuple[list[Line], bool, bool]:
    """(its lines, whether they came from HTML, whether it is encrypted). `content`: what `text` gave; takes from `room`."""
    found, html, encrypted = _read(part, content, room)
    room.lines = max(0, room.lines - len(found))
    return found, html, encrypted


def _read(part: Part, content: str, room: Room) -> tuple[list[Line], bool, bool]:
    if is_html(part) or (_MARKUP.match(content) and "</" in content):
        content = _DATA_URI.sub("", content)
        room.html -= len(content)
        found = html_text.read(content) if room.html >= 0 else None
        return (
            _mended(html_text.bare(content, room.lines) if found is None else lines.within(found, room.lines)),
            True,
            False,
        )
    bare, encrypted = pgp.bare(content)
    if part.type_params.get("format", "").strip().lower() == "flowed":
        delsp = part.type_params.get("delsp", "").strip().lower() == "yes"
        return _mended(flowed.unfold(bare, room.lines, delsp=delsp)), False, encrypted
    return _mended(lines.plain(bare, room.lines)), False, encrypted


def _mended(found: list[Line]) -> list[Line]:
    """The lines with what was typed in TCVN3 or VNI read as Unicode, where that is sure."""
    joined = "\n".join(line.text for line in found)
    mended = legacy_fonts.mend(joined).replace("\u00ad", "")  # else a soft hyphen, which shows nothing
    if mended == joined or mended.count("\n") != joined.count("\n"):
        return found
    return [
        replace(line, text=text, typed=None if line.typed is None else ">" * line.depth + " " + text)
        for line, text in zip(found, mended.split("\n"), strict=True)
    ]
