"""A coordinator enters results and closes the run; everyone has an outcome, with the reasons in words and hours."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain.attendance import service as attendance
from retrain.attendance.rules import Marked
from retrain.attendance.states import MarkKind
from retrain.catalogue import queries as catalogue
from retrain.catalogue.states import RunState
from retrain.completion import queries, rules, service
from retrain.completion.rules import Attended, Graded, Policy
from retrain.completion.states import AssessmentKind, Outcome
from retrain.orders.states import OrderKind
from retrain.refusal import Refused
from tests import scenario
from tests.scenario import Country

MONDAY = date(2026, 9, 14)
AFTER = datetime(2026, 9, 21, 5, tzinfo=UTC)


def before_closing(clock) -> Country:
    """Three people: always there, absent for four hours, no result."""
    country = scenario.country(MONDAY)
    sessions = country.timetable(*scenario.days(MONDAY, 4))
    country.register_order(OrderKind.ENROLMENT, "17-k", MONDAY)
    clock.set(AFTER)
    one, two, three = (row.id for row in country.enrolments)
    for number, meeting in enumerate(sessions):
        absent = MarkKind.ABSENT if number < 2 else MarkKind.PRESENT
        marks = [Marked(one, MarkKind.PRESENT), Marked(two, absent), Marked(three, MarkKind.PRESENT)]
        attendance.save_marks(country.coordinator, meeting.id, marks)
        attendance.sign(country.coordinator, meeting.id)
    final = service.add_assessment(
        country.coordinator, country.run.code, {"en": "Test"}, AssessmentKind.FINAL, 56
    )
    country.final = final.id
    service.enter_results(country.coordinator, country.run.code, {(final.id, one): 56, (final.id, two): 90})
    return country


@pytest.fixture
def country(made_once, clock) -> Country:
    return made_once(before_closing)


def test_each_person_gets_an_outcome_by_the_policy(country):
    service.close_run(country.coordinator, country.run.code)
    decided = queries.decisions(country.run.id)
    assert [decided[row.id].outcome for row in country.enrolments] == [
        Outcome.COMPLETED, Outcome.NOT_COMPLETED, Outcome.NOT_COMPLETED,
    ]  # fmt: skip
    assert catalogue.run(country.run.code).state is RunState.FINISHED


def test_the_reasons_are_told_in_words_and_hours(country, app):
    service.close_run(country.coordinator, country.run.code)
    page = (
        scenario.signed_in(app, country.coordinator)
        .get(f"/manage/runs/{country.run.code}/completion?lang=en")
        .text
    )
    assert "4 hours missed; the limit is 4." in page
    assert "0 hours missed, fewer than the limit of 4." in page
    assert "No result in the final assessment; 56 points are needed." in page


def test_a_decision_replays_to_the_same_answer_from_what_it_kept(country):
    for decision in service.close_run(country.coordinator, country.run.code):
        kept = decision.facts
        outcome, _ = rules.decide(
            Policy.of(kept["policy"]),
            Attended(**kept["attended"]),
            [Graded(**one) for one in kept["results"]],
        )
        assert outcome is decision.outcome


def test_a_run_is_closed_once(country):
    service.close_run(country.coordinator, country.run.code)
    with pytest.raises(Refused) as refused:
        service.close_run(country.coordinator, country.run.code)
    assert "run-not-open" in {why.code for why in refused.value.why}


def test_an_unsigned_register_and_a_missing_order_stop_it(app, clock):
    country = scenario.country(MONDAY)
    country.timetable(*scenario.days(MONDAY, 4))
    clock.set(AFTER)
    with pytest.raises(Refused) as refused:
        service.close_run(country.coordinator, country.run.code)
    assert {why.code for why in refused.value.why} == {"registers-unsigned", "enrolment-order-missing"}


@pytest.mark.parametrize("typed", ["101", "-1", "ten", "5.5"])
def test_points_off_the_scale_keep_the_grid(country, app, typed):
    one, two, _ = (row.id for row in country.enrolments)
    page = scenario.signed_in(app, country.coordinator).post(
        f"/manage/runs/{country.run.code}/results?lang=en",
        data={f"points-{country.final}-{one}": typed, f"points-{country.final}-{two}": "77"},
    ).text  # fmt: skip
    assert f"{typed} is not on the scale" in page
    assert 'value="77"' in page
    assert queries.group(country.run, 45)[1].points(country.final) == 90


@given(
    missed=st.floats(0, 60), excused=st.floats(0, 60), limit=st.integers(1, 40), points=st.integers(0, 100)
)
def test_missing_more_never_helps(missed, excused, limit, points):
    policy = Policy(max_unexcused_hours=limit)
    graded = [Graded(1, AssessmentKind.FINAL, 56, points)]
    less, _ = rules.decide(policy, Attended(144, missed, excused), graded)
    more, _ = rules.decide(policy, Attended(144, missed + 1, excused), graded)
    assert not (less is Outcome.NOT_COMPLETED and more is Outcome.COMPLETED)


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(1, 5)), min_size=1))
def test_the_final_mark_lies_between_the_worst_and_the_best(results):
    graded = [
        Graded(number, AssessmentKind.MODULE, 0, points, weight)
        for number, (points, weight) in enumerate(results)
    ]
    mark = rules.final_mark(graded)
    assert min(points for points, _ in results) <= mark <= max(points for points, _ in results)
