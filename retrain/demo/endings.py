"""Assessments and results; for runs that are over the decisions, by the program's own rules, and their order."""

from dataclasses import asdict
from datetime import datetime, timedelta
from random import Random

from retrain.attendance.rules import tally
from retrain.catalogue.states import CourseKind, RunState
from retrain.completion import rules
from retrain.completion.models import Assessment, Decision, Result
from retrain.completion.states import AssessmentKind, Outcome
from retrain.demo import hearings
from retrain.demo.country import Country, moment
from retrain.demo.enrolling import change
from retrain.demo.habits import HOUR
from retrain.demo.orders import draft, order, send
from retrain.demo.places import four
from retrain.demo.rows import Row
from retrain.demo.runs import OVER, Held, moved
from retrain.enrolment.states import State
from retrain.orders.states import OrderKind
from retrain.people.states import RoleKind
from retrain.record.models import Credit, Qualification

_FINAL = four("Yakuniy attestatsiya", "Итоговая аттестация", "Final assessment")


def make(country: Country, runs: list[Held]) -> None:
    """Everything from the first assessment to the order of completion."""
    chance = country.chance("endings")
    for held in runs:
        if held.state is not RunState.RUNNING and held.state not in OVER:
            continue
        planned = _assessments(country, held)
        _results(country, chance, held, planned)
        votes = hearings.hear(country, held)
        if held.state in OVER:
            _close(country, held, planned, votes)
            hearings.appeal(country, held)


def _assessments(country: Country, held: Held) -> list[Row]:
    """One for each of the first two modules, and the final one; an event has none."""
    if held.row["kind"] is CourseKind.EVENT:
        return []
    mark, at = held.row["policy"]["pass_mark"], moment(held.first, 9)
    wanted = [
        (module["row"]["id"], dict(module["row"]["titles"]), AssessmentKind.MODULE, 1)
        for module in held.course["modules"][:2]
    ]
    wanted.append((None, dict(_FINAL), AssessmentKind.FINAL, 2))
    found = []
    for module_id, titles, kind, weight in wanted:
        row = country.rows.add(
            Assessment, run_id=held.row["id"], module_id=module_id, titles=titles, kind=kind, weight=weight,
            pass_mark=mark,
        )  # fmt: skip
        actor = country.actors[held.provider, RoleKind.COORDINATOR]
        after = {"kind": kind, "pass_mark": mark}
        country.happened(at, "assessment.added", ("assessment", row["id"]), actor, after=after)
        found.append(row)
    return found


def _results(country: Country, chance: Random, held: Held, planned: list[Row]) -> None:
    """Whole when the run is over or may be closed; the first of them when it is half-way."""
    whole = held.state in OVER or held.flag == "to-close"
    half = country.today - held.first >= (held.last - held.first) / 2
    entered = planned if whole else planned[:1] if half else []
    for place, assessment in enumerate(entered):
        at = moment(held.last, 15) if whole else country.now - timedelta(hours=15)
        for member in held.members:
            points = _points(chance)
            if country.is_by_hand(member["teacher"]):
                weak = held.flag == "failed" and assessment["kind"] is AssessmentKind.FINAL
                points = 41 if weak else 88
            member.setdefault("points", {})[assessment["id"]] = points
            _result(country, held, assessment, member["row"], points, at + timedelta(minutes=place))


def _points(chance: Random) -> int:
    if chance.random() < 0.02:
        return chance.randint(30, 55)
    return max(56, min(100, round(chance.gauss(79, 9))))


def _result(country: Country, held: Held, assessment: Row, row: Row, points: int, at: datetime) -> None:
    secretary = country.actors[held.provider, RoleKind.SECRETARY]
    country.rows.add(
        Result, assessment_id=assessment["id"], enrolment_id=row["id"], points=points,
        entered_by_id=secretary["person"]["id"], entered_at=at,
    )  # fmt: skip
    country.happened(
        at, "result.entered", ("enrolment", row["id"]), secretary,
        before={"assessment": assessment["id"], "points": None},
        after={"assessment": assessment["id"], "points": points},
    )  # fmt: skip


def _close(country: Country, held: Held, planned: list[Row], votes: dict[int, rules.Vote]) -> None:
    at = moment(held.last + timedelta(days=2), 11)
    actor = country.actors[held.provider, RoleKind.COORDINATOR]
    counts = dict.fromkeys(Outcome, 0)
    for member in held.members:
        standing = rules.Standing(vote=votes.get(member["row"]["id"]))
        outcome = _decide(country, held, member, planned, standing, at)
        counts[outcome] += 1
        if outcome is Outcome.COMPLETED:
            _earn(country, held, member, at)
    moved(country, held, at, RunState.RUNNING, RunState.FINISHED)
    after = {outcome.value: count for outcome, count in counts.items()}
    country.happened(at, "run.closed", ("run", held.row["id"]), actor, after=after)
    if "completion_order" in held.row["policy"]["grounds"]:
        on = held.last + timedelta(days=4)
        if held.flag == "to-order":  # it is with the signatory still
            row = draft(country, held, OrderKind.COMPLETION, moment(on - timedelta(days=1), 11))
            send(country, held, row, moment(on, 10), held.last)
        else:
            order(country, held, OrderKind.COMPLETION, on, held.last)


def _decide(
    country: Country, held: Held, member: Row, planned: list[Row], standing: rules.Standing, at: datetime
) -> Outcome:
    policy = rules.Policy.of(held.row["policy"])
    hours = tally(member.get("marks", []))
    attended = rules.Attended(hours.due / HOUR, hours.unexcused / HOUR, hours.excused / HOUR)
    graded = [
        rules.Graded(row["id"], row["kind"], row["pass_mark"], member["points"][row["id"]], row["weight"])
        for row in planned
    ]
    outcome, conditions = rules.decide(policy, attended, graded, standing)
    actor = country.actors[held.provider, RoleKind.COORDINATOR]
    country.rows.add(
        Decision, enrolment_id=member["row"]["id"], outcome=outcome, decided_at=at,
        decided_by_id=actor["person"]["id"], reasons=[asdict(condition) for condition in conditions],
        facts=rules.facts(policy, attended, graded, standing),
    )  # fmt: skip
    change(country, held, member["row"], at, State(outcome.value), actor)
    subject = ("enrolment", member["row"]["id"])
    country.happened(at, "completion.decided", subject, actor, after={"outcome": outcome})
    held.told.append((member, outcome.value, at))
    return outcome


def _earn(country: Country, held: Held, member: Row, at: datetime) -> None:
    """The hours into the teacher's record; a retraining opens a speciality."""
    source, titles = f"enrolment:{member['row']['id']}", dict(held.course["version"]["titles"])
    country.rows.add(
        Credit, teacher_id=member["teacher"]["id"], source=source, hours=held.row["hours"],
        kind=held.row["kind"].value, title=titles, on=held.last, year=held.last.year, created_at=at,
    )  # fmt: skip
    if held.row["kind"] is CourseKind.RETRAINING:
        speciality = next(iter(held.course["version"]["audience"]), titles["uz"])
        country.rows.add(
            Qualification, teacher_id=member["teacher"]["id"], source=source, speciality=speciality,
            titles=titles, on=held.last, created_at=at,
        )  # fmt: skip
