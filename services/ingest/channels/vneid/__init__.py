"""Signed messages of VNeID, or of any issuer that keeps the neutral contract (formats.md §3): submissions and counts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import structlog
from faststream.nats import NatsBroker

from services.ingest.channels.channel import Channel
from services.ingest.channels.vneid import routes
from services.ingest.channels.vneid.batches import BATCHES
from services.ingest.channels.vneid.key_source import FileKeys, HttpKeys, KeySource
from services.ingest.channels.vneid.keys import UnusableKeys
from services.ingest.channels.vneid.settings import FILE, Issuer, VneidSettings
from services.ingest.context import Ingest
from shared.tasks import end
from shared.yaml_model import DefinitionError, load_model

log = structlog.get_logger("ingest")


@asynccontextmanager
async def _start(service: Ingest, _broker: NatsBroker) -> AsyncIterator[None]:
    path = service.settings.channels / FILE
    settings = _check(service.settings.channels)
    if settings is None:
        yield
        return
    async with AsyncExitStack() as stack:
        sources = {issuer.id: await _source(issuer, path, stack) for issuer in settings.issuers}
        service.parts[routes.Vneid] = routes.Vneid(settings, sources)
        yield


def _check(folder: Path) -> VneidSettings | None:
    path = folder / FILE
    return load_model(path, VneidSettings) if path.exists() else None


async def _source(issuer: Issuer, path: Path, stack: AsyncExitStack) -> KeySource:
    if issuer.jwks_file is not None:
        try:
            return FileKeys(issuer.id, path.parent / issuer.jwks_file)
        except UnusableKeys as error:
            raise DefinitionError(f"{path}:1: issuers: {issuer.id}: jwks_file: {error}") from error
    # The environment's proxies are left aside: keys come only from where the file says.
    http = await stack.enter_async_context(httpx.AsyncClient(trust_env=False, proxy=issuer.proxy, timeout=5.0))
    source = HttpKeys(issuer.id, issuer.jwks_url or "", http, cache_s=issuer.jwks_cache_s)
    keeper = asyncio.create_task(source.keep(), name=f"vneid-keys-{issuer.id}")
    keeper.add_done_callback(_tell_end)
    stack.push_async_callback(_end, keeper)
    return source


def _tell_end(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.critical("vneid.keeper_ended", task=task.get_name(), error=type(error).__name__)


async def _end(task: "asyncio.Task[None]") -> None:
    await end(task)


channel = Channel("vneid", (routes.submit, routes.aggregate), (BATCHES,), _start, _check)
