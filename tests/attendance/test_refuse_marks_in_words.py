"""Marks that can't be: every one is refused on the page with a sentence that says why, and nothing is kept."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from retrain.attendance import queries, service
from retrain.attendance.models import Mark, Register
from retrain.attendance.rules import Marked
from retrain.attendance.states import MarkKind, RegisterState
from retrain.audit.models import AuditEntry
from retrain.enrolment.states import State
from retrain.extensions import db
from retrain.people.states import RoleKind
from retrain.timetable import service as timetable
from tests import scenario
from tests.attendance.first_morning import MONDAY, first_morning
from tests.scenario import Country


@pytest.fixture
def country(made_once, clock) -> Country:
    return made_once(first_morning)


def count(table: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def everyone(country: Country) -> dict[str, str]:
    return {f"mark-{row.id}": "present" for row in country.enrolments}


def test_a_class_that_was_called_off_or_moved_or_is_tomorrow(app, country):
    lecturer = scenario.signed_in(app, country.lecturer)
    first, second = country.sessions[:2]
    tomorrow = lecturer.post(f"/registers/{second.id}?lang=en", data=everyone(country)).text
    assert "This class begins on" in tomorrow
    assert "Its register opens then." in tomorrow
    page = lecturer.get(f"/registers/{first.id}?lang=en").text
    shown = page.partition('name="starts" value="')[2].partition('"')[0]
    assert shown
    # Between the page and the marks the class began an hour earlier than it had been to.
    before = first.starts_at
    first.starts_at = before - timedelta(hours=1)
    db.session.commit()
    moved = lecturer.post(f"/registers/{first.id}?lang=en", data=everyone(country) | {"starts": shown})
    assert "This class was moved and is now on" in moved.text
    assert count(Mark) == 0
    again = moved.text.partition('name="starts" value="')[2].partition('"')[0]
    assert (
        lecturer.post(f"/registers/{first.id}", data=everyone(country) | {"starts": again}).status_code == 303
    )
    timetable.cancel_session(country.coordinator, country.sessions[2].id, "flood")
    off = lecturer.post(f"/registers/{country.sessions[2].id}?lang=en", data={"all_present": "1"}).text
    assert "called off" in off or "cancelled" in off
    assert count(Register) == 1


def test_somebody_elses_class(app, country):
    other = scenario.signed_in(
        app, scenario.role(scenario.person("Yusupov"), RoleKind.LECTURER, country.provider)
    )
    address = f"/registers/{country.sessions[0].id}"
    corrected = everyone(country) | {"who": str(country.enrolments[0].id), "why": "x"}
    for path, data in (
        ("", everyone(country)), ("", {"sign": "1"}), ("/undo", {}), ("/correct", corrected),
        ("/guests", {"name": "Ali"}), ("/desk", {"number": "1234"}), ("/checkin", {"confirm": "1"}),
    ):  # fmt: skip
        assert other.post(f"{address}{path}", data=data).status_code == 403, path
    assert count(Mark) == count(Register) == 0


def test_who_left_yesterday_and_who_joins_tomorrow(app, country):
    gone, coming, here = country.enrolments
    gone.since, gone.until, gone.state = MONDAY - timedelta(3), MONDAY - timedelta(1), State.EXCLUDED
    coming.since = MONDAY + timedelta(days=1)
    db.session.commit()
    lecturer, address = (
        scenario.signed_in(app, country.lecturer),
        f"/registers/{country.sessions[0].id}?lang=en",
    )
    for row in (gone, coming):
        told = lecturer.post(address, data={f"mark-{row.id}": "absent"}).text
        assert "This person is not in the group on" in told
    page = lecturer.get(address).text
    assert "in the group until" in page
    assert "in the group from" in page
    assert count(Mark) == 0
    lecturer.post(address, data={"all_present": "1"})
    lecturer.post(address, data={"sign": "1"})
    assert [mark.enrolment_id for mark in queries.register_of(country.sessions[0].id).marks] == [here.id]


def test_signing_twice_is_signing_once(app, country):
    lecturer, session_id = scenario.signed_in(app, country.lecturer), country.sessions[0].id
    early = lecturer.post(f"/registers/{session_id}?lang=en", data={"sign": "1"}).text
    assert "3 people have no mark yet. Mark everyone, then sign." in early
    lecturer.post(f"/registers/{session_id}", data={"all_present": "1"})
    for _ in range(2):
        service.sign(country.lecturer, session_id)
    again = lecturer.post(f"/registers/{session_id}?lang=en", data={"sign": "1"}).text
    assert "The register is signed. Correct single marks with a reason." in again
    signed = select(func.count()).where(AuditEntry.action == "register.signed")
    assert db.session.scalar(signed) == 1
    assert queries.register_of(session_id).state is RegisterState.SIGNED


def test_who_joined_after_the_signature_is_said_to_lack_a_mark_and_gets_one_by_a_correction(
    app, country, clock
):
    late, *others = country.enrolments
    since, late.since = late.since, MONDAY + timedelta(days=1)
    db.session.commit()
    service.save_marks(
        country.lecturer, country.sessions[0].id, [Marked(row.id, MarkKind.PRESENT) for row in others]
    )
    service.sign(country.lecturer, country.sessions[0].id)
    late.since = since
    db.session.commit()
    assert late.id not in queries.tallies(country.run.id), (
        "nothing is due of them while nobody says how it was"
    )
    office = scenario.signed_in(app, country.coordinator)
    overview = f"/manage/runs/{country.run.code}/registers?lang=en"
    assert "1 person without a mark" in office.get(overview).text
    address = f"/registers/{country.sessions[0].id}"
    assert "no mark" in office.get(f"{address}?lang=en").text
    typed = {"who": str(late.id), f"mark-{late.id}": "present", "why": "the order came later"}
    assert office.post(f"{address}/correct", data=typed).status_code == 303
    db.session.rollback()
    assert queries.tallies(country.run.id)[late.id].attended == 90
    assert "without a mark" not in office.get(overview).text


def test_an_evening_class_is_not_asked_for_before_it_was_held(app, country, clock):
    meeting, office = country.sessions[0], scenario.signed_in(app, country.coordinator)
    length = meeting.ends_at - meeting.starts_at
    meeting.starts_at += timedelta(hours=10)
    meeting.ends_at = meeting.starts_at + length
    db.session.commit()
    words = f"1 register of {country.run.code} not signed"
    clock.set(meeting.ends_at - timedelta(minutes=5))
    assert words not in office.get("/?lang=en", follow_redirects=True).text
    clock.set(meeting.ends_at + timedelta(minutes=5))
    assert words in office.get("/?lang=en", follow_redirects=True).text
