"""A university with runs, two colleges with teachers, and the offices that plan for them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from retrain import clock
from retrain.extensions import db
from retrain.planning import service
from retrain.planning.models import PlanItem
from retrain.record.models import Credit
from retrain.record.states import CreditKind
from tests.harness.actors import Somebody, organisation, somebody
from tests.harness.places import (
    college,
    coordinator,
    make_run,
    make_teacher,
    now,
    office,
    other_college,
    provider,
    run,
    scene,
    teachers,
    university,
)

__all__ = [
    "college",
    "coordinator",
    "make_run",
    "make_teacher",
    "now",
    "office",
    "other_college",
    "provider",
    "run",
    "scene",
    "teachers",
    "university",
]


@pytest.fixture
def ministry(app: Flask) -> Somebody:
    return somebody(app, "ministry", organisation("MIN", "Vazirlik", "ministry", "UZ-TK"), "Vazirov")


@pytest.fixture
def centre(app: Flask) -> Somebody:
    """The regional centre of Bukhara, where the college is."""
    return somebody(app, "regional_centre", organisation("RC-BU", "Markaz", "regional_centre"), "Markazov")


@pytest.fixture
def trained(app: Flask) -> Callable[..., None]:
    """``trained(teacher, date(2024, 2, 1))``: the last training ended that day, with 72 hours."""

    def write(teacher: Somebody, on: date, hours: int = 72) -> None:
        db.session.add(
            Credit(
                teacher_id=teacher.teacher_id, source=f"test:{teacher.teacher_id}:{on}", hours=hours, on=on,
                kind=CreditKind.ADVANCED_TRAINING, title={"uz": "Kurs"}, year=on.year, created_at=clock.now(),
            )
        )  # fmt: skip
        db.session.commit()

    return write


@pytest.fixture
def plan(office: Somebody) -> Callable[..., list[PlanItem]]:
    """``plan(teachers, run)``: lines for the run's course in a month of 2026."""

    def make(people: list[Somebody], run: Any, month: int = 9, year: int = 2026) -> list[PlanItem]:
        numbers = [each.teacher_id or 0 for each in people]
        service.add(office.actor, numbers, run.version.course_id, year, month)
        found = db.select(PlanItem).where(PlanItem.teacher_id.in_(numbers), PlanItem.year == year)
        return list(db.session.scalars(found.order_by(PlanItem.id)))

    return make
