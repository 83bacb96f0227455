"""The checks of `ykien doctor`; each looks at one thing and says how to mend it."""

import asyncio
import os
import shutil
import sqlite3
import stat
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from deploy.connection import connect_once
from deploy.embedded.binaries import find
from deploy.embedded.layout import Layout, running
from deploy.finding import Finding
from shared import topology
from shared.consultation_yaml import DefinitionError, load
from shared.errors import Permanent, Transient
from shared.settings import ServiceSettings, SettingsError
from shared.store.open import open_store

LOW_DISK_BYTES = 2 * 2**30


async def examine(data: Path, definitions: Path) -> list[Finding]:
    """Everything that can be looked at from here, in the order in which it is needed."""
    findings = [*_versions(), *_settings(), *_definitions(definitions)]
    if not _bus_is_named():
        findings += _data_folder(data)
        findings += await _channels(data, definitions)
    findings += [finding async for finding in _running_system(data)]
    return findings


def _bus_is_named() -> bool:
    """Whether the environment points at a bus: then this is no embedded run (compose), and there is no data folder to look at."""
    return any(os.environ.get(f"YKIEN_NATS_URL{suffix}") for suffix in ("", "_FILE"))


def _versions() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield (
        Finding("ok", f"Python {version}")
        if sys.version_info >= (3, 11)
        else Finding("fault", f"Python {version}", "install Python 3.11 or newer")
    )
    yield (
        Finding("ok", f"SQLite {sqlite3.sqlite_version}")
        if sqlite3.sqlite_version_info >= (3, 38)
        else Finding(
            "fault", f"SQLite {sqlite3.sqlite_version}", "3.38 or newer is needed: use a newer Python or system"
        )
    )
    for program in ("nats-server", "caddy"):
        try:
            yield Finding("ok", f"{program}: {find(program)}")
        except Permanent as error:
            yield Finding("fault", str(error), "make setup")


def _settings() -> Iterator[Finding]:
    try:
        settings = ServiceSettings.from_env(os.environ)
    except SettingsError as error:
        yield Finding("fault", f"environment: {error}", "correct or unset the variable")
        return
    engine = "MongoDB (YKIEN_MONGO_URL)" if settings.mongo_url else "SQLite"
    yield Finding("ok", f"storage engine: {engine}")
    if not os.environ.get("YKIEN_SMTP_HOST"):
        yield Finding(
            "warn",
            "no mail server is set: digests and receipts wait in the stream",
            "set YKIEN_SMTP_HOST and YKIEN_SMTP_FROM",
        )


def _definitions(folder: Path) -> Iterator[Finding]:
    files = sorted(folder.glob("*.yaml"))
    if not files:
        yield Finding(
            "warn", f"no consultation definitions in {folder}", "run from the project folder or give --definitions"
        )
    for file in files:
        try:
            yield Finding("ok", f"definition {load(file).id}")
        except DefinitionError as error:
            yield Finding("fault", str(error), "correct the file; `ykien consultation validate FILE` checks it")


def _data_folder(data: Path) -> Iterator[Finding]:
    existing = next(p for p in (data.resolve(), *data.resolve().parents) if p.exists())
    free = shutil.disk_usage(existing).free
    what = f"free disk at {existing}: {free / 2**30:.1f} GiB"
    yield (
        Finding("ok", what)
        if free >= LOW_DISK_BYTES
        else Finding("fault", what, "make room: a full disk refuses submissions")
    )
    if not os.access(existing, os.W_OK):
        yield Finding("fault", f"{existing} cannot be written", "choose another --data or give this user the right")
    secrets = Layout(data).secrets
    if secrets.is_dir():
        loose = [p.name for p in secrets.iterdir() if p.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
        yield (
            Finding("fault", f"secrets others can read: {', '.join(loose)}", f"chmod 600 {secrets}/*")
            if loose
            else Finding("ok", f"secrets in {secrets}")
        )


async def _channels(data: Path, definitions: Path) -> list[Finding]:
    found = running(data=data)
    if found is None and not Layout(data).channels.is_dir():
        found = running()
    layout = Layout(Path(found.data) if found else data)
    if not any(layout.channels.glob("*.y*ml")):
        return []
    try:
        from deploy import doctor_channels
    except ModuleNotFoundError as error:
        return [Finding("warn", f"the channels' settings were not looked at: no {error.name} here", "make setup")]
    folders = (definitions, layout.definitions)
    return await doctor_channels.examine(layout.channels, folders, runs=found is not None)


async def _running_system(data: Path) -> AsyncIterator[Finding]:
    found = running(data=data) or running()
    try:
        settings = ServiceSettings.from_env(os.environ)
    except SettingsError:
        return  # told above
    url = settings.nats_url if _bus_is_named() else None
    url = url or (found.nats_url if found else None)
    if url is None:
        yield Finding("warn", "no system runs here", "make up")
        return
    if found is not None:
        yield await _gateway(found.url)
    try:
        connection = await connect_once(url, timeout_s=3)
    except (OSError, NatsError, TimeoutError) as error:
        yield Finding(
            "away",
            f"the bus does not answer ({type(error).__name__})",
            "is nats-server running? see DATA/logs/nats.log",
        )
        return
    try:
        js = connection.jetstream()
        version = connection.connected_server_version
        yield Finding("ok", f"nats-server {version.major}.{version.minor}.{version.patch}")
        async for finding in _topology(js):
            yield finding
    finally:
        await connection.close()
    async for finding in _databases(Layout(Path(found.data)).databases if found else data):
        yield finding


async def _gateway(url: str) -> Finding:
    try:
        async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
            response = await client.get(f"{url}/readyz")
    except httpx.HTTPError as error:
        return Finding("away", f"{url} does not answer ({type(error).__name__})", "see DATA/logs/gateway.log")
    if response.status_code == httpx.codes.OK:
        return Finding("ok", f"{url} accepts work")
    return Finding("away", f"{url} answers {response.status_code}", "see DATA/logs/")


async def _topology(js: JetStreamContext) -> AsyncIterator[Finding]:
    for stream in topology.STREAMS:
        try:
            state = (await js.stream_info(stream.name)).state
        except NotFoundError:
            yield Finding("fault", f"stream {stream.name} is missing", "start the system again: it provisions the bus")
            continue
        letters = stream is topology.DEAD_LETTERS and state.messages > 0
        yield (
            Finding("warn", f"{state.messages} dead letters", "ykien dlq list")
            if letters
            else Finding("ok", f"stream {stream.name}: {state.messages} messages")
        )
    for consumer in topology.CONSUMERS:
        try:
            info = await js.consumer_info(consumer.stream, consumer.name)
        except NotFoundError:
            yield Finding(
                "fault", f"consumer {consumer.name} is missing", "start the system again: it provisions the bus"
            )
            continue
        if getattr(info, "paused", False):
            yield Finding(
                "fault",
                f"consumer {consumer.name} is paused: a rebuild did not finish",
                f"ykien rebuild {consumer.name.partition('-')[0]}",
            )
        elif info.num_pending:
            yield Finding("ok", f"consumer {consumer.name}: {info.num_pending} waiting")


async def _databases(databases: Path) -> AsyncIterator[Finding]:
    settings = ServiceSettings.from_env(dict(os.environ) | {"YKIEN_DATA": str(databases)})
    for service in ("ingest", "classify", "report", "notify"):
        store = open_store(settings, service, ())
        try:
            async with asyncio.timeout(10):
                await store.open()
                await store.ping()
            yield Finding("ok", f"database of {service}")
        except (Transient, Permanent, TimeoutError) as error:
            yield Finding("away", f"database of {service}: {error}", "check YKIEN_MONGO_URL or the data folder")
        finally:
            await store.close()
