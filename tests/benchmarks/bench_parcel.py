"""Memory while a thousand signed documents are made, packed into one ZIP, fetched, and printed as one PDF.

Each in a process of its own that did nothing else before, as the most it ever held.
"""

import hashlib
import sys
import time
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.measure import houses, report  # isort: skip

from flask import Flask

from retrain.certificates import parcels, service
from retrain.certificates.models import Certificate
from retrain.extensions import db
from retrain.jobs.models import Job
from retrain.jobs.states import JobState
from tests.benchmarks import bulk
from tests.harness import rush, servers
from tests.harness.databases import KINDS, Database

PEOPLE = 1000
GOAL = 250
"""Megabytes."""


def main() -> None:
    with houses(KINDS) as each:
        for app, database in each:
            with app.app_context():
                measure(app, database)
    report("parcel", "goal of each process", GOAL, "MB")


def measure(app: Flask, database: Database) -> None:
    instance = Path(app.config["RETRAIN"].instance)
    officer, (code,) = bulk.fill(PEOPLE, 1)
    service.issue_run(officer, code)
    made = by_worker(app, database, lambda: bulk.left(Certificate.file_digest) == 0)
    said(f"the worker while it makes {PEOPLE} files", made, database)
    job = parcels.want(officer, code).id
    packed = by_worker(app, database, lambda: db.session.get_one(Job, job).state is JobState.DONE)
    said("the worker while it packs them", packed, database)
    result, cookie = db.session.get_one(Job, job).result or {}, bulk.cookie(app, officer)
    db.session.remove()
    secret = str(app.config["SECRET_KEY"])
    for what, address in (("ZIP", result["url"]), ("PDF", f"/manage/runs/{code}/documents.pdf")):
        with rush.at_work(database.url, instance, secret, worker=False) as house:
            home = f"http://127.0.0.1:{house.port}"
            fetched(f"{home}/manage/runs/{code}/print", cookie, instance / "page")
            before, began = rush.peak_megabytes(house.web), time.perf_counter()
            size = fetched(home + address, cookie, instance / what)
            took = time.perf_counter() - began
            said(f"the web server before the {what} of {PEOPLE}", before, database)
            said(f"the web server with the {what} of {PEOPLE}", rush.peak_megabytes(house.web), database)
            report("parcel", f"{what} of {PEOPLE}", size / 1024 / 1024, "MB", database=database.kind)
            report("parcel", f"{what} of {PEOPLE} fetched", took, "s", database=database.kind)
    with zipfile.ZipFile(instance / "ZIP") as archive:
        names = archive.namelist()
        assert len({hashlib.sha256(archive.read(name)).digest() for name in names}) == PEOPLE, len(names)
    pages = (instance / "PDF").read_bytes().count(b"/Type /Page ")
    assert pages == PEOPLE, pages


def by_worker(app: Flask, database: Database, is_done: Any) -> float:
    """The most that a fresh worker held until it *is_done*."""
    settings = app.config["RETRAIN"]
    environment = {
        "RETRAIN_DATABASE_URL": database.url, "RETRAIN_INSTANCE": str(settings.instance),
        "RETRAIN_SECRET_KEY": str(app.config["SECRET_KEY"]),
    }  # fmt: skip
    with servers.process("worker", environment=environment, log=Path(settings.instance) / "log") as worker:
        bulk.wait(is_done)
        return rush.peak_megabytes(worker)


def said(what: str, megabytes: float, database: Database) -> None:
    report("parcel", what, megabytes, "MB", database=database.kind)


def fetched(address: str, cookie: str, path: Path) -> int:
    """How large the answer is, which is written to *path* piece by piece."""
    asked = urllib.request.Request(address, headers={"Cookie": f"session={cookie}"})
    with urllib.request.urlopen(asked) as answer, path.open("wb") as file:
        assert answer.url == address, answer.url  # not sent to sign in
        while block := answer.read(1 << 16):
            file.write(block)
        return file.tell()


if __name__ == "__main__":
    main()
