"""The opening minute: thousands of teachers press for too few places, over HTTP, against the real processes.

One enrolment is: open the run's page, press, follow to the answer, with a session and its CSRF token. ``retrain
serve`` and ``retrain worker`` run as in production; the load generator shares their processors. The sessions of all
but a sample are written into the database; the sample signs in by the form, before, and timed apart.

Beside it, in the same minute, a bare Flask app does the least there is to do for an enrolment: what the machine gives.

Then the storm before it: 2,000 people sign in within two minutes while others enrol, ten each second.

    make bench-enrolment
    python tests/benchmarks/bench_enrolment.py --teachers 300 --places 30 --runs 1 --on sqlite --kill --twice 0.1
"""

import argparse
import http.client
import re
import sys
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.measure import Sample, houses, report, report_sample  # isort: skip

from flask import Flask
from sqlalchemy import func, select

from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.people import passwords
from tests.benchmarks import bare_flask
from tests.harness import rush, servers
from tests.harness.databases import KINDS, Database
from tests.harness.deadline import waiting

PASSWORD = "the same word for everybody"
SIGN_IN, ENROL = 2000 / 120, 10.0
"""So many in a second while it storms."""
CITED = {
    "enrolments_per_second": ("Indico 3.3, 300 people for 30 places (cited)", 26.0),
    "p95": ("Indico 3.3, 300 people for 30 places (cited)", 1700.0),
}


def asked() -> argparse.Namespace:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--teachers", type=int, default=10_000)
    given.add_argument("--places", type=int, default=3_000)
    given.add_argument("--runs", type=int, default=100)
    given.add_argument("--connections", type=int, default=32)
    given.add_argument("--sign-ins", type=int, default=100)
    given.add_argument("--twice", type=float, default=0.0, help="The share of requests sent twice.")
    given.add_argument(
        "--kill", action="store_true", help="kill -9 a web process and the worker in the middle."
    )
    given.add_argument(
        "--storm", type=float, default=120.0, help="Seconds of the storm of sign-ins; 0: none."
    )
    given.add_argument("--on", nargs="+", choices=KINDS, default=list(KINDS))
    return given.parse_args()


def main() -> None:
    wanted = asked()
    with houses(wanted.on) as each:
        for app, database in each:
            with app.app_context():
                if wanted.teachers:
                    measure(app, database, wanted)
                    leave()
                    database.reset()
                if wanted.storm:
                    storm(app, database, wanted.storm)
                    leave()


def leave() -> None:
    """No connection of ours stays open."""
    db.session.remove()
    db.engine.dispose()


def measure(app: Flask, database: Database, wanted: argparse.Namespace) -> None:
    """One opening minute on one database, and its lines."""
    scene = rush.prepare(
        app, teachers=wanted.teachers, places=wanted.places, runs=wanted.runs,
        password_hash=passwords.digest(PASSWORD), quotas=True,
    )  # fmt: skip
    leave()
    with rush.at_work(database.url, instance_for(app, database), scene.secret) as house:
        signed_in = Sample(tuple(sign_in(house.port, number) for number in range(wanted.sign_ins)))
        before = costs(house)
        load = rush.begin(scene, house, wanted.connections, wanted.twice)
        if wanted.kill:
            kill_in_the_middle(house, wanted.teachers // 3)
        seen = rush.outcome(load)
        cost = [after - was for after, was in zip(costs(house), before, strict=True)]
    bare = bare_flask_per_second(scene, instance_for(app, database), wanted.connections)
    tell(scene, seen, signed_in, cost, database.kind, bare)


def bare_flask_per_second(scene: rush.Rush, folder: Path, connections: int) -> float:
    """How many enrolments a second the least Flask app takes here and now, of a fifth of the same people."""
    bare_flask.prepare(folder)
    port = servers.free_port()
    program = [sys.executable, str(bare_flask.__file__), str(port), str(folder)]
    environment = {"RETRAIN_SECRET_KEY": scene.secret}
    with servers.process(program=program, environment=environment, log=folder / "bare-log") as web:
        servers.await_answer(f"http://127.0.0.1:{port}/health", process=web)
        few = replace(scene, people=scene.people[: max(200, len(scene.people) // 5)])
        seen = rush.outcome(rush.begin(few, rush.House(port, web, None), connections))
    assert not seen.errors, seen.errors[0]
    return len(few.people) / seen.seconds


def instance_for(app: Flask, database: Database) -> Path:
    """The folder of the processes at work."""
    return Path(app.config["RETRAIN"].instance) / f"at-work-{database.kind}"


def storm(app: Flask, database: Database, seconds: float) -> None:
    """People sign in one after the other, evenly, and others enrol meanwhile; how long anybody had to wait."""
    enrolling, signing_in = round(seconds * ENROL), round(seconds * SIGN_IN)
    scene = rush.prepare(
        app, teachers=enrolling + signing_in, places=enrolling // 3, runs=12,
        password_hash=passwords.digest(PASSWORD), quotas=True,
    )  # fmt: skip
    leave()
    scene.people = scene.people[:enrolling]
    with rush.at_work(database.url, instance_for(app, database), scene.secret) as house:
        load = rush.begin(scene, house, 0, every=1 / ENROL)
        with ThreadPoolExecutor(200) as crowd:
            coming, due = [], time.perf_counter()
            for number in range(enrolling, enrolling + signing_in):
                time.sleep(max(0.0, due - time.perf_counter()))
                coming.append(crowd.submit(sign_in, house.port, number))
                due += 1 / SIGN_IN
            signed_in = Sample(tuple(each.result() for each in coming))
        seen = rush.outcome(load)
    whole = Sample(tuple(milliseconds(seen.began, seen.ended)))
    for metric, value, unit in (
        ("storm_enrolment_p95", whole.under(95), "ms"),
        ("storm_enrolment_slowest", max(whole.values), "ms"),
        ("storm_sign_in_p95", signed_in.under(95), "ms"),
        ("storm_sign_in_slowest", max(signed_in.values), "ms"),
        ("storm_sign_ins", signed_in.runs, "people"),
        ("storm_errors", len(seen.errors), "people"),
        ("storm_faults_found", len(rush.truth(scene).faults), "faults"),
    ):
        report("enrolment", metric, value, unit, database=database.kind, runs=whole.runs)
    for sentence in seen.errors[:10]:
        print(sentence, file=sys.stderr)


def costs(house: rush.House) -> list[float]:
    """Seconds of processor time that the web server and the worker have used so far."""
    return [rush.processor_seconds(each) for each in (house.web, house.worker) if each is not None]


def kill_in_the_middle(house: rush.House, at: int) -> None:
    """A web process and one of the worker's go once so many enrolments stand."""
    for _ in waiting(600, "the rush did not come to its middle"):
        db.session.rollback()
        if (db.session.scalar(select(func.count()).select_from(Enrolment)) or 0) >= at:
            break
        time.sleep(0.2)
    rush.kill_one_of(house.web)
    if house.worker is not None:
        rush.kill_one_of(house.worker)


def tell(
    scene: rush.Rush, seen: rush.Outcome, signed_in: Sample, cost: list[float], kind: str, bare: float
) -> None:
    """Every line that is asked for."""
    found = rush.truth(scene)
    whole = Sample(tuple(milliseconds(seen.began, seen.ended)))
    press = Sample(tuple(milliseconds(seen.pressed, seen.answered)))

    def line(metric: str, value: float, unit: str) -> None:
        rival, theirs = CITED.get(metric, (None, None))
        report(
            "enrolment", metric, value, unit, database=kind, rival=rival, rival_value=theirs, runs=whole.runs
        )

    line("enrolments_per_second", whole.runs / seen.seconds, "1/s")
    report(
        "enrolment", "beside_bare_flask", whole.runs / seen.seconds, "1/s", database=kind, rival="bare Flask app",
        rival_value=bare, runs=whole.runs,
    )  # fmt: skip
    for name, sample in (("", whole), ("press_", press)):
        for part in (50, 95, 99):
            line(f"{name}p{part}", sample.under(part), "ms")
    # Says what a request costs whatever else the machine does; meaningless after a kill.
    for name, seconds in zip(("web", "worker"), cost, strict=True):
        line(f"{name}_processor_per_enrolment", seconds * 1000 / max(1, whole.runs), "ms")
    line("errors", len(seen.errors), "people")
    line("connections_broken", seen.broken, "connections")
    line("places_offered", scene.places, "places")
    line("places_given", found.given, "places")
    line("waiting", found.waiting, "people")
    line("faults_found", len(found.faults), "faults")
    line("worst_inversion", rush.worst_inversion(scene, seen) * 1000, "ms")
    if signed_in.runs:
        report_sample("enrolment", "sign_in_before", signed_in, database=kind)
    for sentence in [*found.faults[:10], *seen.errors[:10]]:
        print(sentence, file=sys.stderr)


def milliseconds(since: list[float], until: list[float]) -> list[float]:
    """How long each took that came to its end."""
    return [(end - start) * 1000 for start, end in zip(since, until, strict=True) if end]


def sign_in(port: int, number: int) -> float:
    """Sign one teacher in by the form; the milliseconds from opening it to being in."""
    began = time.perf_counter()
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"X-Forwarded-For": rush.address(number)}
    line.request("GET", "/sign-in", headers=headers)
    page = line.getresponse()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())
    assert token is not None
    headers |= {
        "Cookie": (page.headers["Set-Cookie"] or "").partition(";")[0],
        "Content-Type": "application/x-www-form-urlencoded",
    }
    form = {"login": f"t{number}@example.uz", "password": PASSWORD, "csrf_token": token[1]}
    line.request("POST", "/sign-in", urllib.parse.urlencode(form), headers)
    answer = line.getresponse()
    answer.read()
    line.close()
    assert answer.status == 303, answer.status
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
