"""Somebody changes groups in the middle of a course: what they did there counts where they end."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from retrain.attendance import live
from retrain.attendance import service as attendance
from retrain.attendance.absences import absences
from retrain.attendance.evidence import evidence, evidence_hours
from retrain.attendance.evidence.models import Evidence
from retrain.attendance.evidence.states import EvidenceSource, EvidenceState
from retrain.attendance.rules import Marked
from retrain.attendance.states import MarkKind
from retrain.audit import Actor
from retrain.catalogue import service as catalogue
from retrain.catalogue.models import Run
from retrain.catalogue.states import HourKind
from retrain.completion import queries, service
from retrain.completion.states import AssessmentKind
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import State
from retrain.extensions import db
from retrain.orders.states import OrderKind
from retrain.timetable import queries as timetable
from retrain.timetable import service as timetable_service
from tests import scenario
from tests.documents.paper import text_of

MONDAY = date(2026, 9, 14)
NEXT = MONDAY + timedelta(days=7)


def two_groups(clock):
    """A course of lectures, practicals and independent work in two groups, one a week after the other."""
    country = scenario.country(MONDAY)
    other = catalogue.copy_run(country.coordinator, country.run.code)
    other.starts_on, other.ends_on = NEXT, NEXT + timedelta(days=5)
    db.session.commit()
    catalogue.publish_run(country.coordinator, other.code)
    country.sessions = country.timetable(*scenario.days(MONDAY, 4))
    for number, day in enumerate(scenario.days(NEXT, 4)):
        place = country.place(day, topic=number // 2)
        timetable_service.add_session(country.coordinator, other.code, place)
    timetable_service.publish_timetable(country.coordinator, other.code)
    module = timetable.modules(country.run)[0]
    module.hours = dict(module.hours) | {"independent": 6}
    for run in (country.run, other):
        run.policy = run.policy | {"least_by_kind": {"lecture": 4, "practical": 4, "independent": 6}}
    db.session.commit()
    country.other = other.code
    clock.set(datetime.combine(MONDAY, time(5), UTC))
    return country


@pytest.fixture
def country(made_once, clock):
    return made_once(two_groups)


def hold(country, meeting, clock, **others):
    """The class held: everybody of its group there but those whom *others* name under another mark."""
    clock.set(meeting.ends_at)
    group = db.session.scalars(
        db.select(Enrolment.id).where(Enrolment.run_id == meeting.run_id, Enrolment.state == State.ENROLLED)
    )
    said = {number: MarkKind(kind) for kind, numbers in others.items() for number in numbers}
    marks = [Marked(number, said.get(number, MarkKind.PRESENT)) for number in group]
    attendance.save_marks(country.coordinator, meeting.id, marks)
    attendance.sign(country.coordinator, meeting.id)


def independent(country, number, minutes, reference):
    module = timetable.modules(country.run)[0]
    db.session.add(Evidence(
        enrolment_id=number, module_id=module.id, kind=HourKind.INDEPENDENT, minutes=minutes,
        source=EvidenceSource.PLATFORM, state=EvidenceState.ACCEPTED, on_date=MONDAY, reference=reference,
        handed_in_at=datetime.combine(MONDAY, time(9), UTC), decided_at=datetime.combine(MONDAY, time(9), UTC),
    ))  # fmt: skip
    db.session.commit()


def goes(country, app):
    """The first of the group goes on in the other."""
    office = scenario.signed_in(app, country.coordinator)
    typed = {"people": [str(country.enrolments[0].id)], "target": country.other, "reason": "lives nearer"}
    answer = office.post(f"/manage/runs/{country.run.code}/people/move?lang=en", data=typed)
    assert "not moved" not in answer.text
    db.session.expire_all()
    moved = db.select(Enrolment.id).where(Enrolment.instead_of_id == country.enrolments[0].id)
    return db.session.scalar(moved)


def moved(country, app, clock):
    """After the lectures and two thirds of the independent work the first of the group goes on in the other."""
    for meeting in country.sessions[:2]:
        hold(country, meeting, clock)
    independent(country, country.enrolments[0].id, 180, "there")
    return goes(country, app)


def go_on(country, clock, new, practicals="present"):
    """The classes of the other group: *new* has had the lectures. Its last day is over and its order registered."""
    other = db.session.scalars(db.select(Run).where(Run.code == country.other)).one()
    for number, meeting in enumerate(timetable.sessions(other.id)):
        hold(country, meeting, clock, **{practicals if number > 1 else "not_due": [new]})
    country.run = other
    country.register_order(OrderKind.ENROLMENT, "18-k", NEXT)
    clock.set(datetime(2026, 9, 28, 9, tzinfo=ZoneInfo("Asia/Tashkent")))
    return other


def test_who_changes_groups_in_the_middle_completes_on_the_hours_of_both(country, app, clock):
    new = moved(country, app, clock)
    other = go_on(country, clock, new)
    independent(country, new, 90, "here")
    final = service.add_assessment(country.coordinator, other.code, {"en": "Test"}, AssessmentKind.FINAL, 56)
    service.enter_results(country.coordinator, other.code, {(final.id, new): 80})
    office = scenario.signed_in(app, country.coordinator)
    assert office.post(f"/manage/runs/{other.code}/completion").status_code == 303
    page = office.get(f"/enrolments/{new}/outcome?lang=en").text
    for kind, hours in (("lecture", 4), ("practical", 4), ("independent work", 6)):
        assert f"{kind}: {hours} of the {hours} hours that are needed." in page
    assert queries.decision_of(new).outcome.value == "completed"
    paper = text_of(office.get(f"/enrolments/{new}/hours.pdf?in=en").data)
    assert "14 of 14" in paper, "classes of both groups, and the independent work shown in both"
    bars = live.by_module(other.id)[new]
    assert sum(attended for attended, _missed in bars.values()) == 14 * 45


def test_hours_missed_before_and_after_add_up_to_the_limit(country, app, clock):
    one = country.enrolments[0].id
    hold(country, country.sessions[0], clock, absent=[one])
    hold(country, country.sessions[1], clock)
    new = goes(country, app)
    other = go_on(country, clock, new, "absent")
    absences.warn(other.id)
    office = scenario.signed_in(app, country.coordinator)
    assert [(each.enrolment_id, each.missed_minutes) for each in absences.proposals(other.id)] == [(new, 270)]
    text = office.get(f"/enrolments/{new}/outcome?lang=en").text
    assert "6 hours missed; the limit is 4." in text
    assert "lecture: 2 of the 4 hours that are needed." in text


def test_what_was_shown_there_is_not_shown_once_more_here(country, app, clock):
    new = moved(country, app, clock)
    module = timetable.modules(country.run)[0]
    row = db.session.get_one(Enrolment, new)
    assert evidence.shown(row, module.id, HourKind.INDEPENDENT) == 180
    assert evidence_hours.by_kind(row.run_id) == {new: {HourKind.INDEPENDENT: 180}}
    clock.set(datetime.combine(NEXT, time(9), UTC))
    typed = {"part": f"{module.id}:independent", "hours": "3", "on": NEXT.isoformat()}
    teacher = scenario.signed_in(app, Actor(country.teachers[0].person_id, "teacher"))
    answer = teacher.post(f"/mine/hours/{country.other}?lang=en", data=typed)
    assert "2 hours are left to show" in answer.text
