"""Vietnamese comes out whole, whatever the label on the bytes says."""

import unicodedata

import pytest

from services.ingest.mail import charsets

_TEXT = "Kính gửi Ban Soạn thảo: đề nghị bổ sung mục 4 về đất rừng, hoà giải, quyền của người Mông."
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_LABELS = [
    "utf-8",
    "us-ascii",
    "iso-8859-1",
    "windows-1258",
    "windows-1252",
    "unknown-8bit",
    "x-viet-foo",
    "gb2312",
    "base64",
    "\udc80",
    "",
    None,
]


def _windows_1258(text: str) -> bytes:
    """As Windows writes it: base letters with circumflex, breve or horn, tones behind them."""
    out = bytearray()
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        base = unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES))
        out += base.encode("cp1258") + "".join(c for c in parts if c in _TONES).encode("cp1258")
    return bytes(out)


@pytest.mark.parametrize("label", _LABELS)
@pytest.mark.parametrize("text", [_TEXT, "Góp ý", "Tôi đồng ý", "Ý kiến"])
def test_utf_8_windows_1258_and_utf_16_are_told_apart_under_every_label(label: str | None, text: str) -> None:
    for data in (
        text.encode(),
        unicodedata.normalize("NFD", text).encode(),
        _windows_1258(text),
        text.encode("utf-16"),
        text.encode("utf-16-le"),
    ):
        assert unicodedata.normalize("NFC", charsets.decode(data, label)) == text


def test_other_languages_are_left_as_labelled() -> None:
    assert charsets.decode("Café déjà vu, très bien".encode("latin-1"), "iso-8859-1") == "Café déjà vu, très bien"
    assert charsets.decode("你好世界，我们".encode("gb18030"), "gb2312") == "你好世界，我们"
    assert charsets.decode("Привет, мир".encode("koi8-r"), "koi8-r") == "Привет, мир"


def test_text_encoded_twice_is_read_once() -> None:
    assert charsets.decode("góp ý với lãnh đạo".encode().decode("latin-1").encode(), "utf-8") == "góp ý với lãnh đạo"


def test_a_text_cut_within_a_letter_loses_that_letter_only() -> None:
    assert charsets.decode(_TEXT.encode()[:-1] + b"\xe1\xbb", "utf-8").startswith(_TEXT[:-1])


@pytest.mark.parametrize(
    "label", ["idna", "punycode", "undefined", "unicode_escape", "hex", "rot13", "utf-7", "hz", "x" * 5000]
)
def test_no_label_makes_it_fail(label: str) -> None:
    for data in (b"", b"abc", bytes(range(256)), b"\xff\xfe", b"+AB", b"xn--\xff"):
        assert isinstance(charsets.decode(data, label, hint=label), str)
