"""Where events wait on disk while the bus is away: for senders who do not ask twice, the disk must keep what was acknowledged.

One encrypted file each: written beside, flushed, renamed, the folder flushed. Several replicas may share the folder: publishing
twice under one `Nats-Msg-Id` is harmless, removing twice too.
"""

import asyncio
import os
import shutil
import time
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import nats.errors
import structlog
from pydantic import ValidationError

from shared import metrics, secret_box
from shared.bus import Bus
from shared.errors import Transient
from shared.events import Frozen
from shared.secret_box import SecretBoxError

log = structlog.get_logger("ingest")
_ENDING, _DAMAGED, _WRITING = ".event", ".damaged", ".writing"
_STALE_S = 3600.0  # what was being written when a process died: never acknowledged to anybody
PUBLISH_S = 5.0
LOOK_S = 1.0


class Spooled(Frozen):
    """A message for the bus. `message_id` is its `Nats-Msg-Id`; `body` is text already fit for the bus (hex)."""

    stream: str
    subject: str
    message_id: str
    body_hex: str


class SpoolFull(Transient):
    """No room, by its own bound or on the disk: nothing was kept."""


class Spool:
    """The folder. Methods block: call them in a thread."""

    def __init__(
        self, folder: Path, key: bytes, *, max_bytes: int = 2_000_000_000, min_free: int = 100_000_000
    ) -> None:
        """Makes the folder. Raises Transient when it cannot."""
        self._folder, self._key, self._max_bytes, self._min_free = folder, key, max_bytes, min_free
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._held = self._measure()
        except OSError as error:
            raise Transient(f"spool folder: {error.strerror}") from error

    def put(self, event: Spooled) -> None:
        """Returns when the event is on disk for good. Raises SpoolFull, or Transient when the disk refuses."""
        data = secret_box.lock(self._key, event.model_dump_json().encode())
        try:
            if self._held + len(data) > self._max_bytes or shutil.disk_usage(self._folder).free < self._min_free:
                raise SpoolFull("the spool is full")
            # By time, so that they leave in the order in which they came; no part of it is anybody's.
            name = f"{time.time_ns():020d}-{uuid4().hex}"
            writing = self._folder / f"{name}{_WRITING}"
            try:
                with writing.open("xb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                writing.rename(self._folder / f"{name}{_ENDING}")
            except BaseException:
                writing.unlink(missing_ok=True)
                raise
            self._flush_folder()
        except OSError as error:
            raise Transient(f"spool: {error.strerror}") from error
        self._held += len(data)

    def waiting(self) -> list[Path]:
        """What waits, oldest first; sweeps up what dead processes left half written. Raises Transient."""
        try:
            for path in self._folder.glob(f"*{_WRITING}"):
                with suppress(FileNotFoundError):
                    if time.time() - path.stat().st_mtime > _STALE_S:
                        path.unlink()
            self._held = self._measure()
            return sorted(self._folder.glob(f"*{_ENDING}"))
        except OSError as error:
            raise Transient(f"spool: {error.strerror}") from error

    def read(self, path: Path) -> Spooled | None:
        """The event; None when it is gone. One that cannot be read is set aside, never removed. Raises Transient."""
        try:
            return Spooled.model_validate_json(secret_box.unlock(self._key, path.read_bytes()))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Transient(f"spool: {error.strerror}") from error
        except (SecretBoxError, ValidationError) as error:
            log.error("spool.damaged", file=path.name, error=type(error).__name__)  # noqa: TRY400 - frames would show the content
            try:
                path.rename(path.with_suffix(_DAMAGED))
            except FileNotFoundError:  # another replica was quicker
                return None
            except OSError as refused:  # read-only, say: it stays, and keeps no other from leaving
                log.error("spool.damaged_stays", file=path.name, error=refused.strerror)  # noqa: TRY400 - the same
            return None

    def remove(self, path: Path) -> None:
        """The bus has it. Raises Transient when the disk refuses: published again, it is known by its id."""
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise Transient(f"spool: {error.strerror}") from error

    def _measure(self) -> int:
        held = 0
        for entry in os.scandir(self._folder):
            with suppress(FileNotFoundError):  # another replica has just published it
                held += entry.stat().st_size
        return held

    def _flush_folder(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


async def drain(spool: Spool, bus: Bus) -> int:
    """Publishes what waits and removes it after the PubAck; answers how many. Raises Transient while bus or disk is away."""
    paths = await asyncio.to_thread(spool.waiting)
    metrics.SPOOLED.set(len(paths))
    done = 0
    for path in paths:
        if not bus.nc.is_connected:
            raise Transient("the bus is away")
        event = await asyncio.to_thread(spool.read, path)
        if event is None:
            continue
        try:
            await bus.js.publish(
                event.subject,
                bytes.fromhex(event.body_hex),
                timeout=PUBLISH_S,
                stream=event.stream,
                headers={"Nats-Msg-Id": event.message_id},
            )
        except (nats.errors.Error, OSError) as error:
            raise Transient(f"the bus is away ({type(error).__name__})") from error
        await asyncio.to_thread(spool.remove, path)
        done += 1
        metrics.SPOOLED.set(len(paths) - done)
    return done


async def keep_draining(spool: Spool, bus: Bus) -> None:
    """Runs until cancelled: at start, and soon after the bus is back."""
    while True:
        if bus.nc.is_connected:
            try:
                if count := await drain(spool, bus):
                    log.info("spool.drained", count=count)
            except Transient as error:
                log.warning("spool.not_drained", reason=str(error))
            except Exception:  # a task that ends silently would strand acknowledged events
                log.exception("spool.not_drained")
        await asyncio.sleep(LOOK_S)
