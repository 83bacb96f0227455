"""The files of one submission, read one after the other; what one of them does to the process is no other's loss."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from services.ingest.attachments import BY_EXTENSION, File, safe_name
from services.ingest.reading import found, kinds, limits
from services.ingest.reading.found import Found, Member
from services.ingest.reading.process import DiedError, ReadingProcess
from shared.events import Reading

_log = structlog.get_logger("ingest")
_DECIDED = {kinds.PICTURE: found.TRANSCRIBE, kinds.UNSUPPORTED: found.UNSUPPORTED, kinds.EMPTY: found.NO_TEXT}


def needs_process(file: File) -> bool:
    """Whether its bytes have to be taken apart. An `original` never is: what it says is the submission already."""
    return file.reading is None and file.role == "file" and _decided(file) is None


def without_process(file: File) -> File:
    """The file with the reading its first bytes tell."""
    known = file.reading or (_decided(file) if file.role == "file" else None)
    return file.model_copy(update={"reading": known})


def _decided(file: File) -> Reading | None:
    reading = _DECIDED.get(kinds.kind(file.data, file.content_type, file.filename))
    return Reading(reading) if reading else None


class Batch:
    """One process at a time, a fresh one after each that died. Not for use from two tasks."""

    def __init__(self, fresh: Callable[[], Awaitable[ReadingProcess]]) -> None:
        self._fresh = fresh
        self._process: ReadingProcess | None = None
        self._used = False  # the process has read a file before this one
        self._until = asyncio.get_running_loop().time() + limits.BATCH_S
        self._members = 0
        self._size = 0

    async def expand(self, file: File, depth: int = 0) -> list[File]:
        """The file with its reading, and after it the files found in it. Raises Transient."""
        if not needs_process(file):
            return [without_process(file)]
        answer = await self._read(file)
        own = file.model_copy(update={"reading": Reading(answer.reading), "text": answer.text})
        inside: list[File] = []
        left = False
        for member in answer.members:
            if member.reading is not None:
                inside.append(file.model_copy(update={"reading": Reading(member.reading)}))
            elif depth >= limits.MAX_DEPTH or not self._room_for(member):
                left = True
            else:
                inside += await self.expand(_as_file(member), depth + 1)
        if left and own.reading is Reading.NO_TEXT:
            own = own.model_copy(update={"reading": Reading.BOMB})
        elif left:  # it has a text of its own: a second entry tells people that something is left in it
            inside.append(file.model_copy(update={"reading": Reading.BOMB}))
        return [own, *inside]

    async def close(self) -> None:
        """Ends the process."""
        if self._process is not None:
            await self._process.close()
            self._process = None

    def _room_for(self, member: Member) -> bool:
        if self._members >= limits.MAX_MEMBERS or self._size + len(member.data) > limits.MAX_MEMBERS_SIZE:
            return False
        self._members += 1
        self._size += len(member.data)
        return True

    async def _read(self, file: File) -> Found:
        alone = self._process is None or not self._used
        try:
            answer = await self._ask(file)
        except DiedError as died:
            if alone or died.reading == found.TIMEOUT:
                answer = Found(died.reading, note=died.note)
            else:  # perhaps only because of the files before it
                answer = await self._again(file)
        if answer.reading not in {found.TEXT, found.NO_TEXT, found.TRANSCRIBE}:
            _log.info("reading.unreadable", reading=answer.reading, note=answer.note, size=len(file.data))
        return answer

    async def _again(self, file: File) -> Found:
        try:
            return await self._ask(file)
        except DiedError as died:
            return Found(died.reading, note=died.note)

    async def _ask(self, file: File) -> Found:
        left = self._until - asyncio.get_running_loop().time()
        if left <= 0:
            return Found(found.TIMEOUT, note="batch")
        if self._process is None:
            self._process = await self._fresh()
            self._used = False
        try:
            answer = await self._process.ask(
                file.data, file.content_type, file.filename, within_s=min(left, limits.WALL_S)
            )
        except DiedError as died:
            await self.close()
            if died.reading == found.TIMEOUT:
                self._until = min(self._until, asyncio.get_running_loop().time() + limits.AFTER_TIMEOUT_S)
            raise
        self._used = True
        return answer


def _as_file(member: Member) -> File:
    media_type = kinds.media_type(member.data, member.content_type, member.filename, BY_EXTENSION)
    return File(filename=safe_name(member.filename), content_type=media_type, data=member.data)
