"""POST -> 202: the real ingest process (checks, receipt, group commit, its own status projection) against the bare floor."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import nats
from nats.js.api import StreamConfig

from tests.bench import floor_app
from tests.bench.http_load import load
from tests.bench.row import Row
from tests.bench.sample import SUBMISSION, WITH_IDENTITY
from tests.support.ingest_app import POST, make_settings, prepare_bus
from tests.support.nats_server import NatsServer, free_port

WARM_S, SECONDS = 2, 6
START_S = 30.0


def run() -> list[Row]:
    """Requests per second and p99 at 64 connections."""
    server = NatsServer()
    server.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            return _measure(server, Path(folder))
    finally:
        server.remove()


def _measure(server: NatsServer, folder: Path) -> list[Row]:
    asyncio.run(_prepare(server.url))
    plain, identity = folder / "plain.json", folder / "identity.json"
    plain.write_text(json.dumps(SUBMISSION, ensure_ascii=False))
    identity.write_text(json.dumps(WITH_IDENTITY, ensure_ascii=False))
    with _floor(server.url) as url:
        floor = _warm("bare ASGI, one publish per request", url, plain)
    with ingest_process(server.url, folder / "ingest") as url:
        rows = [
            _warm("ingest, no idempotency key", url + POST, plain),
            _warm("ingest, idempotency key", url + POST, plain, keyed=True),
            _warm("ingest, key and sealed identity", url + POST, identity, keyed=True),
        ]
    return [floor, *(row.against(floor) for row in rows)]


def _warm(name: str, url: str, body: Path, *, keyed: bool = False) -> Row:
    load(name, url, body, seconds=WARM_S, keyed=keyed)
    return load(name, url, body, seconds=SECONDS, keyed=keyed)


async def _prepare(url: str) -> None:
    await prepare_bus(url)
    connection = await nats.connect(url)
    await connection.jetstream().add_stream(StreamConfig(name=floor_app.STREAM, subjects=[floor_app.SUBJECT]))
    await connection.close()


@contextmanager
def ingest_process(nats_url: str, folder: Path) -> Iterator[str]:
    """`python -m services.ingest` as it is deployed, behind no gateway; its address."""
    port = free_port()
    settings, _ = make_settings(folder, nats_url, port=port)
    env = {f"YKIEN_{name.upper()}": str(value) for name, value in settings if value is not None}
    with _process([sys.executable, "-m", "services.ingest"], env, folder / "ingest.log", port, "/readyz") as url:
        yield url


@contextmanager
def _floor(nats_url: str) -> Iterator[str]:
    port = free_port()
    argv = [sys.executable, "-m", "tests.bench.floor_app", str(port), nats_url]
    with _process(argv, {}, Path(os.devnull), port, "/") as url:
        yield url


@contextmanager
def _process(argv: list[str], env: Mapping[str, str], log: Path, port: int, ready: str) -> Iterator[str]:
    url = f"http://127.0.0.1:{port}"
    base = {name: value for name, value in os.environ.items() if not name.startswith("YKIEN_")}
    with log.open("ab") as out:
        process = subprocess.Popen(argv, env=base | dict(env), stdout=out, stderr=out)
    try:
        _wait(process, url + ready)
        yield url
    finally:
        process.terminate()
        process.wait(30)


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(url, timeout=2).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError(f"{url} did not become ready")
