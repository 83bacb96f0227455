"""One supervised process: started, watched, started again with growing patience, stopped gracefully."""

import asyncio
import ctypes
import logging
import logging.handlers
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path

import structlog

from shared.errors import Permanent

log = structlog.get_logger()

WRONG_SETTINGS = 2  # exit code of a service whose settings are not usable (shared/process.py): trying again cannot help
FIRST_PAUSE_S, LONGEST_PAUSE_S, STEADY_S = 0.2, 10.0, 30.0
LAST_WORDS = 10_000  # characters of its output kept to say why it ended
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Command:
    """What to run. `ready` returns once the process accepts work; it may be asked again and again."""

    name: str
    argv: tuple[str, ...]
    env: dict[str, str] = field(repr=False)
    ready: Callable[[], Awaitable[bool]]
    grace_s: float = 20.0
    stop_signal: int = signal.SIGTERM


def _die_with_parent() -> None:
    """In the child, before exec: when the supervisor is killed outright, nothing may stay behind on its files and ports."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Child:
    """Keeps one command running until `stop()`."""

    def __init__(self, command: Command, log_file: Path) -> None:
        self.command = command
        self.restarts = 0
        self.wrong_settings = False
        self._last_words = ""
        self.process: asyncio.subprocess.Process | None = None
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._sink = logging.handlers.RotatingFileHandler(
            log_file, maxBytes=10_000_000, backupCount=5, encoding="utf-8"
        )

    def start(self) -> None:
        """Begins supervision; returns at once."""
        self._task = asyncio.create_task(self._supervise(), name=f"supervise {self.command.name}")

    async def wait_ready(self, timeout_s: float) -> None:
        """Returns when the process accepts work. Raises Permanent for wrong settings, TimeoutError otherwise, naming it."""
        try:
            async with asyncio.timeout(timeout_s):
                while not await self.command.ready():
                    if self.wrong_settings:
                        raise Permanent(
                            f"{self.command.name} cannot use its settings; see {self._sink.baseFilename}"
                            + "".join(f"\n  {line}" for line in self._reasons())
                        )
                    await asyncio.sleep(0.1)
        except TimeoutError as error:
            raise TimeoutError(
                f"{self.command.name} did not become ready in {timeout_s:.0f} s; see {self._sink.baseFilename}"
            ) from error

    async def stop(self) -> None:
        """Asks the process to finish, waits, and kills it only when it does not."""
        self._stop.set()
        process = self.process
        if process is not None and process.returncode is None:
            with suppress(ProcessLookupError):
                process.send_signal(self.command.stop_signal)
            try:
                await asyncio.wait_for(process.wait(), self.command.grace_s)
            except TimeoutError:
                log.warning("child.killed", child=self.command.name, grace_s=self.command.grace_s)
                with suppress(ProcessLookupError):
                    process.kill()
        if self._task is not None:
            await self._task
        self._sink.close()

    async def _supervise(self) -> None:
        pause = FIRST_PAUSE_S
        loop = asyncio.get_running_loop()
        while not self._stop.is_set():
            started = loop.time()
            code = await self._run_once()
            if self._stop.is_set():
                return
            self.wrong_settings = code == WRONG_SETTINGS
            if loop.time() - started > STEADY_S:
                pause = FIRST_PAUSE_S
            self.restarts += 1
            log.warning("child.ended", child=self.command.name, exit_code=code, restarts=self.restarts, pause_s=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _run_once(self) -> int:
        self.process = await asyncio.create_subprocess_exec(
            *self.command.argv,
            env=self.command.env,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C at the terminal reaches the supervisor alone, which stops all in order
            preexec_fn=_die_with_parent,
            limit=1 << 20,
        )
        if self._stop.is_set():
            self.process.terminate()
        assert self.process.stdout is not None  # noqa: S101 - PIPE was asked for above
        while chunk := await self.process.stdout.read(65536):
            self._write(chunk.decode("utf-8", "replace"))
        return await self.process.wait()

    def _reasons(self) -> list[str]:
        """What the process said at its end on stderr (shared/process.py): its last lines that are no log entries."""
        said = [line for line in self._last_words.splitlines() if line.strip()]
        return list(takewhile(lambda line: not line.startswith("{"), reversed(said)))[::-1]

    def _write(self, text: str) -> None:
        self._last_words = (self._last_words + text)[-LAST_WORDS:]
        record = logging.LogRecord(self.command.name, logging.INFO, "", 0, text.rstrip("\n"), None, None)
        self._sink.emit(record)
