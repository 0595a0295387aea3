"""People are moved both ways, enrol, withdraw and are replaced while a run is cancelled: the sums are right at the end."""

import pytest
from sqlalchemy import func, select

from retrain.catalogue.models import Run
from retrain.enrolment import service
from retrain.enrolment.models import Enrolment, Quota
from retrain.enrolment.states import HOLDS_PLACE, OPEN, QuotaSort, State
from retrain.extensions import db
from retrain.refusal import NotThere, Refused
from tests.enrolment.test_race_for_places import all_at_once, press

WHY = "boshqa oqimga"


@pytest.fixture
def crowd(sixty):
    return sixty[:40]


def move(coordinator, row, run):
    return lambda: service.transfer(coordinator.actor, row.id, run.code, WHY).state


def holds(run) -> int:
    count = select(func.count()).where(Enrolment.run_id == run.id, Enrolment.state.in_(HOLDS_PLACE))
    return db.session.scalar(count)


def is_sound(*runs: Run) -> None:
    """Each counter is what the rows say, in the run and in each quota, and nobody is on two runs at once."""
    for run in runs:
        now = db.session.get_one(Run, run.id)
        assert now.taken == holds(run) <= now.places
        for quota in db.session.scalars(select(Quota).where(Quota.run_id == run.id)):
            rows = db.session.scalars(
                select(Enrolment).where(Enrolment.run_id == run.id, Enrolment.state.in_(HOLDS_PLACE))
            )
            assert quota.taken == sum(quota.id in row.taken_from for row in rows)
    living = select(Enrolment.teacher_id).where(
        Enrolment.run_id.in_([run.id for run in runs]), Enrolment.state.in_(OPEN)
    )
    people = list(db.session.scalars(living))
    assert len(people) == len(set(people))


def all_answered(answers) -> None:
    assert [each for each in answers if isinstance(each, Exception) and not isinstance(each, Refused)] == []


def test_moved_both_ways_while_others_come_and_go(app, make_run, crowd, coordinator, college):
    one = make_run(places=10)
    two = make_run(course=one.version.course.code, places=10)
    for run in (one, two):
        service.set_quota(coordinator.actor, run.code, QuotaSort.SET_ASIDE, f"college:{college}", 4)
    rows = [service.enrol_self(teacher.actor, one.code) for teacher in crowd[:12]]
    others = [service.enrol_self(teacher.actor, two.code) for teacher in crowd[12:20]]

    def leave(at):
        return lambda: service.withdraw(crowd[at].actor, rows[at].id).state

    calls = []
    for at in range(8):
        calls += [move(coordinator, rows[at], two), move(coordinator, others[at], one)]
        calls += [press(crowd[20 + at], one.code), press(crowd[28 + at], two.code)]
    calls += [leave(at) for at in range(8, 12)]
    answers = all_at_once(app, calls)
    all_answered(answers)
    is_sound(one, two)
    for run in (one, two):
        waiting = select(func.count()).where(Enrolment.run_id == run.id, Enrolment.state == State.WAITLISTED)
        now = db.session.get_one(Run, run.id)
        assert now.taken == now.places or not db.session.scalar(waiting), "nobody waits beside a free place"


def test_the_target_is_full_for_all_but_the_first(app, make_run, crowd, coordinator):
    one = make_run(places=20)
    two = make_run(course=one.version.course.code, places=5)
    rows = [service.enrol_self(teacher.actor, one.code) for teacher in crowd[:20]]
    answers = all_at_once(app, [move(coordinator, row, two) for row in rows])
    all_answered(answers)
    assert sum(answer is State.ENROLLED for answer in answers) == 5
    is_sound(one, two)
    assert (holds(one), holds(two)) == (15, 5)


def test_a_run_cancelled_while_people_are_moved_replaced_and_come(app, make_run, crowd, coordinator, office):
    one = make_run(places=10)
    two = make_run(course=one.version.course.code, places=12)
    rows = [service.enrol_self(teacher.actor, one.code) for teacher in crowd[:14]]
    there = [service.enrol_self(teacher.actor, two.code) for teacher in crowd[14:18]]

    def substitute(row, teacher):
        return lambda: service.substitute(office.actor, row.id, teacher.teacher_id).state

    calls = [move(coordinator, rows[at], two) for at in range(4)]
    calls += [move(coordinator, row, one) for row in there]
    calls += [press(teacher, one.code) for teacher in crowd[18:24]]
    calls += [press(teacher, two.code) for teacher in crowd[24:30]]
    calls += [substitute(rows[4 + at], crowd[30 + at]) for at in range(3)]
    to = {row.id: two.code for row in rows[2:]}
    calls.insert(9, lambda: service.cancel_and_move(coordinator.actor, one.code, WHY, to))
    answers = all_at_once(app, calls)
    all_answered(answers)
    is_sound(one, two)
    assert holds(one) == 0
    assert not db.session.scalars(
        select(Enrolment).where(Enrolment.run_id == one.id, Enrolment.state.in_(OPEN))
    ).all()
    assert not [each for each in answers if isinstance(each, NotThere)]
