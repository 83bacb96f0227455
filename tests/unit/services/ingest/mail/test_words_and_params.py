"""Header text and parameters as clients write them, wrong or right."""

import pytest

from services.ingest.mail import params, words
from services.ingest.mail.transfer import decode


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("=?utf-8?B?xJDhu4Eg?= =?utf-8?B?bmdo?=\r\n =?utf-8?Q?=E1=BB?= =?utf-8?Q?=8B?= sửa", "Đề nghị sửa"),
        ("Đề nghị".encode().decode("ascii", "surrogateescape"), "Đề nghị"),
        ("=?UTF-8*vi?Q?G=C3=B3p_=C3=BD?=:x", "Góp ý:x"),
        ("a =?utf-8?b?bad", "a =?utf-8?b?bad"),
        ("=?windows-1258?Q?=D0=EA=CC?=", "Đề"),
        ("one\r\n\ttwo\x00\u202e", "one two"),
        ("\ud800", "?"),
    ],
)
def test_encoded_words(raw: str, text: str) -> None:
    assert words.decode(raw) == text


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("attachment; filename*0*=UTF-8''%C4%90%E1; filename*1*=%BB%81.docx; filename=\"x.docx\"", "Đề.docx"),
        ("attachment; filename*0*=UTF-8''%E1%B; filename*1*=B%81.docx", "ề.docx"),
        ('attachment; filename="=?UTF-8?B?xJDhu4EuZG9jeA==?="', "Đề.docx"),
        ('attachment; filename="a\\"b;c.doc"; size=1', 'a"b;c.doc'),
        ("attachment; filename=a b.doc", "a b.doc"),
        ('attachment; filename="unclosed.doc', "unclosed.doc"),
        ("attachment; filename*=''%C3%B3.doc", "ó.doc"),
        ("attachment; filename*9999=x", ""),
    ],
)
def test_file_names(raw: str, name: str) -> None:
    assert params.read(raw).get("filename", "") == name
    assert params.value(raw) == "attachment"


@pytest.mark.parametrize(
    ("body", "encoding", "data", "sound"),
    [
        (b"YWJj\r\nZGVm\r\n", "base64", b"abcdef", True),
        (b"YQ==\nYg==\n", "base64", b"ab", True),
        ((b"YWJj" * 18 + b"!\x00\n") * 3, "base64", b"abc" * 54, True),
        (b"YWJjZ", "base64", b"abc", False),
        (b"YWI=\n___\nA list for everybody\n", "base64", b"ab", True),
        (
            "Tôi đề nghị bổ sung thêm vào mục này.".encode(),
            "base64",
            "Tôi đề nghị bổ sung thêm vào mục này.".encode(),
            False,
        ),
        (b"=C3=\n=B3 a=", "quoted-printable", "ó a".encode(), True),
        (b"begin 644 a\n#86)C\n`\nend\n", "x-uuencode", b"abc", True),
        (b"abc", "nonsense", b"abc", True),
    ],
)
def test_transfer_encodings(body: bytes, encoding: str, data: bytes, sound: bool) -> None:
    assert decode(body, encoding) == (data, sound)
