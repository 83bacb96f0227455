"""What a mail costs grows with its size, not with its square: whoever makes one for the purpose gains nothing by it."""

from collections.abc import Callable

import pytest

from services.ingest.mail.parse import read
from tests.support.growth import LINEAR, growth

_PLAIN = b"From: a@thu.example\nSubject: Re: x\nContent-Type: text/plain; charset=utf-8\n\n"
_HTML = _PLAIN.replace(b"plain", b"html")
_FLOWED = _PLAIN.replace(b"utf-8", b"utf-8; format=flowed")
_BASE64 = _PLAIN.replace(b"\n\n", b"\nContent-Transfer-Encoding: base64\n\n")
_ATTRIBUTION = b"On Mon, 10 Nov 2025 08:00 A <a@b.vn> wrote:\n"
_MIXED = b"Content-Type: multipart/mixed; boundary=b\n\n"


def _nested(count: int) -> bytes:
    part = "--b{0}\nContent-Type: multipart/mixed; boundary=b{1}\n\n"
    return (
        b"Content-Type: multipart/mixed; boundary=b0\n\n"
        + "".join(part.format(i, i + 1) for i in range(count)).encode()
    )


_MAILS: dict[str, Callable[[int], bytes]] = {
    "quoted lines": lambda n: _PLAIN + _ATTRIBUTION + b"> x\n" * n,
    "quoted lines without attribution": lambda n: _PLAIN + b">\n" * n,
    "one line of marks": lambda n: _PLAIN + b">" * n * 20,
    "attributions": lambda n: _PLAIN + (_ATTRIBUTION + b"> x\ny\n") * (n // 3),
    "dashes": lambda n: _PLAIN + b"--\n\n" * n,
    "header blocks": lambda n: _PLAIN + b"From: x\nDate: 10:00\n" * n,
    "forwards": lambda n: _PLAIN + b"---------- Forwarded message ---------\nx\n" * n,
    "phones": lambda n: (
        _PLAIN + b"Sent from my iPhone\n" * n + b"We need to add this sentence, it must be kept.\n" * 30
    ),
    "notices": lambda n: _PLAIN + b"This message\n" * n,
    "combining marks": lambda n: _PLAIN + ("a" + "\u0323\u0302" * n).encode(),
    "soft breaks": lambda n: _FLOWED + b">x \n>>y \n" * n,
    "deep elements": lambda n: _HTML + b"<div><b>" * n + b"x",
    "deep tables": lambda n: _HTML + b"<table><tr><td>a<br>b" * n,
    "cells": lambda n: _HTML + b"<table><tr>" + b"<td>a</td>" * n,
    "open comments": lambda n: _HTML + b"<!--<" * n,
    "attributes": lambda n: _HTML + b"<p " + b"a=b " * n + b">x",
    "signature boxes": lambda n: _HTML + b"<div class=gmail_signature>x</div><p>y" * (n // 3),
    "padded lines": lambda n: _BASE64 + b"YQ==\n" * n,
    "junk in base64": lambda n: _BASE64 + b"YWJj!\n" * n,
    "encoded words": lambda n: b"Subject: " + b"=?utf-8?b?4buB?= " * n + b"\n\nx",
    "brackets": lambda n: (
        b"From: " + b"(" * n + b"\nReferences: " + b"<" * n + b"\nMessage-ID: " + b"<a" * n + b"\n\nx"
    ),
    "header of a megabyte": lambda n: b"Subject: " + b"a\n b" * n * 10 + b"\n\nx",
    "prefixes": lambda n: b"Subject: " + b"Re: [a] " * n + b"\n\nx",
    "parameters": lambda n: b"Content-Type: text/plain; " + b'a="b\\";' * n + b"\n\nx",
    "parts": lambda n: _MIXED + b"--b\n\nhello\n" * n,
    "parts in parts": _nested,
    "one boundary for all": lambda n: _MIXED + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * n,
}


@pytest.mark.parametrize("make", [pytest.param(make, id=name) for name, make in _MAILS.items()])
def test_ten_times_the_mail_costs_no_hundred_times_the_time(make: Callable[[int], bytes]) -> None:
    assert growth(read, make, 2_400, 24_000) <= LINEAR


def test_a_mail_as_large_as_we_take_is_read_to_its_last_line() -> None:
    lines = 5_000_000
    content = read(_PLAIN + b"abc\n" * lines + b"last\n")
    assert content.text.endswith("abc\nlast")
    assert content.text.count("\n") == lines
