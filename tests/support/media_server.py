"""A small HTTP server for files: each path answers as it was told to, and every request is noted."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.support.nats_server import free_port


@dataclass
class Answer:
    """What a path answers; `after_s` is the pause before the body, `times` how often before `then` takes its place."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    after_s: float = 0.0
    times: int = 0
    then: "Answer | None" = None


class MediaServer:
    """Paths and what was asked."""

    def __init__(self) -> None:
        self.host = f"127.0.0.1:{free_port()}"
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []

    def url(self, path: str, answer: Answer | bytes) -> str:
        """Puts the answer there."""
        self.answers[path] = answer if isinstance(answer, Answer) else Answer(answer)
        return f"http://{self.host}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request per connection."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ")[1].decode()
            self.asked.append(path)
            answer = self.answers.get(path, Answer(status=404))
            if answer.then is not None and self.asked.count(path) > answer.times:
                answer = answer.then
            lines = {"Content-Length": str(len(answer.body)), "Connection": "close"} | answer.headers
            said = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
            writer.write(f"HTTP/1.1 {answer.status} X\r\n{said}\r\n".encode())
            await writer.drain()
            await asyncio.sleep(answer.after_s)
            writer.write(answer.body)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client left, or the test is over
        finally:
            writer.close()


@asynccontextmanager
async def media_server() -> AsyncIterator[MediaServer]:
    """Serves until left."""
    found = MediaServer()
    host, port = found.host.split(":")
    serve: Callable[..., object] = found.serve
    server = await asyncio.start_server(serve, host, int(port))  # type: ignore[arg-type]
    try:
        yield found
    finally:
        server.close()
