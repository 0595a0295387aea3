"""Whether somebody has met the rules of a run: every condition, with its numbers and whether it held. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import ceil
from typing import Any

from retrain.completion.states import AssessmentKind, Outcome


@dataclass(frozen=True)
class Policy:
    """The completion policy copied onto the run at publication; hours are academic hours.

    *excused_counts* says that excused hours count as attended, *least_by_kind* how many hours of each kind are to
    be done, *hours_reduced* that the document names the hours attended.
    """

    max_unexcused_hours: float | None = 18
    min_attendance_hours: float | None = None
    excused_counts: bool = True
    pass_mark: int = 56
    final_required: bool = True
    commission_required: bool = False
    unpaid_blocks_completion: bool = False
    hours_reduced: bool = False
    least_by_kind: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Policy":
        """The policy as the run keeps it; what it doesn't say has the default."""
        return cls(**{name: stored[name] for name in cls.__dataclass_fields__ if name in stored})


@dataclass(frozen=True)
class Attended:
    """Academic hours due, missed without and with an excuse, over signed registers."""

    due: float
    unexcused: float
    excused: float
    unsigned_registers: int = 0


@dataclass(frozen=True)
class Graded:
    """One assessment and what this person got in it; None when nothing was entered."""

    assessment_id: int
    kind: AssessmentKind
    pass_mark: int
    points: int | None
    weight: int = 1


@dataclass(frozen=True)
class Vote:
    """What a commission decided on somebody's work, in the session of a numbered protocol."""

    votes_for: int
    votes_against: int
    abstained: int = 0
    chair_for: bool = True
    protocol: str = ""

    @property
    def carried(self) -> bool:
        """More for than against; when they are equal, as the chair voted."""
        if self.votes_for == self.votes_against:
            return self.votes_for > 0 and self.chair_for
        return self.votes_for > self.votes_against


@dataclass(frozen=True)
class Standing:
    """What a decision rests on beside hours in all and results.

    *override* and *appeal* are decisions of people: an outcome with what is told of it.
    """

    by_kind: Mapping[str, float] = field(default_factory=dict)
    owes: int | None = None
    """Whole so‘m still to be paid, 0 when the price is not agreed; None when nothing is owed."""
    vote: Vote | None = None
    override: Mapping[str, Any] | None = None
    appeal: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Condition:
    """One condition of the policy: a code, its numbers, and whether it held."""

    code: str
    held: bool
    facts: dict[str, Any]


NOTHING_MORE = Standing()


def decide(
    policy: Policy, attended: Attended, results: Sequence[Graded], standing: Standing = NOTHING_MORE
) -> tuple[Outcome, list[Condition]]:
    """The outcome and every condition it rests on; the same answer for the same numbers, whenever it is asked."""
    conditions = [
        *_attendance(policy, attended),
        *_by_kind(policy, standing),
        *_results(policy, results),
        *_commission(policy, standing),
        *_debts(policy, standing),
    ]
    outcome = Outcome.COMPLETED if all(condition.held for condition in conditions) else Outcome.NOT_COMPLETED
    for code, decided in (("override", standing.override), ("appeal", standing.appeal)):
        if decided:
            outcome = Outcome(decided["outcome"])
            conditions.append(Condition(code, outcome is Outcome.COMPLETED, dict(decided)))
    return outcome, conditions


def facts(
    policy: Policy,
    attended: Attended,
    results: Sequence[Graded],
    standing: Standing = NOTHING_MORE,
    run_hours: int | None = None,
) -> dict[str, Any]:
    """Everything a decision rests on, as it is kept beside it; :func:`replay` reads it."""
    found: dict[str, Any] = {
        "policy": vars(policy).copy(),
        "attended": vars(attended).copy(),
        # Thousands of them come at once, and asdict copies each to its depth.
        "results": [vars(graded).copy() for graded in results],
        "final_mark": final_mark(results),
        "standing": asdict(standing),
    }
    if run_hours is not None:
        found |= {"hours": credited_hours(policy, run_hours, attended), "run_hours": run_hours}
    return found


def replay(kept: Mapping[str, Any]) -> tuple[Outcome, list[Condition]]:
    """What the rules say of the numbers that were kept with a decision."""
    more = dict(kept.get("standing") or {})
    if more.get("vote"):
        more["vote"] = Vote(**more["vote"])
    return decide(
        Policy.of(kept["policy"]),
        Attended(**kept["attended"]),
        [Graded(**one) for one in kept["results"]],
        Standing(**more),
    )


def credited_hours(policy: Policy, run_hours: int, attended: Attended) -> int:
    """The hours a document names: the run's, or where the policy reduces them, less what was missed.

    Part of an hour missed is an hour missed: a document never names more than was attended.
    """
    if not policy.hours_reduced:
        return run_hours
    return max(0, run_hours - ceil(_missed(policy, attended)))


def hours_done(policy: Policy, attended: Attended) -> float:
    """Hours attended, as the policy counts an excuse."""
    return round(attended.due - _missed(policy, attended), 1)


def _missed(policy: Policy, attended: Attended) -> float:
    return round(attended.unexcused + (0 if policy.excused_counts else attended.excused), 1)


def _attendance(policy: Policy, attended: Attended) -> list[Condition]:
    found = []
    if policy.max_unexcused_hours is not None:
        missed = _missed(policy, attended)
        # At the limit a listener is already proposed for removal: domain practice, 18 and 36 hours.
        held = missed < policy.max_unexcused_hours
        found.append(Condition("absence", held, {"missed": missed, "limit": policy.max_unexcused_hours}))
    if policy.min_attendance_hours is not None:
        hours = hours_done(policy, attended)
        held = hours >= policy.min_attendance_hours
        found.append(Condition("attendance", held, {"hours": hours, "needed": policy.min_attendance_hours}))
    return found


def _by_kind(policy: Policy, standing: Standing) -> list[Condition]:
    return [
        Condition(
            "kind-hours",
            standing.by_kind.get(kind, 0) >= needed,
            {"kind": kind, "hours": standing.by_kind.get(kind, 0), "needed": needed},
        )
        for kind, needed in policy.least_by_kind.items()
        if needed
    ]


def _results(policy: Policy, results: Sequence[Graded]) -> list[Condition]:
    found = []
    # Compared by value: what was kept comes back as plain words.
    finals = [graded for graded in results if graded.kind == AssessmentKind.FINAL]
    if policy.final_required and not finals:
        found.append(Condition("final-missing", False, {"needed": policy.pass_mark}))
    for graded in results:
        code = "final" if graded.kind == AssessmentKind.FINAL else "module"
        held = graded.points is not None and graded.points >= graded.pass_mark
        facts = {"points": graded.points, "needed": graded.pass_mark, "assessment": graded.assessment_id}
        found.append(Condition(code, held, facts))
    return found


def _commission(policy: Policy, standing: Standing) -> list[Condition]:
    vote = standing.vote
    if vote is None:
        return [Condition("commission-missing", False, {})] if policy.commission_required else []
    return [Condition("commission", vote.carried, asdict(vote))]


def _debts(policy: Policy, standing: Standing) -> list[Condition]:
    if not policy.unpaid_blocks_completion:
        return []
    return [Condition("debts", standing.owes is None, {"owes": standing.owes})]


def final_mark(results: Sequence[Graded]) -> int | None:
    """The weighted mean of all results, rounded to a whole point; None while any is missing."""
    if not results or any(graded.points is None for graded in results):
        return None
    total = sum(graded.weight for graded in results)
    summed = sum(graded.weight * (graded.points or 0) for graded in results)
    return (2 * summed + total) // (2 * total)
