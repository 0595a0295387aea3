"""What came of one person when many were dealt with at once."""

from dataclasses import dataclass

from retrain.enrolment.states import State
from retrain.refusal import Refusal


@dataclass(frozen=True)
class Outcome:
    """A place, a number on the list, an answer noted (no state), or every reason why not."""

    teacher_id: int
    name: str
    state: State | None = None
    number: int | None = None
    refusals: tuple[Refusal, ...] = ()
