"""Reviewers with a browser and no JavaScript: log in, confirm, correct, put off, read the sample blind and settle it."""

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from shared.broker import connect
from shared.bus import Bus, open_bus
from shared.consultation import ReviewPolicy
from shared.provision import provision
from shared.settings import ServiceSettings
from tests.support import report_app
from tests.support.browser import CHROMIUM, MARKS, SIZES, follow, look
from tests.support.nats_server import NatsServer, free_port
from tests.support.report_events import ID as OFFICE
from tests.support.report_events import definition
from tests.support.review_app import ID as SMALL
from tests.support.review_app import PASSWORD, add_reader, define, make_settings
from tests.support.waiting import until_served
from tests.unit.services.classify.samples import received

pytestmark = MARKS
LETTER = (
    "Kính gửi Ban Chỉ đạo!\n"
    "1. Trang 6 dòng 6, đề nghị thay cụm từ “phát triển nhanh” bằng “phát triển nhanh và bền vững”. "
    "Đường giao thông lên các bản vùng cao còn rất khó đi; mùa mưa thường bị chia cắt. Liên hệ tôi qua số 0912 345 678.\n"
    "2. Đề nghị bổ sung giáo viên cho các điểm trường vùng cao.\n"
    "Xin trân trọng cảm ơn.\n"
)
AT = datetime(2025, 6, 12, 3, tzinfo=UTC)
LETTERS = 12


async def fill(url: str) -> None:
    settings = ServiceSettings(nats_url=url)
    nc = await connect(settings)
    await provision(nc.jetstream(), ack_wait_s=30)
    await nc.close()
    async with open_bus(settings, "test") as bus:
        doubtful = definition().model_copy(update={"review": ReviewPolicy(accept_from=1.0, sample_rate=0.0)})
        await report_app.define(bus, doubtful)
        await define(bus, sample_rate=1.0)
        for n in (1, 2, 3):
            await add_reader(bus, f"tham-dinh-{n}")
        await send(bus)


async def send(bus: Bus) -> None:
    for n in range(LETTERS):
        text = LETTER if n == 0 else f"Đề nghị làm đường giao thông về bản số {n}, nhân dân đi lại vất vả."
        at = AT + timedelta(minutes=n)
        await bus.publisher.publish(received(n, text, consultation=OFFICE, received_at=at, person=f"p{n}"))
    text = "Nhất trí với chủ đề Đại hội. Đề nghị bổ sung nguyên nhân của hạn chế."
    await bus.publisher.publish(received(100, text, person="p100"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`python -m services.classify` on a bus of its own with letters in it; the base URL."""
    folder = tmp_path_factory.mktemp("review")
    nats = NatsServer()
    nats.start()
    asyncio.run(fill(nats.url))
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    values = make_settings(folder, nats.url, port=port, public_url=url).model_dump(mode="json", exclude_none=True)
    env = {**os.environ, **{f"YKIEN_{name.upper()}": str(value) for name, value in values.items()}}
    process = subprocess.Popen([sys.executable, "-m", "services.classify"], env=env, stderr=(folder / "log").open("wb"))
    try:
        until_served(f"{url}/readyz", process, folder / "log", "ready")
        until_served(
            f"{url}/metrics", process, folder / "log", f'ykien_classified_total{{outcome="counted"}} {LETTERS + 1}.0'
        )
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


def desk(browser: Browser, size: str = "desktop") -> BrowserContext:
    width, height = SIZES[size]
    return browser.new_context(java_script_enabled=False, viewport={"width": width, "height": height}, locale="vi-VN")


def enter(page: Page, site: str, account: str, consultation: str) -> None:
    page.goto(f"{site}/tham-dinh/{consultation}")
    page.fill("#ten_dang_nhap", account)
    page.fill("#mat_khau", PASSWORD)
    follow(page, page.get_by_role("button", name="Đăng nhập"))
    assert page.url == f"{site}/tham-dinh/{consultation}"


def waiting(page: Page, site: str, consultation: str) -> int:
    page.goto(f"{site}/tham-dinh/{consultation}")
    return int(page.inner_text(".waiting").replace(".", ""))


@pytest.mark.parametrize("size", list(SIZES))
def test_the_opinion_is_shown_in_its_letter_with_the_reasons(browser: Browser, site: str, size: str) -> None:
    """The letter has two opinions; a phone number in it is masked, the greeting dimmed, the draft's own line beside the citation."""
    context = desk(browser, size)
    page = context.new_page()
    enter(page, site, f"tham-dinh-{2 if size == 'phone' else 3}", OFFICE)
    for _ in range(LETTERS + 2):
        page.goto(f"{site}/tham-dinh/{OFFICE}/tiep")
        letter = page.inner_text(".letter")
        if "Kính gửi" in letter and "Liên hệ tôi" in page.inner_text(".letter .focus"):
            break
        follow(page, page.get_by_role("button", name="Để sau"))
    else:
        raise AssertionError("the letter was not offered")
    assert "0912" not in page.content()
    assert page.locator(".letter .masked").count() >= 1
    assert "Kính gửi" in page.inner_text(".letter .aside >> nth=0")
    if page.locator(".machine details").get_attribute("open") is None:
        page.locator("summary").click()
    assert re.search(r"day0|learned", page.inner_text(".machine code"))
    assert page.locator("#cau-dau option").count() >= 3
    look(page, "review_letter")
    follow(page, page.get_by_role("button", name="Để sau"))
    context.close()


@pytest.mark.parametrize("size", list(SIZES))
def test_a_reviewer_confirms_corrects_and_puts_off(browser: Browser, site: str, size: str) -> None:
    context = desk(browser, size)
    page = context.new_page()
    page.goto(f"{site}/tham-dinh/{OFFICE}")
    assert page.title().startswith("Đăng nhập")
    look(page, "review_login")
    page.fill("#ten_dang_nhap", "tham-dinh-1")
    page.fill("#mat_khau", "sai")
    follow(page, page.get_by_role("button", name="Đăng nhập"))
    assert "không đúng" in page.inner_text("[role=alert]")
    enter(page, site, "tham-dinh-1", OFFICE)
    look(page, "review_overview")
    page.goto(f"{site}/tham-dinh")
    look(page, "review_consultations")
    before = waiting(page, site, OFFICE)
    assert before > 3
    follow(page, page.get_by_role("link", name="Thẩm định ý kiến tiếp theo"))
    first = page.url
    look(page, "review_opinion")
    assert page.locator(".letter mark.focus").count() == 1
    follow(page, page.get_by_role("button", name="Đúng như phần mềm phân loại"))
    assert "Đã ghi nhận" in page.inner_text("[role=status]")
    second = page.url.split("?")[0]
    assert second != first.split("?")[0]
    follow(page, page.get_by_role("button", name="Để sau"))
    assert "để ý kiến lại sau" in page.inner_text("[role=status]")
    assert page.url.split("?")[0] != second
    # A correction: two groups that do not go together are refused in words, then a sound answer is taken.
    for box in page.locator("input[name=topics]").all():
        box.uncheck()
    page.check("#nhom-0")
    page.check("#nhom-2")
    follow(page, page.get_by_role("button", name="Lưu kết quả"))
    assert "không thể chọn cùng" in page.inner_text("[role=alert]")
    assert page.is_checked("#nhom-0")
    look(page, "review_refused")
    page.uncheck("#nhom-0")
    page.check("#thai-do-supplement")
    follow(page, page.get_by_role("button", name="Lưu kết quả"))
    assert "Đã ghi nhận" in page.inner_text("[role=status]")
    deadline = time.monotonic() + 60
    while (left := waiting(page, site, OFFICE)) != before - 2 and time.monotonic() < deadline:
        time.sleep(0.5)
    assert left == before - 2
    assert int(page.inner_text(".done-today")) >= 2
    follow(page, page.get_by_role("button", name="Đăng xuất"))
    page.goto(f"{site}/tham-dinh/{OFFICE}")
    assert page.title().startswith("Đăng nhập")
    context.close()


def test_two_people_read_the_sample_blind_and_a_third_settles(browser: Browser, site: str) -> None:
    pages: list[Page] = []
    for n in (1, 2, 3):
        page = desk(browser, "phone" if n == 1 else "desktop").new_page()
        enter(page, site, f"tham-dinh-{n}", SMALL)
        pages.append(page)
    seen = set()
    for page, group in zip(pages[:2], ("1", "3"), strict=True):
        page.goto(f"{site}/tham-dinh/{SMALL}/tiep?nhom=sample")
        assert "Đọc độc lập" in page.inner_text("h1")
        assert page.locator(".machine").count() == 0
        assert page.locator("input[name=topics]:checked, input[name=stance]:checked").count() == 0
        assert page.locator(".letter .cue").count() == 0
        look(page, "review_sample")
        seen.add(page.inner_text(".letter .focus"))
        page.check(f"#nhom-{group}")
        page.check("#thai-do-amend")
        follow(page, page.get_by_role("button", name="Lưu kết quả"))
    assert len(seen) == 1
    third = pages[2]
    third.goto(f"{site}/tham-dinh/{SMALL}/tiep?nhom=settle")
    assert "Quyết định" in third.inner_text("h1")
    assert third.locator("section.machine li").count() == 2
    assert "tham-dinh-1" not in third.content()
    for width, height in SIZES.values():
        third.set_viewport_size({"width": width, "height": height})
        look(third, "review_settle")
    third.check("#nhom-3")
    third.check("#thai-do-amend")
    follow(third, third.get_by_role("button", name="Lưu kết quả"))
    third.goto(f"{site}/tham-dinh/{SMALL}/tiep?nhom=settle")
    assert "không còn ý kiến nào" in third.inner_text("main")
    look(third, "review_nothing_left")
    for page in pages:
        page.context.close()
