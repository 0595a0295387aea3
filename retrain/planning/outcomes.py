"""What came of a change of the plan, for each person or line, in plain values."""

from dataclasses import dataclass

from retrain.enrolment.service import Outcome
from retrain.refusal import Refusal


@dataclass(frozen=True)
class Planned:
    """What came of planning one person: a line, or every reason why not."""

    teacher_id: int
    name: str
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True)
class Changed:
    """How many lines were changed, and how many stay as they are because somebody is on a run by them."""

    done: int
    kept: int


@dataclass(frozen=True)
class Copied:
    """What came of a copy: lines made, and lines left out because the person or the course is gone, or was there."""

    made: int
    gone: int
    ended: int
    there: int


@dataclass(frozen=True)
class Answer:
    """What came of nominating by one line."""

    line_id: int
    run_code: str
    outcome: Outcome
