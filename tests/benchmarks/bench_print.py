"""From pressing *Print* on a run of thirty to its PDF open in Chromium's own viewer, with the first sheet on the screen.

A web server as in production, a browser as an officer has it: in its new headless mode Chromium brings its PDF viewer
along. What is timed ends when the viewer has all thirty pages and a picture of the window shows the first one drawn;
taking that picture counts too. Before it is drawn the paper is plain white, and the run of thirty is checked to be one.
The first press in a server that has printed nothing yet stands by itself.

    make bench-print
"""

import shutil
import sys
import time
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.measure import Sample, houses, report, report_sample  # isort: skip

from PIL import Image
from playwright.sync_api import Browser, Frame, Page, sync_playwright

from retrain.certificates import service
from retrain.extensions import db
from tests.benchmarks import bulk
from tests.harness import rush
from tests.harness.chromium import ARGUMENTS, CANDIDATES
from tests.harness.databases import KINDS

PEOPLE, ROUNDS = 30, 20
PATIENCE = 60.0
VIEWER = "chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai/"
"""Chromium's PDF viewer, which has had this name since there was one."""
ALL_THERE = """pages => {
  const bar = document.querySelector("pdf-viewer")?.shadowRoot?.querySelector("viewer-toolbar");
  return bar && bar.docLength === pages && bar.loadProgress === 100;
}"""
PAPER = (500, 120, 1100, 460)
"""A part of the first sheet in the window, inside the thumbnails and the toolbar."""
DRAWN = 30
"""Colours of a drawn sheet at least: an empty one has its white alone."""


def main() -> None:
    found = next(filter(None, map(shutil.which, CANDIDATES)), None)
    if found is None:
        print("no Chromium is installed", file=sys.stderr)
        return
    with houses(KINDS) as each, sync_playwright() as playwright:
        # Playwright's own "headless" leaves the viewer out.
        browser = playwright.chromium.launch(
            executable_path=found, headless=False, args=[*ARGUMENTS, "--headless=new"]
        )
        for app, database in each:
            instance = Path(app.config["RETRAIN"].instance) / database.kind
            with app.app_context():
                officer, (code,) = bulk.fill(PEOPLE, 1)
                service.issue_run(officer, code)
                cookie = bulk.cookie(app, officer)
                db.session.remove()
                db.engine.dispose()
            with rush.at_work(database.url, instance, str(app.config["SECRET_KEY"])) as house:
                page = _opened(browser, f"http://127.0.0.1:{house.port}", cookie)
                address = f"http://127.0.0.1:{house.port}/manage/runs/{code}/print"
                took = [pressed(page, address) for _ in range(ROUNDS + 1)]
                page.context.close()
            first, later = took[0], Sample(tuple(took[1:]))
            report("print", "a run of 30, first press in a fresh server", first, "ms", database=database.kind)
            report_sample("print", "a run of 30, from Print to the PDF open", later, database=database.kind)
            report(
                "print", "a run of 30, from Print to the PDF open: p95", later.p95, "ms",
                database=database.kind, runs=later.runs,
            )  # fmt: skip
        browser.close()


def _opened(browser: Browser, home: str, cookie: str) -> Page:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    if cookie:
        context.add_cookies([{"name": "session", "value": cookie, "url": home}])
    return context.new_page()


def pressed(page: Page, address: str) -> float:
    """Milliseconds from pressing the button until the first of thirty sheets is on the screen."""
    page.goto(address)
    button = page.get_by_role("button", name="Print", exact=True)
    button.scroll_into_view_if_needed()
    began = time.perf_counter()
    button.click(no_wait_after=True)
    _viewer(page).wait_for_function(ALL_THERE, arg=PEOPLE, polling=10, timeout=PATIENCE * 1000)
    while not _is_drawn(page.screenshot()):
        assert time.perf_counter() < began + PATIENCE, "the first sheet was not drawn"
    return (time.perf_counter() - began) * 1000


def _viewer(page: Page) -> Frame:
    """The viewer's own frame, once the answer has come."""
    until = time.perf_counter() + PATIENCE
    while time.perf_counter() < until:
        for frame in page.frames:
            if frame.url.startswith(VIEWER):
                return frame
        page.wait_for_timeout(5)
    raise TimeoutError(page.url)


def _is_drawn(picture: bytes) -> bool:
    colours = Image.open(BytesIO(picture)).convert("RGB").crop(PAPER).getcolors(1 << 20)
    return len(colours or ()) > DRAWN


if __name__ == "__main__":
    main()
