"""The register of thirty people in Chromium on a slow telephone: how long until it is there, and until it works offline."""

import statistics
import time
from collections.abc import Iterator

from playwright.sync_api import BrowserContext, Page, sync_playwright

SLOWER = 4
FIRST_NETWORK = {
    "offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8,
}  # fmt: skip
LATER = 5
CHROMIUM = "/usr/bin/chromium"
Line = tuple[str, float, str, int]


def measure(port: int, cookie: str, session_id: int) -> Iterator[Line]:
    """Metric, value, unit and how many times, one after the other."""
    where = f"http://localhost:{port}/registers/{session_id}"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM)
        name, _equals, value = cookie.partition("=")
        context = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
        context.add_cookies([{"name": name, "value": value, "url": f"http://localhost:{port}"}])
        yield "page_first_visit", _first(context, where), "ms", 1
        yield "page_later_visit", _later(context, where), "ms", LATER
        context.set_offline(True)
        yield "page_offline_visit", _later(context, where), "ms", LATER
        context.set_offline(False)
        yield "taps_to_sign", _taps(context, where), "taps", 1
        browser.close()


def _slow(page: Page) -> None:
    line = page.context.new_cdp_session(page)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def _first(context: BrowserContext, where: str) -> float:
    """Nothing is in the browser yet: until the page is there, works, and is kept for the time without a network."""
    page = context.new_page()
    _slow(page)
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", FIRST_NETWORK)
    taken = _until_it_works(page, where, "[data-register][data-kept]")
    page.close()
    return taken


def _later(context: BrowserContext, where: str) -> float:
    """What is kept is shown again."""
    taken = []
    for _ in range(LATER):
        page = context.new_page()
        _slow(page)
        taken.append(_until_it_works(page, where, "[data-enhanced] [data-register]"))
        page.close()
    return statistics.median(taken)


def _until_it_works(page: Page, where: str, sign: str) -> float:
    began = time.perf_counter()
    page.goto(where, wait_until="load")
    page.wait_for_selector(sign, state="attached")
    return (time.perf_counter() - began) * 1000


def _taps(context: BrowserContext, where: str) -> float:
    """From the list of classes: open, all present, sign."""
    page = context.new_page()
    page.goto(where.partition("/registers")[0] + "/teaching")
    taps = 0
    for place in (f'a[href$="{where[where.index("/registers") :]}"]', "[name=all_present]", "[name=sign]"):
        page.locator(place).first.click()
        taps += 1
    page.wait_for_selector("[data-register]", state="detached", timeout=60_000)
    return taps
