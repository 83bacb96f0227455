"""Header text: RFC 2047 words, raw 8-bit bytes, folding. Total and linear in the length of the value."""

import base64
import binascii
import re
import unicodedata

from services.ingest.mail import charsets

MAX_HEADER = 65_536  # characters of one value that are read
_FOLD = re.compile(r"[\r\n]+[ \t]*")
_WORD = re.compile(rb"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_GAP = re.compile(rb"\s*")


def unfold(value: str) -> str:
    """One line of the raw value, bounded; surrogates still stand for 8-bit bytes."""
    return _FOLD.sub(" ", value[:MAX_HEADER]).strip()


def decode(value: str) -> str:
    """The value as text: one line, NFC, no control characters. Words split within a character are joined before decoding."""
    data = to_bytes(unfold(value))
    pieces: list[str] = []
    run, charset, end = b"", "", 0
    for word in _WORD.finditer(data):
        between = data[end : word.start()]
        label = word[1].decode("ascii", "replace").partition("*")[0].lower()  # RFC 2231: charset*language
        if run and (between.strip() or label != charset):
            pieces.append(charsets.decode(run, charset))
            run = b""
        if between.strip() or not end:
            pieces.append(charsets.decode(between))
        run, charset, end = run + _bytes(word[2], word[3]), label, word.end()
    if run:
        pieces.append(charsets.decode(run, charset))
    pieces.append(charsets.decode(data[end:]))
    return one_line("".join(pieces))


def one_line(text: str) -> str:
    """NFC on one line, without control characters, lone surrogates or direction marks."""
    clean = (" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in text if c not in _INVISIBLE)
    joined = " ".join("".join(clean).split())
    return unicodedata.normalize("NFC", joined.encode("utf-8", "replace").decode())


_INVISIBLE = frozenset("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def to_bytes(raw: str) -> bytes:
    """Surrogates stand for 8-bit bytes; those that stand for nothing are replaced."""
    try:
        return raw.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return raw.encode("utf-8", "replace")


def _bytes(encoding: bytes, content: bytes) -> bytes:
    if encoding in b"qQ":
        return binascii.a2b_qp(content, header=True)
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", content)
    kept = kept[: len(kept) - 1] if len(kept) % 4 == 1 else kept
    return base64.b64decode(kept + b"=" * (-len(kept) % 4))
