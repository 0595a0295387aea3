"""A university with runs, two colleges with teachers, and everyone who deals with places."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from retrain.catalogue import defaults
from retrain.catalogue import service as catalogue
from retrain.catalogue.models import Run
from retrain.catalogue.plan import CoursePlan, ModulePlan, RunPlan, TopicPlan
from retrain.catalogue.states import CourseKind, HourKind, StudyForm
from retrain.enrolment import service as enrolment
from retrain.enrolment.models import Enrolment
from retrain.enrolment.terms import USUAL, TermsFacts
from retrain.extensions import db
from retrain.people.models import Employment, Teacher
from tests.harness.actors import Somebody, organisation, somebody
from tests.harness.frozen import FrozenClock

PLAN = CoursePlan(
    kind=CourseKind.ADVANCED_TRAINING,
    titles={"uz": "Payvandlash", "ru": "Сварка", "en": "Welding"},
    languages=("uz", "ru"),
    form=StudyForm.IN_PERSON,
    document_type=defaults.document(CourseKind.ADVANCED_TRAINING),
    policy=defaults.policy(CourseKind.ADVANCED_TRAINING),
    modules=(
        ModulePlan({"uz": "Asoslar"}, {"lecture": 36}, (TopicPlan({"uz": "Kirish"}, HourKind.LECTURE, 36),)),
    ),
)
RUN = RunPlan(
    starts_on=date(2026, 9, 21),
    ends_on=date(2026, 9, 26),
    places=2,
    enrolment_opens=datetime(2026, 9, 1, tzinfo=UTC),
    enrolment_closes=datetime(2026, 9, 18, tzinfo=UTC),
    language="uz",
    form=StudyForm.IN_PERSON,
    region="UZ-BU",
    place_text="Buxoro, 2-bino",
)
GIVEN_AT_ONCE = replace(USUAL, offer_hours=None)
FAMILIES = ("Aliyev", "Boboyev", "Dadayev", "Ergashev", "Fayziyev", "G‘ulomov", "Hamidov", "Ismoilov")


@pytest.fixture(autouse=True)
def now(clock: FrozenClock) -> FrozenClock:
    """Every test begins on Monday 7 September 2026, two weeks before the run."""
    return clock


@pytest.fixture
def university(app: Flask) -> int:
    return organisation("BXDU", "Buxoro davlat universiteti")


@pytest.fixture
def college(app: Flask) -> int:
    return organisation("BX-1", "Buxoro 1-son texnikumi", "college")


@pytest.fixture
def other_college(app: Flask) -> int:
    return organisation("NV-1", "Navoiy 1-son texnikumi", "college", "UZ-NW")


@pytest.fixture
def coordinator(app: Flask, university: int) -> Somebody:
    return somebody(app, "coordinator", university)


@pytest.fixture
def office(app: Flask, college: int) -> Somebody:
    """The college's HR office."""
    return somebody(app, "college_hr", college, "Kadrova")


@pytest.fixture
def make_teacher(app: Flask, college: int) -> Callable[..., Somebody]:
    """``make_teacher("Aliyev")``: employed by the college, signed in on a phone."""

    def make(family: str = "Aliyev", at: int | None = college, given: str = "Anvar") -> Somebody:
        made = somebody(app, "teacher", at or college, family, given)
        if at is not None:
            employed = Employment(
                teacher_id=made.teacher_id, organisation_id=at, post="o‘qituvchi", since=date(2020, 9, 1)
            )
            db.session.add(employed)
            db.session.commit()
        return made

    return make


@pytest.fixture
def teachers(make_teacher: Callable[..., Somebody]) -> list[Somebody]:
    """Five teachers of the college, by name."""
    return [make_teacher(family) for family in FAMILIES[:5]]


@pytest.fixture
def make_run(coordinator: Somebody) -> Callable[..., Run]:
    """``make_run(places=1)``: a published run of a course of its own, unless *course* is given.

    Freed places are given at once unless *terms* say otherwise.
    """
    made: list[str] = []

    def make(
        course: str = "", publish: bool = True, terms: TermsFacts = GIVEN_AT_ONCE, **changed: Any
    ) -> Run:
        if not course:
            made.append("ABCDEFGH"[len(made)] * 2)
            course = catalogue.quick_course(
                coordinator.actor, coordinator.organisation_id, PLAN, made[-1]
            ).code
        run = catalogue.open_run(coordinator.actor, course, replace(RUN, **changed), publish=publish)
        enrolment.set_terms(coordinator.actor, run.code, terms)
        return run

    return make


@pytest.fixture
def run(make_run: Callable[..., Run]) -> Run:
    """A run with two places."""
    return make_run()


@pytest.fixture
def standings(app: Flask) -> Callable[[Run], list[tuple[str, str]]]:
    """Who stands where on a run: (family, state), in the order they came."""

    def read(run: Run) -> list[tuple[str, str]]:
        db.session.commit()
        db.session.expire_all()
        found = (
            select(Enrolment, Teacher)
            .join(Teacher, Teacher.id == Enrolment.teacher_id)
            .where(Enrolment.run_id == run.id)
            .order_by(Enrolment.id)
        )
        rows = db.session.execute(found).tuples().all()
        return [(teacher.person.family, row.state.value) for row, teacher in rows]

    return read
