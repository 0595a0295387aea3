"""Real pages in Chromium. Without a Chromium these tests are left out, and the run says so at its end."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
SLOWEST_MILLISECONDS = 60_000
# Nothing is slow because it fails: what has not come after this long on a busy machine will not come.
expect.set_options(timeout=SLOWEST_MILLISECONDS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # The second database tells nothing new about what a browser does with pages.
            if "postgresql" in item.nodeid:
                item.add_marker(pytest.mark.slow)


def sign_in(page: Page, login: str, password: str) -> None:
    """By the form, in English; returns once the first page is there."""
    page.goto("/sign-in?lang=en")
    page.fill("[name=login]", login)
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "sign-in" not in address)


@pytest.fixture
def open_page(browser: Browser, live_server: str) -> Iterator[Callable[..., Page]]:
    """``open_page(PHONE)``: a fresh visitor's window of that size; an error in its scripts fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_one(size: ViewportSize = DESKTOP, **options: object) -> Page:
        context = browser.new_context(
            base_url=live_server, viewport=size, has_touch=size == PHONE, is_mobile=size == PHONE,
            reduced_motion="reduce", locale="en", **options,  # type: ignore[arg-type]
        )  # fmt: skip
        context.set_default_timeout(SLOWEST_MILLISECONDS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if _is_ours(said.type, said.text) else None)
        return page

    yield open_one
    for context in contexts:
        context.close()
    _await_answers()
    assert errors == []


def _await_answers() -> None:
    """Until the server has answered what pages left behind: it would go on in the next test's database."""
    until = time.monotonic() + 10
    while time.monotonic() < until and any(
        "process_request_thread" in thread.name for thread in threading.enumerate()
    ):
        time.sleep(0.02)


def _is_ours(kind: str, text: str) -> bool:
    """Whether a message of the console is our fault; pages of errors are asked for on purpose."""
    return kind == "error" and "Failed to load resource" not in text


@pytest.fixture
def desktop(open_page: Callable[..., Page]) -> Page:
    """A visitor at a desk."""
    return open_page(DESKTOP)


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    """A visitor with a telephone in the hand."""
    return open_page(PHONE)


@pytest.fixture(params=["desktop", "phone"])
def page(request: pytest.FixtureRequest) -> Page:
    """The test runs once at a desk and once on a telephone."""
    page: Page = request.getfixturevalue(request.param)
    return page
