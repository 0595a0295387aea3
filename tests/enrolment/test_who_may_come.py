"""Every condition of a course at once: what is met, what isn't, and with which numbers."""

from datetime import UTC, date, datetime, timedelta

import pytest

from retrain.enrolment.eligibility import GROUNDS, Candidate, Conditions, judge
from retrain.enrolment.match import Grade
from retrain.enrolment.rules import RunFacts, Standing, TeacherFacts
from retrain.enrolment.states import State

NOW = datetime(2026, 9, 7, 5, tzinfo=UTC)
STARTS = date(2026, 9, 21)
RUN = RunFacts(
    "IT-001", 1, "published", STARTS, date(2026, 9, 26), NOW - timedelta(days=1), NOW + timedelta(days=7),
    10, 3, "Asia/Tashkent",
)  # fmt: skip
STRICT = Conditions(
    audience=["Dasturlash"], worst_match=Grade.RELATED, staff_kinds=frozenset({"master"}),
    categories=frozenset({"yetakchi"}), years_from=3, years_to=25, due_within_months=6, language="ru",
    distance_grounds=frozenset(GROUNDS),
)  # fmt: skip


def candidate(**changed) -> Candidate:
    facts = {
        "standing": TeacherFacts(7), "staff_kind": "master", "category": "yetakchi",
        "working_since": date(2016, 9, 1), "due": date(2026, 12, 1), "languages": frozenset({"ru", "uz"}),
        "specialities": ["Dasturlash"], "disability": True,
    }  # fmt: skip
    return Candidate(**(facts | changed))


def refused(asked=STRICT, form="distance", **changed) -> dict[str, dict]:
    return {each.code: each.facts for each in judge(asked, RUN, form, candidate(**changed), NOW).refusals}


def test_all_is_met_and_shown():
    judged = judge(STRICT, RUN, "distance", candidate(), NOW)
    assert judged.refusals == []
    assert [each.code for each in judged.met] == [
        "other-speciality", "other-staff-kind", "other-category", "service-too-short", "service-too-long",
        "not-due-yet", "other-language", "no-ground-for-distance",
    ]  # fmt: skip


def test_every_refusal_comes_at_once_in_order():
    done = Standing(1, "IT-000", 1, date(2025, 9, 1), date(2025, 9, 9), State.COMPLETED)
    busy = Standing(2, "EL-001", 2, date(2026, 9, 25), date(2026, 9, 30), State.ENROLLED)
    found = refused(
        standing=TeacherFacts(7, standings=[done, busy]), staff_kind="head", category="",
        working_since=date(2024, 9, 22), due=None, languages=frozenset({"uz"}), specialities=[],
        disability=False,
    )  # fmt: skip
    assert list(found) == [
        "overlaps", "course-completed", "other-speciality", "other-staff-kind", "other-category",
        "service-too-short", "not-due-yet", "other-language", "no-ground-for-distance",
    ]  # fmt: skip
    assert found["service-too-short"] == {"wanted": 3, "yours": 1}
    assert found["other-category"] == {"wanted": ["yetakchi"], "yours": None}


def test_a_course_that_asks_nothing_refuses_nothing():
    assert refused(Conditions(), specialities=[], staff_kind="head", languages=None, disability=False) == {}


def test_years_of_service_and_due_date_are_counted_at_the_start():
    assert refused(working_since=date(2023, 9, 21)) == {}
    assert "service-too-short" in refused(working_since=date(2023, 9, 22))
    assert "service-too-long" in refused(working_since=date(2000, 9, 21))
    assert refused(due=date(2027, 3, 21)) == {}
    assert refused(due=date(2027, 3, 22))["not-due-yet"]["by"] == date(2027, 3, 21)


def test_what_nobody_asked_refuses_only_where_it_must():
    assert refused(languages=None) == {}
    assert refused(working_since=None)["service-too-short"] == {"wanted": 3, "yours": None}


@pytest.mark.parametrize(
    ("facts", "may"),
    [
        ({"youngest_child_born": date(2023, 9, 22)}, True),
        ({"youngest_child_born": date(2023, 9, 21)}, False),
        ({"birth_date": date(1971, 9, 21), "sex": "female"}, True),
        ({"birth_date": date(1971, 9, 21), "sex": "male"}, False),
        ({"birth_date": date(1966, 9, 21), "sex": "male"}, True),
        ({"birth_date": date(1950, 1, 1)}, False),
        ({}, False),
    ],
)
def test_the_distance_form_needs_a_ground(facts, may):
    assert ("no-ground-for-distance" not in refused(disability=False, **facts)) is may
    assert refused(form="in_person", disability=False, **facts) == {}


def test_a_ground_that_the_course_does_not_take_is_none():
    asked = Conditions(distance_grounds=frozenset({"pension-age"}))
    assert refused(asked)["no-ground-for-distance"] == {"wanted": ["pension-age"], "yours": []}
