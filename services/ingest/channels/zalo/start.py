"""Puts the channel together when the service starts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial

from faststream.nats import NatsBroker

from services.ingest.channels.zalo import settings as zalo_settings
from services.ingest.channels.zalo.conversation import Patience
from services.ingest.channels.zalo.desk import Desk
from services.ingest.channels.zalo.fetcher import Fetcher
from services.ingest.channels.zalo.inbox import Inbox
from services.ingest.channels.zalo.media import Media
from services.ingest.channels.zalo.office import Keys, Office, patience_of
from services.ingest.channels.zalo.settings import Accounts
from services.ingest.channels.zalo.timer import keep_sweeping, on_trigger
from services.ingest.channels.zalo.webhook import Gate
from services.ingest.channels.zalo.withdrawal import Withdrawals
from services.ingest.context import Ingest
from services.ingest.spool import Spool, keep_draining
from shared import topology
from shared.clock import utc_now
from shared.consume import subscribe_raw
from shared.tasks import end


@asynccontextmanager
async def start(service: Ingest, broker: NatsBroker) -> AsyncIterator[None]:
    """Runs the channel while the service runs; without `zalo.yaml` it stays off. Raises DefinitionError for a wrong file."""
    accounts = zalo_settings.load(service.settings.channels)
    if accounts is None:
        yield
        return
    bus = service.bus
    keys = Keys(service.secrets.spool, service.secrets.pepper)
    folder = service.settings.spool or service.settings.data / "spool"
    spool = await asyncio.to_thread(Spool, folder / "zalo", keys.spool)
    desk = Desk(service.store, keys.spool, partial(_patience, accounts))
    async with AsyncExitStack() as stack:
        media = Media(accounts.settings.media)
        stack.push_async_callback(media.close)
        office = Office(
            accounts=accounts,
            desk=desk,
            media=media,
            blobs=bus.blobs,
            acceptor=service.acceptor,
            consultation=service.consultations.get,
            keys=keys,
            clock=utc_now,
        )
        withdrawals = Withdrawals(desk, office, service.store, bus.publisher, keys)
        fetcher = Fetcher(office)
        stack.push_async_callback(fetcher.close)
        inbox = Inbox(office, fetcher, withdrawals, bus, keys.spool)
        subscribe_raw(broker, topology.ZALO_INBOX, inbox, bus=bus)
        subscribe_raw(broker, topology.ZALO_DUE, partial(on_trigger, office, fetcher, bus), bus=bus)
        service.parts[Gate] = Gate(accounts, spool, keys.spool)
        tasks = (
            asyncio.create_task(keep_draining(spool, bus), name="zalo-spool"),
            asyncio.create_task(
                keep_sweeping(office, fetcher, desk, utc_now, accounts.settings.sweep_s), name="zalo-sweep"
            ),
        )
        try:
            yield
        finally:
            await end(*tasks)


def _patience(accounts: Accounts, oa: str) -> Patience:
    account = accounts.by_oa.get(oa)
    # An account that is no longer in the settings: its conversations wait, visible to every sweep.
    return patience_of(account) if account else Patience(quiet=timedelta(minutes=1), longest=timedelta(minutes=10))
