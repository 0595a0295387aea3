"""The machine at work on a scenario: read the term, search, tell how it goes, keep the result in one piece."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from retrain import audit, clock, jobs
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.jobs.models import Job
from retrain.people import permissions, settings
from retrain.people import queries as people
from retrain.people.permissions import Target
from retrain.refusal import NotThere, Refusal, Refused
from retrain.timetable import at_work, building, terms, why_not
from retrain.timetable.at_work import Watch
from retrain.timetable.models import Scenario
from retrain.timetable.states import BEING_MADE, Keep, ScenarioState
from retrain.timetable.terms import Ask

if TYPE_CHECKING:
    from retrain.timetable.solver.solve import Better, Result

JOB = "timetable.make"


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
    wanted = sum(each.count for each in built.items if not each.kept)
    watch = Watch(work, scenario.id, wanted, seconds, by_time=True)
    watch.begin(facts.fingerprint)
    db.session.rollback()
    reasons = why_not.reasons(built)
    steps = work.payload.get("steps")
    budget: dict[str, Any] = {"steps": steps} if steps else {"seconds": float(seconds)}

    def hear(found: "Better") -> None:
        watch.hear(wanted, (found.seconds, found.cost))

    result = search(
        built.term.problem, seed=seed, on_better=hear, on_waiting=lambda wrongs: watch.hear(wanted - min(wrongs, wanted)),
        stop=watch.stop, **budget,
    )  # fmt: skip
    at_work.keep(work, watch.scenario_id, _found(built, result, reasons, wanted))


def _found(built: building.Built, result: "Result", reasons: list[Refusal], wanted: int) -> at_work.Found:
    """What the search found, or why there is no whole timetable."""
    best = result.best
    more = {"curve": at_work.thinned([list(point) for point in result.curve]), "steps": result.steps}
    if best is None:
        return at_work.Found(ScenarioState.IMPOSSIBLE, 0, why=reasons, more=more)
    rows = [vars(each) for each in built.placements(best.timetable)]
    if best.waiting or reasons:
        why = reasons or why_not.left_over(built, built.waiting(best.timetable))
        return at_work.Found(ScenarioState.IMPOSSIBLE, wanted - best.waiting, rows, why, more)
    soft = result.cost.soft if result.cost else {}
    more["cost"] = {part: number for part, number in soft.items() if number}
    return at_work.Found(ScenarioState.READY, wanted, rows, more=more)
