"""A zip of files: each becomes a file of its own. The zip's own reading tells whether anything in it was left inside."""

import zipfile
from collections.abc import Iterable

from services.ingest.reading import found, limits
from services.ingest.reading.found import Found, Member
from services.ingest.reading.package import ENCRYPTED_FLAG, UNPACKING_ERRORS, Package

_JUNK = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")
_UTF8_FLAG = 0x800
_WORST = (found.ENCRYPTED, found.BOMB, found.MALFORMED, found.UNSUPPORTED)


def read(package: Package) -> Found:
    """Never more than the limits, never less than all that can be unpacked within them."""
    members: list[Member] = []
    left: set[str] = set()
    total = 0
    for entry in _files(package.zip.infolist()):
        total += entry.file_size
        if len(members) >= limits.MAX_MEMBERS or entry.file_size > limits.MAX_MEMBER or total > limits.MAX_MEMBERS_SIZE:
            left.add(found.BOMB)
            total -= entry.file_size
        elif entry.flag_bits & ENCRYPTED_FLAG:
            left.add(found.ENCRYPTED)
        else:
            try:
                members.append(Member(_name(entry), "application/octet-stream", package.zip.read(entry)))
            except NotImplementedError:
                left.add(found.UNSUPPORTED)  # a way of packing that Python does not know
            except UNPACKING_ERRORS:
                left.add(found.MALFORMED)
    own = next((reading for reading in _WORST if reading in left), found.NO_TEXT)
    return Found(own, members=tuple(members))


def _files(entries: Iterable[zipfile.ZipInfo]) -> Iterable[zipfile.ZipInfo]:
    for entry in entries:
        lower = entry.filename.lower()
        if not entry.is_dir() and not lower.startswith(_JUNK[0]) and lower.rpartition("/")[2] not in _JUNK:
            yield entry


def _name(entry: zipfile.ZipInfo) -> str:
    """Windows writes names in UTF-8 without saying so; zipfile then shows them in code page 437."""
    if entry.flag_bits & _UTF8_FLAG:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename
