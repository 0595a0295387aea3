"""Several processes at one register in the same moment: it is signed once, every correction is kept, nobody twice."""

from dataclasses import astuple
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from retrain.attendance import queries, service
from retrain.attendance.checkin import checkins
from retrain.attendance.checkin import rules as checkin_rules
from retrain.attendance.checkin.models import CheckIn
from retrain.attendance.models import Mark, MarkChange
from retrain.attendance.rules import Marked
from retrain.attendance.states import MarkKind, RegisterState
from retrain.audit import Actor
from retrain.audit.models import AuditEntry
from retrain.extensions import db
from tests.attendance.first_morning import MONDAY, at_nine, first_morning
from tests.scenario import Country
from tests.timetable.together import all_at_once

pytestmark = pytest.mark.race
WORKER = "tests.attendance.desk_worker"


@pytest.fixture
def country(made_once, clock) -> Country:
    return made_once(first_morning)


def order(country: Country, *things: dict[str, Any], actor: Actor | None = None) -> dict[str, Any]:
    return {
        "actor": list(astuple(actor or country.lecturer)), "session": country.sessions[0].id, "do": list(things),
    }  # fmt: skip


def count(wanted: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(wanted)) or 0


def entries(action: str) -> int:
    return db.session.scalar(select(func.count()).where(AuditEntry.action == action)) or 0


def test_two_who_sign_while_a_third_still_marks(app, database, country, tmp_path: Path):
    one, *others = (row.id for row in country.enrolments)
    session_id = country.sessions[0].id
    service.save_marks(
        country.lecturer, session_id, [Marked(each, MarkKind.PRESENT) for each in (one, *others)]
    )
    sign = order(country, {"what": "sign"})
    mark = order(country, {"what": "mark", "who": one, "kind": "absent"})
    office = order(country, {"what": "sign"}, actor=country.coordinator)
    db.session.remove()
    answers = all_at_once(WORKER, database.url, tmp_path, [sign, office, mark])
    assert answers[:2] == [["done"], ["done"]]
    sheet = queries.register_of(session_id)
    stands = next(each.kind for each in sheet.marks if each.enrolment_id == one)
    # Either the mark came before the signature, or it was turned away: never after it in silence.
    assert (answers[2], stands) in [(["done"], MarkKind.ABSENT), (["register-signed"], MarkKind.PRESENT)]
    assert (sheet.state, entries("register.signed")) == (RegisterState.SIGNED, 1)


def test_corrections_of_one_mark_are_all_kept_one_after_the_other(app, database, country, tmp_path: Path):
    one, *others = (row.id for row in country.enrolments)
    session_id = country.sessions[0].id
    service.save_marks(
        country.lecturer, session_id, [Marked(each, MarkKind.PRESENT) for each in (one, *others)]
    )
    service.sign(country.lecturer, session_id)
    turns = [
        order(country, *({"what": "correct", "who": one, "kind": kind, "why": f"{number}"} for kind in kinds))
        for number, kinds in enumerate((("absent", "present"), ("absent", "present"), ("absent",)))
    ]
    db.session.remove()
    answers = all_at_once(WORKER, database.url, tmp_path, turns)
    assert {word for each in answers for word in each} == {"done"}
    changes = db.session.scalars(select(MarkChange).order_by(MarkChange.id)).all()
    stands = db.session.scalar(select(Mark.kind).where(Mark.enrolment_id == one))
    path = [*(each.was for each in changes), stands]
    # What each correction kept is what the one before it had made; a correction to what stands already is none.
    assert path[0] is MarkKind.PRESENT
    assert all(before is not after for before, after in pairwise(path))
    assert entries("register.corrected") == len(changes)


def test_check_ins_are_confirmed_once_and_turned_down_never_after(app, database, country, tmp_path: Path):
    step = checkin_rules.step_of(at_nine(MONDAY))
    code = checkin_rules.code(checkins.key(), country.sessions[0].id, step)
    numbers = [row.id for row in country.enrolments]
    people = [Actor(each.person_id, "teacher") for each in country.teachers]
    said = [
        order(country, {"what": "say", "code": code, "device": f"phone {number} {again}"}, actor=person)
        for number, person, again in [
            (0, people[0], 0),
            (0, people[0], 1),
            (1, people[1], 0),
            (2, people[2], 0),
        ]
    ]
    db.session.remove()
    answers = all_at_once(WORKER, database.url, tmp_path / "said", said)
    assert answers == [["done"]] * 4, "the same key in every process, and one person from two phones"
    assert count(CheckIn) == 3
    assert [row.other_device for row in db.session.scalars(select(CheckIn).order_by(CheckIn.enrolment_id))] == [
        True, False, False,
    ]  # fmt: skip
    yes = order(country, {"what": "confirm", "who": numbers, "yes": True})
    no = order(country, {"what": "confirm", "who": numbers, "yes": False}, actor=country.coordinator)
    db.session.remove()
    done = all_at_once(WORKER, database.url, tmp_path / "settled", [yes, no, yes])
    assert sorted(each for (each,) in done) == ["0", "0", "3"], "whoever is first settles all three"
    states = {str(row.state) for row in db.session.scalars(select(CheckIn))}
    marked = {str(kind) for kind in db.session.scalars(select(Mark.kind))}
    assert (states, marked) in [({"confirmed"}, {"present"}), ({"dismissed"}, set())]
