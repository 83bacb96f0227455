"""A phone in a crowded network: the browser computes, the citizen only presses the button; without JavaScript there is a time to wait."""

import asyncio
import itertools
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, sync_playwright

from shared.events import SubmissionReceived
from tests.support.browser import CHROMIUM, MARKS, follow, look, picture
from tests.support.ingest_app import CONSULTATION, make_settings, prepare_bus, submissions
from tests.support.nats_server import NatsServer, free_port
from tests.support.waiting import until_served

pytestmark = MARKS
WORDS = "Đề nghị bổ sung cụm từ “bền vững”\n  ở trang 1, dòng 3."
NOTE: FilePayload = {"name": "ghi-chu.txt", "mimeType": "text/plain", "buffer": "Ghi chú kèm theo".encode()}
NO_WORKER = "window.Worker = function () { throw new Error('none here'); };"
FAILED_WORKER = "window.Worker = class { constructor() { setTimeout(() => this.onerror({}), 0); } postMessage() {} terminate() {} };"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Any]]:
    """`python -m services.ingest` with a soft limit of one post; its URL and settings."""
    folder = tmp_path_factory.mktemp("ingest")
    nats = NatsServer()
    nats.start()
    asyncio.run(prepare_bus(nats.url))
    settings, _ = make_settings(folder, nats.url, rate_limit="on", posts_per_minute=1)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    values = settings.model_dump(mode="json", exclude_none=True) | {"port": port, "public_url": url}
    env = {**os.environ, **{f"YKIEN_{name.upper()}": str(value) for name, value in values.items()}}
    process = subprocess.Popen([sys.executable, "-m", "services.ingest"], env=env, stderr=(folder / "log").open("wb"))
    try:
        until_served(f"{url}/readyz", process, folder / "log")
        yield url, settings
    finally:
        process.terminate()
        process.wait(30)
        nats.remove()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield started
        started.close()


_networks = itertools.count(1)


def phone(browser: Browser, **more: Any) -> BrowserContext:
    """A phone in a network of its own, as the gateway would tell."""
    told = {"X-Forwarded-For": f"198.51.{next(_networks)}.7"}
    return browser.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN", extra_http_headers=told, **more)


def fill_up(page: Page, site: str) -> None:
    """Makes sure that the network is over its soft limit of one and stays so for the next seconds."""
    if time.time() % 60 > 45:
        time.sleep(61 - time.time() % 60)
    for _ in range(2):
        page.request.post(f"{site}/c/{CONSULTATION}", multipart={"token": os.urandom(16).hex(), "text": "Người khác."})


def texts(settings: Any) -> list[str]:
    """What the stream holds."""
    return [event.text for event in held(settings)]


def held(settings: Any) -> list[SubmissionReceived]:
    """Read in a thread of its own: Playwright's loop runs in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(submissions(settings))).result()


@pytest.mark.parametrize(("init", "how"), [("", "worker"), (NO_WORKER, "pieces"), (FAILED_WORKER, "fallback")])
def test_the_browser_computes_and_the_sheet_goes_with_its_file(
    site: tuple[str, Any], browser: Browser, init: str, how: str
) -> None:
    url, settings = site
    context = phone(browser)
    context.add_init_script(f"delete window.crypto.subtle; {init}")
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if "Content Security Policy" in line.text else None)
    page.goto(f"{url}/c/{CONSULTATION}")
    words = f"{WORDS} ({how})"
    fill_up(page, url)
    page.fill("#text", words)
    follow(page, "#gui")
    assert page.locator("#phep-tinh").is_visible()
    assert page.input_value("#text") == words
    page.locator("text=Phép tính đã xong").wait_for(timeout=60_000)
    assert page.locator("#phep-tinh-cho").is_hidden()
    look(page, f"proof-done-{how}")
    page.set_input_files("#attachments", files=[NOTE])
    follow(page, "#gui")
    assert "/giay-tiep-nhan/" in page.url
    (event,) = [e for e in held(settings) if words in e.text]
    assert len(event.attachments) == 1
    assert problems == []
    context.close()


def test_whoever_presses_at_once_waits_a_moment_and_is_sent_with_everything(
    site: tuple[str, Any], browser: Browser
) -> None:
    url, settings = site
    context = phone(browser)
    page = context.new_page()
    fill_up(page, url)
    page.goto(f"{url}/c/{CONSULTATION}")
    assert page.locator("#phep-tinh").count() == 1, "the empty form of a crowded network brings its challenge along"
    page.fill("#text", f"{WORDS} (bấm ngay)")
    page.set_input_files("#attachments", files=[NOTE])
    page.click("#gui")
    page.wait_for_url("**/giay-tiep-nhan/**", timeout=60_000)
    assert any("(bấm ngay)" in text for text in texts(settings))
    context.close()


def test_the_page_stays_alive_while_it_computes_without_a_worker(site: tuple[str, Any], browser: Browser) -> None:
    url, _ = site
    context = phone(browser)
    context.add_init_script(
        NO_WORKER
        + "window.longest = 0; let last = performance.now(); setInterval(() => { const now = performance.now();"
        + " window.longest = Math.max(window.longest, now - last); last = now; }, 5);"
    )
    page = context.new_page()
    fill_up(page, url)
    page.goto(f"{url}/c/{CONSULTATION}")
    page.evaluate("window.longest = 0; window.began = performance.now()")
    page.locator("text=Phép tính đã xong").wait_for(timeout=60_000)
    longest, whole = page.evaluate("[window.longest, performance.now() - window.began]")
    assert longest < max(500, whole / 4), "in one piece it would take the whole time; a busy machine stretches both"
    context.close()


def test_without_javascript_the_page_says_how_long_to_wait_and_keeps_the_words(
    site: tuple[str, Any], browser: Browser
) -> None:
    url, settings = site
    context = phone(browser, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{url}/c/{CONSULTATION}")
    fill_up(page, url)
    page.fill("#text", f"{WORDS} (không có script)")
    follow(page, "#gui")
    assert "gửi lại sau" in page.inner_text(".error-summary")
    assert page.locator("#phep-tinh-cho").is_visible()
    assert page.input_value("#text") == f"{WORDS} (không có script)"
    picture(page, "no-script")
    time.sleep(61 - time.time() % 60)
    follow(page, "#gui")
    assert "/giay-tiep-nhan/" in page.url
    assert any("(không có script)" in text for text in texts(settings))
    context.close()


def test_the_hidden_field_is_off_the_page_and_out_of_reach(site: tuple[str, Any], browser: Browser) -> None:
    url, _ = site
    context = phone(browser)
    page = context.new_page()
    page.goto(f"{url}/c/{CONSULTATION}")
    box = page.locator("#website").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] < 0
    assert page.get_by_label("Để trống ô này").count() == 0 or page.get_attribute("#website", "tabindex") == "-1"
    assert page.get_by_role("textbox", name="Để trống ô này").count() == 0, "screen readers do not meet it"
    look(page, "form")
    context.close()
