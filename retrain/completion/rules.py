"""Whether somebody has met the rules of a run: every condition, with its numbers and whether it held. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from retrain.completion.states import AssessmentKind, Outcome


@dataclass(frozen=True)
class Policy:
    """The completion policy copied onto the run at publication; hours are academic hours.

    *excused_counts* says that excused hours count as attended.
    """

    max_unexcused_hours: float | None = 18
    min_attendance_hours: float | None = None
    excused_counts: bool = True
    pass_mark: int = 56
    final_required: bool = True

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
class Condition:
    """One condition of the policy: a code, its numbers, and whether it held."""

    code: str
    held: bool
    facts: dict[str, Any]


def decide(policy: Policy, attended: Attended, results: Sequence[Graded]) -> tuple[Outcome, list[Condition]]:
    """The outcome and every condition it rests on; the same answer for the same numbers, whenever it is asked."""
    conditions = [*_attendance(policy, attended), *_results(policy, results)]
    outcome = Outcome.COMPLETED if all(condition.held for condition in conditions) else Outcome.NOT_COMPLETED
    return outcome, conditions


def _attendance(policy: Policy, attended: Attended) -> list[Condition]:
    found = []
    if policy.max_unexcused_hours is not None:
        missed = attended.unexcused + (0 if policy.excused_counts else attended.excused)
        # At the limit a listener is already proposed for removal: domain practice, 18 and 36 hours.
        held = missed < policy.max_unexcused_hours
        found.append(Condition("absence", held, {"missed": missed, "limit": policy.max_unexcused_hours}))
    if policy.min_attendance_hours is not None:
        hours = attended.due - attended.unexcused - (0 if policy.excused_counts else attended.excused)
        held = hours >= policy.min_attendance_hours
        found.append(Condition("attendance", held, {"hours": hours, "needed": policy.min_attendance_hours}))
    return found


def _results(policy: Policy, results: Sequence[Graded]) -> list[Condition]:
    found = []
    finals = [graded for graded in results if graded.kind is AssessmentKind.FINAL]
    if policy.final_required and not finals:
        found.append(Condition("final-missing", False, {"needed": policy.pass_mark}))
    for graded in results:
        code = "final" if graded.kind is AssessmentKind.FINAL else "module"
        held = graded.points is not None and graded.points >= graded.pass_mark
        facts = {"points": graded.points, "needed": graded.pass_mark, "assessment": graded.assessment_id}
        found.append(Condition(code, held, facts))
    return found


def final_mark(results: Sequence[Graded]) -> int | None:
    """The weighted mean of all results, rounded to a whole point; None while any is missing."""
    if not results or any(graded.points is None for graded in results):
        return None
    total = sum(graded.weight for graded in results)
    summed = sum(graded.weight * (graded.points or 0) for graded in results)
    return (2 * summed + total) // (2 * total)
