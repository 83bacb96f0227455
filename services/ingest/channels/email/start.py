"""Starts what `channels/email.yaml` asks for."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import structlog
from faststream.nats import NatsBroker

from services.ingest.channels.email.imap_reader import MailboxReader
from services.ingest.channels.email.intake import Intake
from services.ingest.channels.email.settings import EmailSettings
from services.ingest.channels.email.smtp_listener import Listening, listening
from services.ingest.context import Ingest
from shared.leases import Lease, end
from shared.yaml_model import DefinitionError, load_model

FILE = "email.yaml"
_log = structlog.get_logger("ingest")


@asynccontextmanager
async def start(service: Ingest, _broker: NatsBroker) -> AsyncIterator[None]:
    """Nothing without the file. Raises DefinitionError for a wrong one."""
    path = service.settings.channels / FILE
    settings = check(service.settings.channels)
    if settings is None:
        yield
        return
    intake = Intake(service, settings)
    async with AsyncExitStack() as stack:
        stack.callback(intake.close)
        if settings.listener is not None:
            try:
                listener = await stack.enter_async_context(listening(settings.listener, path.parent, intake))
            except OSError as error:  # ssl.SSLError too
                raise DefinitionError(f"{path}:1: listener: {error}") from error
            service.parts[Listening] = listener
        for box in settings.mailboxes:
            lease = Lease(service.bus.js, f"mailbox.{box.id}", holder=secrets.token_hex(8), term_s=settings.takeover_s)
            reader = MailboxReader(box, path.parent, intake, lease)
            task = asyncio.create_task(reader.run(), name=f"mailbox-{box.id}")
            stack.push_async_callback(end, task, again_s=5.0)
        yield


def check(folder: Path) -> EmailSettings | None:
    """The settings; None without the file. Raises DefinitionError for a wrong one."""
    path = folder / FILE
    if not path.exists():
        return None
    settings = load_model(path, EmailSettings)
    _check_files(path, settings)
    return settings


def _check_files(path: Path, settings: EmailSettings) -> None:
    """Certificates must be there at the start; a secret may come later, from the job that renews it."""
    named = [("mailboxes", box.ca_file) for box in settings.mailboxes]
    if settings.listener is not None:
        named += [("listener", settings.listener.cert_file), ("listener", settings.listener.key_file)]
    missing = [(field, file) for field, file in named if file is not None and not (path.parent / file).is_file()]
    if missing:
        raise DefinitionError("\n".join(f"{path}:1: {field}: {file}: no such file" for field, file in missing))
