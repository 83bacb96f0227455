"""A mail as a tree of parts, whatever its author did with boundaries; bounded in depth and number, each level read once.

Not `email.message_from_bytes` for the whole mail: its parser asks every open boundary at every line and makes an object of every
part, so a mail made for it costs gigabytes. It reads each header here.
"""

import re
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from functools import cached_property

from services.ingest.mail import params, smime, transfer
from services.ingest.mail.headers import Headers

MAX_DEPTH = 20
MAX_PARTS = 1_000
MAX_HEADER_BLOCK = 2_000_000  # bytes of one part's header that are read
_Span = tuple[int, int]
_BLANK = re.compile(rb"\r?\n\r?\n")
_GUESS = re.compile(rb"^--([0-9A-Za-z'()+_,./:=?-]{1,200})[ \t]*\r?$", re.MULTILINE)


@dataclass
class Part:
    """One part: its header, its body still encoded, its children. `order` is its place in the mail."""

    headers: Headers
    source: bytes
    start: int  # of the body, within `source`
    end: int
    default_type: str
    order: int
    sound: bool = True
    children: list["Part"] = field(default_factory=list)

    @property
    def body(self) -> bytes:
        """Still encoded. Made when asked for: parts within parts would else hold the mail twenty times."""
        return self.source[self.start : self.end]

    @cached_property
    def content_type(self) -> str:
        """Lower case, `type/subtype`; the default (RFC 2045 §5.2) when absent or no type at all."""
        found = params.value(self.headers.raw("content-type") or "")
        if found == "text":
            return "text/plain"
        return (
            found
            if found.count("/") == 1 and not found.startswith("/") and not found.endswith("/")
            else self.default_type
        )

    @cached_property
    def type_params(self) -> dict[str, str]:
        return params.read(self.headers.raw("content-type") or "")

    @cached_property
    def disposition(self) -> str:
        return params.value(self.headers.raw("content-disposition") or "")

    @cached_property
    def filename(self) -> str:
        """As declared, decoded; empty when none."""
        return params.read(self.headers.raw("content-disposition") or "").get("filename") or self.type_params.get(
            "name", ""
        )

    @cached_property
    def content_id(self) -> str:
        return (self.headers.raw("content-id") or "").strip(" <>")

    @cached_property
    def decoded(self) -> tuple[bytes, bool]:
        """(bytes, sound) of the body, transfer encoding undone."""
        return transfer.decode(self.body, self.headers.token("content-transfer-encoding"))

    @property
    def data(self) -> bytes:
        return self.decoded[0]


class Tree:
    """The root and what reading it met."""

    def __init__(self, raw: bytes) -> None:
        if b"\n" not in raw:
            raw = raw.replace(b"\r", b"\n")  # a machine that ends lines with CR alone
        self.sound = True
        self.too_complex = False
        self._count = 0
        self.root = self._part(_without_mbox_line(raw), None, "text/plain", 0)

    def _part(self, raw: bytes, span: _Span | None, default_type: str, depth: int) -> Part:
        start, end = span or (0, len(raw))
        headers, body = _split_header(raw, start, end)
        self._count += 1
        part = Part(headers, raw, body, end, default_type, self._count)
        wraps = part.content_type.startswith("multipart/") or part.content_type in smime.TYPES
        if wraps and depth >= MAX_DEPTH:
            self.too_complex = True
            return part
        if part.content_type in smime.TYPES and (signed := smime.signed_content(part.data)) is not None:
            part.children.append(self._part(signed, None, "text/plain", depth + 1))
        if not part.content_type.startswith("multipart/"):
            return part
        self._divide(part, depth)
        return part

    def _divide(self, part: Part, depth: int) -> None:
        boundary = part.type_params.get("boundary", "").encode("utf-8", "replace")
        source, span = part.source, (part.start, part.end)
        pieces, closed = _pieces(source, span, boundary)
        if not pieces and part.headers.token("content-transfer-encoding") == "base64":  # forbidden, yet met
            source = part.data
            pieces, closed = _pieces(source, (0, len(source)), boundary)
        if not pieces and (guess := _GUESS.search(part.source, part.start, part.end)):
            source = part.source
            pieces, closed = _pieces(source, span, guess[1])
            closed = False
        part.sound = closed and bool(pieces)
        self.sound = self.sound and part.sound
        default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        for piece in pieces:
            if self._count >= MAX_PARTS:
                self.too_complex = True
                return
            part.children.append(self._part(source, piece, default, depth + 1))


def _without_mbox_line(raw: bytes) -> bytes:
    head = raw.lstrip(b"\r\n")
    return head.partition(b"\n")[2] if head.startswith(b"From ") else head


def _split_header(raw: bytes, start: int, end: int) -> tuple[Headers, int]:
    """The header and where the body begins. Lines that are no header, standing where the header should, belong to the body."""
    if raw.startswith((b"\n", b"\r\n"), start):
        return Headers(Message()), min(end, raw.index(b"\n", start) + 1)
    blank = _BLANK.search(raw, start, min(end, start + MAX_HEADER_BLOCK))
    stop = blank.end() if blank else min(end, start + MAX_HEADER_BLOCK)
    message = BytesHeaderParser(policy=compat32).parsebytes(raw[start:stop])
    headers = Headers(message)
    del message["content-transfer-encoding"]  # what follows is wanted as it stands
    rest = message.get_payload(decode=True)
    return headers, stop - (len(rest) if isinstance(rest, bytes) else 0)


def _pieces(source: bytes, span: _Span, boundary: bytes) -> tuple[list[_Span], bool]:
    """What stands between the delimiter lines, and whether the closing one was there. Text before the first is no part."""
    if not boundary:
        return [], False
    line = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*\r?$\n?", re.MULTILINE)
    pieces: list[_Span] = []
    start: int | None = None
    closed = False
    for match in line.finditer(source, *span):
        if start is not None:
            pieces.append((start, max(start, _before_line_end(source, match.start()))))
        closed = match[1] is not None
        start = None if closed else match.end()
        if len(pieces) > MAX_PARTS:
            return pieces, closed
    if start is not None and start < span[1]:
        pieces.append((start, span[1]))
    return pieces, closed


def _before_line_end(source: bytes, end: int) -> int:
    """The line end before a delimiter belongs to the delimiter (RFC 2046 §5.1.1)."""
    if source[end - 2 : end] == b"\r\n":
        return end - 2
    return end - 1 if source[end - 1 : end] == b"\n" else end
