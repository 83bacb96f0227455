"""Outlook's winmail.dat (MS-OXTNEF): the files in it. Pure, bounded by its own length.

No library: tnefparse, the one on the index, is LGPL; only the attachments are wanted, for the words stand in the mail beside it.
"""

import struct
from dataclasses import dataclass

from services.ingest.mail import charsets, words

TYPES = {"application/ms-tnef", "application/vnd.ms-tnef"}
_SIGNATURE = 0x223E9F78
_MAX_FILES = 100
_RENDERING = 0x9002  # a new attachment begins
_TITLE = 0x8010
_DATA = 0x800F
_PROPERTIES = 0x9005
_LONG_NAME = 0x3707
_STRING8, _UNICODE, _BINARY, _OBJECT = 0x1E, 0x1F, 0x102, 0x0D
_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}


@dataclass
class _File:
    name: str = ""
    data: bytes | None = None


def files(data: bytes) -> list[tuple[str, bytes]] | None:
    """(name, content) of each file; None when it is no TNEF. One cut short gives the files before the cut."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != _SIGNATURE:
        return None
    found: list[_File] = []
    at = 6
    while at + 9 <= len(data) and len(found) <= _MAX_FILES:
        attribute, length = struct.unpack_from("<xII", data, at)
        value = data[at + 9 : at + 9 + length]
        kind = attribute & 0xFFFF
        if kind == _RENDERING:
            found.append(_File())
        elif found and kind == _TITLE:
            found[-1].name = found[-1].name or charsets.decode(value.rstrip(b"\0"))
        elif found and kind == _DATA:
            found[-1].data = value
        elif found and kind == _PROPERTIES and (name := _long_name(value)):
            found[-1].name = name
        at += 9 + length + 2  # and a checksum
    return [(words.one_line(one.name) or "tep-dinh-kem", one.data) for one in found if one.data is not None]


def _long_name(value: bytes) -> str | None:
    """PR_ATTACH_LONG_FILENAME among the properties; None when it is not there or one before it cannot be measured."""
    try:
        count, at = struct.unpack_from("<I", value)[0], 4
        for _ in range(min(count, 1000)):
            kind, ident = struct.unpack_from("<HH", value, at)
            at += 4
            if ident >= 0x8000:
                return None  # a named property: none comes before the plain ones
            if kind in _FIXED:
                at += _FIXED[kind]
                continue
            if kind not in {_STRING8, _UNICODE, _BINARY, _OBJECT}:
                return None
            length = struct.unpack_from("<II", value, at)[1]
            content = value[at + 8 : at + 8 + length]
            if ident == _LONG_NAME:
                return (
                    content.decode("utf-16-le", "replace").rstrip("\0")
                    if kind == _UNICODE
                    else charsets.decode(content.rstrip(b"\0"))
                )
            at += 8 + length + (-length % 4)
    except struct.error:
        return None
    return None
