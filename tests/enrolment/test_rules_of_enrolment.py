"""The rules alone: every reason at once, and nothing that the table of moves does not know."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain.enrolment.rules import (
    RunFacts,
    Standing,
    TeacherFacts,
    list_moves,
    places_refusals,
    refusals,
    repeat_of,
    withdrawal_refusals,
)
from retrain.enrolment.states import HOLDS_PLACE, IN_GROUP, LIVING, MOVES, OPEN, State

NOW = datetime(2026, 9, 7, 5, tzinfo=UTC)
DAYS = st.dates(date(2026, 8, 1), date(2026, 12, 1))


def run(**changed) -> RunFacts:
    facts = {
        "code": "IT-001", "course_id": 1, "state": "published", "starts_on": date(2026, 9, 21),
        "ends_on": date(2026, 9, 26), "opens": NOW - timedelta(days=1), "closes": NOW + timedelta(days=7),
        "places": 10, "taken": 3, "timezone": "Asia/Tashkent",
    }  # fmt: skip
    return RunFacts(**(facts | changed))


def stood(
    code="EL-001", course_id=2, starts=date(2026, 9, 21), ends=date(2026, 9, 26), state=State.ENROLLED, **more
):
    return Standing(more.pop("number", 1), code, course_id, starts, ends, state, **more)


def codes(found) -> list[str]:
    return [refusal.code for refusal in found]


def test_nothing_stands_in_the_way():
    assert refusals(run(), TeacherFacts(college_id=1), NOW) == []


def test_every_reason_is_given():
    facts = TeacherFacts(
        None, True, [stood(), stood("IT-000", 1, date(2026, 2, 2), date(2026, 2, 7), State.COMPLETED)]
    )
    found = codes(refusals(run(closes=NOW), facts, NOW))
    assert found == ["enrolment-closed", "account-closed", "not-employed", "overlaps", "course-completed"]


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("draft", "run-not-published"),
        ("cancelled", "run-cancelled"),
        ("finished", "run-over"),
        ("archived", "run-over"),
    ],
)
def test_a_run_that_takes_nobody(state, code):
    assert codes(refusals(run(state=state), TeacherFacts(1), NOW)) == [code]


def test_the_window_holds_its_first_moment_and_not_its_last():
    assert codes(refusals(run(opens=NOW), TeacherFacts(1), NOW)) == []
    assert codes(refusals(run(closes=NOW), TeacherFacts(1), NOW)) == ["enrolment-closed"]


def test_the_same_course_may_be_taken_again_in_the_next_cycle():
    long_ago = stood("IT-000", 1, date(2023, 9, 4), date(2023, 9, 9), State.COMPLETED)
    assert refusals(run(), TeacherFacts(1, standings=[long_ago]), NOW) == []


def test_a_new_attempt_repeats_the_last_that_failed():
    failed = stood("IT-000", 1, date(2026, 2, 2), date(2026, 2, 7), State.NOT_COMPLETED, number=4, attempt=2)
    assert repeat_of(run(), TeacherFacts(1, standings=[failed])) == failed
    passed = stood("IT-00", 1, date(2026, 5, 2), date(2026, 5, 7), State.COMPLETED, number=5)
    assert repeat_of(run(), TeacherFacts(1, standings=[failed, passed])) is None


@given(DAYS, st.integers(0, 30), DAYS, st.integers(0, 30), st.sampled_from(sorted(State)))
def test_two_runs_exclude_each_other_just_when_a_day_is_in_both(first, length, other, other_length, state):
    mine = run(starts_on=first, ends_on=first + timedelta(length))
    theirs = stood(starts=other, ends=other + timedelta(other_length), state=state)
    shared = {first + timedelta(day) for day in range(length + 1)} & {
        other + timedelta(day) for day in range(other_length + 1)
    }
    found = "overlaps" in codes(refusals(mine, TeacherFacts(1, standings=[theirs]), NOW))
    assert found == bool(shared and state in OPEN)


@given(st.integers(-5, 50), st.integers(0, 40))
def test_there_are_never_fewer_places_than_taken(wanted, taken):
    allowed = not places_refusals(run(places=40, taken=taken), wanted)
    assert allowed == (wanted >= 1 and wanted >= taken)


def test_a_place_is_given_up_before_the_start_by_the_clock_of_the_run():
    last_moment = datetime(2026, 9, 20, 18, 59, tzinfo=UTC)  # 23:59 in Tashkent
    assert withdrawal_refusals(run(), State.ENROLLED, last_moment) == []
    midnight = last_moment + timedelta(minutes=1)
    assert codes(withdrawal_refusals(run(), State.ENROLLED, midnight)) == ["run-started"]
    assert withdrawal_refusals(run(), State.WAITLISTED, midnight) == []


def test_the_list_moves_until_the_deadline_and_never_after_the_start():
    assert list_moves(run(), NOW)
    assert not list_moves(run(closes=NOW), NOW)
    open_long = run(closes=NOW + timedelta(days=60))
    assert not list_moves(open_long, datetime(2026, 9, 21, 4, tzinfo=UTC))
    assert not list_moves(run(state="cancelled"), NOW)


def test_past_states_are_never_left():
    for state in set(State) - OPEN - {State.NOT_COMPLETED}:
        assert MOVES[state] == frozenset()
    assert MOVES[State.NOT_COMPLETED] == {State.COMPLETED, State.EXCLUDED}, (
        "by an appeal, by two people, by an order"
    )
    assert set(MOVES) == set(State)
    assert IN_GROUP <= HOLDS_PLACE <= LIVING
