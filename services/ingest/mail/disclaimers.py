"""Notices that no writer typed: confidentiality, "think before you print", antivirus. Whole paragraphs, by how they begin."""

import re
from collections.abc import Sequence

from services.ingest.mail.lines import Line
from shared import text as texts

_BEGINNINGS = re.compile(
    r"(?:(?:luu y|chu y|note|notice|important|disclaimer|canh bao|thong bao|mien tru trach nhiem)\s)*(?:"
    r"(?:this|the) (?:e ?mail|message|communication|transmission|information (?:contained )?in this)\b.*"
    r"\b(?:confidential|privileged|intended|recipient|viruses)\b"
    r"|(?:confidentiality|legal|privacy) (?:notice|disclaimer)\b"
    r"|if you (?:are not|have received) .*\b(?:recipient|error|mistake)\b"
    r"|(?:noi dung |thong tin )?(?:trong |cua )?(?:thu dien tu|e ?mail|thu|tin nhan|thong diep) nay\b.*"
    r"\b(?:thong tin mat|bao mat|bi mat|chi danh cho|duoc danh cho|nguoi nhan (?:duoc|co|chi|hop)|mien tru|tuyet mat)\b"
    r"|neu (?:quy vi|ong ba|ban|anh chi|quy khach|ngai)(?: ong ba)? (?:khong phai la|nhan duoc) .*\b(?:nguoi nhan|nham|thu nay|email nay)\b"
    r"|please (?:consider|think) .{0,30}environment\b"
    r"|(?:xin |vui long |hay )*(?:can nhac|nghi den|vi|bao ve|suy nghi ve) .{0,40}moi truong .{0,40}\bin\b"
    r"|(?:hay |xin |vui long )*(?:bao ve|vi) moi truong .{0,60}\bkhi in\b"
    r"|virus free\b|khong co virus\b.{0,40}(?:avast|avg|www|kaspersky|bkav)"
    r"|(?:this|the) (?:e ?mail|message) (?:has been|was) (?:checked|scanned)\b"
    r"|(?:e ?mail|thu|thu dien tu|tin nhan) nay (?:da )?(?:duoc )?(?:quet|kiem tra)\b.{0,40}virus\b"
    r")"
)  # fmt: skip
_WRITER = re.compile(
    r"(?<!chung )\btoi\b|\b(?:du thao|van kien|gop y|dang bo|chi bo|nhan dan|ba con)\b"
)  # a person speaks here
_MAX_PARAGRAPH = 3_000  # characters that are looked at


def strip(lines: Sequence[Line]) -> list[Line]:
    """The lines without notices: each goes from its first line to the end of its paragraph."""
    out: list[Line] = []
    within = False
    for index, line in enumerate(lines):
        if line.blank:
            within = False
        elif not within:
            within = _notice(lines, index)
        if not within:
            out.append(line)
    return out


def _notice(lines: Sequence[Line], index: int) -> bool:
    begin = texts.fold(lines[index].text[:_MAX_PARAGRAPH])
    if not _MAYBE.match(begin):
        return False
    paragraph: list[str] = []
    for line in lines[index : index + 12]:
        if line.blank:
            break
        paragraph.append(line.text)
    folded = texts.fold(" ".join(paragraph)[:_MAX_PARAGRAPH])
    return _BEGINNINGS.match(folded) is not None and not _WRITER.search(folded)


_MAYBE = re.compile(
    r"(?:luu y|chu y|note|notice|important|disclaimer|canh bao|thong bao|mien tru|this|the|confidential|legal|privacy|if you|noi dung|"
    r"thong tin|trong|thu|e ?mail|tin nhan|thong diep|neu|please|xin|vui long|hay|can nhac|nghi den|vi|bao ve|virus|khong co virus|"
    r"suy nghi)\b"
)
