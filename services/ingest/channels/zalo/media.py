"""Fetches the files that messages name: https, known hosts, bounded in size and time, compared with what was declared.

Addresses expire, and an event could name any address, so nothing is followed to another host and no other scheme is spoken.
"""

import asyncio
import hashlib
import logging
from urllib.parse import SplitResult, urljoin, urlsplit

import httpx

from services.ingest.attachments import BY_EXTENSION
from services.ingest.channels.zalo.message import RemoteFile
from services.ingest.channels.zalo.settings import MediaSettings

_REDIRECTS = 3
_PASSING = frozenset({408, 425, 429})
_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"%PDF-", "application/pdf"),
)


class MediaError(Exception):
    """Not fetched; `reason` is a code, `final` tells that another try would be of no use."""

    def __init__(self, reason: str, *, final: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.final = final


def allowed(url: str, settings: MediaSettings) -> bool:
    """Whether this address may be asked. Pure."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    host = (parts.hostname or "").rstrip(".").lower()
    if parts.username is not None or parts.password is not None or not host or not url.isascii():
        return False
    if parts.scheme == "http":
        return f"{host}:{port}" in settings.allow_http_hosts
    if parts.scheme != "https" or port not in {None, 443}:
        return False
    return any(host == known or host.endswith(f".{known}") for known in settings.hosts)


def check(data: bytes, file: RemoteFile) -> None:
    """Raises MediaError when the bytes are not those that were declared. Pure."""
    if not data:
        raise MediaError("empty", final=False)
    if file.size is not None and file.size != len(data):
        raise MediaError("wrong-size", final=False)
    if len(file.md5) == 32 and hashlib.md5(data, usedforsecurity=False).hexdigest() != file.md5:
        raise MediaError("wrong-checksum", final=False)


def content_type(file: RemoteFile, data: bytes, declared: str) -> str:
    """By the file's name, else its declared type, its first bytes, the server's word. Pure."""
    _, dot, extension = file.name.lower().rpartition(".")
    for suffix in ([extension] if dot else []) + [file.suffix]:
        if f".{suffix}" in BY_EXTENSION:
            return BY_EXTENSION[f".{suffix}"]
    for magic, name in _MAGIC:
        if data.startswith(magic):
            return name
    word = declared.partition(";")[0].strip().lower()
    return word if 0 < len(word) <= 100 and word.isascii() and word.isprintable() else "application/octet-stream"


class Media:
    """One HTTP client for the process. Proxies of the environment are not used, cookies not kept."""

    def __init__(self, settings: MediaSettings) -> None:
        self._settings = settings
        logging.getLogger("httpx").setLevel(logging.WARNING)  # it tells every address, and these lead to people's files
        self._client = httpx.AsyncClient(
            timeout=settings.timeout_s, follow_redirects=False, trust_env=False, headers={"Accept-Encoding": "identity"}
        )

    async def close(self) -> None:
        """Lets go of the connections."""
        await self._client.aclose()

    async def fetch(self, file: RemoteFile) -> tuple[bytes, str]:
        """The bytes and their content type. Raises MediaError."""
        if file.size is not None and file.size > self._settings.max_bytes:
            raise MediaError("too-large", final=True)
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                data, declared = await self._follow(file.url)
        except TimeoutError as error:
            raise MediaError("timeout", final=False) from error
        except (
            httpx.InvalidURL,
            httpx.UnsupportedProtocol,
            ValueError,
        ) as error:  # ValueError: a host that IDNA cannot read
            raise MediaError("bad-address", final=True) from error
        except httpx.HTTPError as error:
            raise MediaError("unreachable", final=False) from error
        check(data, file)
        return data, content_type(file, data, declared)

    async def _follow(self, url: str) -> tuple[bytes, str]:
        for _ in range(_REDIRECTS + 1):
            if not allowed(url, self._settings):
                raise MediaError("host-not-allowed", final=True)
            async with self._client.stream("GET", url) as answer:
                self._client.cookies.clear()
                if answer.is_redirect:
                    url = _joined(url, answer.headers.get("location", ""))
                    continue
                if answer.status_code != httpx.codes.OK:
                    final = answer.status_code < 500 and answer.status_code not in _PASSING
                    raise MediaError(f"http-{answer.status_code}", final=final)
                if answer.headers.get("content-encoding", "identity").lower() != "identity":
                    raise MediaError("encoded", final=True)  # we asked for none; unpacking could fill the memory
                return await self._bounded(answer), answer.headers.get("content-type", "")
        raise MediaError("too-many-redirects", final=True)

    async def _bounded(self, answer: httpx.Response) -> bytes:
        data = bytearray()
        async for chunk in answer.aiter_raw():
            data += chunk
            if len(data) > self._settings.max_bytes:
                raise MediaError("too-large", final=True)
        return bytes(data)


def _joined(url: str, location: str) -> str:
    try:
        joined: SplitResult = urlsplit(urljoin(url, location))
    except ValueError as error:
        raise MediaError("bad-address", final=True) from error
    return joined.geturl()
