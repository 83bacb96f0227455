"""Which addresses may be asked, what bytes are believed, and what a file is."""

import pytest

from services.ingest.channels.zalo.media import Media, MediaError, allowed, check, content_type
from services.ingest.channels.zalo.message import RemoteFile
from services.ingest.channels.zalo.settings import MediaSettings

SETTINGS = MediaSettings()


@pytest.mark.parametrize(
    "url",
    [
        "https://f5.photo.talk.zdn.vn/a.jpg",
        "https://ZDN.vn/a",
        "https://zadn.vn:443/a?b#c",
        "https://oa.zaloapp.com./x",
    ],
)
def test_known_hosts_and_what_lies_below_them_may_be_asked(url: str) -> None:
    assert allowed(url, SETTINGS)


@pytest.mark.parametrize(
    "url",
    [
        "http://zdn.vn/a",
        "https://zdn.vn.evil.example/a",
        "https://evilzdn.vn/a",
        "https://user@zdn.vn/a",
        "https://zdn.vn@evil.example/a",
        "https://zdn.vn:8443/a",
        "https://127.0.0.1/a",
        "https://[::1]/a",
        "https://[zdn.vn/a",
        "https://zdn.vn:99999999/",
        "file:///etc/passwd",
        "//zdn.vn/a",
        "https:///a",
        "",
        "https://zdn\u3002vn.evil.example/",
        "https://\uff5adn.vn/",
    ],
)
def test_nothing_else_may_be_asked(url: str) -> None:
    assert not allowed(url, SETTINGS)


def test_a_test_host_is_allowed_with_its_port_only() -> None:
    settings = MediaSettings(allow_http_hosts=("127.0.0.1:8000",))
    assert allowed("http://127.0.0.1:8000/a", settings)
    assert not allowed("http://127.0.0.1:8001/a", settings)
    assert not allowed("http://127.0.0.1/a", settings)


@pytest.mark.parametrize(
    ("data", "size", "md5", "reason"),
    [
        (b"", None, "", "empty"),
        (b"abc", 4, "", "wrong-size"),
        (b"abc", 3, "0" * 32, "wrong-checksum"),
        (b"abc", 3, "900150983cd24fb0d6963f7d28e17f72", None),
        (b"abc", None, "", None),
        (b"abc", 3, "crc-of-another-kind", None),
    ],
)
def test_bytes_are_compared_with_what_was_declared(data: bytes, size: int | None, md5: str, reason: str | None) -> None:
    file = RemoteFile(name="a", kind="file", size=size, md5=md5)
    if reason is None:
        check(data, file)
        return
    with pytest.raises(MediaError) as told:
        check(data, file)
    assert (told.value.reason, told.value.final) == (reason, False)


@pytest.mark.parametrize(
    ("name", "suffix", "data", "declared", "kind"),
    [
        ("thư.PDF", "", b"x", "image/png", "application/pdf"),
        ("không đuôi", "docx", b"x", "", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("image-1", "", b"\xff\xd8\xff", "text/html", "image/jpeg"),
        ("voice-1", "", b"x", "audio/AAC; rate=1", "audio/aac"),
        ("la.xyz", "", b"x", "", "application/octet-stream"),
        ("la", "", b"x", "x" * 300, "application/octet-stream"),
    ],
)
def test_the_type_is_of_the_name_the_declaration_the_bytes_the_server(
    name: str, suffix: str, data: bytes, declared: str, kind: str
) -> None:
    assert content_type(RemoteFile(name=name, kind="file", suffix=suffix), data, declared) == kind


async def test_a_host_that_idna_cannot_read_is_an_address_that_is_wrong_not_a_conversation_that_hangs() -> None:
    media = Media(MediaSettings())
    try:
        with pytest.raises(MediaError) as found:
            await media.fetch(RemoteFile(name="don.pdf", kind="file", url="https://xn--a.zdn.vn/don.pdf"))
    finally:
        await media.close()
    assert (found.value.reason, found.value.final) == ("bad-address", True)
