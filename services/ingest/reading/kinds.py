"""What a file is, told by its bytes; the declared type and the name only tell one kind of text from another. Pure, no unpacking."""

import re
from collections.abc import Mapping

PICTURE, UNSUPPORTED, EMPTY = "picture", "unsupported", "empty"  # decided without reading
PDF, OLE, RTF, ZIP, MAIL, HTML, PLAIN = "pdf", "ole", "rtf", "zip", "mail", "html", "plain"

_PICTURES = (
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"GIF87a",
    b"GIF89a",
    b"II*\0",
    b"MM\0*",
    b"8BPS",
    b"\x00\x00\x00\x0cjP  ",
)
_PROGRAMS = (
    b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"#!", b"dex\n", b"\0asm", b"SQLite format 3",
)  # fmt: skip
_MEDIA = (
    b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf1", b"\xff\xf9", b"OggS", b"fLaC", b"#!AMR", b"\x1aE\xdf\xa3", b"FLV\x01",
    b"\x00\x00\x01\xba", b"0&\xb2u\x8ef\xcf\x11",
)  # fmt: skip
_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"MSCF")
OCTETS = "application/octet-stream"
_TYPES = {
    PDF: "application/pdf",
    RTF: "application/rtf",
    ZIP: "application/zip",
    HTML: "text/html",
    PLAIN: "text/plain",
}
_STILL = {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"}
_HEADER = re.compile(rb"[!-9;-~]{1,80}:[^\n]*\n")  # RFC 5322, 2.2
_MAIL_TYPES = {"message/rfc822", "message/global"}
_BMP_SIZE = slice(2, 6)


def kind(data: bytes, content_type: str = "", filename: str = "") -> str:
    """One of the names above. What looks like nothing else is taken for text, whose reader looks closer."""
    head = data[:4096]
    if not data:
        return EMPTY
    if (
        head.startswith(_PICTURES)
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
        or (head[4:8] == b"ftyp" and head[8:12] in _STILL)
    ):
        return PICTURE
    if head[:2] == b"BM" and int.from_bytes(head[_BMP_SIZE], "little") == len(data):
        return PICTURE
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return ZIP
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return OLE
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.lstrip()[:5] == b"{\\rtf":
        return RTF
    if head.startswith((*_PROGRAMS, *_MEDIA, *_ARCHIVES)) or head[4:8] == b"ftyp" or head[:4] == b"RIFF":
        return UNSUPPORTED if _binary(head) or head.startswith(b"#!") else PLAIN
    is_mail = content_type.partition(";")[0].strip().lower() in _MAIL_TYPES or filename.lower().endswith(".eml")
    if is_mail and _HEADER.match(head.lstrip(b"\xef\xbb\xbf\r\n")):
        return MAIL
    start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1024].lower()
    return (
        HTML
        if start.startswith((b"<!doctype html", b"<html")) or (start.startswith(b"<") and b"<html" in start)
        else PLAIN
    )


def media_type(data: bytes, declared: str, filename: str, by_extension: Mapping[str, str]) -> str:
    """The type to store a file under that was found inside another: by its name, else by its bytes."""
    if declared and declared != OCTETS:
        return declared[:127]
    return by_extension.get("." + filename.lower().rpartition(".")[2]) or _TYPES.get(kind(data), OCTETS)


def _binary(head: bytes) -> bool:
    return sum(1 for b in head if b < 9 or 13 < b < 32) * 50 > len(head) or b"\0" in head
