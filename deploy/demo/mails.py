"""The demo's mails as MIME, of several makes: plain, HTML, windows-1258, with a document or a picture."""

import base64
import io
from email.message import EmailMessage
from typing import Any

from docx import Document

from deploy.demo.channels import MAILBOX

_PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
_DOCX = "vnd.openxmlformats-officedocument.wordprocessingml.document"


def make(row: dict[str, Any]) -> EmailMessage:
    """One row of `input/email.jsonl` as a mail."""
    mail = EmailMessage()
    mail["From"] = f"{row['from_name']} <{row['from']}>"
    mail["To"] = MAILBOX
    mail["Subject"] = row["subject"]
    mail["Message-ID"] = f"<{row['id']}@nha.example>"
    mail["Date"] = "Thu, 12 Jun 2025 09:12:00 +0700"
    if row.get("auto"):
        mail["Auto-Submitted"] = "auto-replied"
    if charset := row.get("charset"):
        # windows-1258 writes most tones as combining marks, which Python's codec does not compose by itself
        mail.set_content(_decomposed(row["text"]).encode(charset), "text", "plain", cte="quoted-printable")
        mail.set_param("charset", charset)
    else:
        mail.set_content(row["text"])
    if row.get("html"):
        paragraphs = "".join(f"<p>{part}</p>" for part in row["text"].split("\n\n"))
        mail.add_alternative(f"<html><body>{paragraphs}</body></html>", subtype="html")
    if row.get("docx"):
        mail.add_attachment(_docx(row["docx"]), "application", _DOCX, filename="Ý kiến của Hội.docx")
    if row.get("picture"):
        mail.add_attachment(_PICTURE, "image", "png", filename="thu-viet-tay.png")
    return mail


def _docx(paragraphs: list[str]) -> bytes:
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _decomposed(text: str) -> str:
    """Tones apart, the letters with hat, horn, breve and bar whole: as windows-1258 has them."""
    import unicodedata

    tones = "\u0300\u0301\u0303\u0309\u0323"
    out = []
    for char in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", char)
        tone = "".join(c for c in parts if c in tones)
        out.append(unicodedata.normalize("NFC", "".join(c for c in parts if c not in tones)) + tone)
    return "".join(out)
