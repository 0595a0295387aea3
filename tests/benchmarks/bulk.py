"""Ten thousand documents from the button to the disk: issued, numbered, logged, printed and signed.

A run that its coordinator closed is copied many times over, row by row. Then an HR officer issues the documents of all
its copies, while ``retrain worker --heavy 2`` seals them into the log and makes their files, through the queue.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select

from retrain import clock
from retrain.audit import Actor
from retrain.certificates import service
from retrain.certificates.models import Certificate, CertificateEvent
from retrain.completion.models import Decision
from retrain.extensions import db
from retrain.jobs.models import Worker
from retrain.orders.models import OfficialOrder
from retrain.orders.states import OrderKind
from retrain.people import accounts
from retrain.people.models import Employment, Person
from tests.certificates.conftest import closed
from tests.harness import rush, servers
from tests.harness.databases import Database

EACH = 500
"""People of one run, as a country's large ones have."""
PATIENCE = 600.0
NAMES = (
    "To‘xtayeva Dilnoza",
    "G‘ulomov O‘tkir",
    "Abdurahmonova Shahnoza",
    "Yo‘ldoshev Ulug‘bek",
    "Qodirova Aziza",
)


class _Days:
    """A clock that the scene may put on; it goes right again when the scene stands."""

    def __init__(self, days: ExitStack) -> None:
        self._days = days

    def set(self, moment: datetime) -> None:
        self._days.enter_context(clock.at(moment))


def copies(row: Any, count: int, own: Callable[[int], dict[str, Any]]) -> list[int]:
    """Rows like *row* but for what is their *own*; their numbers."""
    table = row.__table__
    like = {name: getattr(row, name) for name in table.columns.keys() if name != "id"}  # noqa: SIM118 (no mapping)
    found = db.session.execute(insert(table).returning(table.c.id), [like | own(at) for at in range(count)])
    return sorted(number for (number,) in found)


def fill(people: int, runs: int) -> tuple[Actor, list[str]]:
    """So many people who completed, spread over so many runs; the HR officer, and the codes of the runs."""
    with ExitStack() as days:
        days.enter_context(clock.at(datetime(2026, 9, 7, 5, tzinfo=UTC)))
        country, _none = closed(_Days(days))
        country.register_order(OrderKind.COMPLETION, "31-k", date(2026, 9, 21))
    run, teacher = country.run, country.teachers[0]
    person = db.session.get_one(Person, teacher.person_id)
    enrolment = country.enrolments[0]
    decision = db.session.scalars(select(Decision).where(Decision.enrolment_id == enrolment.id)).one()
    employment = db.session.scalars(select(Employment).where(Employment.teacher_id == teacher.id)).first()
    orders = db.session.scalars(select(OfficialOrder).where(OfficialOrder.run_id == run.id)).all()
    likes = (run, orders, person, teacher, employment, enrolment, decision)
    codes = [_copied(number, people // runs, *likes) for number in range(runs)]
    db.session.commit()
    return country.hr_officer, codes


def _copied(
    number: int,
    each: int,
    run: Any,
    orders: Any,
    person: Any,
    teacher: Any,
    employment: Any,
    enrolment: Any,
    decision: Any,
) -> str:
    """One more run with *each* people of its own; its code."""
    code = f"B{number}"
    (run_id,) = copies(run, 1, lambda _at: {"code": code})
    persons = copies(person, each, lambda at: named(number, at))
    teachers = copies(
        teacher, each, lambda at: {"person_id": persons[at], "pinfl": str(5 * 10**13 + number * 10**6 + at)}
    )
    copies(employment, each, lambda at: {"teacher_id": teachers[at]})
    rows = copies(enrolment, each, lambda at: {"run_id": run_id, "teacher_id": teachers[at]})
    copies(decision, each, lambda at: {"enrolment_id": rows[at]})
    for order in orders:
        own = {"run_id": run_id, "number": code, "facts": _naming(order.facts, rows)}
        copies(order, 1, partial(_the_same, own))
    return code


def _the_same(own: dict[str, Any], _at: int) -> dict[str, Any]:
    return own


def _naming(facts: dict[str, Any], rows: list[int]) -> dict[str, Any]:
    """What an order says, with a line for each of these enrolments like its first."""
    if "people" not in facts:
        return facts
    return facts | {"people": [facts["people"][0] | {"enrolment": number} for number in rows]}


def named(run: int, at: int) -> dict[str, Any]:
    """A name of one's own, and no way to sign in."""
    family, given = NAMES[at % len(NAMES)].split()
    return {"family": f"{family}", "given": f"{given} {chr(65 + run % 26)}{chr(97 + at % 26)}", "email": None}


def from_button_to_disk(app: Flask, database: Database, people: int) -> dict[str, float]:
    """Seconds until all of them were issued, and until all were in the log and on disk; processor seconds of all."""
    settings = app.config["RETRAIN"]
    app.config["JOBS_QUEUED"] = (
        True  # tests leave the queue out, and the sweep would find the jobs a minute later
    )
    environment = {
        "RETRAIN_DATABASE_URL": database.url, "RETRAIN_INSTANCE": str(settings.instance),
        "RETRAIN_SECRET_KEY": str(app.config["SECRET_KEY"]),
    }  # fmt: skip
    officer, codes = fill(people, max(1, people // EACH))
    with servers.process(
        "worker", "--heavy", "2", environment=environment, log=Path(settings.instance) / "log"
    ) as worker:
        wait(lambda: db.session.scalar(select(func.count()).select_from(Worker)) == 1)
        began, own = time.perf_counter(), time.process_time()
        for code in codes:
            service.issue_run(officer, code)
        issued, own = time.perf_counter() - began, time.process_time() - own
        wait(lambda: left(Certificate.file_digest) == 0 and left(CertificateEvent.position) == 0)
        done, memory = time.perf_counter() - began, rush.peak_megabytes(worker)
    count = db.session.scalar(select(func.count(Certificate.file_digest.distinct())))
    return {"issued": issued, "done": done, "processor": own, "files": count or 0, "memory": memory}


def cookie(app: Flask, actor: Actor) -> str:
    """What the browser of *actor* sends once they are signed in, in English."""
    token = accounts.open_session(actor.person_id or 0, accounts.Browser("127.0.0.1"))
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(signer.dumps({"_user_id": token, "_fresh": True, "language": "en"}))


def left(column: Any) -> int:
    """Rows that have nothing in *column* yet."""
    return db.session.scalar(select(func.count()).where(column.is_(None))) or 0


def wait(is_so: Callable[[], bool]) -> None:
    """Return once *is_so*."""
    until = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > until:
            raise TimeoutError
        db.session.rollback()
        time.sleep(0.2)
    db.session.rollback()
