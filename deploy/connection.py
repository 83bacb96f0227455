"""A short connection to the bus for an operator's command: it tells at once when nobody answers."""

import nats
import structlog
from nats.aio.client import Client

log = structlog.get_logger()


async def connect_once(urls: str, *, timeout_s: float = 5.0) -> Client:
    """Connects to one of the comma-separated servers, each tried twice. Raises OSError, nats.errors.Error, TimeoutError."""
    return await nats.connect(
        urls.split(","),
        connect_timeout=timeout_s,
        allow_reconnect=False,
        max_reconnect_attempts=1,
        reconnect_time_wait=0.2,  # the client's own 2 s are for services
        error_cb=_on_error,
    )


async def _on_error(error: Exception) -> None:
    """What matters reaches the caller as an exception; nats-py would print a stack trace besides."""
    log.debug("bus error", error=type(error).__name__)
