"""A university with runs, two colleges with teachers, and everyone who deals with places."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask, current_app
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


ASKED = (
    "university",
    "college",
    "other_college",
    "coordinator",
    "office",
    "teachers",
    "sixty",
    "run",
    "rows",
)


def assembled(_clock: FrozenClock, provider: dict[str, str], *asked: str) -> dict[str, Any]:
    """Those of ASKED that are *asked* for, made one after the other."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    made: dict[str, Any] = {}
    make: dict[str, Callable[[], Any]] = {
        "university": lambda: organisation(**provider),
        "college": lambda: organisation("BX-1", "Buxoro 1-son texnikumi", "college"),
        "other_college": lambda: organisation("NV-1", "Navoiy 1-son texnikumi", "college", "UZ-NW"),
        "coordinator": lambda: somebody(app, "coordinator", made["university"]),
        "office": lambda: somebody(app, "college_hr", made["college"], "Kadrova"),
        "teachers": lambda: [
            _teacher(app, made["college"], made["college"], family) for family in FAMILIES[:5]
        ],
        "sixty": lambda: [
            _teacher(app, made["college"], made["college"], f"Ustozov{at:02}") for at in range(60)
        ],
        "run": lambda: _run(made["coordinator"], "AA"),
        "rows": lambda: [enrolment.enrol_self(one.actor, made["run"].code) for one in made["teachers"]],
    }
    for name in asked:
        made[name] = make[name]()
    return made


@pytest.fixture
def provider() -> dict[str, str]:
    """What the university is; a test may have another."""
    return {"code": "BXDU", "name": "Buxoro davlat universiteti"}


@pytest.fixture
def scene(
    request: pytest.FixtureRequest, made_once: Callable[..., Any], provider: dict[str, str]
) -> dict[str, Any]:
    """What a test asks for of the people and places below, by name; like scenes are made once.

    Their fixtures only hand them out, so they are changed here and in ``provider``, not by others of their name.
    """
    asked = (name for name in ASKED if name in request.fixturenames)
    scene: dict[str, Any] = made_once(assembled, provider, *asked)
    return scene


@pytest.fixture(autouse=True)
def now(clock: FrozenClock, request: pytest.FixtureRequest) -> FrozenClock:
    """Every test begins on Monday 7 September 2026, two weeks before the run; its scene comes before all else."""
    if "scene" in request.fixturenames:
        request.getfixturevalue("scene")
    return clock


@pytest.fixture
def university(scene: dict[str, Any]) -> int:
    return scene["university"]


@pytest.fixture
def college(scene: dict[str, Any]) -> int:
    return scene["college"]


@pytest.fixture
def other_college(scene: dict[str, Any]) -> int:
    return scene["other_college"]


@pytest.fixture
def coordinator(scene: dict[str, Any], university: int) -> Somebody:
    return scene["coordinator"]


@pytest.fixture
def office(scene: dict[str, Any], college: int) -> Somebody:
    """The college's HR office."""
    return scene["office"]


def _teacher(app: Flask, at: int | None, home: int, family: str, given: str = "Anvar") -> Somebody:
    made = somebody(app, "teacher", at or home, family, given)
    if at is not None:
        employed = Employment(
            teacher_id=made.teacher_id, organisation_id=at, post="o‘qituvchi", since=date(2020, 9, 1)
        )
        db.session.add(employed)
        db.session.commit()
    return made


@pytest.fixture
def make_teacher(app: Flask, college: int) -> Callable[..., Somebody]:
    """``make_teacher("Aliyev")``: employed by the college, signed in on a phone."""

    def make(family: str = "Aliyev", at: int | None = college, given: str = "Anvar") -> Somebody:
        return _teacher(app, at, college, family, given)

    return make


@pytest.fixture
def teachers(scene: dict[str, Any], college: int) -> list[Somebody]:
    """Five teachers of the college, by name."""
    return scene["teachers"]


@pytest.fixture
def sixty(scene: dict[str, Any], college: int) -> list[Somebody]:
    """Sixty more of them, for races."""
    return scene["sixty"]


def _run(
    coordinator: Somebody, code: str, course: str = "", publish: bool = True, terms: TermsFacts = GIVEN_AT_ONCE,
    **changed: Any,
) -> Run:  # fmt: skip
    if not course:
        course = catalogue.quick_course(coordinator.actor, coordinator.organisation_id, PLAN, code).code
    run = catalogue.open_run(coordinator.actor, course, replace(RUN, **changed), publish=publish)
    enrolment.set_terms(coordinator.actor, run.code, terms)
    return run


@pytest.fixture
def make_run(coordinator: Somebody, scene: dict[str, Any]) -> Callable[..., Run]:
    """``make_run(places=1)``: a published run of a course of its own, unless *course* is given.

    Freed places are given at once unless *terms* say otherwise.
    """
    codes = iter([letter * 2 for letter in "ABCDEFGH"]["run" in scene :])

    def make(
        course: str = "", publish: bool = True, terms: TermsFacts = GIVEN_AT_ONCE, **changed: Any
    ) -> Run:
        return _run(coordinator, "" if course else next(codes), course, publish, terms, **changed)

    return make


@pytest.fixture
def run(scene: dict[str, Any], coordinator: Somebody) -> Run:
    """A run with two places."""
    return scene["run"]


@pytest.fixture
def rows(scene: dict[str, Any], run: Run, teachers: list[Somebody]) -> list[Enrolment]:
    """The enrolments of the five: two with places, three waiting."""
    return scene["rows"]


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
