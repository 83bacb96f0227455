"""Connections to NATS that reconnect without end; one that is closed for good ends the process, to be restarted."""

import asyncio
import logging
import os
import signal
from contextlib import suppress
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

import nats.errors
import structlog
from faststream.nats import NatsBroker
from faststream.nats.security import NatsUserPassword
from nats.aio.client import Client
from nats.errors import ConnectionReconnectingError

from shared.settings import ServiceSettings

log = structlog.get_logger()

RECONNECT_WAIT_S = 0.25
PING_INTERVAL_S = 10  # a dead peer is noticed after two of these


class Connection(Client):
    """A client that knows whether somebody closed it on purpose."""

    leaving = False

    async def close(self) -> None:
        self.leaving = True
        with suppress(OSError):  # the last flush, when the server is away
            await super().close()

    async def drain(self) -> None:
        self.leaving = True
        await super().drain()


class Broker(NatsBroker):
    """FastStream's broker; knows whether it was stopped on purpose."""

    leaving = False

    async def stop(self, *args: Any, **kwargs: Any) -> None:
        self.leaving = True
        with suppress(OSError):  # the last flush, when the server is away
            try:
                await super().stop(*args, **kwargs)
            except ConnectionReconnectingError:  # nothing can be drained while the server is away
                if self._connection is not None:
                    await self._connection.close()


async def connect(settings: ServiceSettings, *, name: str = "ykien") -> Connection:
    """Connects, waiting for the server as long as it takes; reconnects without end."""
    connection = Connection()

    async def closed() -> None:
        if not connection.leaving:
            end_process(name)

    user, password = _credentials(settings)
    await connection.connect(
        servers=_servers(settings),
        name=name,
        user=user,
        password=password,
        max_reconnect_attempts=-1,
        reconnect_time_wait=RECONNECT_WAIT_S,  # type: ignore[arg-type]  # seconds, fractions work
        ping_interval=PING_INTERVAL_S,
        error_cb=_on_error,
        disconnected_cb=_on_disconnected,
        reconnected_cb=_on_reconnected,
        closed_cb=closed,
    )
    return connection


def make_broker(settings: ServiceSettings) -> NatsBroker:
    """The FastStream broker of a service, not started. Handlers get messages as they are: settlement is ours."""

    async def closed() -> None:
        if not broker.leaving:
            end_process("subscriptions")

    broker = Broker(
        _servers(settings),
        name="ykien-subscriptions",
        security=_security(settings),
        apply_types=False,
        log_level=logging.DEBUG,  # FastStream tells two lines per message
        logger=logging.getLogger("ykien.faststream"),
        max_reconnect_attempts=-1,
        reconnect_time_wait=RECONNECT_WAIT_S,  # type: ignore[arg-type]  # seconds, fractions work
        ping_interval=PING_INTERVAL_S,
        graceful_timeout=15.0,
        error_cb=_on_error,
        closed_cb=closed,
    )
    return broker


def _urls(settings: ServiceSettings) -> list[SplitResult]:
    return [urlsplit(url.strip()) for url in settings.nats_url.split(",") if url.strip()]


def _servers(settings: ServiceSettings) -> list[str]:
    """The URLs without their credentials (see `_credentials`)."""
    return [urlunsplit(url._replace(netloc=url.netloc.rpartition("@")[2])) for url in _urls(settings)]


def _credentials(settings: ServiceSettings) -> tuple[str, str] | tuple[None, None]:
    """User and password of the URLs, as options of the connection.

    They must not stay in the URLs alone: a cluster tells its clients of further servers, nats-py tries these without the
    credentials of the others, is refused, and closes for good without telling its callback.
    """
    for url in _urls(settings):
        if url.username is not None and url.password is not None:
            return unquote(url.username), unquote(url.password)
    return None, None


def _security(settings: ServiceSettings) -> NatsUserPassword | None:
    user, password = _credentials(settings)
    return None if user is None or password is None else NatsUserPassword(username=user, password=password)


async def _on_error(error: Exception) -> None:
    if isinstance(error, nats.errors.AuthorizationError):  # it retries for ever, so it must be seen
        log.error("the bus refuses our password: check YKIEN_NATS_URL")
    else:
        log.debug("bus error", error=type(error).__name__)


async def _on_disconnected() -> None:
    log.warning("bus disconnected")


async def _on_reconnected() -> None:
    log.info("bus reconnected")


def end_process(name: str) -> None:
    """A closed client never comes back: leave, the supervisor starts us anew."""
    log.critical("bus connection closed for good, leaving", connection=name)
    asyncio.get_running_loop().call_soon(os.kill, os.getpid(), signal.SIGTERM)
