"""Sixty teachers press at once for ten places: ten places are given, and the list is in the order of arrival."""

import threading
from collections import Counter
from contextvars import Context

from sqlalchemy import select

from retrain.catalogue.models import Run
from retrain.enrolment import service
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import State
from retrain.extensions import db
from retrain.refusal import Refused

AT_ONCE = 12


def all_at_once(app, calls) -> list[object]:
    """What each call answers or refuses, all begun together in threads with sessions of their own."""
    barrier, answers = threading.Barrier(AT_ONCE), []

    def work(mine) -> None:
        with app.app_context():
            barrier.wait(120)
            for call in mine:
                try:
                    answers.append(call())
                except Refused as refused:
                    answers.append(refused)
                except Exception as error:  # noqa: BLE001 - reported by the test, not swallowed
                    answers.append(error)
            db.session.remove()

    db.session.commit()
    threads = [
        threading.Thread(target=Context().run, args=(work, calls[at::AT_ONCE])) for at in range(AT_ONCE)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    db.session.expire_all()
    return answers


def press(teacher, code):
    return lambda: service.enrol_self(teacher.actor, code).state


def test_sixty_for_ten(app, make_run, sixty):
    run = make_run(places=10)
    answers = all_at_once(app, [press(teacher, run.code) for teacher in sixty])
    assert Counter(answers) == {State.ENROLLED: 10, State.WAITLISTED: 50}
    rows = db.session.scalars(
        select(Enrolment).where(Enrolment.run_id == run.id).order_by(Enrolment.id)
    ).all()
    waiting = [row.position for row in rows if row.state is State.WAITLISTED]
    assert waiting == list(range(1, 51))
    assert {row.state for row in rows[:10]} == {State.ENROLLED}
    assert db.session.get_one(Run, run.id).taken == 10


def test_each_presses_twice_at_once(app, make_run, sixty):
    run = make_run(places=10)
    answers = all_at_once(app, [press(teacher, run.code) for teacher in sixty[:24] for _ in range(2)])
    assert Counter(answers) == {State.ENROLLED: 20, State.WAITLISTED: 28}
    rows = db.session.scalars(select(Enrolment).where(Enrolment.run_id == run.id)).all()
    assert len(rows) == 24


def test_two_tabs_into_two_runs_at_the_same_time(app, make_run, sixty):
    first, second = make_run(places=30), make_run(places=30)
    calls = [press(teacher, run.code) for teacher in sixty[:24] for run in (first, second)]
    answers = all_at_once(app, calls)
    assert sum(answer is State.ENROLLED for answer in answers) == 24
    assert sum(isinstance(answer, Refused) for answer in answers) == 24
    taken = [db.session.get_one(Run, run.id).taken for run in (first, second)]
    assert sum(taken) == 24


def test_places_given_back_and_taken_meanwhile(app, make_run, sixty):
    run = make_run(places=10)
    rows = [service.enrol_self(teacher.actor, run.code) for teacher in sixty[:20]]

    def leave(at):
        return lambda: service.withdraw(sixty[at].actor, rows[at].id).state

    calls = [call for at in range(10) for call in (leave(at), press(sixty[20 + at], run.code))]
    answers = all_at_once(app, calls)
    assert Counter(answers) == {State.WITHDRAWN: 10, State.WAITLISTED: 10}
    found = db.session.scalars(
        select(Enrolment).where(Enrolment.run_id == run.id).order_by(Enrolment.id)
    ).all()
    assert {row.state for row in found[10:20]} == {State.ENROLLED}
    assert db.session.get_one(Run, run.id).taken == 10


def test_a_run_cancelled_while_people_enrol(app, make_run, sixty, coordinator):
    run = make_run(places=10)
    calls = [press(teacher, run.code) for teacher in sixty[:30]]
    calls.insert(13, lambda: service.cancel_run(coordinator.actor, run.code, "no heating").state)
    answers = all_at_once(app, calls)
    assert all(not isinstance(answer, Exception) or isinstance(answer, Refused) for answer in answers)
    rows = db.session.scalars(select(Enrolment).where(Enrolment.run_id == run.id)).all()
    assert {row.state for row in rows} <= {State.LAPSED}
    assert db.session.get_one(Run, run.id).taken == 0


def test_more_places_while_people_wait_and_come(app, make_run, sixty, coordinator):
    run = make_run(places=10)
    calls = [press(teacher, run.code) for teacher in sixty]
    calls.insert(31, lambda: service.change_places(coordinator.actor, run.code, 25))
    answers = all_at_once(app, calls)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    rows = db.session.scalars(
        select(Enrolment).where(Enrolment.run_id == run.id).order_by(Enrolment.id)
    ).all()
    assert [row.state for row in rows] == [State.ENROLLED] * 25 + [State.WAITLISTED] * 35
    assert db.session.get_one(Run, run.id).taken == 25
