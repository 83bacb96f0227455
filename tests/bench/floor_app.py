"""The floor of intake: a bare ASGI app that publishes each body with one JetStream publish of its own, and answers 202."""

import sys
from typing import Any

import nats
import uvicorn

STREAM, SUBJECT = "BENCH", "bench.floor"


class Bare:
    """No routing, no checks, no receipt: what any intake on this bus pays at least, one request at a time."""

    def __init__(self, nats_url: str) -> None:
        self._url = nats_url
        self._js: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        body, more = b"", True
        while more:
            part = await receive()
            body += part.get("body", b"")
            more = part.get("more_body", False)
        if scope["method"] == "POST":
            await self._js.publish(SUBJECT, body)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 202, "headers": headers})
        await send({"type": "http.response.body", "body": b"{}"})

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        connection = await nats.connect(self._url)
        self._js = connection.jetstream()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await connection.close()
        await send({"type": "lifespan.shutdown.complete"})


if __name__ == "__main__":
    uvicorn.run(Bare(sys.argv[2]), port=int(sys.argv[1]), access_log=False, log_level="warning")
