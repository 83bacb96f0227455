"""A citizen with a phone and no JavaScript: reads the draft, sends the form, keeps the receipt, looks the status up."""

import asyncio
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page, sync_playwright

from shared import signing, tracking_code
from tests.support.browser import CHROMIUM, MARKS, SIZES, follow, look
from tests.support.ingest_app import CONSULTATION, make_settings, prepare_bus
from tests.support.nats_server import NatsServer, free_port
from tests.support.waiting import until_served

pytestmark = MARKS
NOTE: FilePayload = {"name": "ghi-chu.txt", "mimeType": "text/plain", "buffer": "Ghi chú".encode()}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`python -m services.ingest` on a bus of its own; the base URL."""
    folder = tmp_path_factory.mktemp("ingest")
    nats = NatsServer()
    nats.start()
    asyncio.run(prepare_bus(nats.url))
    settings, _ = make_settings(folder, nats.url)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    values = settings.model_dump(mode="json", exclude_none=True) | {"port": port, "public_url": url}
    env = {**os.environ, **{f"YKIEN_{name.upper()}": str(value) for name, value in values.items()}}
    process = subprocess.Popen([sys.executable, "-m", "services.ingest"], env=env, stderr=(folder / "log").open("wb"))
    try:
        until_served(f"{url}/readyz", process, folder / "log")
        yield url
    finally:
        process.terminate()
        code = process.wait(30)
        nats.remove()
    assert code == 0, (folder / "log").read_text()[-3000:]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
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


def enter(page: Page, text: str) -> None:
    """Types a code and presses Enter."""
    page.fill("#ma", text)
    with page.expect_navigation():
        page.press("#ma", "Enter")


def signature_checks(site: str, page: Page) -> bool:
    """Whether the file behind the receipt page's download link is signed with the published key."""
    with page.expect_download() as download:
        page.click("a[download]")
    receipt = json.loads(download.value.path().read_text())
    with urllib.request.urlopen(f"{site}/api/v1/receipt-key") as answer:  # noqa: S310 - our own address
        key = json.load(answer)["public_key"]
    signature = receipt.pop("signature")
    return signing.verify(key, receipt, signature)


def test_a_citizen_reads_sends_keeps_the_receipt_and_looks_it_up(site: str, page: Page) -> None:
    page.goto(site)
    look(page, "list")
    follow(page, f"a[href='/c/{CONSULTATION}']")
    look(page, "consultation")
    assert page.locator("details .draft-page li").count() > 10
    page.locator("summary", has_text="Mục lục").click()
    page.locator("summary", has_text="Trang 2").click()
    look(page, "draft-open")
    page.fill("#text", "Trang 1, dòng 3: đề nghị bổ sung cụm từ “bền vững”.\nTôi đồng ý với các nội dung khác.")
    page.check("text=Đồng ý một phần")
    page.select_option("#section_ref", index=3)
    page.select_option("#group", "nong-dan")
    page.fill("#name", "Người Góp Ý Thử")
    page.fill("#phone", "12")
    follow(page, "#gui")

    summary = page.locator(".error-summary")
    assert summary.is_visible()
    assert summary.locator("a[href='#phone']").count() == 1
    assert summary.locator("a[href='#consent']").count() == 1
    assert "bền vững" in page.input_value("#text")
    assert page.input_value("#name") == "Người Góp Ý Thử"
    assert page.is_checked("#stance-2")
    look(page, "form-with-errors")

    page.fill("#phone", "0912 345 678")
    page.check("#consent")
    page.set_input_files("#attachments", files=[NOTE])
    follow(page, "#gui")
    assert "/giay-tiep-nhan/" in page.url
    look(page, "receipt")
    code = page.inner_text(".tracking-code").strip()
    assert tracking_code.display(tracking_code.parse(code)) == code
    assert page.locator("svg.qr").count() == 1
    assert "gửi sau thời hạn" in page.inner_text("main")
    assert "Người Góp Ý Thử" not in page.content()
    assert signature_checks(site, page)

    follow(page, "a.button[href^='/tra-cuu/']")
    look(page, "status")
    assert "Đã tiếp nhận" in page.inner_text(".steps .done")
    assert "bền vững" not in page.content()
    page.goto(f"{site}/tra-cuu")
    look(page, "lookup")
    enter(page, code[:-1] + ("2" if code[-1] != "2" else "3"))
    assert "Mã có vẻ bị gõ nhầm" in page.inner_text("main")
    look(page, "lookup-mistyped")
    enter(page, code.lower().replace("-", " "))
    assert code in page.inner_text("main")


def test_sending_the_same_sheet_twice_counts_once(site: str, page: Page) -> None:
    page.goto(f"{site}/c/{CONSULTATION}?muc=VII.3#gop-y")
    assert page.input_value("#section_ref") == "VII.3"
    token = page.get_attribute("input[name=token]", "value")
    page.fill("#text", "Gửi hai lần.")
    follow(page, "#gui")
    first = page.inner_text(".tracking-code")
    again = page.request.post(
        f"{site}/c/{CONSULTATION}", multipart={"token": token or "", "text": "Gửi hai lần.", "section_ref": "VII.3"}
    )
    assert first in again.url
    other = page.request.post(f"{site}/c/{CONSULTATION}", multipart={"token": token or "", "text": "Nội dung khác."})
    assert other.status == 409
    assert "Nội dung khác." in other.text()


def test_a_page_that_is_not_there_is_a_courteous_page(site: str, page: Page) -> None:
    answer = page.goto(f"{site}/c/khong-co")
    assert answer
    assert answer.status == 404
    look(page, "not-found")
