"""A lecturer opens today's register, marks it, signs it; later changes need a reason."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from retrain.attendance import queries, service
from retrain.attendance.rules import Marked
from retrain.attendance.states import MarkKind, RegisterState
from retrain.catalogue.models import Run
from retrain.catalogue.states import RunState
from retrain.enrolment.states import State
from retrain.extensions import db
from retrain.refusal import Forbidden, Refused
from retrain.timetable import service as timetable
from retrain.timetable.states import Part
from tests import scenario
from tests.attendance.first_morning import MONDAY, at_nine, first_morning
from tests.scenario import Country


@pytest.fixture
def country(made_once, clock) -> Country:
    return made_once(first_morning)


def marks(country: Country, kind: MarkKind = MarkKind.PRESENT) -> list[Marked]:
    return [Marked(row.id, kind) for row in country.enrolments]


def test_the_lecturer_marks_everyone_and_signs(country, app):
    client = scenario.signed_in(app, country.lecturer)
    today = country.sessions[0]
    assert f"/registers/{today.id}" in client.get("/teaching?lang=en").text
    client.post(f"/registers/{today.id}", data={"all_present": "1"})
    answer = client.post(f"/registers/{today.id}", data={"sign": "1"}, follow_redirects=True)
    assert "The register is signed." in answer.text or "imzolandi" in answer.text
    sheet = queries.register_of(today.id)
    assert sheet.state is RegisterState.SIGNED
    assert {mark.kind for mark in sheet.marks} == {MarkKind.PRESENT}


def test_a_class_of_one_half_has_that_half_in_its_register(country, app):
    first, second = country.sessions[0], country.sessions[1]
    first.part, second.part = Part.FIRST_HALF, Part.SECOND_HALF
    db.session.commit()
    listed = [{line.enrolment_id for line in queries.lines(each, None)} for each in (first, second)]
    everybody = {row.id for row in country.enrolments}
    assert all(listed)
    assert listed[0] | listed[1] == everybody
    assert not listed[0] & listed[1]
    stranger = next(iter(listed[1]))
    with pytest.raises(Refused) as refused:
        service.save_marks(country.lecturer, first.id, [Marked(stranger, MarkKind.PRESENT)])
    assert [why.code for why in refused.value.why] == ["not-in-group"]
    client = scenario.signed_in(app, country.lecturer)
    client.post(f"/registers/{first.id}", data={"all_present": "1"})
    client.post(f"/registers/{first.id}", data={"sign": "1"})
    assert queries.register_of(first.id).state is RegisterState.SIGNED, "the other half is not waited for"
    assert set(queries.tallies(country.run.id)) == listed[0], "and has no hours to miss"


def test_the_first_page_has_the_classes_still_to_come_today(country, app, clock):
    client, today = scenario.signed_in(app, country.lecturer), country.sessions[0]
    clock.set(at_nine(MONDAY) - timedelta(hours=3))
    page = client.get("/?lang=en").text
    assert "Later today" in page
    assert f"/registers/{today.id}" in page
    clock.set(at_nine(MONDAY))
    page = client.get("/?lang=en").text
    assert "Later today" not in page
    assert f"/registers/{today.id}" in page, "begun, it waits for its register"


def test_late_absent_and_excused_count_in_hours(country):
    today = country.sessions[0]
    one, two, three = (row.id for row in country.enrolments)
    service.save_marks(
        country.lecturer, today.id,
        [Marked(one, MarkKind.LATE, 45), Marked(two, MarkKind.ABSENT), Marked(three, MarkKind.EXCUSED, reason="no. 14")],
    )  # fmt: skip
    service.sign(country.lecturer, today.id)
    hours = queries.tallies(country.run.id)
    assert (hours[one].due, hours[one].unexcused, hours[one].attended) == (90, 45, 45)
    assert (hours[two].unexcused, hours[three].excused) == (90, 90)


def test_a_typed_lateness_that_makes_no_sense_keeps_the_form(country, app):
    number = country.enrolments[0].id
    page = scenario.signed_in(app, country.lecturer).post(
        f"/registers/{country.sessions[0].id}?lang=en",
        data={f"mark-{number}": "late", f"missed-{number}": "five", f"reason-{number}": "bus", "save": "1"},
    ).text  # fmt: skip
    assert "Give the hours missed" in page
    assert 'value="bus"' in page
    assert 'value="five"' in page


def test_the_same_marks_sent_twice_are_one(country):
    for _ in range(2):
        service.save_marks(country.lecturer, country.sessions[0].id, marks(country))
    assert len(queries.register_of(country.sessions[0].id).marks) == 3


def test_an_unmarked_person_stops_the_signature(country):
    service.save_marks(country.lecturer, country.sessions[0].id, marks(country)[:2])
    with pytest.raises(Refused) as refused:
        service.sign(country.lecturer, country.sessions[0].id)
    assert [(why.code, why.facts) for why in refused.value.why] == [("not-all-marked", {"count": 1})]


def test_tomorrows_register_is_closed(country):
    with pytest.raises(Refused) as refused:
        service.save_marks(country.lecturer, country.sessions[1].id, marks(country))
    assert refused.value.why[0].code == "session-not-begun"


def test_a_cancelled_class_has_no_register(country):
    timetable.cancel_session(country.coordinator, country.sessions[0].id, "flood")
    with pytest.raises(Refused) as refused:
        service.save_marks(country.lecturer, country.sessions[0].id, marks(country))
    assert refused.value.why[0].code == "session-cancelled"


def test_a_signed_register_changes_only_with_a_reason_and_keeps_the_old_mark(country, clock):
    today, number = country.sessions[0], country.enrolments[0].id
    service.save_marks(country.lecturer, today.id, marks(country))
    service.sign(country.lecturer, today.id)
    with pytest.raises(Refused):
        service.save_marks(country.lecturer, today.id, marks(country, MarkKind.ABSENT))
    with pytest.raises(Refused):
        service.correct(country.lecturer, today.id, Marked(number, MarkKind.ABSENT), "  ")
    clock.set(at_nine(MONDAY) + timedelta(hours=5))
    sheet = service.correct(
        country.lecturer, today.id, Marked(number, MarkKind.ABSENT), "was not in the room"
    )
    assert sheet.state is RegisterState.CORRECTED
    (change, whose) = queries.changes(sheet.id)[0]
    assert (whose, change.was, change.why) == (number, MarkKind.PRESENT, "was not in the room")


def test_two_who_sign_the_first_classes_at_once_both_sign(country):
    for meeting in country.sessions[:1]:
        service.save_marks(country.lecturer, meeting.id, marks(country))
    moved = update(Run).values(state=RunState.RUNNING).execution_options(synchronize_session=False)
    assert country.run.state is not RunState.RUNNING
    db.session.execute(moved)  # as the other's transaction did, unseen by this one
    db.session.commit()
    assert service.sign(country.lecturer, country.sessions[0].id).state is RegisterState.SIGNED


def test_somebody_elses_register_is_closed_to_a_lecturer(country):
    other = scenario.role(scenario.person("Yusupov"), scenario.RoleKind.LECTURER, country.provider)
    with pytest.raises(Forbidden):
        service.save_marks(other, country.sessions[0].id, marks(country))


def test_looking_at_a_register_changes_nothing(country, app):
    scenario.signed_in(app, country.lecturer).get(f"/registers/{country.sessions[0].id}")
    assert queries.register_of(country.sessions[0].id) is None


def test_half_an_hour_late_is_the_same_however_it_is_typed(country, app):
    number, today = country.enrolments[0].id, country.sessions[0]
    client = scenario.signed_in(app, country.lecturer)
    for typed, minutes in (("0,5", 23), ("0.5", 23), ("1", 45), (" 1,5 ", 68)):
        client.post(f"/registers/{today.id}", data={f"mark-{number}": "late", f"missed-{number}": typed})
        assert [mark.missed_minutes for mark in queries.register_of(today.id).marks] == [minutes]
    page = client.get(f"/registers/{today.id}?lang=ru").text
    assert 'value="1,5"' in page


def test_whoever_was_replaced_stays_in_the_registers_of_their_days(country):
    gone = country.enrolments[0]
    gone.state, gone.until = State.SUBSTITUTED, MONDAY
    db.session.commit()
    names = [[line.enrolment_id for line in queries.lines(each, None)] for each in country.sessions[:2]]
    assert gone.id in names[0]
    assert gone.id not in names[1]
