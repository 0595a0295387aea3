"""A university with runs, two colleges with teachers, and a round."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from retrain import clock as program_clock
from retrain.allocation import service
from retrain.allocation.models import AllocationRound
from retrain.allocation.service import RoundPlan
from retrain.catalogue.models import Run
from tests.harness.actors import Somebody
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
    standings,
    teachers,
    university,
)
from tests.harness.statements import counted

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
    "standings",
    "teachers",
    "university",
]

OPENS, CLOSES = datetime(2026, 9, 7, 4, tzinfo=UTC), datetime(2026, 9, 14, 4, tzinfo=UTC)
AFTER = datetime(2026, 9, 14, 5, tzinfo=UTC)
PLAN = RoundPlan({"uz": "Kuzgi taqsimot", "ru": "Осенний раунд", "en": "Autumn round"}, OPENS, CLOSES)


@pytest.fixture
def make_round(app: Flask, coordinator: Somebody) -> Callable[..., AllocationRound]:
    """``make_round([run, other])``: a published round of these runs, in which teachers may rank now."""

    def make(runs: list[Run], publish: bool = True, **changed: Any) -> AllocationRound:
        plan = RoundPlan(**{**PLAN.__dict__, **changed})
        made = service.create_round(coordinator.actor, plan)
        if runs:
            service.add_runs(coordinator.actor, made.code, [each.code for each in runs])
        if publish:
            service.publish_round(coordinator.actor, made.code)
        assert program_clock.now() < plan.closes_at
        return made

    return make


@pytest.fixture
def count_queries(app: Flask) -> Callable[[Somebody, str], int]:
    """``count_queries(somebody, "/rounds")``: how many statements the page asks."""

    def count(who: Somebody, page: str) -> int:
        with counted() as sent:
            assert who.browser.get(page).status_code == 200
        return len(sent)

    return count
