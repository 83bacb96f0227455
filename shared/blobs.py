"""Files by their SHA-256 in the JetStream object store: the same bytes are stored once, and checked when read."""

import asyncio
import hashlib
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import nats.errors
from nats.js.errors import DigestMismatchError, NotFoundError
from nats.js.object_store import ObjectStore

from shared.errors import Transient

TIMEOUT_S = 30.0
LOOK_S = 1.0  # of reading, after which it is asked whether the bytes are still there


class Damaged(Transient):
    """What is stored under a hash has another one."""


class Blobs:
    """Raises Transient when the bus is away or what it holds is damaged (a second copy may yet be whole)."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def put(self, data: bytes) -> str:
        """Stores the bytes; returns their SHA-256 in hex. Repeating it changes nothing."""
        name = hashlib.sha256(data).hexdigest()
        async with _bus_errors(name):
            try:
                info = await self._store.get_info(name)
                if info.digest == _digest(data):
                    return name
            except NotFoundError:
                pass
            await self._store.put(name, data)
        return name

    async def get(self, sha256: str) -> bytes:
        """The bytes. Raises KeyError when they are not there."""
        async with _bus_errors(sha256):
            try:
                data = await self._read(sha256)
            except NotFoundError:
                raise KeyError(sha256) from None
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Damaged(f"blob {sha256}: the stored bytes are damaged")
        return data

    async def _read(self, sha256: str) -> bytes:
        """The client goes on waiting for bytes that were deleted after it had found their name. Raises NotFoundError."""
        reading = asyncio.create_task(self._store.get(sha256), name=f"blob-{sha256[:12]}")
        try:
            while not (await asyncio.wait({reading}, timeout=LOOK_S))[0]:
                await self._store.get_info(sha256)
            return (await reading).data or b""
        finally:
            reading.cancel()
            await asyncio.wait({reading}, timeout=LOOK_S)
            if reading.done() and not reading.cancelled():
                reading.exception()  # asked for, whatever it is: it is told above, or does not matter any more

    async def delete(self, sha256: str) -> None:
        """Removes bytes that only the caller can know of (encrypted under a fresh nonce); nothing happens when they are gone."""
        async with _bus_errors(sha256):
            try:
                await self._store.delete(sha256)
            except NotFoundError:
                await self._purge(sha256)

    async def _purge(self, sha256: str) -> None:
        """The client crosses a name off first and removes the bytes then: whoever died in between left them, under no name."""
        try:
            info = await self._store.get_info(sha256, show_deleted=True)
        except NotFoundError:
            return
        if info.deleted and info.nuid:
            store = self._store
            await store._js.purge_stream(store._stream, subject=f"$O.{store._name}.C.{info.nuid}")  # noqa: SLF001


def _digest(data: bytes) -> str:
    """As the object store notes it."""
    return f"SHA-256={urlsafe_b64encode(hashlib.sha256(data).digest()).decode()}"


@asynccontextmanager
async def _bus_errors(name: str) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(TIMEOUT_S):
            yield
    except DigestMismatchError as error:
        raise Damaged(f"blob {name}: the stored bytes are damaged") from error
    except (nats.errors.Error, TimeoutError) as error:
        raise Transient(f"blob {name}: the bus is away ({type(error).__name__})") from error
