"""Timetables side by side: what each costs by part, and how many classes of each run stand elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from retrain.catalogue.models import Run
from retrain.extensions import db
from retrain.timetable import building, publishing, solving, terms
from retrain.timetable.models import ClassSession, Scenario, ScenarioClass
from retrain.timetable.solver.cost import cost
from retrain.timetable.states import ScenarioState
from retrain.timetable.terms import Facts

MOST_SHOWN = 30
"""So many scenarios are listed, the newest first."""

Placed = ScenarioClass | ClassSession


@dataclass(frozen=True)
class Side:
    """What one of two timetables costs by part; None when it lacks classes."""

    cost: dict[str, int] | None

    @property
    def total(self) -> int | None:
        return None if self.cost is None else sum(self.cost.values())


@dataclass(frozen=True)
class Row:
    """One run in two timetables: its classes, and those of the first that stand elsewhere in the second."""

    run: Run
    classes: int
    elsewhere: int


@dataclass(frozen=True)
class Table:
    one: Side
    other: Side
    rows: list[Row]


def scenarios(provider_id: int) -> list[Scenario]:
    """The provider's scenarios that were not thrown away, the newest first."""
    wanted = select(Scenario).where(
        Scenario.provider_id == provider_id, Scenario.state != ScenarioState.DROPPED
    )
    return list(db.session.scalars(wanted.order_by(Scenario.id.desc()).limit(MOST_SHOWN)))


def runs_of(scenario: Scenario) -> list[Run]:
    """The runs of a scenario by their codes."""
    wanted = select(Run).options(joinedload(Run.version)).where(Run.id.in_(scenario.run_ids))
    return list(db.session.scalars(wanted.order_by(Run.code)))


def compare(one: Scenario, other: Scenario | None) -> Table:
    """A scenario beside another, or beside the timetable as it is; both counted in the term as it is now."""
    facts = terms.read(solving.ask_of(one))
    rows: Sequence[Placed] = publishing.classes_of(one.id)
    now = [row for row in facts.classes if not facts.is_kept(row)]
    others: Sequence[Placed] = publishing.classes_of(other.id) if other else now
    weights = one.weights
    return Table(
        Side(one.cost) if one.state is ScenarioState.PUBLISHED else side(facts, rows, weights),
        side(facts, others, weights),
        _by_run(one, rows, others),
    )


def side(facts: Facts, rows: Sequence[Placed], weights: dict[str, int]) -> Side:
    """What these places of all that is to be placed cost."""
    built = building.build(facts, building.weights_of(weights), chosen=rows)
    timetable = publishing.places(built, rows)
    if timetable is None:
        return Side(None)
    return Side({part: number for part, number in cost(built.term.problem, timetable).soft.items() if number})


def _by_run(scenario: Scenario, rows: Sequence[Placed], others: Sequence[Placed]) -> list[Row]:
    there = {_at(row) for row in others}
    return [
        Row(
            run,
            sum(row.run_id == run.id for row in rows),
            sum(row.run_id == run.id and _at(row) not in there for row in rows),
        )
        for run in runs_of(scenario)
    ]


def _at(row: Placed) -> tuple[object, ...]:
    return (
        row.run_id, row.module_id, row.kind, row.part, row.on_date, row.pair, row.room_id, row.lecturer_id,
    )  # fmt: skip
