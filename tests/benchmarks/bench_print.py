"""From pressing *Print* on a run of thirty to its PDF open in Chromium's own viewer, with the first sheet on the screen.

A web server as in production, a browser as an officer has it: in its new headless mode Chromium brings its PDF viewer
along. What is timed ends when the viewer has all thirty pages and a picture of the window shows the first one drawn;
taking that picture counts too. Before it is drawn the paper is plain white.

Most of it is the viewer's own start: beside each press a bare page that lies ready is opened in the same way. Once a
server has just begun, and then after the seconds it takes to get ready, in which a person would still be signing in.

    make bench-print
"""

import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.measure import Sample, houses, report, report_sample  # isort: skip

from PIL import Image
from playwright.sync_api import Browser, Frame, Page, sync_playwright

from retrain.certificates import service
from retrain.cli import serve
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
    with houses(KINDS) as each, sync_playwright() as playwright, lying_ready() as bare:
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
                bare_page(page, bare)  # the browser has shown a PDF before
                first = pressed(page, address)
                time.sleep(serve.WARM_AFTER)
                took, others = [], []
                for _ in range(ROUNDS):
                    took.append(pressed(page, address))
                    others.append(bare_page(page, bare))
                page.context.close()
            tell(database.kind, first, Sample(tuple(took)), Sample(tuple(others)))
        browser.close()


def tell(database: str, first: float, later: Sample, bare: Sample) -> None:
    """What a run of thirty took, beside a bare page."""
    metric, rival = "a run of 30, from Print to the PDF open", "a bare page that lies ready"
    report_sample("print", metric, later, database=database, rival=rival, rival_value=bare.median)
    report(
        "print", f"{metric}: p95", later.p95, "ms", database=database, runs=later.runs, rival=rival,
        rival_value=bare.p95,
    )  # fmt: skip
    report("print", f"{metric}: first press in a server that has just begun", first, "ms", database=database)


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
    return _until_seen(page, lambda: button.click(no_wait_after=True), PEOPLE)


def bare_page(page: Page, address: str) -> float:
    """The same from following a link to a PDF of one bare page."""
    page.goto(address)
    link = page.get_by_role("link")
    return _until_seen(page, lambda: link.click(no_wait_after=True), 1)


def _until_seen(page: Page, press: Callable[[], None], pages: int) -> float:
    began = time.perf_counter()
    press()
    _viewer(page).wait_for_function(ALL_THERE, arg=pages, polling=10, timeout=PATIENCE * 1000)
    while not _is_drawn(page.screenshot(), DRAWN if pages > 1 else 1):
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


def _is_drawn(picture: bytes, least: int) -> bool:
    colours = Image.open(BytesIO(picture)).convert("RGB").crop(PAPER).getcolors(1 << 20)
    return len(colours or ()) >= least


@contextmanager
def lying_ready() -> Iterator[str]:
    """The address of a page with a link to a PDF of one bare page, from a server that does nothing else."""
    from weasyprint import HTML

    files = {
        "/": ("text/html", b"<a href=/bare.pdf>open</a>"),
        "/bare.pdf": ("application/pdf", HTML(string="<h1>1").write_pdf()),
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, content = files.get(self.path, ("text/plain", b""))
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_said: object) -> None:
            """Nobody reads along."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


if __name__ == "__main__":
    main()
