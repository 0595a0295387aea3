"""Two clicks from the plan to a run: the chosen lines, the proposed run, and an answer for each line."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from retrain.audit.models import AuditEntry
from retrain.enrolment import service as enrolment
from retrain.enrolment.models import Enrolment, Nomination
from retrain.enrolment.states import Source, State
from retrain.extensions import db
from retrain.planning import service
from retrain.planning.models import PlanItem
from retrain.refusal import NotThere


def chosen(lines, **more):
    return {"lines": [line.id for line in lines]} | more


def enrolments(lines):
    db.session.expire_all()
    found = [db.session.get_one(PlanItem, line.id).enrolment_id for line in lines]
    return [number and db.session.get_one(Enrolment, number) for number in found]


def test_two_clicks_and_each_line_has_its_answer(office, teachers, run, plan):
    """A place each for two, the third waits, the fourth had a place of their own already."""
    enrolment.enrol_self(teachers[3].actor, run.code)
    made = plan(teachers[:3], run)
    page = office.browser.post("/plan/nominate?year=2026", data=chosen(made)).text
    assert "3 lines are chosen." in page
    assert f'value="{run.code}"' in page
    assert " checked" in page
    step = {"step": "nominate", f"run-{run.version.course_id}": run.code, "order_number": "14-k",
            "order_date": "2026-09-04"}  # fmt: skip
    page = office.browser.post("/plan/nominate?year=2026", data=chosen(made, **step)).text
    assert "1 have a place, 2 wait, 0 were not put on the run." in page
    assert "number 2 on the waiting list" in page
    rows = enrolments(made)
    assert [row.state for row in rows] == [State.ENROLLED, State.WAITLISTED, State.WAITLISTED]
    assert [row.teacher_id for row in rows] == [line.teacher_id for line in made]
    assert {row.source for row in rows} == {Source.NOMINATION}
    nomination = db.session.scalars(select(Nomination)).one()
    assert (nomination.order_number, nomination.order_date) == ("14-k", date(2026, 9, 4))
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "plan_item.nominated")).all()
    assert [entry.after["run"] for entry in entries] == [run.code] * 3
    page = office.browser.get("/plan?year=2026").text
    assert "3 lines: 0 planned, 2 nominated, 1 on a run, 0 completed, 0 missed." in page


def test_who_goes_already_is_left_out(office, teachers, run, plan):
    made = plan(teachers[:2], run)
    enrolment.enrol_self(teachers[0].actor, run.code)
    page = office.browser.post("/plan/nominate?year=2026", data=chosen(made)).text
    assert "1 line is chosen." in page
    assert "1 chosen line is left out" in page
    page = office.browser.post("/plan/nominate?year=2026", data=chosen(made[:1]), follow_redirects=True).text
    assert "Everybody chosen is on a run already, or waits for one." in page


def test_lines_of_two_courses_go_to_two_runs(office, teachers, run, make_run, plan):
    other = make_run(starts_on=date(2026, 10, 5), ends_on=date(2026, 10, 10))
    made = plan(teachers[:2], run) + plan(teachers[2:3], other, 10)
    page = office.browser.post("/plan/nominate?year=2026", data=chosen(made)).text
    step = {"step": "nominate", f"run-{run.version.course_id}": run.code,
            f"run-{other.version.course_id}": other.code}  # fmt: skip
    assert run.code in page
    assert other.code in page
    page = office.browser.post("/plan/nominate?year=2026", data=chosen(made, **step)).text
    assert "3 have a place, 0 wait, 0 were not put on the run." in page
    assert [row.run_id for row in enrolments(made)] == [run.id, run.id, other.id]


def test_a_run_that_closes_meanwhile_says_so_and_hinders_no_other(office, teachers, run, make_run, plan, now):
    """The page was opened before the run closed."""
    later = make_run(starts_on=date(2026, 10, 5), ends_on=date(2026, 10, 10),
                     enrolment_closes=datetime(2026, 10, 1, tzinfo=UTC))  # fmt: skip
    made = plan(teachers[:1], run) + plan(teachers[1:2], later, 10)
    now.set(datetime(2026, 9, 19, 12, tzinfo=UTC))
    step = {"step": "nominate", f"run-{run.version.course_id}": run.code,
            f"run-{later.version.course_id}": later.code}  # fmt: skip
    page = office.browser.post("/plan/nominate?year=2026", data=chosen(made, **step)).text
    assert "1 have a place, 0 wait, 1 were not put on the run." in page
    assert "Enrolment closed on 18 September 2026" in page
    first, second = enrolments(made)
    assert first is None
    assert second.run_id == later.id


def test_a_run_of_another_course_is_not_there(office, teachers, run, make_run, plan):
    made = plan(teachers[:1], run)
    with pytest.raises(NotThere):
        service.nominate(office.actor, {make_run().code: [made[0].id]})
    assert enrolments(made) == [None]


def test_no_run_chosen_is_a_sentence(office, teachers, run, plan):
    made = plan(teachers[:1], run)
    page = office.browser.post("/plan/nominate?year=2026", data=chosen(made, step="nominate")).text
    assert "Choose a run for at least one course." in page
    page = office.browser.post("/plan/nominate?year=2026", follow_redirects=True).text
    assert "Choose at least one line of the plan." in page


def test_a_course_without_an_open_run_says_so(office, teachers, run, plan, coordinator):
    made = plan(teachers[:1], run)
    enrolment.cancel_run(coordinator.actor, run.code, "kam")
    page = office.browser.post("/plan/nominate?year=2026", data=chosen(made)).text
    assert "No run of this course is open to nominations now." in page


def test_nominating_twice_changes_nothing(office, teachers, run, plan):
    made = plan(teachers[:2], run)
    lines = {run.code: [line.id for line in made]}
    first = service.nominate(office.actor, lines)
    before = [row.id for row in enrolments(made)]
    again = service.nominate(office.actor, lines)
    assert [each.outcome.state for each in first] == [State.ENROLLED] * 2
    assert {each.outcome.refusals[0].code for each in again} == {"already-on-run"}
    assert [row.id for row in enrolments(made)] == before
