"""Who misses hours is told at each step, once; at the limit a person decides, and an order follows."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from retrain.attendance import service, years
from retrain.attendance.absences import absences
from retrain.attendance.absences.models import AbsenceWarning, ExclusionProposal
from retrain.attendance.absences.rules import Absence, Risk
from retrain.attendance.absences.states import Answer
from retrain.attendance.rules import Marked, Tally
from retrain.attendance.states import MarkKind
from retrain.catalogue import service as catalogue
from retrain.enrolment import office_counts
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import State
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.orders.models import OfficialOrder
from retrain.orders.states import OrderKind
from retrain.people import service as settings
from retrain.refusal import Forbidden, Refused
from tests import scenario
from tests.scenario import Country

MONDAY = date(2026, 9, 14)
KEPT = {"max_unexcused_hours": 4, "warnings": [2, 4]}


def first_morning(clock) -> Country:
    country = scenario.country(MONDAY)
    country.sessions = country.timetable(*scenario.days(MONDAY, 4))
    country.run.policy = country.run.policy | KEPT
    db.session.commit()
    clock.set(datetime(2026, 9, 14, 9, 0, tzinfo=ZoneInfo("Asia/Tashkent")))
    return country


@pytest.fixture
def country(made_once, clock) -> Country:
    return made_once(first_morning)


def hold(country: Country, number: int, clock, first: Marked | None = None) -> None:
    """A class is held: everybody but the first is there."""
    meeting = country.sessions[number]
    clock.set(meeting.ends_at)
    one, *others = (row.id for row in country.enrolments)
    marks = [first or Marked(one, MarkKind.ABSENT), *(Marked(each, MarkKind.PRESENT) for each in others)]
    service.save_marks(country.lecturer, meeting.id, marks)
    service.sign(country.lecturer, meeting.id)


def told(kind: str) -> list[tuple[int, float]]:
    rows = db.session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id))
    return [(row.person_id, row.facts["missed"]) for row in rows]


def test_each_step_is_told_once_to_teacher_college_and_coordinator(country, clock, run_jobs):
    hold(country, 0, clock)
    for _ in range(3):
        absences.look_at_what_was_signed(clock.now() - timedelta(hours=1))
    teacher = country.teachers[0].person_id
    assert told("absence.warned") == [(teacher, 2.0)]
    offices = {country.coordinator.person_id, country.college_hr.person_id}
    assert {person for person, _missed in told("absence.told")} == offices
    hold(country, 1, clock)
    absences.look_at_what_was_signed()
    assert told("absence.warned") == [(teacher, 2.0), (teacher, 4.0)]
    assert told("absence.proposed") == [(country.coordinator.person_id, 4.0)]


def test_steps_skipped_in_one_go_are_one_letter(country, clock):
    hold(country, 0, clock)
    hold(country, 1, clock)
    absences.warn(country.run.id)
    assert told("absence.warned") == [(country.teachers[0].person_id, 4.0)]
    assert db.session.scalar(select(func.count(AbsenceWarning.id))) == 2


def test_excused_hours_count_by_the_policy_of_the_run(country, clock):
    excused = Marked(country.enrolments[0].id, MarkKind.EXCUSED, reason="no. 14")
    hold(country, 0, clock, excused)
    assert absences.warn(country.run.id) == 0
    country.run.policy = country.run.policy | {"excused_counts": False}
    db.session.commit()
    assert absences.warn(country.run.id) == 1


def test_the_steps_are_those_of_the_kind_of_course():
    advanced = Absence.of({"max_unexcused_hours": 18, "warnings": [4, 8, 12, 16, 18]}, 45)
    retraining = Absence.of({"max_unexcused_hours": 36, "warnings": [12, 24, 36]}, 45)
    assert [advanced.reached(hours * 45) for hours in (3, 4, 17, 18)] == [
        [],
        [4],
        [4, 8, 12, 16],
        [4, 8, 12, 16, 18],
    ]
    assert retraining.reached(18 * 45) == [12]
    assert [advanced.risk(hours * 45) for hours in (0, 4, 17, 18)] == [
        Risk.NONE,
        Risk.WARNED,
        Risk.WARNED,
        Risk.LIMIT,
    ]
    assert Absence.of({"max_unexcused_hours": None}, 45).risk(9000) is Risk.NONE
    assert advanced.missed(Tally(900, 90, 45)) == 90


def test_a_run_keeps_the_steps_of_the_day_it_was_published_on(country):
    steps = {"advanced_training": [6, 12], "retraining": [], "event": []}
    settings.set_setting(country.coordinator, country.provider.id, "absence_warnings", MONDAY, steps)
    later = catalogue.copy_run(country.coordinator, country.run.code)
    catalogue.publish_run(country.coordinator, later.code)
    assert later.policy["warnings"] == [6, 12]
    assert country.run.policy["warnings"] == [2, 4]


def test_a_person_decides_and_an_order_follows(country, clock, app):
    hold(country, 0, clock)
    hold(country, 1, clock)
    absences.warn(country.run.id)
    number, code = country.enrolments[0].id, country.run.code
    client = scenario.signed_in(app, country.coordinator)
    assert "is at the limit of missed hours" in client.get("/?lang=en", follow_redirects=True).text
    page = client.get(f"/manage/runs/{code}/attendance?lang=en").text
    assert "Exclusion is proposed. You decide." in page
    assert db.session.get(Enrolment, number).state is State.ENROLLED, "the program only proposes"
    typed = {"who": str(number), "what": "excluded", "why": "4 soat sababsiz"}
    answer = client.post(f"/manage/runs/{code}/attendance/decide", data=typed)
    assert answer.status_code == 303
    assert db.session.get(Enrolment, number).state is State.EXCLUDED
    order = db.session.scalars(select(OfficialOrder).where(OfficialOrder.kind == OrderKind.EXCLUSION)).one()
    assert order.run_id == country.run.id
    client.post(f"/manage/runs/{code}/attendance/decide", data=typed)
    assert len(db.session.scalars(select(OfficialOrder)).all()) == 1, "sent twice it is one order"


def test_who_is_kept_is_kept_with_a_reason_and_not_proposed_again(country, clock):
    hold(country, 0, clock)
    hold(country, 1, clock)
    absences.warn(country.run.id)
    number, code = country.enrolments[0].id, country.run.code
    with pytest.raises(Refused) as refused:
        absences.answer(country.coordinator, code, number, Answer.KEPT, " ")
    assert refused.value.why[0].code == "reason-missing"
    absences.answer(country.coordinator, code, number, Answer.KEPT, "was in hospital, papers follow")
    hold(country, 2, clock)
    absences.warn(country.run.id)
    assert office_counts.of("exclusions", country.provider.id, 0) == []
    with pytest.raises(Refused) as refused:
        absences.answer(country.coordinator, code, number, Answer.EXCLUDED, "after all")
    assert refused.value.why[0].code == "proposal-answered"
    with pytest.raises(Forbidden):
        absences.answer(country.lecturer, code, number, Answer.EXCLUDED, "no")


def test_hours_corrected_below_the_limit_propose_nobody(country, clock):
    hold(country, 0, clock)
    hold(country, 1, clock)
    absences.warn(country.run.id)
    number = country.enrolments[0].id
    service.correct(
        country.lecturer, country.sessions[1].id, Marked(number, MarkKind.PRESENT), "was in the room"
    )
    absences.warn(country.run.id)
    assert db.session.scalar(select(func.count(ExclusionProposal.id))) == 0


@pytest.mark.parametrize("few", [0, 200])
def test_a_year_leaves_out_marks_of_before_somebody_came(country, clock, app, monkeypatch, few):
    monkeypatch.setattr(years, "FEW", few)
    hold(country, 0, clock)
    came = country.enrolments[-1]
    came.since = country.sessions[0].on_date + timedelta(days=1)
    db.session.commit()
    year = scenario.signed_in(app, country.coordinator).get("/manage/attendance?lang=en").text
    assert ">50 %" in year or "50.0 %" in year, "of four hours due two were missed"


def test_the_pages_of_a_run_and_of_a_year_show_hours_and_who_is_near(country, clock, app):
    hold(country, 0, clock)
    absences.warn(country.run.id)
    client = scenario.signed_in(app, country.coordinator)
    page = client.get(f"/manage/runs/{country.run.code}/attendance?lang=en").text
    assert "bar-missed" in page
    assert "Warned at 2 hours." in page
    assert "style=" not in page
    year = client.get("/manage/attendance?lang=en").text
    assert country.run.code in year
    assert "1 at risk" in year
    assert "66.7 %" in year, "of six hours due two were missed"
    clock.set(country.sessions[1].starts_at)
    service.save_marks(
        country.lecturer, country.sessions[1].id, [Marked(country.enrolments[1].id, MarkKind.PRESENT)]
    )
    assert "1 of 3 are here." in client.get(f"/manage/runs/{country.run.code}/attendance?lang=en").text
