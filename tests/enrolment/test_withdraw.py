"""Somebody gives up a place; it passes to the first who waits, while the list moves."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from retrain.catalogue import service as catalogue
from retrain.catalogue.models import Run
from retrain.catalogue.states import RunState
from retrain.enrolment import queries, service
from retrain.enrolment.models import EnrolmentChange
from retrain.enrolment.states import State
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.refusal import Forbidden, Refused


def states(rows) -> list[str]:
    db.session.expire_all()
    return [row.state.value for row in rows]


def taken(run) -> int:
    db.session.expire_all()
    return db.session.get_one(Run, run.id).taken


def kinds(person_id: int) -> list[str]:
    found = select(Message.kind).where(Message.person_id == person_id).order_by(Message.id)
    return list(db.session.scalars(found))


def test_the_freed_place_passes_to_the_first_who_waits(run, rows, teachers):
    browser = teachers[0].browser
    page = browser.get(f"/runs/{run.code}/withdraw").text
    assert "You would give up your place." in page
    answer = browser.post(f"/runs/{run.code}/withdraw", data={"reason": "ill"}, follow_redirects=True)
    assert f"You withdrew from run {run.code}." in answer.text
    assert states(rows) == ["withdrawn", "enrolled", "enrolled", "waitlisted", "waitlisted"]
    assert taken(run) == 2
    assert kinds(teachers[2].person_id) == ["enrolment.waiting", "enrolment.promoted"]
    assert [queries.number_on_list(row) for row in rows[3:]] == [1, 2]
    change = db.session.scalar(select(EnrolmentChange).where(EnrolmentChange.enrolment_id == rows[0].id))
    assert (change.before, change.after, change.reason) == (State.ENROLLED, State.WITHDRAWN, "ill")


def test_the_calendar_entry_is_taken_back_under_the_same_id(run, rows, teachers):
    service.withdraw(teachers[0].actor, rows[0].id)
    found = select(Message).where(Message.person_id == teachers[0].person_id).order_by(Message.id)
    first, last = db.session.scalars(found).all()
    assert (last.calendar["method"], last.calendar["uid"]) == ("CANCEL", first.calendar["uid"])
    assert last.calendar["sequence"] > first.calendar["sequence"]


def test_withdrawing_twice_is_withdrawing_once(run, rows, teachers):
    for _ in range(2):
        answer = teachers[0].browser.post(f"/runs/{run.code}/withdraw", data={}, follow_redirects=True)
        assert f"You withdrew from run {run.code}." in answer.text
    assert states(rows) == ["withdrawn", "enrolled", "enrolled", "waitlisted", "waitlisted"]


def test_who_withdrew_may_come_again_at_the_end_of_the_list(run, rows, teachers):
    service.withdraw(teachers[0].actor, rows[0].id)
    again = service.enrol_self(teachers[0].actor, run.code)
    assert again.id != rows[0].id
    assert queries.number_on_list(again) == 3


def test_nothing_passes_on_after_the_deadline(run, rows, teachers, clock, coordinator):
    clock.set(run.enrolment_closes)
    service.withdraw(teachers[0].actor, rows[0].id)
    assert states(rows)[2] == "waitlisted"
    assert taken(run) == 1
    # The coordinator may still do it by hand, in the order of the list.
    page = coordinator.browser.post(f"/manage/runs/{run.code}/promote", follow_redirects=True).text
    assert "1 person moved up from the waiting list and was told." in page
    assert states(rows)[2:] == ["enrolled", "waitlisted", "waitlisted"]


def test_nobody_leaves_by_themselves_once_it_began(run, rows, teachers, clock):
    clock.set(datetime(2026, 9, 21, 4, tzinfo=UTC))
    with pytest.raises(Refused) as refused:
        service.withdraw(teachers[0].actor, rows[0].id)
    assert refused.value.why[0].code == "run-started"
    assert "Withdraw" not in teachers[0].browser.get(f"/runs/{run.code}").text.split("Your place")[1][:600]
    service.withdraw(teachers[4].actor, rows[4].id)  # waiting may end at any time
    assert states(rows)[4] == "withdrawn"


def test_nobody_withdraws_another(run, rows, teachers):
    with pytest.raises(Forbidden):
        service.withdraw(teachers[1].actor, rows[0].id)


def test_the_college_may_withdraw_its_own(run, rows, office):
    service.withdraw(office.actor, rows[0].id, "needed at the college")
    assert states(rows)[0] == "withdrawn"


def test_no_newcomer_goes_past_those_who_wait(run, rows, teachers, make_teacher, clock, coordinator):
    """A place came free while the list stood still; when enrolment opens again, those who waited come first."""
    clock.set(run.enrolment_closes)
    service.withdraw(teachers[0].actor, rows[0].id)
    run = db.session.get_one(Run, run.id)
    run.enrolment_closes = datetime(2026, 9, 20, tzinfo=UTC)
    db.session.commit()
    newcomer = service.enrol_self(make_teacher("Yangi").actor, run.code)
    assert newcomer.state is State.WAITLISTED
    assert states(rows) == ["withdrawn", "enrolled", "enrolled", "waitlisted", "waitlisted"]


def test_who_can_not_come_blocks_nobody(make_run, teachers):
    """The first who waits has a run at that time by now: the place goes to the next."""
    run, other = make_run(places=1), make_run(starts_on=date(2026, 10, 5), ends_on=date(2026, 10, 10))
    rows = [service.enrol_self(teacher.actor, run.code) for teacher in teachers[:3]]
    service.enrol_self(teachers[1].actor, other.code)
    moved = db.session.get_one(Run, other.id)
    moved.starts_on, moved.ends_on = run.starts_on, run.ends_on
    db.session.commit()
    service.withdraw(teachers[0].actor, rows[0].id)
    assert states(rows) == ["withdrawn", "waitlisted", "enrolled"]


def test_a_cancelled_run_sets_everyone_free(run, rows, teachers, coordinator, make_run):
    service.cancel_run(coordinator.actor, run.code, "The workshop burnt down")
    assert set(states(rows)) == {"lapsed"}
    assert taken(run) == 0
    assert kinds(teachers[4].person_id)[-1] == "enrolment.cancelled"
    service.enrol_self(teachers[0].actor, make_run().code)  # the time is free again


def test_the_waiting_list_ends_with_the_run(run, rows, coordinator, clock):
    clock.set(datetime(2026, 9, 27, 4, tzinfo=UTC))
    catalogue.move_run(coordinator.actor, run.code, RunState.RUNNING)
    catalogue.move_run(coordinator.actor, run.code, RunState.FINISHED)
    assert states(rows) == ["enrolled", "enrolled", "lapsed", "lapsed", "lapsed"]
