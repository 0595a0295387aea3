"""Which three runs a teacher is shown first: properties that hold whatever is offered."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from retrain.enrolment.match import Grade, Match
from retrain.planning.fitting import Choice, Fit, Seeker, fitting, of_different_courses

TODAY = date(2026, 9, 7)
CODES = {Grade.EXACT: "exact", Grade.RELATED: "related", Grade.BY_DIPLOMA: "by-diploma", Grade.NONE: "none"}
days = st.integers(-5, 200).map(lambda number: TODAY + timedelta(days=number))


@st.composite
def choice(draw):
    starts = draw(days)
    grade = draw(st.sampled_from(Grade))
    return Choice(
        "R", draw(st.integers(1, 8)), starts, starts + timedelta(days=draw(st.integers(0, 40))),
        draw(st.sampled_from(("UZ-BU", "UZ-SA", "UZ-TK"))), draw(st.integers(0, 3)),
        Match(grade, CODES[grade]),
    )  # fmt: skip


@st.composite
def offers(draw):
    found = draw(st.lists(choice(), max_size=12))
    return [replace(each, code=f"R-{number:02}") for number, each in enumerate(found)]


seekers = st.builds(
    Seeker,
    today=st.just(TODAY),
    region=st.sampled_from(("", "UZ-BU", "UZ-SA")),
    due=st.none() | days,
    busy=st.lists(st.tuples(days, st.integers(0, 20)), max_size=2).map(
        lambda found: [(first, first + timedelta(days=length)) for first, length in found]
    ),
    done=st.frozensets(st.integers(1, 8), max_size=3),
)


def rank(fit: Fit):
    of = fit.choice
    return of.match.grade, not fit.in_region, not fit.in_time, of.starts_on


@given(offers(), seekers, st.randoms(use_true_random=False))
def test_the_order_of_the_offers_changes_nothing(offered, seeker, dice):
    mixed = list(offered)
    dice.shuffle(mixed)
    assert fitting(mixed, seeker) == fitting(offered, seeker)


@given(offers(), seekers)
def test_nothing_is_shown_that_can_not_be_taken(offered, seeker):
    for fit in fitting(offered, seeker, 99):
        run = fit.choice
        assert run.free > 0
        assert run.starts_on >= TODAY
        assert run.match.grade is not Grade.NONE
        assert run.course_id not in seeker.done
        assert all(last < run.starts_on or run.ends_on < first for first, last in seeker.busy)


@given(offers(), seekers)
def test_the_first_three_are_the_best_of_all(offered, seeker):
    everything = fitting(offered, seeker, 99)
    assert fitting(offered, seeker) == everything[:3]
    assert [rank(fit) for fit in everything] == sorted(rank(fit) for fit in everything)


@given(offers(), seekers)
def test_a_run_that_is_not_shown_is_not_missed(offered, seeker):
    shown = fitting(offered, seeker)
    codes = {fit.choice.code for fit in shown}
    for other in offered:
        if other.code not in codes:
            assert fitting([each for each in offered if each is not other], seeker) == shown


@given(offers(), seekers)
def test_each_reason_is_true(offered, seeker):
    for fit in fitting(offered, seeker):
        assert fit.in_region == (fit.choice.region == seeker.region)
        assert fit.in_time == (seeker.due is not None and fit.choice.ends_on <= seeker.due)


def test_ones_own_speciality_before_a_course_for_everybody():
    plain = Choice("A", 1, TODAY, TODAY, "UZ-BU", 5, Match(Grade.EXACT, "for-everyone"))
    own = Choice("B", 2, TODAY + timedelta(days=30), TODAY + timedelta(days=35), "UZ-SA", 1,
                 Match(Grade.EXACT, "exact"))  # fmt: skip
    found = fitting([plain, own], Seeker(TODAY, "UZ-BU"))
    assert [fit.choice.code for fit in found] == ["B", "A"]


@given(offers(), seekers)
def test_another_course_is_shown_before_another_date(offered, seeker):
    everything = fitting(offered, seeker, 99)
    shown = of_different_courses(everything)
    assert sorted(fit.choice.code for fit in shown) == sorted(fit.choice.code for fit in everything)
    courses = [fit.choice.course_id for fit in shown]
    assert len(set(courses[: len(set(courses))])) == len(set(courses))
    for course in set(courses):  # the best date of a course stays its first
        dates = [fit for fit in everything if fit.choice.course_id == course]
        assert [fit for fit in shown if fit.choice.course_id == course] == dates
