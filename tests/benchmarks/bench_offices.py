"""The pages of offices in their busiest weeks: a coordinator with 5,000 applications, a college with 400 teachers.

Server time of whole requests, sign-in to the last word, without a network between: 150 ms is the most that 95 of
100 may take, and 15 statements the most that a page may send. The term board is read by every package, so it is
measured beside them.
"""

import gc
import time
from functools import partial

from flask import Flask

from retrain.extensions import db
from tests.benchmarks.measure import Sample, houses, milliseconds, report
from tests.harness.actors import Somebody
from tests.harness.offices import OF_COLLEGE, OF_COORDINATOR, fill
from tests.harness.statements import counted

ROUNDS = 40


def main() -> None:
    with houses() as each:
        for app, database in each:
            with app.app_context():
                offices = fill(app)
                gc.collect()
                gc.freeze()  # what the filling left is not looked through again, as a server's start is not
                busy = "coordinator, 5,000 applications"
                measure(app, database.kind, busy, offices.coordinator, OF_COORDINATOR)
                measure(app, database.kind, "college, 400 teachers", offices.hr, OF_COLLEGE)
                db.session.remove()
                db.engine.dispose()


def measure(app: Flask, kind: str, who: str, person: Somebody, addresses: tuple[str, ...]) -> None:
    """Each page as often as the others: by the clock, in processor time, and its statements; then the worst of all."""
    slowest, worst, most = 0.0, 0.0, 0
    for address in addresses:
        took = milliseconds(partial(answer, person, address), ROUNDS, warm=3)
        processor = Sample(tuple(processor_of(person, address) for _ in range(ROUNDS)))
        db.session.remove()
        with counted() as sent:
            answer(person, address)
        report(
            "offices",
            f"{who}: {address}, p95",
            took.p95,
            "ms",
            database=kind,
            runs=ROUNDS,
            spread=took.spread,
        )
        report("offices", f"{who}: {address}, processor p95", processor.p95, "ms", database=kind)
        asked = [statement for statement in sent if statement != "BEGIN"]
        report("offices", f"{who}: {address}, statements", len(asked), "1", database=kind)
        slowest, worst = max(slowest, took.p95), max(worst, processor.p95)
        most = max(most, len(asked))
    report("offices", f"{who}: slowest p95", slowest, "ms", database=kind)
    report("offices", f"{who}: slowest processor p95", worst, "ms", database=kind)
    report("offices", f"{who}: most statements", most, "1", database=kind)


def answer(person: Somebody, address: str) -> None:
    """The page, which has to be there."""
    found = person.browser.get(address)
    assert found.status_code == 200, (address, found.status_code)


def processor_of(person: Somebody, address: str) -> float:
    """Milliseconds of this process for one request; PostgreSQL's own are not in it."""
    began = time.process_time()
    answer(person, address)
    return (time.process_time() - began) * 1000


if __name__ == "__main__":
    main()
