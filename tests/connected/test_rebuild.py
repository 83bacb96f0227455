"""`ykien rebuild`: the projection made anew equals the one it replaces, while submissions keep coming."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import nats
import pytest

import deploy.rebuild
from deploy.demo.inbox import Inbox
from deploy.embedded.layout import Layout
from deploy.rebuild import plan_of
from deploy.secrets import secret_environment
from shared.broker import connect
from shared.consultation_yaml import load
from shared.events import OpinionReviewed
from shared.publisher import Publisher
from shared.settings import ServiceSettings, read_secret
from shared.store.open import open_store
from tests.support.cli import Cli
from tests.support.embedded import EmbeddedProcess
from tests.support.nats_server import free_port
from tests.support.report_events import aggregate, withdrawn
from tests.support.waiting import until

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("ingest", "classify", "report", "notify")
RECIPIENTS = len(load(ROOT / "consultations" / "dien-bien-2025.yaml").recipients)
BASE = "/api/v1/consultations/dien-bien-2025"
Dump = dict[str, dict[str, Any]]


class Site:
    """An embedded system with a mailbox, and what was posted to it."""

    def __init__(self, folder: Path) -> None:
        self.inbox = Inbox(folder / "inbox")
        self.inbox.start(free_port())
        smtp = {"YKIEN_SMTP_HOST": "127.0.0.1", "YKIEN_SMTP_PORT": str(self.inbox.port)}
        env = {"YKIEN_RATE_LIMIT": "off", "YKIEN_ACK_WAIT_S": "2", "YKIEN_SMTP_FROM": "ykien@dienbien.example"} | smtp
        self.process = EmbeddedProcess(folder / "data", env=env)
        self.cli = Cli(folder / "state", ROOT)
        self.posted = 0

    def client(self) -> httpx.AsyncClient:
        """Speaks as the operator."""
        headers = {"Authorization": f"Bearer {self.process.token}"}
        return httpx.AsyncClient(base_url=self.process.url, headers=headers, timeout=60, trust_env=False)

    async def post(self, client: httpx.AsyncClient) -> None:
        """One more submission: every third from the same person with the same words, every second with an address."""
        n = self.posted
        text = (
            "Nhất trí với dự thảo."
            if n % 3 == 0
            else f"Đề nghị bổ sung giải pháp số {n} về du lịch, trang {n % 9 + 1}."
        )
        person = {"phone": "0911222333"} if n % 3 == 0 else {"email": f"mau{n}@example.com"} if n % 2 else {}
        answer = await client.post(f"{BASE}/submissions", json={"text": text, "respondent": person})
        assert answer.status_code == httpx.codes.ACCEPTED, answer.text
        self.posted += 1

    async def settled(self, client: httpx.AsyncClient) -> dict[str, int]:
        """The line once everything is counted and every mail is out."""
        line: dict[str, int] = {}

        async def done() -> bool:
            line.update((await client.get(f"{BASE}/reconciliation")).json())
            settled = line["received"] == self.posted and line["pending"] == 0
            return settled and not await _waiting(self.nats_url)

        await until(done, 60, f"{self.posted} are settled")
        return line

    @property
    def nats_url(self) -> str:
        """The bus, with its password."""
        layout = Layout(self.process.data)
        port = json.loads((layout.run / "ports.json").read_text())["nats"]
        return f"nats://ykien:{read_secret(layout.secrets / 'nats.password').decode()}@127.0.0.1:{port}"

    def dump(self, service: str) -> Dump:
        """Every document of the service's projection, and how far it has folded."""
        layout = Layout(self.process.data)
        plan = plan_of(service, secret_environment(layout.secrets))
        found: Dump = {}
        with closing(sqlite3.connect(f"file:{layout.databases / service}.sqlite3?mode=ro", uri=True)) as database:
            for collection in plan.collections:
                rows = database.execute(f'SELECT id, doc FROM "doc_{collection.name}"')  # noqa: S608 - our own names
                found[collection.name] = {id_: json.loads(doc) for id_, doc in rows}
                if (
                    collection.name == "near_bands"
                ):  # of heads that share a band any may stand there: each is asked in turn
                    found[collection.name] = dict.fromkeys(found[collection.name], True)
        return found


async def _waiting(url: str) -> int:
    """How much the consumers still have before them."""
    connection = await nats.connect(url)
    try:
        js = connection.jetstream()
        infos = [*await js.consumers_info("EVENTS"), *await js.consumers_info("WORK")]
        return sum((i.num_pending or 0) + (i.num_ack_pending or 0) for i in infos)
    finally:
        await connection.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Started, with some submissions and one published report; shared, so tests count from what they find."""
    one = Site(tmp_path_factory.mktemp("site"))
    one.process.start()
    try:
        asyncio.run(_filled(one))
        yield one
    finally:
        code = one.process.stop()
        one.inbox.stop()
    assert code == 0


async def _filled(site: Site) -> None:
    async with site.client() as client:
        for _ in range(40):
            await site.post(client)
        await site.settled(client)
        await _told_by_others(site)
        await site.settled(client)
        (await client.post(f"{BASE}/reports", json={"publish": True})).raise_for_status()


async def _told_by_others(site: Site) -> None:
    """One submission is taken back, readers correct others, and another body sends figures of its own."""
    connection = await connect(ServiceSettings(nats_url=site.nats_url))
    publisher = Publisher(connection, source="ykien/test")
    try:
        known = site.dump("classify")["results"]
        await publisher.publish(withdrawn(1).model_copy(update={"submission_id": next(iter(known))}))
        for number, doc in enumerate(list(known.values())[1:9]):
            await publisher.publish(_corrected(doc["event"], number))
        await publisher.publish(aggregate(agree=7))
    finally:
        await publisher.close()
        await connection.close()


def _corrected(event: dict[str, Any], number: int) -> OpinionReviewed:
    """A reader's decision about the first opinion of a result, its span shortened now and then."""
    opinion = event["opinions"][0]
    cut = {"start": opinion["start"], "end": opinion["start"] + 20} if number % 3 == 2 else {}
    return OpinionReviewed.model_validate(
        {
            "consultation": event["consultation"],
            "review_id": f"review-{number}",
            "submission_id": event["submission_id"],
            "opinion_id": opinion["opinion_id"],
            "reviewer": "can-bo-1",
            "reviewed_at": datetime(2025, 6, 18, tzinfo=UTC),
            "topics": [1 + number % 3],
            "stance": "supplement",
            "confirmed": False,
            "kind": "sample" if number % 4 == 3 else "queue",
            **cut,
        }
    )


@asynccontextmanager
async def _posting(site: Site, client: httpx.AsyncClient) -> AsyncIterator[None]:
    """Submissions keep coming meanwhile."""
    enough = asyncio.Event()

    async def keep_posting() -> None:
        while not enough.is_set():
            await site.post(client)
            await asyncio.sleep(0.05)

    task = asyncio.create_task(keep_posting())
    try:
        yield
    finally:
        enough.set()
        await task


async def test_rebuilt_documents_equal_the_old_ones_and_nothing_posted_meanwhile_is_lost(site: Site) -> None:
    async with site.client() as client:
        async with _posting(site, client):
            for service in SERVICES:
                answer = await asyncio.to_thread(site.cli.run, "rebuild", service)
                assert answer.code == 0, answer.err
                assert answer.out.startswith(f"rebuilt: {service} events=")
        line = await site.settled(client)
        assert site.posted > 45
        assert line["duplicate"] == (site.posted + 2) // 3 - 1
        assert line["counted"] == site.posted - line["duplicate"]
        before = {service: site.dump(service) for service in SERVICES}
        mails = site.inbox.kinds().total()
        for service in SERVICES:
            assert all(before[service].values()), service
            assert (await asyncio.to_thread(site.cli.run, "rebuild", service)).code == 0
            assert site.dump(service) == before[service]
        assert await site.settled(client) == line
        assert site.inbox.kinds().total() == mails  # nothing was sent again
        assert site.inbox.kinds()["digest"] == RECIPIENTS


async def test_an_interrupted_rebuild_is_told_by_doctor_and_mended_by_the_next(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with site.client() as client:
        line = await site.settled(client)
        before = site.dump("report")
        monkeypatch.setattr(deploy.rebuild, "BATCH", 8)
        with pytest.raises(KeyboardInterrupt):
            await _interrupted(site)
        assert site.dump("report") != before
        env = {"YKIEN_SMTP_HOST": "127.0.0.1"}
        told = await asyncio.to_thread(site.cli.run, "doctor", "--data", site.process.data, env=env)
        assert told.code == 1
        assert "consumer report is paused: a rebuild did not finish" in told.out
        assert "mend: ykien rebuild report" in told.out
        refused = await asyncio.to_thread(
            site.cli.run, "report", "--consultation", "dien-bien-2025", "--out", tmp_path / "out"
        )
        assert refused.code == 3  # no report of half a projection
        await site.post(client)
        assert (await asyncio.to_thread(site.cli.run, "rebuild", "report")).code == 0
        after = await site.settled(client)
        assert after["received"] == line["received"] + 1
        told = await asyncio.to_thread(site.cli.run, "doctor", "--data", site.process.data, env=env)
        assert told.code == 0, told.out
        documents = site.dump("report")
        assert all(documents[name].items() >= before[name].items() for name in before)


async def _interrupted(site: Site) -> None:
    """The rebuild as the command does it, cut off after the first batch."""

    def cut_off(done: int, total: int) -> None:
        assert done < total
        raise KeyboardInterrupt

    layout = Layout(site.process.data)
    plan = plan_of("report", secret_environment(layout.secrets))
    store = open_store(ServiceSettings(data=layout.databases), "report", plan.collections)
    await store.open()
    connection = await nats.connect(site.nats_url)
    try:
        await deploy.rebuild.rebuild(connection.jetstream(), store, plan, cut_off)
    finally:
        await connection.close()
        await store.close()


def test_a_rebuild_without_a_system_is_exit_3_and_an_unknown_service_exit_2(tmp_path: Path) -> None:
    cli = Cli(tmp_path / "state", ROOT)
    assert cli.run("rebuild", "khong-co").code == 2
    away = cli.run("rebuild", "report", env={"YKIEN_NATS_URL": "nats://127.0.0.1:9", "YKIEN_DATA": str(tmp_path)})
    assert (away.code, away.out) == (3, "")
