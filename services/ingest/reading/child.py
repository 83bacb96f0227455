"""The process apart: frames in on standard input, one answer each on standard output, until the input ends.

`python -m services.ingest.reading.child`, started by `process.py` with an empty environment.
"""

import json
import logging
import os
import sys
import warnings
from typing import BinaryIO

from services.ingest.reading import frames, limits, sandbox


def serve(source: BinaryIO, sink: BinaryIO) -> int:
    """Answers until the input ends."""
    from services.ingest.reading.read import (
        read,  # all libraries, before the lock: one that is missing is no file's fault
    )

    sandbox.lock()
    if hasattr(os, "nice"):
        os.nice(limits.NICE)
    _send(sink, frames.pack({"ready": True}))
    while sizes := source.read(frames.SIZES.size):
        head, blob = frames.sizes(sizes)
        header = json.loads(source.read(head))
        data = source.read(blob)
        sandbox.grant_time()
        answer = read(data, header["content_type"], header["filename"])
        _send(sink, frames.of_found(answer))
        del data, answer
    return 0


def _send(sink: BinaryIO, frame: bytes) -> None:
    sink.write(frame)
    sink.flush()


def main() -> None:
    """Keeps the real standard output for frames: a library that prints must not be able to break them."""
    warnings.simplefilter("ignore")
    logging.disable()
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.exit(serve(sys.stdin.buffer, sink))


if __name__ == "__main__":
    main()
