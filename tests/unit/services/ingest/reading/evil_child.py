"""The reading process, turned by the file it reads: `!deed` is done where a library would have been led astray."""

import os
import signal
import sys
import time
from pathlib import Path

from services.ingest.reading import child, limits
from services.ingest.reading.formats import plain

_read = plain.read
limits.CPU_S = 1


def _do(deed: str) -> str:
    if deed == "crash":
        os._exit(1)
    elif deed == "abort":
        os.abort()
    elif deed == "kill":
        signal.raise_signal(signal.SIGKILL)
    elif deed == "memory":
        bytearray(2 << 30)
    elif deed in {"loop", "cpu"}:
        while True:
            pass
    elif deed == "sleep":
        time.sleep(60)
    elif deed == "rubbish":
        for fd in range(3, 10):
            try:
                os.write(fd, b"\0\0\0\x05\0\0\0\0hello")
            except OSError:
                continue
        time.sleep(5)
    elif deed == "huge-frame":
        for fd in range(3, 10):
            try:
                os.write(fd, b"\xff" * 8)
            except OSError:
                continue
        time.sleep(5)
    try:
        if deed == "write":
            Path("out.txt").write_text("x")
        elif deed == "socket":
            import socket

            socket.create_connection(("127.0.0.1", 9), timeout=1)
        elif deed == "run":
            os.system("true")  # noqa: S605
        elif deed == "fork":
            os.fork()
        elif deed == "secret":
            return "refused" if not any("YKIEN" in name for name in os.environ) else "known"
    except PermissionError:
        return "refused"
    return "done"


def _turned(data: bytes) -> object:
    found = _read(data)
    if found.text.startswith("!"):
        return type(found)("text", _do(found.text[1:]))
    return found


plain.read = _turned  # type: ignore[assignment]
if __name__ == "__main__":
    child.main()
    sys.exit()
