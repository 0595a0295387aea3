"""Why a teacher got what they got in a round: a code and its facts for every wish, naming no other person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from retrain.allocation.pools import LAST, Applicant, Box, Priority, Turn
from retrain.allocation.rules import Result

CRITERIA = ("due", "match", "college", "lottery")
"""The published priority, in the order in which it decides; also the names of Priority's fields."""


@dataclass(frozen=True, slots=True)
class Reason:
    """What became of one wish.

    ``given`` (pool); ``not-needed`` (given: an earlier wish); ``run-full`` and ``quota-full`` (by: what
    decided, last: of the last admitted, yours; quota, ceiling); ``quota-closed``, ``no-pool``, ``not-in-round``.
    """

    wish: int
    run: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def reasons(result: Result, applicant: Applicant) -> tuple[Reason, ...]:
    """What became of each wish, in the teacher's order."""
    seat = result.seats.get(applicant.key)
    found = []
    facts: Mapping[str, Any]
    for number, wish in enumerate(applicant.wishes, 1):
        if seat and number == seat.wish:
            code, facts = "given", {"pool": seat.pool}
        elif seat and number > seat.wish:
            code, facts = "not-needed", {"given": seat.wish}
        else:
            code, facts = _refused(result.boxes.get(wish.run), result.turns[applicant.key, wish.run])
        found.append(Reason(number, wish.run, code, facts))
    return tuple(found)


def _refused(boxes: Sequence[Box] | None, turn: Turn) -> tuple[str, dict[str, Any]]:
    """The last pool that was open to them decides: every pool before it had turned them away too."""
    if boxes is None:
        return "not-in-round", {}
    groups = turn.applicant.groups
    asked = [box for box in boxes if box.pool.admits(groups)]
    if not asked:
        return "no-pool", {}
    box = asked[-1]
    reached = box.full(groups)
    if reached is None:
        raise AssertionError("nobody is turned away while there is room")
    bound = reached[0]
    facts: dict[str, Any] = {"pool": box.pool.name, "places": box.bound(bound)}
    if bound is not None:
        facts["quota"] = bound
    if (last := box.last(bound)) is None:
        return "quota-closed", facts
    return ("run-full" if bound is None else "quota-full"), facts | decided(last.priority, turn.priority)


def decided(last: Priority, yours: Priority) -> dict[str, Any]:
    """The first criterion in which two differ, with both values; None where somebody had none."""
    for by in CRITERIA:
        theirs, own = getattr(last, by), getattr(yours, by)
        if theirs != own:
            return {"by": by, "last": _shown(theirs), "yours": _shown(own)}
    raise AssertionError("no two tickets are equal")


def _shown(value: date | int | str) -> date | int | str | None:
    if value in (date.max, LAST):
        return None
    return value[:8] if isinstance(value, str) else value
