"""A worker at a scenario: it tells how far it is, hears whether it shall stop, and keeps what it found in one piece."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert

from retrain import audit, jobs
from retrain.database.bulk import delete_where
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.refusal import Refusal
from retrain.timetable import why_not
from retrain.timetable.models import Scenario, ScenarioClass
from retrain.timetable.states import BEING_MADE, ScenarioState

PAUSE = 1.0
"""Seconds between two looks at the database while the machine searches."""

MOST_CURVE = 120
"""So many points of the falling cost are kept."""


class Watch:
    """Writes how the search goes, once a second at most, and hears whether it shall stop.

    A search that goes on for a time is as far as the time; one that ends with its last class as far as its *placed*.
    """

    def __init__(
        self, work: jobs.Work, scenario_id: int, wanted: int, seconds: int, *, by_time: bool
    ) -> None:
        self.work, self.scenario_id, self.wanted = work, scenario_id, wanted
        self.seconds, self.by_time = seconds, by_time
        self.began = self.looked = time.monotonic()
        self.placed, self.curve = 0, list[list[float]]()
        self.stopped = False

    @use_case
    def begin(self, base: str = "") -> None:
        """The machine is at it; *base* is what it goes by."""
        scenario = db.session.get_one(Scenario, self.scenario_id, populate_existing=True)
        if scenario.state in BEING_MADE:
            scenario.state, scenario.base, scenario.wanted = ScenarioState.WORKING, base, self.wanted
            scenario.curve, scenario.placed = [], 0
        self._tell()

    def hear(self, placed: int, point: tuple[float, float] | None = None) -> None:
        """So many have a place; *point* is the cost after so many seconds of one that is whole."""
        self.placed = placed
        if point:
            self.curve = thinned([*self.curve, list(point)])

    def stop(self) -> bool:
        """Whether the search shall end, asked as often as one likes."""
        if time.monotonic() - self.looked >= PAUSE:
            self.looked = time.monotonic()
            self.stopped = self._write()
        return self.stopped or (not self.by_time and time.monotonic() - self.began > self.seconds)

    @use_case
    def _write(self) -> bool:
        scenario = db.session.get_one(Scenario, self.scenario_id, populate_existing=True)
        if scenario.state in BEING_MADE:
            scenario.curve, scenario.placed = list(self.curve), self.placed
        self._tell()
        return scenario.stop or scenario.state is ScenarioState.DROPPED

    def _tell(self) -> None:
        if self.by_time:
            self.work.progress(min(self.seconds, int(time.monotonic() - self.began)), self.seconds)
        else:
            self.work.progress(self.placed, self.wanted)


@dataclass(frozen=True)
class Found:
    """What a search found: the rows of its classes, and why it is not whole."""

    state: ScenarioState
    placed: int
    rows: Sequence[dict[str, Any]] = ()
    why: Sequence[Refusal] = ()
    more: dict[str, Any] = field(default_factory=dict)
    """Further columns of the scenario."""


@use_case
def keep(work: jobs.Work, scenario_id: int, found: Found) -> None:
    """The result, all of it or nothing; nothing where nobody waits for it any more."""
    scenario = db.session.get_one(Scenario, scenario_id, populate_existing=True)
    if scenario.state not in BEING_MADE:
        return
    scenario.state, scenario.placed = found.state, found.placed
    scenario.why_not = [why_not.stored(each) for each in found.why]
    for name, value in found.more.items():
        setattr(scenario, name, value)
    delete_where(ScenarioClass, ScenarioClass.scenario_id == scenario_id)
    if found.rows:
        db.session.execute(insert(ScenarioClass), [row | {"scenario_id": scenario_id} for row in found.rows])
    audit.record(
        work.actor, "scenario.made", scenario,
        after={"state": scenario.state.value, "placed": scenario.placed, "cost": scenario.total},
    )  # fmt: skip
    work.finish({"url": f"/timetable/scenarios/{scenario_id}"})


def thinned(curve: list[list[float]]) -> list[list[float]]:
    """The curve with fewer points between its first and its last."""
    while len(curve) > MOST_CURVE:
        curve = [curve[0], *curve[1:-1][::2], curve[-1]]
    return curve
