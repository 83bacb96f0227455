"""Reads files in a process apart: one process for the files of one submission, a few at once, one more waiting ready."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import structlog

from services.ingest.attachments import File
from services.ingest.reading import limits
from services.ingest.reading.batch import Batch, needs_process, without_process
from services.ingest.reading.process import ReadingProcess
from shared.errors import Transient

_log = structlog.get_logger("ingest")


class Reader:
    """Gives every file its `reading` and, where there is one, its text. One reader serves the whole service."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(limits.AT_ONCE)
        self._of_channel: dict[str, asyncio.Semaphore] = {}
        self._spare: asyncio.Task[ReadingProcess | None] | None = None
        self._folder: Path | None = None
        self._closed = False

    async def read(self, files: Sequence[File], channel: str = "") -> tuple[File, ...]:
        """The files in their order, each followed by the files found in it (a zip, a mail).

        What has a reading keeps it; an `original` is never read, for what it says is the submission already. A file that needs
        people besides its text (scanned pages among typed ones) comes twice, the second time without text. Raises Transient when
        no process, or no place for one, is to be had; never for what a file holds.
        """
        if not any(map(needs_process, files)):
            return tuple(map(without_process, files))
        async with self._place(channel):
            batch = Batch(self._fresh)
            try:
                return tuple([one for file in files for one in await batch.expand(file)])
            finally:
                await batch.close()
                self._keep_spare()

    async def close(self) -> None:
        """Lets go of the process that waits."""
        self._closed = True
        if (spare := await self._take_spare()) is not None:
            await spare.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    @asynccontextmanager
    async def _place(self, channel: str) -> AsyncIterator[None]:
        held: list[asyncio.Semaphore] = []
        own = self._of_channel.setdefault(channel, asyncio.Semaphore(limits.PER_CHANNEL))
        try:
            try:
                async with asyncio.timeout(limits.PATIENCE_S):
                    for places in (own, self._places):
                        await places.acquire()
                        held.append(places)
            except TimeoutError as error:
                raise Transient("too many files are being read at once") from error
            yield
        finally:
            for places in held:
                places.release()

    async def _fresh(self) -> ReadingProcess:
        """A process nobody has used. Raises Transient."""
        spare = await self._take_spare()
        if spare is not None and spare.alive:
            return spare
        if spare is not None:
            await spare.close()
        return await ReadingProcess.start(self._room())

    async def _take_spare(self) -> ReadingProcess | None:
        waiting, self._spare = self._spare, None
        if waiting is None:
            return None
        try:
            return await asyncio.shield(waiting)
        except asyncio.CancelledError:
            self._spare = self._spare or waiting  # whoever wanted it has gone; it is still good
            raise

    def _keep_spare(self) -> None:
        if self._spare is None and not self._closed:
            self._spare = asyncio.create_task(self._start_spare())

    async def _start_spare(self) -> ReadingProcess | None:
        try:
            return await ReadingProcess.start(self._room())
        except Transient as error:  # nobody waits for it yet; who needs one starts one and hears of it
            _log.warning("reading.no_spare", error=str(error))
            return None

    def _room(self) -> Path:
        if self._folder is None:
            try:
                self._folder = Path(tempfile.mkdtemp(prefix="ykien-reading-"))
            except OSError as error:
                raise Transient("there is no room for the reading process") from error
        return self._folder
