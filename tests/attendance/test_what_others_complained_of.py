"""What users of other programs complained of, numbered as the list of complaints has them; each is a test here."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from retrain.attendance import live, queries, service, years
from retrain.attendance.absences import absences
from retrain.attendance.models import Mark, MarkChange
from retrain.attendance.rules import Marked
from retrain.attendance.states import MarkKind
from retrain.audit.models import AuditEntry
from retrain.catalogue import service as catalogue
from retrain.enrolment import changing
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.people import service as settings
from retrain.people.states import RoleKind
from retrain.refusal import Refused
from retrain.timetable import service as timetable
from tests import scenario
from tests.attendance.first_morning import MONDAY, first_morning
from tests.scenario import Country


@pytest.fixture
def country(made_once, clock) -> Country:
    return made_once(first_morning)


def hold(country: Country, number: int, clock, *absent: int) -> None:
    """A class is held and signed; everybody due is there but for those named."""
    meeting = country.sessions[number]
    clock.set(meeting.ends_at)
    due = [line.enrolment_id for line in queries.lines(meeting, None)]
    marks = [Marked(one, MarkKind.ABSENT if one in absent else MarkKind.PRESENT) for one in due]
    service.save_marks(country.lecturer, meeting.id, marks)
    service.sign(country.lecturer, meeting.id)


def hours(country: Country, enrolment_id: int, run_id: int | None = None) -> tuple[int, int]:
    """Academic hours due and missed without an excuse."""
    db.session.rollback()
    found = queries.tallies(run_id or country.run.id).get(enrolment_id)
    return (found.due // 45, found.unexcused // 45) if found else (0, 0)


def test_complaint_16_after_the_set_days_only_the_coordinator_corrects(country, clock, app):
    hold(country, 0, clock)
    one, session_id = country.enrolments[0].id, country.sessions[0].id
    typed = {"who": str(one), f"mark-{one}": "absent", "why": "read the list wrongly"}
    lecturer, office = (scenario.signed_in(app, each) for each in (country.lecturer, country.coordinator))
    clock.set(country.sessions[0].ends_at + timedelta(days=3))
    assert lecturer.post(f"/registers/{session_id}/correct", data=typed).status_code == 303
    assert hours(country, one) == (2, 2)
    clock.set(country.sessions[0].ends_at + timedelta(days=4))
    page = lecturer.get(f"/registers/{session_id}?lang=en").text
    assert "Ask the coordinator to do it now." in page
    with pytest.raises(Refused):
        service.correct(country.lecturer, session_id, Marked(one, MarkKind.PRESENT), "after all")
    assert hours(country, one) == (2, 2)
    office.post(f"/registers/{session_id}/correct", data=typed | {f"mark-{one}": "present"})
    assert hours(country, one) == (2, 0)


def test_complaint_17_who_changed_a_mark_from_what_to_what_and_why(country, clock, app):
    hold(country, 0, clock)
    one, session_id = country.enrolments[0].id, country.sessions[0].id
    service.correct(country.lecturer, session_id, Marked(one, MarkKind.ABSENT), "was not there after all")
    change = db.session.scalars(select(MarkChange)).one()
    assert (change.was, change.changed_by_id) == (MarkKind.PRESENT, country.lecturer.person_id)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "register.corrected")).one()
    assert entry.why == "was not there after all"
    page = scenario.signed_in(app, country.coordinator).get(f"/registers/{session_id}?lang=en").text
    assert "was present" in " ".join(page.split())


def another_group(country: Country) -> tuple[str, int]:
    """A second run of the course with a class of its own next Monday."""
    other = catalogue.copy_run(country.coordinator, country.run.code)
    catalogue.publish_run(country.coordinator, other.code)
    return other.code, other.id


def test_complaint_18_who_is_moved_to_another_group_keeps_their_marks(country, clock):
    one = country.enrolments[0].id
    code, run_id = another_group(country)
    hold(country, 0, clock, one)
    hold(country, 1, clock)
    new = changing.transfer(country.coordinator, one, code, "lives nearer").id
    db.session.rollback()
    assert db.session.scalar(select(func.count(Mark.id)).where(Mark.enrolment_id == one)) == 2
    assert hours(country, new, run_id) == (4, 2), "what they did and missed there goes with them"
    assert hours(country, country.enrolments[1].id) == (4, 0)
    assert one not in {
        row.enrolment_id for row in live.standings(country.run, absences.policy_of(country.run), [])
    }


def test_complaint_19_only_classes_held_count_not_all_that_are_planned(country, clock):
    one = country.enrolments[0].id
    hold(country, 0, clock, one)
    hold(country, 1, clock)
    timetable.cancel_session(country.coordinator, country.sessions[3].id, "no power")
    assert hours(country, one) == (4, 2), "neither the class to come nor the one called off"
    year = years.year(country.provider.id, MONDAY.year)
    assert [(row.due, row.missed) for row in year] == [(12.0, 2.0)]


def test_complaint_20_who_joins_late_is_not_absent_before_and_can_be_marked_after(country, clock, app):
    one = country.enrolments[0]
    one.since = MONDAY + timedelta(days=1)
    db.session.commit()
    hold(country, 0, clock)
    assert hours(country, one.id) == (0, 0)
    page = scenario.signed_in(app, country.lecturer).get(f"/registers/{country.sessions[0].id}?lang=en").text
    assert "in the group from" in page
    hold(country, 1, clock)
    assert hours(country, one.id) == (2, 0)


def test_hours_after_somebodys_last_day_do_not_count_however_late_it_is_known(country, clock):
    one = country.enrolments[0].id
    hold(country, 0, clock)
    hold(country, 1, clock, one)
    row = db.session.get_one(Enrolment, one)
    row.until = MONDAY
    db.session.commit()
    assert hours(country, one) == (2, 0)
    assert live.by_module(country.run.id)[one] == {country.sessions[0].module_id: (90, 0)}


def test_a_year_counts_what_everybodys_own_hours_count(country, clock):
    late, gone, ill = (row.id for row in country.enrolments[:3])
    hold(country, 0, clock, gone)
    hold(country, 1, clock, gone, late)
    service.correct(
        country.lecturer, country.sessions[1].id, Marked(ill, MarkKind.EXCUSED, reason="ill"), "a paper came"
    )
    db.session.get_one(Enrolment, late).since = MONDAY + timedelta(days=1)
    db.session.get_one(Enrolment, gone).until = MONDAY
    mark = db.session.scalars(select(Mark).where(Mark.enrolment_id == ill).order_by(Mark.id)).first()
    mark.kind, mark.missed_minutes = MarkKind.NOT_DUE, 0
    db.session.commit()
    own = list(queries.tallies(country.run.id).values())
    (found,) = years.year(None, MONDAY.year)
    assert (found.due, found.missed, found.excused) == tuple(
        round(sum(values) / 45, 1)
        for values in zip(*((one.due, one.unexcused, one.excused) for one in own), strict=True)
    )
    assert found.people == len(country.enrolments)
    assert years.year(None, MONDAY.year - 1) == []
    assert years.year(country.provider.id, MONDAY.year) == [found]
    assert years.year(None, MONDAY.year, curator_id=0) == []


def test_complaint_22_no_page_that_is_only_opened_changes_a_mark(country, app):
    one, session_id = country.enrolments[0].id, country.sessions[0].id
    client = scenario.signed_in(app, country.lecturer)
    before = db.session.scalar(select(func.count(AuditEntry.id)))
    for address in (
        f"/registers/{session_id}?mark-{one}=absent&sign=1&all_present=1",
        f"/registers/{session_id}/checkin?who={one}&confirm=1",
        f"/registers/{session_id}/screen", f"/registers/{session_id}/desk?number=0000",
        f"/registers/{session_id}/undo", f"/registers/{session_id}/correct?who={one}&mark-{one}=absent&why=x",
    ):  # fmt: skip
        client.get(address)
    db.session.rollback()
    assert db.session.scalar(select(func.count(Mark.id))) == 0
    assert db.session.scalar(select(func.count(AuditEntry.id))) == before


def test_what_nobody_signed_by_the_evening_and_guests_are_on_the_coordinators_list(country, clock, app):
    office, lecturer = (scenario.signed_in(app, each) for each in (country.coordinator, country.lecturer))
    session_id = country.sessions[0].id
    lecturer.post(f"/registers/{session_id}/guests", data={"name": "Begona Ali", "kind": "present"})
    noon = office.get("/?lang=en", follow_redirects=True).text
    assert "1 guest of" in noon
    assert "not signed" not in noon.partition("1 guest of")[0].rpartition("<main")[2]
    clock.set(country.sessions[0].starts_at + timedelta(hours=10))
    assert (
        f"1 register of {country.run.code} not signed" in office.get("/?lang=en", follow_redirects=True).text
    )


def test_a_substitute_finds_the_class_on_the_list_for_one_day_and_signs_as_who_taught(country, clock, app):
    other = scenario.role(scenario.person("Yusupov", "Anvar"), RoleKind.LECTURER, country.provider)
    timetable.add_lecturer(country.coordinator, country.provider.id, other.person_id)
    session_id = country.sessions[0].id
    office, client = (scenario.signed_in(app, each) for each in (country.coordinator, other))
    assert client.get(f"/registers/{session_id}").status_code == 403
    office.post(f"/registers/{session_id}/substitute", data={"person": str(other.person_id)})
    assert f"/registers/{session_id}" in client.get("/?lang=en", follow_redirects=True).text
    assert f"/registers/{session_id}" in client.get("/teaching?lang=en").text
    client.post(f"/registers/{session_id}", data={"all_present": "1"})
    client.post(f"/registers/{session_id}", data={"sign": "1"})
    sheet = queries.register_of(session_id)
    assert sheet.taught_by_id == other.person_id
    clock.set(country.sessions[1].starts_at)
    assert f"/registers/{session_id}" not in client.get("/teaching?lang=en").text
    assert client.post(f"/registers/{country.sessions[1].id}", data={"all_present": "1"}).status_code == 403


def test_undo_takes_back_the_last_thing_and_a_curator_marks_where_the_provider_says_so(country, app):
    session_id, one = country.sessions[0].id, country.enrolments[0].id
    client = scenario.signed_in(app, country.lecturer)
    client.post(f"/registers/{session_id}", data={"all_present": "1"})
    client.post(f"/registers/{session_id}", data={f"mark-{one}": "absent"})
    client.post(f"/registers/{session_id}/undo")
    db.session.rollback()
    assert {mark.kind for mark in queries.register_of(session_id).marks} == {MarkKind.PRESENT}
    curator = scenario.role(scenario.person("Curator"), RoleKind.CURATOR, country.provider)
    country.run.curator_id = curator.person_id
    db.session.commit()
    theirs = scenario.signed_in(app, curator)
    typed = {f"mark-{one}": "absent"}
    assert theirs.post(f"/registers/{session_id}", data=typed).status_code == 403
    settings.set_setting(
        country.coordinator,
        country.provider.id,
        "registers",
        MONDAY,
        {"correction_days": 3, "curator_marks": True},
    )
    assert theirs.post(f"/registers/{session_id}", data=typed).status_code == 303
