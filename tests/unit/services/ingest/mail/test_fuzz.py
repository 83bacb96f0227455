"""Whatever bytes come as a mail, they become a `MailContent` within its bounds, and by the reading itself, not the last resort."""

import base64
import quopri
import random
from datetime import UTC

import pytest

from services.ingest.mail.content import MailContent
from services.ingest.mail.parse import parse, read
from tests.support.fuzz import for_seconds

_WORDS = ["Tôi", "đề nghị", "bổ sung", "góp ý", "C\xe9ng h\xdfa", "Coäng hoøa", "> ", "-- ", "--", "\x00", "\ufeff",
    "\u0323" * 40, "=?utf-8?b?4buB?=",
          "=?x?q?=A0?=", "<div>", "<table><tr><td>", "</p>", "<blockquote type=cite>", "<!--", "&#0;", "&#x110000;",
          "On 10/11/2025 08:00 A <a@b.vn> wrote:",
          "Vào 08:15, 10 thg 11, 2025, A <a@b.vn> đã viết:", "From: a", "Sent: b 10:00", "To: c@d.vn", "Subject: e",
          "-----Original Message-----",
          "---------- Forwarded message ---------", "Sent from my iPhone", "This email is confidential", "\ud800",
          "<img src=cid:x>", "\x1e", "\u2028",
          "-----BEGIN PGP SIGNED MESSAGE-----", "\U0001f600", "<style>", "<svg/>", "<?xml encoding='utf-16'?>",
          "<font face='.VnTime'>"]  # fmt: skip
_TYPES = ["text/plain", "text/html", "text/calendar", "multipart/mixed", "multipart/alternative", "multipart/related",
    "multipart/signed",
          "multipart/report; report-type=delivery-status", "multipart/digest", "multipart/encrypted", "message/rfc822",
          "image/png", "application/ms-tnef",
          "application/pkcs7-mime", "text/plain; format=flowed; delsp=yes", "", "text", "/", "multipart/", "text/x-odd",
          "application/octet-stream"]  # fmt: skip
_CHARSETS = ["utf-8", "windows-1258", "us-ascii", "utf-7", "utf-16", "x-viet", "unknown-8bit", "idna", "base64", "hz",
    "iso-2022-jp", "viscii", "\ud800", "utf_8_sig",
             "unicode_escape", "undefined", "punycode", "mbcs", "cp65001", "big5"]  # fmt: skip
_ENCODINGS = ["", "7bit", "base64", "quoted-printable", "x-uuencode", "BASE64 ", "binary", "nonsense"]
_HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "References", "In-Reply-To", "Reply-To", "Return-Path",
    "Auto-Submitted", "Precedence",
            "List-Id", "X-Autoreply", "Content-ID", "Content-Disposition", "X-Ykien", "Received"]  # fmt: skip
_VALUES = ["a@example.vn", "Nguyễn <a@example.vn>", "<>", "=?utf-8?q?A=2C?= <b@c.vn>", "Mon, 10 Nov 2025 08:00:00 +0700",
    "Mon, 10 Nov 0001 08:00:00 +9999",
           "<a@b>", "<" * 50, "(" * 3000, '"', "auto-replied", "bulk", "inline; filename*0*=utf-8''%E1%BB; filename*1*=%81.doc",
           "attachment; filename=\"a",
           "attachment; filename*99999=x; filename*=''%", "\t\n folded", "Re: Fwd: [x] Góp ý", "99999999999999999999",
           "\r"]  # fmt: skip


def _body(rng: random.Random) -> bytes:
    if rng.random() < 0.1:
        return rng.randbytes(rng.randrange(200))
    text = "".join(rng.choice(_WORDS) + rng.choice([" ", "\n", "\r\n", "", "\n\n"]) for _ in range(rng.randrange(40)))
    return text.encode(rng.choice(["utf-8", "utf-16", "cp1258", "latin-1"]), rng.choice(["replace", "ignore"]))


def _part(rng: random.Random, depth: int) -> bytes:
    content_type = rng.choice(_TYPES)
    encoding = rng.choice(_ENCODINGS)
    head = [f"Content-Transfer-Encoding: {encoding}"] if encoding else []
    if content_type.startswith("multipart/"):
        boundary = rng.choice(["b", "b b", "=_x", "", "b" * 70, f"d{depth}"])
        inner = [_part(rng, depth + 1) for _ in range(rng.randrange(4 if depth < 4 else 1))]
        delimiter = b"\n--" + boundary.encode()
        body = (
            b"preamble"
            + b"".join(delimiter + b"\n" + one for one in inner)
            + rng.choice([delimiter + b"--\n", b"", delimiter])
        )
        content_type += f'; boundary="{boundary}"'
    else:
        body = _body(rng) if content_type != "message/rfc822" else _mail(rng, depth + 1)
        content_type += f"; charset={rng.choice(_CHARSETS)}" if rng.random() < 0.7 else ""
        if content_type.startswith("application/ms-tnef"):
            body = b"\x78\x9f\x3e\x22" + body
        elif content_type.startswith("application/pkcs7"):
            body = b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02" + body
        body = base64.encodebytes(body) if encoding == "base64" and rng.random() < 0.8 else body
        body = quopri.encodestring(body) if encoding == "quoted-printable" and rng.random() < 0.8 else body
    head += [f"Content-Type: {content_type}"] if content_type else []
    head += [f"{rng.choice(_HEADERS)}: {rng.choice(_VALUES)}" for _ in range(rng.randrange(3))]
    return "\n".join(head).encode("utf-8", "replace") + b"\n\n" + body


def _mail(rng: random.Random, depth: int = 0) -> bytes:
    head = [f"{rng.choice(_HEADERS)}: {rng.choice(_VALUES)} {rng.choice(_WORDS)}" for _ in range(rng.randrange(9))]
    return ("\n".join(head) + "\n" if head else "").encode("utf-8", "replace") + _part(rng, depth)


def _broken(rng: random.Random) -> bytes:
    """A mail of random parts, then cut short and with bytes changed."""
    data = bytearray(_mail(rng))
    if rng.random() < 0.3:
        del data[rng.randrange(len(data) + 1) :]
    for _ in range(rng.choice([0, 0, 1, 5, 30])):
        if data:
            data[rng.randrange(len(data))] = rng.choice([0, 10, 13, 32, 45, 61, 255, rng.randrange(256)])
    return bytes(data)


def _within_bounds(content: MailContent) -> None:
    texts = [content.text, content.subject, content.from_name or "", *(file.filename for file in content.files)]
    for text in texts:
        text.encode()  # no lone surrogate
        assert "\x00" not in text
    assert len(content.subject) <= 500
    assert "\n" not in content.subject
    for ident, most in ((content.message_id, 500), (content.references, 2000)):
        assert ident is None or (ident.isascii() and ident.isprintable() and len(ident) <= most)
    assert content.date is None or content.date.tzinfo is UTC
    assert all(address == address.lower() and "@" in address for address in content.recipients)
    assert not (content.answerable and (content.automatic or content.reply_address is None))
    assert len(content.fingerprint) == 64
    assert all("\r" not in text for text in texts[:2])


def _never_fails(raw: bytes) -> None:
    found = read(raw, frozenset({"gopy@example.vn"}))
    _within_bounds(found)
    assert parse(raw, own_addresses=frozenset({"gopy@example.vn"})) == found


@pytest.mark.fuzz
def test_any_mail_made_of_random_parts_then_broken_is_read_within_bounds() -> None:
    assert for_seconds(_broken, _never_fails) >= 1


@pytest.mark.fuzz
def test_random_bytes_are_read_within_bounds() -> None:
    assert for_seconds(lambda rng: rng.randbytes(rng.randrange(3000)), _never_fails, seconds=1) >= 1


def test_last_resort_keeps_the_text_when_the_reading_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RecursionError

    raw = "From: a@example.vn\r\nSubject: x\r\n\r\nTôi đề nghị bổ sung.\r\n".encode()
    for broken in ("gather.gather", "headers.addresses", "parse.Tree"):
        with monkeypatch.context() as patched:
            patched.setattr(f"services.ingest.mail.{broken}", fail)
            found = parse(raw)
        assert "Tôi đề nghị bổ sung." in found.text
        assert found.damage == "malformed"
