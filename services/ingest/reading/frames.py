"""What goes through the pipe: a small JSON header, then raw bytes. Nothing is ever unpickled."""

import json
import struct
from collections.abc import Mapping
from typing import Any

from services.ingest.reading import limits
from services.ingest.reading.found import Found, Member

SIZES = struct.Struct(">II")  # bytes of the header, bytes after it


class BadFrameError(Exception):
    """The other side does not keep to the form."""


def pack(header: Mapping[str, Any], *blobs: bytes) -> bytes:
    """One frame."""
    head = json.dumps(header).encode()
    return SIZES.pack(len(head), sum(map(len, blobs))) + head + b"".join(blobs)


def sizes(data: bytes) -> tuple[int, int]:
    """Of header and blob. Raises BadFrameError when they are too large to be true."""
    head, blob = SIZES.unpack(data)
    if head > limits.MAX_HEADER or blob > limits.MAX_FRAME:
        raise BadFrameError("too large")
    return head, blob


def of_found(answer: Found) -> bytes:
    """An answer as a frame."""
    text = answer.text.encode("utf-8", "replace")
    header = {
        "reading": answer.reading,
        "note": answer.note,
        "text": len(text),
        "members": [[m.filename[-500:], m.content_type[:127], len(m.data), m.reading] for m in answer.members],
    }
    return pack(header, text, *(m.data for m in answer.members))


def to_found(head: bytes, blob: bytes) -> Found:
    """A frame as an answer; the sender may be under a stranger's control, so its form is checked. Raises BadFrameError."""
    try:
        header = json.loads(head)
        at = int(header["text"])
        text = blob[:at].decode("utf-8")
        members = []
        for filename, content_type, size, reading in header["members"]:
            members.append(Member(str(filename), str(content_type), blob[at : at + int(size)], reading))
            at += int(size)
        if at != len(blob):
            raise BadFrameError("lengths")
        return Found(str(header["reading"]), text, tuple(members), str(header["note"])[:80])
    except (ValueError, KeyError, TypeError) as error:
        raise BadFrameError(type(error).__name__) from error
