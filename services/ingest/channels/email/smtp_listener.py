"""The socket of the listener. Several replicas on one machine share the port; each keeps its own promise."""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from services.ingest.channels.email.intake import Intake
from services.ingest.channels.email.settings import Listener
from services.ingest.channels.email.smtp_handler import Handler
from services.ingest.channels.email.smtp_protocol import Busy, LmtpProtocol, Protocol, Room

MAILS_HELD = 4  # of the largest size, by all connections together: what they hold is held again while it is read
GOODBYE_S = 15.0  # for mails whose PubAck is on its way when the service ends
_log = structlog.get_logger("ingest")


@dataclass(frozen=True)
class Listening:
    """Where it listens in fact."""

    host: str
    port: int


@asynccontextmanager
async def listening(settings: Listener, base: Path, intake: Intake) -> AsyncIterator[Listening]:
    """Takes mail until the end; mails that are being accepted then get their answer first. Raises OSError for an occupied port."""
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # the library's log quotes addresses and mails
    loop = asyncio.get_running_loop()
    open_now: set[Protocol] = set()
    kind = LmtpProtocol if settings.protocol == "lmtp" else Protocol
    handler = Handler(intake, settings.protocol)
    context = _tls(settings, base)
    room = Room(MAILS_HELD * settings.max_size)

    def connection() -> asyncio.Protocol:
        if len(open_now) >= settings.max_connections:
            _log.warning("smtp.too_many_connections", limit=settings.max_connections)
            return Busy()
        protocol = kind(
            handler,
            on_end=open_now.discard,
            room=room,
            data_size_limit=settings.max_size,
            enable_SMTPUTF8=True,
            hostname=settings.hostname,
            ident="Ykien",
            tls_context=context,
            timeout=settings.timeout_s,
            auth_exclude_mechanism=("LOGIN", "PLAIN"),
            loop=loop,
        )
        open_now.add(protocol)
        return protocol

    host, port = settings.at
    server = await loop.create_server(connection, host, port, reuse_port=True)
    port = server.sockets[0].getsockname()[1]
    _log.info("smtp.listening", port=port, protocol=settings.protocol)
    try:
        yield Listening(host, port)
    finally:
        server.close()
        await _goodbye(open_now)
        await server.wait_closed()


async def _goodbye(open_now: set[Protocol]) -> None:
    loop = asyncio.get_running_loop()
    until = loop.time() + GOODBYE_S
    while open_now:
        for protocol in list(open_now):
            if not protocol.data_began or loop.time() > until:
                protocol.dismiss("421 4.3.2 Service shutting down")
        if loop.time() > until + 1:
            return
        await asyncio.sleep(0.05)


def _tls(settings: Listener, base: Path) -> ssl.SSLContext | None:
    if settings.cert_file is None or settings.key_file is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(base / settings.cert_file, base / settings.key_file)
    return context
