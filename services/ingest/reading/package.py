"""A zip container opened with care: what it declares is bounded before anything is unpacked, and never more than declared is unpacked."""

import io
import zipfile
import zlib

from services.ingest.reading import found, limits
from services.ingest.reading.found import Unread

ENCRYPTED_FLAG = 0x1  # APPNOTE 4.4.4, bit 0; strong encryption and AES set it too
UNPACKING_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)


class Package:
    """The parts of an office file (OPC, ODF)."""

    def __init__(self, data: bytes) -> None:
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(data))
        except UNPACKING_ERRORS as error:
            raise Unread(found.MALFORMED, type(error).__name__) from error
        entries = self.zip.infolist()
        if len(entries) > limits.MAX_ENTRIES or sum(e.file_size for e in entries) > limits.MAX_UNPACKED:
            raise Unread(found.BOMB, "unpacked size")
        self.names = frozenset(e.filename for e in entries)

    def read(self, name: str, limit: int = limits.MAX_PART) -> bytes | None:
        """One part; None when there is none. Raises Unread."""
        if name not in self.names:
            return None
        entry = self.zip.getinfo(name)
        if entry.flag_bits & ENCRYPTED_FLAG:
            raise Unread(found.ENCRYPTED)
        if entry.file_size > limit:
            raise Unread(found.BOMB, "part size")
        try:
            return self.zip.read(entry)  # zipfile stops at the declared size
        except UNPACKING_ERRORS as error:
            raise Unread(found.MALFORMED, type(error).__name__) from error

    def has(self, prefix: str) -> bool:
        """Whether a part's name begins so."""
        return any(name.startswith(prefix) for name in self.names)
