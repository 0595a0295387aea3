"""A college's HR office plans who goes to which course in which month."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from retrain.audit.models import AuditEntry
from retrain.catalogue.models import Course
from retrain.catalogue.states import CourseState
from retrain.enrolment import service as enrolment
from retrain.extensions import db
from retrain.people.merging import Pair
from retrain.people.models import Employment
from retrain.planning import service
from retrain.planning.models import PlanItem
from retrain.planning.personal_data import settle
from retrain.refusal import Forbidden, NotThere, Refused
from tests.harness.actors import somebody


def numbers(people):
    return [str(each.teacher_id) for each in people]


def lines():
    db.session.expire_all()
    return list(db.session.scalars(select(PlanItem).order_by(PlanItem.id)))


def audited(action: str) -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def test_many_from_the_list_of_who_is_due(office, teachers, run):
    page = office.browser.post("/plan/add", data={"teachers": numbers(teachers[:3])}).text
    assert "3 teachers are chosen. Choose a course and a month for them." in page
    assert "Welding, 36 h, Buxoro davlat universiteti" in page
    asked = {"step": "add", "teachers": numbers(teachers[:3]), "course": run.version.course_id,
             "year": 2026, "month": 10}  # fmt: skip
    page = office.browser.post("/plan/add", data=asked).text
    assert "3 were put into the plan of 2026, 0 were not." in page
    assert [(line.month, line.year) for line in lines()] == [(10, 2026)] * 3
    entries = audited("plan_item.added")
    assert [entry.after["month"] for entry in entries] == [10] * 3
    page = office.browser.get("/plan?year=2026").text
    assert "3 lines: 3 planned, 0 nominated, 0 on a run, 0 completed, 0 missed." in page
    assert page.count("October") >= 3


def test_everybody_whom_the_filter_matches(office, teachers, run):
    page = office.browser.post("/plan/add?due=overdue", data={"everything": "1"}).text
    assert "5 teachers are chosen." in page


def test_twice_is_once_and_says_so(office, teachers, run, plan):
    plan(teachers[:1], run, 10)
    answers = service.add(
        office.actor, [each.teacher_id for each in teachers[:2]], run.version.course_id, 2026, 11
    )
    assert [[why.code for why in each.refusals] for each in answers] == [["plan-there"], []]
    assert [line.month for line in lines()] == [10, 11]


def test_another_colleges_teacher_is_nobodys_business(office, make_teacher, other_college, run):
    stranger = make_teacher("Begona", at=other_college)
    page = office.browser.post(
        "/plan/add",
        data={"step": "add", "teachers": numbers([stranger]), "course": run.version.course_id, "year": 2026,
              "month": 10},
    ).text  # fmt: skip
    assert "0 were put into the plan of 2026, 1 were not." in page
    assert "Does not work at this college." in page
    assert "Begona" not in page
    assert lines() == []


def test_who_changed_college_is_planned_by_the_new_one(app, office, teachers, run, plan, other_college):
    line = plan(teachers[:1], run, 10)[0]
    old = db.session.scalars(select(Employment).where(Employment.teacher_id == teachers[0].teacher_id)).one()
    old.until = date(2026, 9, 6)
    new = Employment(teacher_id=old.teacher_id, organisation_id=other_college, since=date(2026, 9, 7))
    db.session.add(new)
    db.session.commit()
    other = somebody(app, "college_hr", other_college, "Boshqa")
    answers = service.add(other.actor, [old.teacher_id], run.version.course_id, 2026, 11)
    assert answers[0].refusals == ()
    assert [(each.id, each.organisation_id, each.month) for each in lines()] == [(line.id, other_college, 11)]
    assert [entry.after["organisation"] for entry in audited("plan_item.taken_over")] == [other_college]
    again = service.add(other.actor, [old.teacher_id], run.version.course_id, 2026, 12)
    assert [why.code for why in again[0].refusals] == ["plan-there"]


@pytest.mark.parametrize(
    ("year", "month", "sentence"),
    [
        (2026, 8, "That month of 2026 has passed. Choose this one or a later one."),
        (2032, 1, "A plan can be made up to 2031."),
        (2026, 13, "Choose a month."),
    ],
)
def test_a_month_that_can_not_be_planned(office, teachers, run, year, month, sentence):
    answer = office.browser.post(
        "/plan/add",
        data={"step": "add", "teachers": numbers(teachers[:1]), "course": run.version.course_id,
              "year": year, "month": month},
    )  # fmt: skip
    assert answer.status_code == 422
    assert sentence in answer.text
    assert lines() == []


def test_nothing_typed_is_a_sentence(office, teachers):
    answer = office.browser.post(
        "/plan/add", data={"step": "add", "course": "x", "month": "", "note": "n" * 400}
    )
    assert answer.status_code == 422
    for sentence in ("Choose at least one person.", "Choose a course that is given.", "Choose a month.",
                     "A note has at most 300 characters."):  # fmt: skip
        assert sentence in answer.text


def test_moved_to_another_month_and_removed(office, teachers, run, plan):
    made = plan(teachers[:3], run, 10)
    answer = office.browser.post(
        "/plan/move?year=2026", data={"lines": [made[0].id, made[1].id], "month": 12}, follow_redirects=True
    )
    assert "2 lines were moved." in answer.text
    assert [line.month for line in lines()] == [12, 12, 10]
    assert [(entry.before, entry.after) for entry in audited("plan_item.moved")] == [
        ({"month": 10}, {"month": 12})
    ] * 2
    gone = made[2].id
    answer = office.browser.post("/plan/remove?year=2026", data={"lines": [gone]}, follow_redirects=True)
    assert "1 line was removed." in answer.text
    assert [entry.subject_id for entry in audited("plan_item.removed")] == [str(gone)]
    assert len(lines()) == 2
    answer = office.browser.post("/plan/move?year=2026", data={"month": 12}, follow_redirects=True)
    assert "Choose at least one line of the plan." in answer.text
    answer = office.browser.post(
        "/plan/move?year=2026", data={"lines": [made[0].id], "month": 3}, follow_redirects=True
    )
    assert "That month of 2026 has passed." in answer.text


def test_a_line_by_which_somebody_goes_stays(office, teachers, run, plan):
    made = plan(teachers[:2], run, 9)
    enrolment.enrol_self(teachers[0].actor, run.code)
    page = office.browser.post(
        "/plan/remove?year=2026", data={"lines": [line.id for line in made]}, follow_redirects=True
    ).text
    assert "1 line was removed. 1 line stays, because its teacher is on a run by it or waits for one." in page
    assert [line.teacher_id for line in lines()] == [teachers[0].teacher_id]


def test_another_colleges_lines_are_not_there(app, office, teachers, run, plan, other_college):
    made = plan(teachers[:1], run)
    other = somebody(app, "college_hr", other_college, "Boshqa")
    for path in ("/plan/move?year=2026", "/plan/remove?year=2026"):
        answer = other.browser.post(path, data={"lines": [made[0].id], "month": 12}, follow_redirects=True)
        assert "Choose at least one line of the plan." in answer.text
    with pytest.raises(NotThere):
        service.nominate(other.actor, {run.code: [made[0].id]})
    assert [line.month for line in lines()] == [9]


def test_only_a_college_plans(teachers, coordinator, ministry, run):
    for other in (teachers[0], coordinator, ministry):
        with pytest.raises((Forbidden, NotThere)):
            service.add(other.actor, [teachers[0].teacher_id], run.version.course_id, 2026, 10)
        assert other.browser.get("/plan").status_code == 403


def test_last_years_plan_as_a_copy(office, teachers, make_run, run, plan, now):
    """One has left the college, one course is no longer given, one is in the new plan already."""
    ended = make_run()
    plan(teachers[:4], run, 10)
    plan(teachers[4:5], ended, 11)
    now.set(datetime(2027, 1, 11, 6, tzinfo=UTC))
    plan(teachers[3:4], run, 5, 2027)
    left = db.session.scalars(select(Employment).where(Employment.teacher_id == teachers[0].teacher_id)).one()
    left.until = date(2026, 12, 31)
    db.session.commit()
    db.session.get_one(Course, ended.version.course_id).state = CourseState.ARCHIVED
    db.session.commit()
    page = office.browser.get("/plan?year=2027").text
    assert "Copy the plan of 2026" in page
    page = office.browser.post("/plan/copy", data={"year": 2027, "what": "all"}, follow_redirects=True).text
    assert (
        "2 lines were copied. Left out: no longer at the college: 1; course no longer given: 1; "
        "in the plan already: 1." in page
    )
    copied = [line for line in lines() if line.year == 2027]
    assert sorted((line.teacher_id, line.month) for line in copied) == sorted(
        [(teachers[3].teacher_id, 5), (teachers[1].teacher_id, 10), (teachers[2].teacher_id, 10)]
    )
    page = office.browser.post("/plan/copy", data={"year": 2027, "what": "all"}, follow_redirects=True).text
    assert "0 lines were copied." in page
    with pytest.raises(Refused):
        service.copy(office.actor, 2029)


def test_only_what_was_missed_as_a_copy(office, teachers, run, plan, now):
    plan(teachers[:3], run, 9)
    service.nominate(office.actor, {run.code: [line.id for line in lines()[:2]]})
    now.set(datetime(2027, 1, 11, 6, tzinfo=UTC))
    found = service.copy(office.actor, 2027, only_missed=True)
    assert found.made == 1
    assert [line.teacher_id for line in lines() if line.year == 2027] == [teachers[2].teacher_id]


def test_a_merged_person_has_one_line(office, teachers, run, plan):
    plan(teachers[:2], run)
    kept, gone = teachers[:2]
    pair = Pair(kept.person_id, gone.person_id, kept.teacher_id, gone.teacher_id)
    settle(office.actor, pair)
    db.session.commit()
    assert [line.teacher_id for line in lines()] == [kept.teacher_id]
