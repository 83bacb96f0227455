"""Parameters of Content-Type and Content-Disposition: RFC 2231 pieces and percent signs, RFC 2047 words where none belong."""

import re
from urllib.parse import unquote_to_bytes

from services.ingest.mail import charsets, words

_MAX = 8_192  # characters of a value that are read: names of files are short
_PARAM = re.compile(r';\s*([^\s=;"]{1,80})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))', re.DOTALL)
_SECTION = re.compile(r"(.+?)(?:\*(\d{1,3}))?(\*)?", re.DOTALL)


def value(header: str) -> str:
    """What stands before the first parameter, lower case: `text/plain`, `attachment`."""
    return words.unfold(header[:_MAX]).partition(";")[0].strip().lower()


def read(header: str) -> dict[str, str]:
    """Name (lower case) -> decoded value; of a parameter given twice the first counts."""
    found: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    for match in _PARAM.finditer(";" + words.unfold(header[:_MAX]).partition(";")[2]):
        raw = re.sub(r"\\(.)", r"\1", match[2]) if match[2] is not None else match[3].strip().strip('"')
        section = _SECTION.fullmatch(match[1].lower())
        if section is None or (section[2] is None and section[3] is None):
            found.setdefault(match[1].lower(), words.decode(raw))
        else:
            pieces.setdefault(section[1], {}).setdefault(int(section[2] or 0), (bool(section[3]), raw))
    return found | {name: _joined(parts) for name, parts in pieces.items()}  # RFC 2231 beats the plain one beside it


def _joined(parts: dict[int, tuple[bool, str]]) -> str:
    """The pieces in order, as bytes first: a character, even a percent sign's digits, may be cut by a piece's end."""
    charset, data, percent = None, b"", ""
    for number in sorted(parts):
        extended, raw = parts[number]
        if extended and number == min(parts) and raw.count("'") >= 2:
            charset, _, raw = raw.split("'", 2)
        if extended:
            percent += raw
        else:
            data += unquote_to_bytes(words.to_bytes(percent)) + words.to_bytes(raw)
            percent = ""
    text = charsets.decode(data + unquote_to_bytes(words.to_bytes(percent)), charset)
    return words.decode(text) if "=?" in text else words.one_line(text)
