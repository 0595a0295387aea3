"""The end of the lesson: 500 lecturers send registers of thirty within a minute, over HTTP, to the real processes.

A tenth of them send twice, and a twentieth out of order, as telephones do that had no network; every mark must stand
once and none be lost. Then the register page in Chromium on a slow telephone, a year's dashboard, and a run of a
thousand people that is closed.

What its lines say: ``page_first_visit`` until a phone has the page, works and keeps it, ``page_later_visit`` and
``page_offline_visit`` until it works again, ``taps_to_sign`` from the list of classes; ``send_p50``, ``send_p95`` and
``send_slowest`` one sending, ``send_processor`` what it costs the server; ``marks_*``, ``registers_signed``,
``operations_kept`` and ``errors`` what stands afterwards; ``year_page`` a coordinator's year, ``year_page_late_joiners``
the same where seven of ten came in the middle; ``decide_all``, ``close_run`` and ``replay_all`` a run of a thousand.

    make bench-attendance
    python tests/benchmarks/bench_attendance.py --lecturers 50 --seconds 6 --on sqlite --only sending
"""

import argparse
import http.client
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.measure import Sample, houses, report  # isort: skip

from flask import Flask
from sqlalchemy import func, insert, select, text

from retrain import clock
from retrain.attendance.models import Mark, Register, RegisterOperation
from retrain.attendance.states import RegisterState
from retrain.catalogue.models import Run
from retrain.extensions import db
from retrain.people import codes
from retrain.people.models import AccountSession, Person, Role, Teacher
from retrain.timetable.models import ClassSession, Lecturer
from tests.benchmarks import closing_bench, register_page, year_bench
from tests.benchmarks.groups import GROUP, class_row, enrol
from tests.harness import rush
from tests.harness.databases import KINDS, Database

CLASSES_A_GROUP = 10
TWICE, OUT_OF_ORDER = 0.10, 0.05
PARTS = ("sending", "page", "year", "completion")


@dataclass
class Scene:
    """Who sends which register: (cookie, session, enrolments), and the secret that cookies are signed with."""

    secret: str
    sheets: list[tuple[str, int, list[int]]]
    coordinator: str


@dataclass
class Seen:
    """What the senders saw: milliseconds of each sending, and what went wrong."""

    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    wanted: dict[tuple[int, int], str] = field(default_factory=dict)


def asked() -> argparse.Namespace:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--lecturers", type=int, default=500)
    given.add_argument("--seconds", type=float, default=60.0, help="Within which everybody sends.")
    given.add_argument("--marks", type=int, default=200_000, help="Of the year's dashboard.")
    given.add_argument("--on", nargs="+", choices=KINDS, default=list(KINDS))
    given.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    return given.parse_args()


def main() -> None:
    wanted = asked()
    with houses(wanted.on) as each:
        for app, database in each:
            with app.app_context():
                if {"sending", "page"} & set(wanted.only):
                    _at_work(app, database, wanted)
                    _empty(database)
                if "year" in wanted.only:
                    year_bench.measure(app, database.kind, wanted.marks)
                    _empty(database)
                if "completion" in wanted.only:
                    closing_bench.measure(app, database.kind)
                db.session.remove()
                db.engine.dispose()


def _empty(database: Database) -> None:
    db.session.remove()
    db.engine.dispose()
    database.reset()


def _at_work(app: Flask, database: Database, wanted: argparse.Namespace) -> None:
    scene = prepare(app, wanted.lecturers)
    db.session.remove()
    db.engine.dispose()
    instance = Path(app.config["RETRAIN"].instance) / f"at-work-{database.kind}"
    with rush.at_work(database.url, instance, scene.secret) as house:
        if "page" in wanted.only:
            cookie, session_id, _group = scene.sheets.pop()
            for metric, value, unit, runs in register_page.measure(house.port, cookie, session_id):
                report("attendance", metric, value, unit, database=database.kind, runs=runs)
        if "sending" in wanted.only:
            before = rush.processor_seconds(house.web)
            seen = send_all(house.port, scene, wanted.seconds)
            busy = (rush.processor_seconds(house.web) - before) * 1000
            _tell(seen, database.kind)
            # What a sending costs whatever else the machine does; the token it asked for is in it.
            each = busy / len(seen.times)
            report("attendance", "send_processor", each, "ms", database=database.kind, runs=len(seen.times))


def prepare(app: Flask, lecturers: int) -> Scene:
    """Groups of thirty with ten classes that are on now, each of a lecturer of its own, and everybody signed in."""
    groups = -(-lecturers // CLASSES_A_GROUP)
    scene = rush.prepare(app, teachers=groups * GROUP, places=groups * GROUP, runs=groups)
    runs = db.session.execute(select(Run.id, Run.provider_id).order_by(Run.id)).all()
    teachers = list(db.session.scalars(select(Teacher.id).order_by(Teacher.id)))
    enrolments = enrol([run_id for run_id, _provider in runs], teachers)
    people = _lecturers(lecturers, runs[0].provider_id)
    now, sheets, rows = clock.now(), [], []
    first = (db.session.scalar(select(func.max(ClassSession.id))) or 0) + 1
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    for number, (person_id, token) in enumerate(people):
        run_id = runs[number // CLASSES_A_GROUP].id
        rows.append(
            class_row(
                first + number, run_id, person_id, number % CLASSES_A_GROUP + 1, now - timedelta(hours=2)
            )
        )
        cookie = "session=" + signer.dumps({"_user_id": token, "_fresh": True, "_permanent": True})
        sheets.append((cookie, first + number, enrolments[run_id]))
    db.session.execute(insert(ClassSession), rows)
    db.session.execute(text("ANALYZE"))
    db.session.commit()
    return Scene(scene.secret, sheets, "")


def _lecturers(count: int, provider_id: int) -> list[tuple[int, str]]:
    """Lecturers of the provider, signed in: (person, token)."""
    now, first = clock.now(), (db.session.scalar(select(func.max(Person.id))) or 0) + 1
    found = [(first + at, f"the token of a session of lecturer {at:06}") for at in range(count)]
    persons = [
        {"id": number, "family": f"Nodirov{number:05}", "given": "Bek", "patronymic": "", "language": "uz",
         "search_key": f"nodirov{number:05} bek", "sort_key": f"nodirov{number:05} bek", "created_at": now,
         "activated_at": now, "is_demo": False}
        for number, _token in found
    ]  # fmt: skip
    sessions = [
        {"digest": codes.session_digest(token), "person_id": number, "created_at": now, "seen_at": now,
         "expires_at": now + timedelta(days=20)}
        for number, token in found
    ]  # fmt: skip
    roles = [
        {"person_id": number, "kind": "lecturer", "organisation_id": provider_id, "since": date(2020, 1, 1)}
        for number, _token in found
    ]
    teaches = [{"person_id": number, "provider_id": provider_id} for number, _token in found]
    for table, rows in ((Person, persons), (AccountSession, sessions), (Role, roles), (Lecturer, teaches)):
        db.session.execute(insert(table), rows)
    db.session.commit()
    return found


def send_all(port: int, scene: Scene, seconds: float) -> Seen:
    """Everybody sends within so many seconds, evenly; some twice, some the second half before the first."""
    chance, seen = random.Random(20261126), Seen()
    between = seconds / len(scene.sheets)
    with ThreadPoolExecutor(64) as crowd:
        due, sent = time.perf_counter(), []
        for cookie, session_id, group in scene.sheets:
            time.sleep(max(0.0, due - time.perf_counter()))
            marks = {number: chance.choice(("present",) * 8 + ("absent",)) for number in group}
            seen.wanted |= {(session_id, number): kind for number, kind in marks.items()}
            turn, again = chance.random() < OUT_OF_ORDER, chance.random() < TWICE
            sent.append(crowd.submit(_send, port, cookie, session_id, marks, turn, again))
            due += between
        for each in sent:
            times, errors = each.result()
            seen.times += times
            seen.errors += errors
    return seen


def _send(
    port: int, cookie: str, session_id: int, marks: dict[int, str], turn: bool, again: bool
) -> tuple[list[float], list[str]]:
    """One telephone: a fresh token, then its register; how long each sending took, and what went wrong."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    line.request("GET", "/registers/token.json", headers={"Cookie": cookie})
    answer = line.getresponse()
    told = json.loads(answer.read())
    fresh = (answer.headers["Set-Cookie"] or "").partition(";")[0]
    operations = [
        {"id": str(uuid4()), "number": at, "what": "mark", "enrolment": number, "kind": kind, "base": 0}
        for at, (number, kind) in enumerate(marks.items(), start=1)
    ]
    operations.append({"id": str(uuid4()), "number": len(operations) + 1, "what": "sign", "base": 0})
    half = len(operations) // 2
    batches = [operations[half:-1], [*operations[:half], operations[-1]]] if turn else [operations]
    headers = {"Cookie": fresh or cookie, "Content-Type": "application/json", "X-CSRFToken": told["token"]}
    device = str(uuid4())
    times, errors = list[float](), list[str]()
    for batch in batches * (2 if again else 1):
        body = json.dumps({"owner": told["owner"], "device": device, "operations": batch})
        began = time.perf_counter()
        line.request("POST", f"/registers/{session_id}/operations.json", body, headers)
        answer = line.getresponse()
        content = answer.read()
        times.append((time.perf_counter() - began) * 1000)
        errors += _wrong(answer.status, content)
    line.close()
    return times, errors


def _wrong(status: int, content: bytes) -> Iterator[str]:
    if status != 200:
        yield f"{status}: {content[:200]!r}"
        return
    for each in json.loads(content)["answers"].values():
        if each["outcome"] not in ("applied", "same"):
            yield f"{each['outcome']}: {each['why']}"


def _tell(seen: Seen, kind: str) -> None:
    db.session.rollback()
    rows = db.session.execute(
        select(Register.session_id, Mark.enrolment_id, Mark.kind).join(Mark, Mark.register_id == Register.id)
    ).tuples()
    sent = {session_id for session_id, _number in seen.wanted}
    stands = Counter(
        (session_id, number, str(mark)) for session_id, number, mark in rows if session_id in sent
    )
    wanted = Counter((*where, mark) for where, mark in seen.wanted.items())
    signed = select(func.count(Register.id)).where(
        Register.state == RegisterState.SIGNED, Register.session_id.in_(sent)
    )
    kept = select(func.count(RegisterOperation.id)).join(
        Register, Register.id == RegisterOperation.register_id
    )
    operations = db.session.scalar(kept.where(Register.session_id.in_(sent))) or 0
    sample = Sample(tuple(seen.times))
    for metric, value, unit in (
        ("send_p50", sample.under(50), "ms"),
        ("send_p95", sample.under(95), "ms"),
        ("send_slowest", max(seen.times), "ms"),
        ("marks_wanted", sum(wanted.values()), "marks"),
        ("marks_lost", sum((wanted - stands).values()), "marks"),
        ("marks_doubled_or_wrong", sum((stands - wanted).values()), "marks"),
        ("registers_signed", db.session.scalar(signed) or 0, "registers"),
        ("operations_kept", operations, "operations"),
        ("errors", len(seen.errors), "answers"),
    ):
        report("attendance", metric, value, unit, database=kind, runs=sample.runs)
    for sentence in seen.errors[:10]:
        print(sentence, file=sys.stderr)


if __name__ == "__main__":
    main()
