"""A teacher prints a reference at any time; so do the coordinator, the curator and the college, with the trip paper."""

from datetime import UTC, date, datetime

import pytest

from retrain.catalogue import service as catalogue
from retrain.catalogue.states import RunState
from retrain.enrolment import service, stays
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import State
from retrain.enrolment.stays import Stay
from retrain.extensions import db
from tests.documents.paper import pages_of, text_of

STARTS, ENDS = date(2026, 9, 21), date(2026, 9, 26)
IN_CLASS = datetime(2026, 9, 23, 5, tzinfo=UTC)


def words(answer) -> str:
    assert answer.mimetype == "application/pdf"
    return " ".join(text_of(answer.data).split())


def test_a_teacher_prints_their_reference(run, rows, teachers, clock):
    browser = teachers[0].browser
    assert f"/enrolments/{rows[0].id}/papers" in browser.get("/mine").text
    page = browser.get(f"/enrolments/{rows[0].id}/papers").text
    assert "Says that the person is on the list of the course." in page
    said = words(browser.get(f"/enrolments/{rows[0].id}/reference.pdf?in=uz"))
    assert "Aliyev Anvar" in said
    assert "ro‘yxatiga kiritilganini" in said
    assert "Buxoro 1-son texnikumi" in said
    clock.set(IN_CLASS)
    assert "является слушателем" in words(browser.get(f"/enrolments/{rows[0].id}/reference.pdf?in=ru"))
    assert "тингловчиси эканини" in words(browser.get(f"/enrolments/{rows[0].id}/reference.pdf?in=uz-Cyrl"))


def test_whoever_left_reads_on_which_days_they_were_there(run, rows, teachers, coordinator, clock):
    clock.set(IN_CLASS)
    service.remove(coordinator.actor, rows[0].id, "ill")
    clock.advance(days=30)
    browser = teachers[0].browser
    assert (
        "Says that the person was on the course, and on which days."
        in browser.get(f"/enrolments/{rows[0].id}/papers").text
    )
    said = words(browser.get(f"/enrolments/{rows[0].id}/reference.pdf?in=en"))
    assert "21 September 2026 — 23 September 2026" in said
    assert browser.get(f"/enrolments/{rows[0].id}/trip.pdf").status_code == 404


def test_who_only_waits_has_no_papers(run, rows, teachers):
    browser = teachers[2].browser
    assert f"/enrolments/{rows[2].id}/papers" not in browser.get("/mine").text
    assert (
        "Papers are for those who are or were in the group."
        in browser.get(f"/enrolments/{rows[2].id}/papers").text
    )
    for paper in ("reference", "trip"):
        assert browser.get(f"/enrolments/{rows[2].id}/{paper}.pdf").status_code == 404


def test_the_trip_rests_on_the_colleges_order(run, teachers, office):
    service.nominate(
        office.actor, run.code, [teachers[0].teacher_id], order_number="77-y", order_date=date(2026, 9, 2)
    )
    row = db.session.scalars(db.select(Enrolment)).one()
    page = office.browser.get(f"/runs/{run.code}/nominate").text
    assert f"/enrolments/{row.id}/papers" in page
    said = words(office.browser.get(f"/enrolments/{row.id}/trip.pdf?in=uz"))
    assert "2026-yil 2-sentabr kungi 77-y-sonli buyruq" in said
    assert "6 kun" in said
    assert "Buxoro, 2-bino" in said


def test_the_coordinator_prints_for_everybody_and_for_one(run, rows, coordinator):
    browser = coordinator.browser
    page = browser.get(f"/manage/runs/{run.code}/group").text
    assert f"/enrolments/{rows[1].id}/papers" in page
    assert pages_of(browser.get(f"/manage/runs/{run.code}/trips.pdf?in=ru").data) == 2
    listed = words(browser.get(f"/manage/runs/{run.code}/group.pdf?in=uz"))
    assert "Aliyev Anvar" in listed
    assert "Boboyev Anvar" in listed
    assert "Dadayev" not in listed
    assert "Boboyev Anvar" in words(browser.get(f"/enrolments/{rows[1].id}/reference.pdf"))


def test_an_empty_group_has_no_trips(run, coordinator):
    assert coordinator.browser.get(f"/manage/runs/{run.code}/trips.pdf").status_code == 404
    assert coordinator.browser.get(f"/manage/runs/{run.code}/group.pdf").status_code == 200


def test_papers_are_nobody_elses_business(run, rows, teachers, office, make_teacher, other_college, app):
    from tests.harness.actors import somebody

    stranger = somebody(app, "college_hr", other_college, "Begona")
    for person in (teachers[1], stranger):
        for paper in ("papers", "reference.pdf", "trip.pdf"):
            assert person.browser.get(f"/enrolments/{rows[0].id}/{paper}").status_code == 403
    assert teachers[0].browser.get(f"/manage/runs/{run.code}/group.pdf").status_code == 403
    assert teachers[0].browser.get("/enrolments/999999/papers").status_code == 404


def test_a_cancelled_run_leaves_no_reference(run, rows, teachers, coordinator):
    catalogue.move_run(coordinator.actor, run.code, RunState.CANCELLED, "Ta’mir")
    assert teachers[0].browser.get(f"/enrolments/{rows[0].id}/reference.pdf").status_code == 404


@pytest.mark.parametrize(
    ("state", "since", "until", "today", "says"),
    [
        (State.ENROLLED, date(2026, 9, 1), None, date(2026, 9, 20), "ahead"),
        (State.ENROLLED, date(2026, 9, 1), None, STARTS, "now"),
        (State.ENROLLED, date(2026, 9, 1), None, ENDS, "now"),
        (State.ENROLLED, date(2026, 9, 1), None, date(2026, 9, 27), "past"),
        (State.COMPLETED, date(2026, 9, 1), None, date(2027, 9, 27), "completed"),
        (State.NOT_COMPLETED, date(2026, 9, 1), None, date(2026, 9, 27), "past"),
        (State.EXCLUDED, date(2026, 9, 1), STARTS, date(2026, 9, 27), "past"),
        (State.WITHDRAWN, date(2026, 9, 1), date(2026, 9, 20), date(2026, 9, 27), None),
        (State.SUBSTITUTED, date(2026, 9, 1), date(2026, 9, 22), date(2026, 9, 27), "past"),
        (State.WAITLISTED, None, None, STARTS, None),
        (State.REJECTED, None, None, STARTS, None),
    ],
)
def test_what_a_reference_says(state, since, until, today, says):
    assert stays.standing(Stay(state, since, until, STARTS, ENDS), today) == says
