"""A university with a coordinator, its courses and runs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from retrain.catalogue import defaults, service
from retrain.catalogue.models import Course, Run
from retrain.catalogue.plan import CoursePlan, ModulePlan, RunPlan, TopicPlan
from retrain.catalogue.states import CourseKind, HourKind, StudyForm
from tests.harness.actors import Somebody, organisation, somebody
from tests.harness.frozen import FrozenClock

PLAN = CoursePlan(
    kind=CourseKind.ADVANCED_TRAINING,
    titles={"uz": "O‘qituvchi mahorati", "ru": "Мастерство преподавателя"},
    languages=("uz", "ru"),
    form=StudyForm.IN_PERSON,
    document_type=defaults.document(CourseKind.ADVANCED_TRAINING),
    policy=defaults.policy(CourseKind.ADVANCED_TRAINING),
    modules=(
        ModulePlan(
            {"uz": "Pedagogika"},
            {"lecture": 12, "practical": 24},
            (
                TopicPlan({"uz": "Kirish"}, HourKind.LECTURE, 12),
                TopicPlan({"uz": "Dars tahlili"}, HourKind.PRACTICAL, 24),
            ),
        ),
    ),
)
RUN = RunPlan(
    starts_on=date(2026, 9, 14),
    ends_on=date(2026, 9, 19),
    places=30,
    enrolment_opens=datetime(2026, 9, 1, tzinfo=UTC),
    enrolment_closes=datetime(2026, 9, 11, tzinfo=UTC),
    language="uz",
    form=StudyForm.IN_PERSON,
    region="UZ-BU",
    place_text="Buxoro, 2-bino",
)


@pytest.fixture(autouse=True)
def now(clock: FrozenClock) -> FrozenClock:
    """Every test here begins on Monday 7 September 2026."""
    return clock


@pytest.fixture
def university(app: Flask) -> int:
    return organisation("BXDU", "Buxoro davlat universiteti")


@pytest.fixture
def coordinator(app: Flask, university: int) -> Somebody:
    return somebody(app, "coordinator", university)


@pytest.fixture
def plan() -> CoursePlan:
    return PLAN


@pytest.fixture
def run_plan() -> RunPlan:
    return RUN


@pytest.fixture
def make_course(coordinator: Somebody) -> Callable[..., Course]:
    """``make_course("IT", titles={…})``: a published course."""

    def make(code: str = "IT", by: Somebody = coordinator, **changed: Any) -> Course:
        return service.quick_course(by.actor, by.organisation_id, replace(PLAN, **changed), code)

    return make


@pytest.fixture
def make_run(coordinator: Somebody, make_course: Callable[..., Course]) -> Callable[..., Run]:
    """``make_run(course, places=1)``: a published run; of a new course when none is given."""

    def make(
        course: Course | None = None, publish: bool = True, by: Somebody = coordinator, **changed: Any
    ) -> Run:
        course = course or make_course(by=by)
        return service.open_run(by.actor, course.code, replace(RUN, **changed), publish=publish)

    return make
