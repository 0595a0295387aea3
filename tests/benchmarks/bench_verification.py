"""The check page among a million documents: its server time, and 500 of them a second beside other work.

The documents are written straight into the tables, each with a frozen text as long as a real one's, its entry in the
public log and a year of published heads. Who asks is drawn at random among all, by QR code, by number and check code,
as JSON and with a wrong number. Then ``retrain serve`` and ``retrain worker`` run as in production and the load
generator beside them opens pages at a fixed rate: alone, beside normal work and beside a rush. Normal is a teacher who
enrols each second, which is a year's enrolments of the country in three hours; a rush is ten a second.

    make bench-verification
    python tests/benchmarks/bench_verification.py --certificates 100000 --on sqlite --rate 300 --seconds 10
"""

import argparse
import hashlib
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.measure import Sample, houses, milliseconds, report, report_sample  # isort: skip

from flask import Flask
from sqlalchemy import text

from retrain import clock
from retrain.certificates.frozen import to_dict
from retrain.certificates.models import PublishedHead
from retrain.extensions import db
from tests.certificates.papers import CERTIFICATE
from tests.harness import rush
from tests.harness.actors import organisation
from tests.harness.databases import KINDS, Database

MILLION = 1_000_000
BESIDE = {"alone": 0, "beside normal work": 1, "beside a rush": 10}
"""Teachers who enrol each second meanwhile."""

KNOCKING = str(Path(rush.__file__).with_name("knocking.py"))
ASKED = 400
PROVIDERS, PER_YEAR = 40, 5_000
"""Every series and number is borne by documents of many providers and years, as in a country."""


def wishes() -> argparse.Namespace:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--certificates", type=int, default=MILLION)
    given.add_argument("--rate", type=int, default=500, help="Check pages a second.")
    given.add_argument("--seconds", type=int, default=20)
    given.add_argument("--on", nargs="+", choices=KINDS, default=list(KINDS))
    return given.parse_args()


def main() -> None:
    wanted = wishes()
    with houses(wanted.on) as each:
        for app, database in each:
            with app.app_context():
                scene = rush.prepare(app, teachers=sum(BESIDE.values()) * wanted.seconds, places=60, runs=4)
                began = time.perf_counter()
                fill(wanted.certificates)
                print(f"{time.perf_counter() - began:.0f} s to fill", file=sys.stderr)
                for what, address in addresses(wanted.certificates).items():
                    measure(app, database.kind, what, address)
                db.session.remove()
                db.engine.dispose()
                first = 0
                for how, each_second in BESIDE.items():
                    people = scene.people[first : first + each_second * wanted.seconds]
                    under_load(app, database, how, replace(scene, people=people), each_second, wanted)
                    first += len(people)


def fill(count: int) -> None:
    """So many documents, their entries in the log, a year of heads. Nobody enrolled for them: keys abroad are not held."""
    providers = [organisation(f"P-{at}", f"{at}-universitet") for at in range(PROVIDERS)]
    words = {"uz": CERTIFICATE.course, "ru": CERTIFICATE.course, "en": CERTIFICATE.course_second}
    public = {
        "name": "@@", "titles": words, "hours": 144, "starts_on": "2026-01-12", "ends_on": "2026-02-07",
        "issued_on": "2026-02-09", "issuer": {"uz": "Texnika universiteti", "en": "Technical University"},
    }  # fmt: skip
    frozen = {"document": to_dict(CERTIFICATE) | {"name": "@@"}, "public": public}
    now = clock.now().replace(tzinfo=None)
    values = {
        "count": count,
        "each": PER_YEAR,
        "first": min(providers),
        "many": PROVIDERS,
        "frozen": json.dumps(frozen),
    }
    db.session.commit()
    connection = db.session.connection()
    raw: Any = connection.connection.dbapi_connection
    if db.engine.dialect.name == "sqlite":
        raw.rollback()
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.create_function("md5", 1, lambda word: hashlib.md5(str(word).encode()).hexdigest())
        series = "WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < :count) "
        kinds = {"json": "", "word": "n", "at": f"'{now.isoformat(sep=' ')}'"}
    else:
        connection.execute(text("SET session_replication_role = replica"))
        series = "WITH series(n) AS (SELECT generate_series(1, cast(:count AS integer))) "
        kinds = {"json": "::json", "word": "n::text", "at": f"'{now.isoformat()}Z'::timestamptz"}
    for statement in (CERTIFICATES, EVENTS):
        connection.execute(text(statement.format(series=series, **kinds)), values)
    first, each = date(2026, 1, 1), count // 365 + 1
    db.session.add_all(
        PublishedHead(
            log="certificates", on_date=first + timedelta(days=day), size=(day + 1) * each, root="", at=clock.now(),
            signature="",
        )
        for day in range(365)
    )  # fmt: skip
    db.session.commit()
    db.session.execute(text("ANALYZE"))
    db.session.commit()
    db.session.remove()
    db.engine.dispose()  # with the connections whose keys were off


CERTIFICATES = (
    "INSERT INTO certificate (id, enrolment_id, run_id, provider_id, document_type, series, year, number,"
    " registration_number, token, check_code, state, frozen, digest, file_digest, design, design_version, issued_at)"
    " {series}"
    "SELECT n, n, 1, :first + n % :many, 'advanced_training_certificate', 'MO', 1900 + n / :each, 1 + n % :each,"
    " 'MO ' || {word}, substr(md5('t' || {word}), 1, 22), substr(upper(md5('c' || {word})), 1, 8), 'handed_over',"
    " replace(:frozen, '@@', 'Teacher ' || {word}){json}, md5({word}) || md5({word}), md5({word}) || md5({word}),"
    " 'advanced_training', 'v2', {at} FROM series"
)
EVENTS = (
    "INSERT INTO certificate_event (certificate_id, kind, at, salt, position) {series}"
    "SELECT n, 'issued', {at}, md5('s' || {word}), n - 1 FROM series"
)


def hidden(what: str, number: int, length: int) -> str:
    """The token or code of document *number*."""
    return hashlib.md5(f"{what}{number}".encode()).hexdigest()[:length]


def addresses(count: int) -> dict[str, Callable[[], str]]:
    """What is asked, each time about another document."""
    chance = random.Random(7)

    def token() -> str:
        return hidden("t", chance.randint(1, count), 22)

    def typed() -> str:
        number = chance.randint(1, count)
        return f"/verify?number=MO+{1 + number % PER_YEAR}&code={hidden('c', number, 8)}"

    return {
        "by QR code": lambda: f"/verify/{token()}",
        "by number and check code": typed,
        "as JSON": lambda: f"/verify/{token()}.json",
        "a wrong token": lambda: f"/verify/{token()[::-1]}",
    }


def measure(app: Flask, database: str, what: str, address: Callable[[], str]) -> None:
    """Server time of one kind of question, from the request's first byte to the answer's last."""
    client, wrong = app.test_client(), what == "a wrong token"

    def ask() -> None:
        answer = client.get(address(), environ_base={"REMOTE_ADDR": "10.0.0.7"})
        assert answer.status_code in ((404,) if wrong else (200, 303)), answer.text

    sample = milliseconds(ask, ASKED, warm=20)
    report_sample("verification", what, sample, database=database)
    report("verification", f"{what}: p95", sample.p95, "ms", database=database, runs=sample.runs)


def under_load(
    app: Flask, database: Database, how: str, scene: rush.Rush, each_second: int, wanted: argparse.Namespace
) -> None:
    """Check pages at a fixed rate from the processes of production, while the people of *scene* enrol."""
    instance = Path(app.config["RETRAIN"].instance) / f"checked-{database.kind}-{each_second}"
    asked = addresses(wanted.certificates)["by QR code"]
    paths = [asked() for _ in range(wanted.rate * wanted.seconds)]
    with rush.at_work(database.url, instance, str(app.config["SECRET_KEY"])) as house:
        plan = {"port": house.port, "rate": wanted.rate, "connections": 32, "paths": paths}
        warm = plan | {"rate": 100, "paths": paths[:200]}
        knock(warm)
        load = rush.begin(scene, house, 0, every=1 / each_second) if each_second else None
        before = rush.processor_seconds(house.web)
        seen = knock(plan)
        used = rush.processor_seconds(house.web) - before
        enrolled = rush.outcome(load) if load else None
    sample = Sample(tuple(each * 1000 for each in seen["took"]))
    for metric, value, unit in (
        ("answered a second", len(seen["took"]) / seen["seconds"], "pages"),
        ("p95 from the moment it was due", sample.p95, "ms"),
        ("not answered with the page", seen["bad"], "pages"),
        ("processor of the web server", used * 1000 / len(paths), "ms each"),
    ):
        name = f"{wanted.rate} a second {how}: {metric}"
        report("verification", name, value, unit, database=database.kind, runs=sample.runs)
    if enrolled:
        report(
            "verification",
            f"enrolments that failed {how}",
            len(enrolled.errors),
            "people",
            database=database.kind,
        )


def knock(plan: dict[str, Any]) -> dict[str, Any]:
    """What the generator saw."""
    done = subprocess.run(
        [sys.executable, KNOCKING], input=json.dumps(plan), stdout=subprocess.PIPE, text=True, check=True
    )
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


if __name__ == "__main__":
    main()
