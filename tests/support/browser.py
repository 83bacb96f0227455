"""A browser on our pages: going on to the next page, looking at the one that is there."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

CHROMIUM = Path(os.environ.get("YKIEN_CHROMIUM", "/usr/bin/chromium"))
SHOTS = os.environ.get("YKIEN_SCREENSHOTS")  # a folder: keep pictures of every page
MARKS = [
    pytest.mark.browser,
    pytest.mark.connected,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine"),
]
SIZES = {"phone": (360, 740), "desktop": (1280, 900)}


def follow(page: Page, target: str | Locator) -> None:
    """Clicks and waits until the next page is loaded; without JavaScript every click that does something is a navigation.

    A click alone returns once the answer begins: the new document may be empty still, and what is asked of it then is not there.
    """
    with page.expect_navigation():
        (page.locator(target) if isinstance(target, str) else target).click()


def look(page: Page, name: str) -> None:
    """No page may scroll sideways on the narrowest phone, and each has one heading; keeps a picture when asked."""
    page.wait_for_load_state("load")
    size = page.viewport_size
    assert size
    picture(page, f"{name}-{size['width']}")
    width = page.locator("html").evaluate("root => root.scrollWidth")
    assert width <= size["width"], f"{name} is {width} px wide"
    assert page.locator("h1").count() == 1


def picture(page: Page, name: str) -> None:
    """Keeps a picture of the whole page when asked."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
