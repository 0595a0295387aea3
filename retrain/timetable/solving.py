"""The machine at work on a scenario: read the term, search, tell how it goes, keep the result in one piece."""

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from retrain import audit, clock, jobs
from retrain.audit import Actor
from retrain.database.bulk import delete_where
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.jobs.models import Job
from retrain.people import permissions, settings
from retrain.people import queries as people
from retrain.people.permissions import Target
from retrain.refusal import NotThere, Refusal, Refused
from retrain.timetable import building, terms, why_not
from retrain.timetable.models import Scenario, ScenarioClass
from retrain.timetable.states import Keep, ScenarioState
from retrain.timetable.terms import Ask

if TYPE_CHECKING:
    from retrain.timetable.solver.solve import Better, Result

JOB = "timetable.make"

PAUSE = 1.0
"""Seconds between two looks at the database while the machine searches."""

MOST_CURVE = 120
"""So many points of the falling cost are kept."""

BEING_MADE = (ScenarioState.WAITING, ScenarioState.WORKING)


@use_case
def want(actor: Actor, ask: Ask, seconds: int, seed: int = 1, steps: int | None = None) -> Scenario:
    """A scenario that a worker will make. Raises Refused for a term without a working day or without runs.

    By *steps* instead of *seconds* the same term and seed give the same timetable.
    """
    permissions.require(actor, "timetable.edit", Target(provider_id=ask.provider_id))
    if ask.first > ask.last:
        raise Refused(Refusal.of("term-ends-before-it-begins", field="last_on"))
    if not terms.calendar(ask.provider_id, ask.first, ask.last).bells:
        raise Refused(Refusal.of("term-of-no-days", field="last_on", first=ask.first, last=ask.last))
    known = {run.id for run in terms.runs_in(ask.provider_id, ask.first, ask.last)}
    if not known & set(ask.run_ids):
        raise Refused(Refusal.of("term-of-no-runs", field="run_ids"))
    scenario = Scenario(
        provider_id=ask.provider_id, first_on=ask.first, last_on=ask.last,
        run_ids=sorted(known & set(ask.run_ids)), keep=ask.keep, weights=settings.get(ask.provider_id, "timetable_weights"),
        seed=seed, seconds=seconds, steps=steps or 0, made_by_id=actor.person_id, made_at=clock.now(),
    )  # fmt: skip
    db.session.add(scenario)
    db.session.flush()
    job = jobs.want(JOB, {"scenario": scenario.id, "steps": steps}, actor=actor, key=f"{JOB}:{scenario.id}")
    scenario.job_id = job.id
    audit.record(
        actor, "scenario.wanted", scenario, after={"runs": len(scenario.run_ids), "keep": ask.keep.value}
    )
    return scenario


@use_case
def stop(actor: Actor, scenario_id: int) -> Scenario:
    """Let the machine end with the best it has."""
    scenario = own(actor, scenario_id)
    scenario.stop = True
    return scenario


def own(actor: Actor, scenario_id: int) -> Scenario:
    """A scenario of the actor's provider that was not thrown away, or NotThere."""
    scenario = db.session.get(Scenario, scenario_id)
    if scenario is None or scenario.state is ScenarioState.DROPPED:
        raise NotThere(scenario_id)
    permissions.require(actor, "timetable.edit", Target(provider_id=scenario.provider_id))
    return scenario


def failed(scenario: Scenario) -> int | None:
    """The job that gave the scenario up, if one did: nobody is at it any more."""
    if scenario.state not in BEING_MADE or scenario.job_id is None:
        return None
    job = db.session.get(Job, scenario.job_id)
    return job.id if job is not None and job.state is jobs.JobState.FAILED else None


def ask_of(scenario: Scenario) -> Ask:
    """What the scenario was asked to be, from tomorrow on: today's classes stay, for people are on their way."""
    tomorrow = clock.today(people.zone_of(scenario.provider_id)) + timedelta(days=1)
    runs = tuple(scenario.run_ids)
    return Ask(scenario.provider_id, scenario.first_on, scenario.last_on, runs, Keep(scenario.keep), tomorrow)


def solve(work: jobs.Work) -> None:
    """Do the whole job. Whatever killed an earlier attempt, this one begins anew."""
    # What compiles takes a quarter of a second and much memory to load: only who searches needs it.
    from retrain.timetable.solver.solve import solve as search

    scenario = db.session.get(Scenario, work.payload["scenario"])
    if scenario is None or scenario.state not in BEING_MADE:
        return
    facts = terms.read(ask_of(scenario))
    seconds, seed, weights = scenario.seconds, scenario.seed, building.weights_of(scenario.weights)
    built = building.build(facts, weights)
    telling = _Telling(work, scenario.id, seconds)
    telling.begin(facts.fingerprint, sum(each.count for each in built.items if not each.kept))
    db.session.rollback()
    reasons = why_not.reasons(built)
    steps = work.payload.get("steps")
    budget: dict[str, Any] = {"steps": steps} if steps else {"seconds": float(seconds)}
    result = search(
        built.term.problem, seed=seed, on_better=telling.hear, on_waiting=telling.hear_waiting, stop=telling.stop,
        **budget,
    )  # fmt: skip
    _keep(work, scenario.id, built, result, reasons)


class _Telling:
    """Writes how the search goes, a few times a minute, and hears whether it shall stop."""

    def __init__(self, work: jobs.Work, scenario_id: int, seconds: int) -> None:
        self.work, self.scenario_id, self.seconds = work, scenario_id, seconds
        self.curve: list[list[float]] = []
        self.waiting, self.began, self.looked = 0, time.monotonic(), time.monotonic()
        self.wanted, self.stopped = 0, False

    @use_case
    def begin(self, base: str, wanted: int) -> None:
        scenario = db.session.get_one(Scenario, self.scenario_id)
        scenario.state, scenario.base, scenario.wanted = ScenarioState.WORKING, base, wanted
        scenario.curve, scenario.placed = [], 0
        self.wanted = wanted
        self.work.progress(0, self.seconds)

    def hear(self, found: "Better") -> None:
        self.waiting = 0
        self.curve = thinned([*self.curve, [found.seconds, found.cost]])

    def hear_waiting(self, wrongs: int) -> None:
        self.waiting = min(wrongs, self.wanted)

    def stop(self) -> bool:
        if time.monotonic() - self.looked >= PAUSE:
            self.looked = time.monotonic()
            self.stopped = self._write()
        return self.stopped

    @use_case
    def _write(self) -> bool:
        scenario = db.session.get_one(Scenario, self.scenario_id, populate_existing=True)
        scenario.curve, scenario.placed = list(self.curve), self.wanted - self.waiting
        self.work.progress(min(self.seconds, int(time.monotonic() - self.began)), self.seconds)
        return scenario.stop or scenario.state is ScenarioState.DROPPED


@use_case
def _keep(
    work: jobs.Work,
    scenario_id: int,
    built: building.Built,
    result: "Result",
    reasons: list[Refusal],
) -> None:
    """The result, all of it or nothing."""
    scenario = db.session.get_one(Scenario, scenario_id, populate_existing=True)
    if scenario.state not in BEING_MADE:
        return
    delete_where(ScenarioClass, ScenarioClass.scenario_id == scenario_id)
    best = result.best
    if best is None or best.waiting or reasons:
        found = reasons or (why_not.left_over(built, built.waiting(best.timetable)) if best else [])
        scenario.state, scenario.why_not = ScenarioState.IMPOSSIBLE, [why_not.stored(each) for each in found]
        scenario.placed = scenario.wanted - best.waiting if best else 0
    else:
        scenario.state, scenario.why_not, scenario.placed = ScenarioState.READY, [], scenario.wanted
        scenario.cost = {
            part: number for part, number in (result.cost.soft if result.cost else {}).items() if number
        }
    scenario.curve, scenario.steps = thinned([list(point) for point in result.curve]), result.steps
    if best is not None:
        rows = [vars(each) | {"scenario_id": scenario_id} for each in built.placements(best.timetable)]
        if rows:
            db.session.execute(insert(ScenarioClass), rows)
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
