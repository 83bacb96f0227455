"""`kill -9` of ingest and of nats-server while letters come in: whatever was moved or answered with 250 is counted exactly once."""

import asyncio
import itertools
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiosmtplib
import pytest

from services.ingest.settings import IngestSettings
from tests.support.dovecot import Dovecot
from tests.support.email_channel import ADDRESS, DONE, IngestProcess, mail, mailbox, write_settings
from tests.support.ingest_app import make_settings, prepare_bus, submissions
from tests.support.nats_server import NatsServer, free_port
from tests.support.waiting import until

pytestmark = [pytest.mark.connected, pytest.mark.timeout(240)]
LEAST = 60
DEATHS = 6  # in turn: a replica of ingest, the other one, the bus


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    server = Dovecot()
    server.start()
    yield server
    server.remove()


@asynccontextmanager
async def replicas(
    server: NatsServer, folder: Path, settings: dict[str, Any]
) -> AsyncIterator[tuple[IngestSettings, list[IngestProcess]]]:
    """Two processes of ingest on the same data."""
    await prepare_bus(server.url)
    write_settings(folder, settings)
    made, _ = make_settings(folder, server.url)
    processes = [IngestProcess(made), IngestProcess(made)]
    try:
        for process in processes:
            await asyncio.to_thread(process.start)
        yield made, processes
    finally:
        for process in processes:
            await asyncio.to_thread(process.stop)


async def murder(processes: list[IngestProcess], server: NatsServer, chance: random.Random) -> None:
    """Everything dies in turn, twice, and is started again at once."""
    for death in range(DEATHS):
        await asyncio.sleep(chance.uniform(0.5, 1.5))
        if death % 3 == 2:
            await asyncio.to_thread(server.restart)
        else:
            processes[death % 3].kill()
            await asyncio.to_thread(processes[death % 3].start, wait_s=60)


def text(number: int) -> str:
    return f"Đề nghị bổ sung chỉ tiêu số {number} về giảm nghèo vào phần mục tiêu."


async def assert_each_once(settings: IngestSettings, sent: int) -> None:
    found = await submissions(settings)
    assert sent >= LEAST
    assert sorted(one.text.strip() for one in found) == sorted(text(n) for n in range(sent))
    assert len({one.submission_id for one in found}) == sent


async def test_every_mail_of_a_mailbox_is_counted_once_and_moved_once(
    nats_server: NatsServer, dovecot: Dovecot, tmp_path: Path
) -> None:
    folder = tmp_path / "ingest"
    wanted = {"mailboxes": [mailbox(dovecot, folder)], "takeover_s": 1.5}
    async with replicas(nats_server, folder, wanted) as (settings, processes):
        killing = asyncio.create_task(murder(processes, nats_server, random.Random(20250611)))
        sent = 0
        while not killing.done() or sent < LEAST:
            await asyncio.to_thread(dovecot.deliver, *(mail(text(n), id_=f"thu-{n}") for n in range(sent, sent + 6)))
            sent += 6
            await asyncio.sleep(0.2)
        await killing
        await until(lambda: dovecot.uids() == [], timeout_s=60, what="an empty INBOX")
        await assert_each_once(settings, sent)
        assert len(dovecot.uids(DONE)) == sent


async def test_every_mail_answered_with_250_is_counted_once(nats_server: NatsServer, tmp_path: Path) -> None:
    port = free_port()
    wanted = {"listener": {"listen": f"127.0.0.1:{port}"}}
    async with replicas(nats_server, tmp_path / "ingest", wanted) as (settings, processes):
        killing = asyncio.create_task(murder(processes, nats_server, random.Random(20250612)))
        numbers = itertools.count()
        sent: list[int] = []
        again = 0

        async def deliver(number: int) -> None:
            """As a mail server does: again and again until 250; any 5xx would be a lost letter."""
            nonlocal again
            while not await _delivered(port, number):
                again += 1
                await asyncio.sleep(0.2)

        async def sender() -> None:
            while not killing.done() or len(sent) < LEAST:
                number = next(numbers)
                await deliver(number)
                sent.append(number)

        await asyncio.gather(*(sender() for _ in range(4)), killing)
        assert again > 0, "nothing was killed in the middle of anything"
        await assert_each_once(settings, len(sent))


async def _delivered(port: int, number: int) -> bool:
    client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False, timeout=30)
    try:
        async with client:
            await client.sendmail("a@example.vn", [ADDRESS], mail(text(number), id_=f"thu-{number}"))
    except aiosmtplib.SMTPRecipientsRefused as error:
        refused = {one.code for one in error.recipients}
    except aiosmtplib.SMTPResponseException as error:
        refused = {error.code}
    except (aiosmtplib.SMTPException, OSError):
        return False  # cut off: the process died
    else:
        return True
    assert all(code < 500 for code in refused), refused
    return False
