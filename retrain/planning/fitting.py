"""Which runs fit a teacher best, and why. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from retrain.enrolment.match import Grade, Match


@dataclass(frozen=True)
class Choice:
    """An open run, with how far the teacher's specialities fit its course's audience."""

    code: str
    course_id: int
    starts_on: date
    ends_on: date
    region: str
    free: int
    match: Match


@dataclass(frozen=True)
class Seeker:
    """A teacher who looks for a run: where they work, by when they are due, and what they can't take.

    *busy* are the days of runs they are on or wait for, *done* the courses they completed or are on.
    """

    today: date
    region: str = ""
    due: date | None = None
    busy: Sequence[tuple[date, date]] = ()
    done: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Fit:
    """A run with the reasons for which it is shown: the match, near, in time."""

    choice: Choice
    in_region: bool
    in_time: bool


def fitting(choices: Iterable[Choice], seeker: Seeker, most: int = 3) -> list[Fit]:
    """The best runs for the teacher: the match first, then one's own region, then in time, then the soonest."""
    found = [_fit(choice, seeker) for choice in choices if _may(choice, seeker)]
    return sorted(found, key=_key)[:most]


def of_different_courses(found: Sequence[Fit]) -> list[Fit]:
    """The same in another order: the best date of each course first, for three of one course leave no choice."""
    best: dict[int, Fit] = {}
    for fit in found:
        best.setdefault(fit.choice.course_id, fit)
    return [*best.values(), *(fit for fit in found if best[fit.choice.course_id] is not fit)]


def _may(choice: Choice, seeker: Seeker) -> bool:
    if choice.free <= 0 or choice.starts_on < seeker.today or choice.match.grade is Grade.NONE:
        return False
    if choice.course_id in seeker.done:
        return False
    return not any(first <= choice.ends_on and choice.starts_on <= last for first, last in seeker.busy)


def _fit(choice: Choice, seeker: Seeker) -> Fit:
    in_time = seeker.due is not None and choice.ends_on <= seeker.due
    return Fit(choice, bool(seeker.region) and choice.region == seeker.region, in_time)


def _key(fit: Fit) -> tuple[int, bool, bool, bool, date, str]:
    of = fit.choice
    # A course for everybody fits, but one made for the teacher's own speciality fits better.
    for_everyone = of.match.code == "for-everyone"
    return of.match.grade, for_everyone, not fit.in_region, not fit.in_time, of.starts_on, of.code
