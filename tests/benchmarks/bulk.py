"""Many people of many runs whose documents may be issued: rows copied from a run that was closed by its coordinator."""

from datetime import date
from typing import Any

from sqlalchemy import insert, select

from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.completion.models import Decision
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.orders.models import OfficialOrder
from retrain.people.models import Employment, Person, Teacher
from tests.certificates.conftest import closed
from tests.harness.frozen import FrozenClock

NAMES = ("To‘xtayeva Dilnoza", "G‘ulomov O‘tkir", "Abdurahmonova Shahnoza", "Yo‘ldoshev Ulug‘bek", "Qodirova Aziza")


def fill(clock: FrozenClock, people: int, runs: int) -> tuple[Actor, list[str]]:
    """So many people who completed, spread over so many runs; the HR officer, and the codes of the runs."""
    country, _none = closed(clock)
    country.register_order(OrderKind_COMPLETION, "31-k", date(2026, 9, 21))
    run, teacher = country.run, country.teachers[0]
    person = db.session.get_one(Person, teacher.person_id)
    enrolment = country.enrolments[0]
    decision = db.session.scalars(select(Decision).where(Decision.enrolment_id == enrolment.id)).one()
    employment = db.session.scalars(select(Employment).where(Employment.teacher_id == teacher.id)).first()
    orders = db.session.scalars(select(OfficialOrder).where(OfficialOrder.run_id == run.id)).all()
    codes = []
    for number in range(runs):
        code = f"B{number}"
        (run_id,) = copies(run, 1, lambda _at, code=code: {"code": code})
        for order in orders:
            copies(order, 1, lambda _at, run_id=run_id, code=code: {"run_id": run_id, "number": code})
        each = people // runs
        persons = copies(person, each, lambda at, number=number: named(number, at))
        teachers = copies(teacher, each, lambda at, persons=persons: {"person_id": persons[at], "pinfl": None})
        copies(employment, each, lambda at, teachers=teachers: {"teacher_id": teachers[at]})
        rows = copies(
            enrolment, each, lambda at, run_id=run_id, teachers=teachers: {"run_id": run_id, "teacher_id": teachers[at]}
        )
        copies(decision, each, lambda at, rows=rows: {"enrolment_id": rows[at]})
        codes.append(code)
    db.session.commit()
    return country.hr_officer, codes
