"""A cancelled run offers each of its people another one; whoever is not moved is told which runs fit."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from retrain.catalogue import queries as catalogue
from retrain.catalogue.states import RunState
from retrain.enrolment import service
from retrain.enrolment.models import EnrolmentChange
from retrain.enrolment.states import Consent, State
from retrain.extensions import db
from retrain.messages.models import Message
from tests.harness.places import GIVEN_AT_ONCE

WHY = "Ustaxona ta’mirda"


@pytest.fixture
def other(make_run, run):
    return make_run(course=run.version.course.code, places=3)


def test_the_page_shows_what_fits_each(run, rows, other, make_run, coordinator, teachers):
    busy = make_run(starts_on=date(2026, 9, 28), ends_on=date(2026, 9, 30))
    clash = make_run(course=run.version.course.code, starts_on=busy.starts_on, ends_on=busy.ends_on)
    service.enrol_self(teachers[0].actor, busy.code)
    answer = coordinator.browser.get(f"/manage/runs/{run.code}/cancel")
    assert answer.location.endswith(f"/manage/runs/{run.code}/cancel-and-move")
    page = coordinator.browser.get(answer.location).text
    assert "5 people are on it or wait." in page
    assert page.count(f'<option value="{other.code}"') == 5
    assert page.count(f'<option value="{clash.code}"') == 4
    assert busy.code not in page
    assert "This is needed." in coordinator.browser.post(answer.location, data={}).text


def test_everyone_is_moved_in_their_old_order(run, rows, other, coordinator, standings):
    chosen = {f"to-{row.id}": other.code for row in reversed(rows)}
    page = coordinator.browser.post(
        f"/manage/runs/{run.code}/cancel-and-move", data=chosen | {"why": WHY}
    ).text
    assert "5 of 5 were moved to another run and were told." in page
    assert "number 2 on the waiting list" in page
    assert {state for _name, state in standings(run)} == {"transferred"}
    assert standings(other) == [
        ("Aliyev", "enrolled"), ("Boboyev", "enrolled"), ("Dadayev", "enrolled"), ("Ergashev", "waitlisted"),
        ("Fayziyev", "waitlisted"),
    ]  # fmt: skip
    cancelled = catalogue.run(run.code)
    assert (cancelled.state, cancelled.taken) == (RunState.CANCELLED, 0)
    assert catalogue.run(other.code).taken == 3


def test_the_rest_is_told_which_runs_fit(run, rows, other, coordinator, teachers, standings):
    page = coordinator.browser.post(
        f"/manage/runs/{run.code}/cancel-and-move", data={f"to-{rows[0].id}": other.code, "why": WHY}
    ).text
    assert "1 of 1 were moved" in page
    assert [state for _name, state in standings(run)] == ["transferred"] + ["lapsed"] * 4
    letter = db.session.scalars(
        select(Message).where(Message.person_id == teachers[4].person_id).order_by(Message.id.desc())
    ).first()
    assert letter.kind == "enrolment.cancelled"
    assert [each["run"] for each in letter.facts["others"]] == [other.code]
    page = teachers[4].browser.get("/messages").text
    assert f"The reason: {WHY}" in page
    assert "These runs fit you and have free places:" in page
    assert f'/runs/{other.code}"' in page
    reasons = {row.reason for row in db.session.scalars(select(EnrolmentChange))}
    assert reasons == {WHY}


def test_a_full_run_is_not_named_to_who_would_only_wait(run, rows, make_run, coordinator, teachers):
    full = make_run(
        course=run.version.course.code, places=1, starts_on=date(2026, 9, 28), ends_on=date(2026, 9, 30)
    )
    service.enrol_self(teachers[0].actor, full.code)
    service.cancel_run(coordinator.actor, run.code, WHY)
    letters = db.session.scalars(select(Message).where(Message.kind == "enrolment.cancelled")).all()
    assert len(letters) == 5
    assert not any("others" in letter.facts for letter in letters)


def test_whom_the_other_run_refuses_ends_like_the_rest(
    run, rows, other, coordinator, make_run, standings, teachers
):
    busy = make_run(starts_on=date(2026, 9, 28), ends_on=date(2026, 9, 30))
    clash = make_run(course=run.version.course.code, starts_on=busy.starts_on, ends_on=busy.ends_on)
    service.enrol_self(teachers[0].actor, busy.code)
    outcomes = service.cancel_and_move(coordinator.actor, run.code, WHY, {rows[0].id: clash.code})
    assert [why.code for why in outcomes[0].refusals] == ["overlaps"]
    assert standings(run)[0] == ("Aliyev", "lapsed")
    assert standings(clash) == []


def test_a_cancelled_run_leaves_the_lists_of_what_is_open(run, rows, coordinator, teachers):
    """Complaint 15 of the domain: cancelled courses stay in the person's list for ever."""
    service.cancel_run(coordinator.actor, run.code, WHY)
    for teacher in teachers[:3:2]:
        page = teacher.browser.get("/mine").text
        assert "Nothing is ahead at the moment." in page
        assert "Ahead and under way" not in page
        assert "Put it into my calendar" not in page
        assert f"/runs/{run.code}" not in teacher.browser.get("/").text
        assert teacher.browser.get(f"/mine/{run.code}.ics").status_code == 404
    assert f"/runs/{run.code}" not in teachers[0].browser.get("/runs").text
    assert "0 people are shown." in coordinator.browser.get(f"/manage/runs/{run.code}/people").text


def test_a_request_nobody_has_answered_ends_with_the_run(make_run, teachers, coordinator, standings):
    run = make_run(terms=replace(GIVEN_AT_ONCE, consent=Consent.BOTH))
    other = make_run(course=run.version.course.code)
    row = service.enrol_self(teachers[0].actor, run.code)
    assert row.state is State.REQUESTED
    outcomes = service.cancel_and_move(coordinator.actor, run.code, WHY, {row.id: other.code})
    assert [why.code for why in outcomes[0].refusals] == ["not-transferable"]
    assert (standings(run), standings(other)) == ([("Aliyev", "lapsed")], [])
