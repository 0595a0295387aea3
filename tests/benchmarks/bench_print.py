"""From pressing Print on a run of thirty to the PDF in Chromium, on a web server of one's own.

The first time in a server that has printed nothing yet, and the times after it.
"""

import shutil
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.measure import Sample, houses, report, report_sample  # isort: skip

from playwright.sync_api import Page, sync_playwright

from retrain.certificates import service
from retrain.extensions import db
from tests.benchmarks import bulk
from tests.harness import rush
from tests.harness.chromium import ARGUMENTS, CANDIDATES
from tests.harness.databases import KINDS

PEOPLE, ROUNDS = 30, 7
GOAL = 1500


def main() -> None:
    found = next(filter(None, map(shutil.which, CANDIDATES)), None)
    if found is None:
        print("no Chromium is installed", file=sys.stderr)
        return
    with houses(KINDS) as each, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        for app, database in each:
            instance = Path(app.config["RETRAIN"].instance) / database.kind
            with app.app_context():
                officer, (code,) = bulk.fill(PEOPLE, 1)
                service.issue_run(officer, code)
                cookie = bulk.cookie(app, officer)
                db.session.remove()
                db.engine.dispose()
            with rush.at_work(database.url, instance, str(app.config["SECRET_KEY"]), worker=False) as house:
                home = f"http://127.0.0.1:{house.port}"
                context = browser.new_context(accept_downloads=True)
                context.add_cookies([{"name": "session", "value": cookie, "url": home}])
                page = context.new_page()
                took = [pressed(page, f"{home}/manage/runs/{code}/print") for _ in range(ROUNDS)]
                context.close()
            report("print", "first time in a fresh server", took[0], "ms", database=database.kind)
            report_sample("print", "from Print to the PDF", Sample(tuple(took[1:])), database=database.kind)
        browser.close()
    report("print", "goal", GOAL, "ms")


def pressed(page: Page, address: str) -> float:
    """Milliseconds from pressing the button until the whole PDF is there."""
    page.goto(address)
    with page.expect_event("download", timeout=60_000) as coming:
        began = time.perf_counter()
        page.get_by_role("button", name="Print", exact=True).click()
    path = coming.value.path()
    took = (time.perf_counter() - began) * 1000
    assert Path(path).read_bytes().startswith(b"%PDF")
    return took


if __name__ == "__main__":
    main()
