"""The operator with a browser and no JavaScript: logs in, reads the dashboard, downloads a report, logs out."""

import asyncio
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from shared.broker import connect
from shared.bus import open_bus
from shared.events import Event, Outcome, Stance
from shared.provision import provision
from shared.settings import ServiceSettings
from tests.support.browser import CHROMIUM, MARKS, SIZES, follow, look
from tests.support.nats_server import NatsServer, free_port
from tests.support.report_app import PASSWORD, define, make_settings, publish
from tests.support.report_events import ID, classified, definition, opinion, received
from tests.support.sample_texts import TEXTS
from tests.support.waiting import until_served

pytestmark = MARKS
SUBMISSIONS = 420


def story() -> list[Event]:
    """Two weeks of invented submissions over all channels, units and stances."""
    dice = random.Random(7)
    known = definition()
    channels = [c.id for c in known.channels]
    units = [None, None, *(u.id for u in known.units[:9])]
    places = [None, *(p.code for p in known.localities[:8])]
    stances = [s for s in Stance for _ in range(6 if s in (Stance.AGREE, Stance.SUPPLEMENT) else 2)]
    first: list[Event] = []
    second: list[Event] = []
    for n in range(1, SUBMISSIONS + 1):
        at = datetime(2025, 6, 11, 1, tzinfo=UTC) + timedelta(hours=dice.triangular(0, 230, 200))
        channel = dice.choices(channels, weights=range(len(channels), 0, -1))[0]
        who = {"unit": dice.choice(units), "locality": dice.choice(places), "group": None}
        first.append(received(n, channel=channel, at=at, **{k: v for k, v in who.items() if v}))
        if n > SUBMISSIONS - 6:
            continue
        outcome = dice.choices(list(Outcome), weights=(90, 6, 2, 2))[0]
        kept = outcome is Outcome.COUNTED
        found = [
            opinion(n, k, topic=dice.choice((1, 2, 3, 4, 4, 5, 5, 6, 6, 7, 0)), stance=dice.choice(stances), text=text)
            for k, text in enumerate(dice.sample(TEXTS, dice.randint(1, min(3, len(TEXTS)))))
        ]
        second.append(classified(n, *(found if kept else ()), outcome=outcome, channel=channel, at=at, **who))
    return first + second


async def fill(url: str) -> None:
    settings = ServiceSettings(nats_url=url)
    nc = await connect(settings)
    await provision(nc.jetstream(), ack_wait_s=30)
    await nc.close()
    async with open_bus(settings, "test") as bus:
        await define(bus)
        events = story()
        for n in range(0, len(events), 100):
            await asyncio.gather(*(publish(bus, event) for event in events[n : n + 100]))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`python -m services.report` on a bus of its own with a story in it; the base URL."""
    folder = tmp_path_factory.mktemp("report")
    nats = NatsServer()
    nats.start()
    asyncio.run(fill(nats.url))
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    values = make_settings(folder, nats.url, port=port, public_url=url).model_dump(mode="json", exclude_none=True)
    env = {**os.environ, **{f"YKIEN_{name.upper()}": str(value) for name, value in values.items()}}
    process = subprocess.Popen([sys.executable, "-m", "services.report"], env=env, stderr=(folder / "log").open("wb"))
    try:
        until_served(f"{url}/readyz", process, folder / "log", "ready")
        until_served(f"{url}/api/v1/consultations/{ID}/reconciliation", process, folder / "log", '"pending":6')
        yield url
    finally:
        process.terminate()
        code = process.wait(30)
        nats.remove()
    assert code == 0, (folder / "log").read_text()[-3000:]


@pytest.fixture(scope="module")
def browser(site: str) -> Iterator[Browser]:  # after the site: playwright leaves a loop running in this thread
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(params=list(SIZES))
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = SIZES[request.param]
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": width, "height": height}, locale="vi-VN"
    )
    yield context.new_page()
    context.close()


def test_the_operator_logs_in_reads_the_figures_and_takes_a_report_home(page: Page, site: str) -> None:
    page.goto(f"{site}/bao-cao/{ID}")
    assert page.title().startswith("Đăng nhập")
    look(page, "login")
    page.fill("#ten_dang_nhap", "vanphong")
    page.fill("#mat_khau", "sai")
    follow(page, page.get_by_role("button", name="Đăng nhập"))
    assert "không đúng" in page.inner_text("[role=alert]")
    page.fill("#ten_dang_nhap", "vanphong")
    page.fill("#mat_khau", PASSWORD)
    follow(page, page.get_by_role("button", name="Đăng nhập"))
    assert page.url == f"{site}/bao-cao/{ID}"
    assert page.inner_text("table.line td.received") == "420"
    assert "Cân đối" in page.inner_text("table.line")
    numbers = [int(n) for n in page.locator("table.matrix tbody tr td:first-of-type").all_inner_texts()]
    assert sum(numbers) == int(page.inner_text("table.matrix tfoot td:first-of-type"))
    follow(page, page.get_by_role("button", name="Lập báo cáo"))
    assert page.url == f"{site}/bao-cao/{ID}#bao-cao"
    assert page.evaluate("document.querySelector('.trend img').naturalWidth") > 0
    look(page, "dashboard")
    with page.expect_download() as download:
        page.get_by_role("link", name="report.docx").first.click()
    assert Path(download.value.path()).read_bytes()[:2] == b"PK"
    page.goto(f"{site}/bao-cao")
    look(page, "list")
    follow(page, page.get_by_role("button", name="Đăng xuất"))
    page.goto(f"{site}/bao-cao/{ID}")
    assert page.title().startswith("Đăng nhập")
