"""The parent's end of the process apart: starts it, asks it, ends it."""

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

from services.ingest.reading import child, found, frames, limits
from services.ingest.reading.found import Found
from shared.errors import Transient

_ROOT = Path(__file__).parents[3]
_KEPT = ("SYSTEMROOT", "LD_LIBRARY_PATH")  # without which Python itself may not start
_COMMAND = ("-s", "-B", "-P", "-m", child.__name__)


class DiedError(Exception):
    """The process ended, or had to be ended, while it read a file; `reading` is what that says about the file."""

    def __init__(self, reading: str, note: str) -> None:
        super().__init__(note)
        self.reading = reading
        self.note = note


class ReadingProcess:
    """One process, for the files of one submission; it never sees another's."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        if process.stdin is None or process.stdout is None or process.stderr is None:
            raise ValueError("the process needs its three pipes")
        self._process = process
        self._in, self._out, self._err = process.stdin, process.stdout, process.stderr
        self._last_words = b""
        self._draining = asyncio.create_task(self._drain())
        self.dead = False

    @classmethod
    async def start(cls, folder: Path) -> "ReadingProcess":
        """A process that is ready. Raises Transient when there is none to be had."""
        env = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONPATH": str(_ROOT), "HOME": str(folder)}
        env |= {name: os.environ[name] for name in _KEPT if name in os.environ}
        pipe = asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *_COMMAND,
                stdin=pipe,
                stdout=pipe,
                stderr=pipe,
                cwd=folder,
                env=env,
                start_new_session=True,
            )
        except OSError as error:
            raise Transient("the reading process cannot be started") from error
        started = cls(process)
        try:
            async with asyncio.timeout(limits.START_S):
                await started._answer()
        except (asyncio.IncompleteReadError, frames.BadFrameError, TimeoutError, OSError) as error:
            await started.close()
            raise Transient("the reading process does not start") from error
        except BaseException:
            await started.close()
            raise
        return started

    async def ask(self, data: bytes, content_type: str, filename: str, *, within_s: float) -> Found:
        """What the file says. Raises DiedError, after which the process is of no more use."""
        try:
            async with asyncio.timeout(within_s):
                self._in.write(frames.pack({"content_type": content_type, "filename": filename}, data))
                await self._in.drain()
                return frames.to_found(*await self._answer())
        except TimeoutError as error:
            await self.close()
            raise DiedError(found.TIMEOUT, "wall") from error
        except frames.BadFrameError as error:
            await self.close()
            raise DiedError(found.MALFORMED, "frame") from error
        except (asyncio.IncompleteReadError, OSError) as error:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._process.wait()
            code = self._process.returncode
            await self.close()
            raise DiedError(self._blame(code), f"exit {code}") from error

    async def close(self) -> None:
        """Ends it, whatever it is doing."""
        self.dead = True
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        await self._process.wait()
        self._in.close()
        await self._draining

    @property
    def alive(self) -> bool:
        """Still there to be asked."""
        return not self.dead and self._process.returncode is None

    async def _answer(self) -> tuple[bytes, bytes]:
        head, blob = frames.sizes(await self._out.readexactly(frames.SIZES.size))
        return await self._out.readexactly(head), await self._out.readexactly(blob)

    async def _drain(self) -> None:
        while chunk := await self._err.read(65536):
            self._last_words = (self._last_words + chunk)[-4096:]

    def _blame(self, code: int | None) -> str:
        if code == -signal.SIGXCPU:
            return found.TIMEOUT
        words = self._last_words
        if b"corrupt" in words or b"invalid" in words:  # as glibc says of a heap that a broken file has overwritten
            return found.MALFORMED
        # C++, Rust and PDFium give up with an abort when they get no more memory; the kernel with a kill.
        hungry = code in {-signal.SIGABRT, -signal.SIGKILL} or b"memory allocation" in words or b"MemoryError" in words
        return found.BOMB if hungry else found.MALFORMED
