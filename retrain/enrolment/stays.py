"""What a paper may say of a person and a run. Plain values in, a decision out."""

from dataclasses import dataclass
from datetime import date

from retrain.enrolment.states import IN_GROUP, State


@dataclass(frozen=True)
class Stay:
    """A person's place on a run, with the days of both."""

    state: State
    since: date | None
    until: date | None
    starts: date
    ends: date

    @property
    def first(self) -> date:
        """The first day in the group."""
        return max(self.since or self.starts, self.starts)

    @property
    def last(self) -> date:
        """The last one."""
        return min(self.until or self.ends, self.ends)


def has_reference(stay: Stay) -> bool:
    """Whether a reference has anything to say: not of one who never was in the group."""
    if stay.since is None:
        return False
    # Whoever left before the first day was on the list only.
    return stay.state in IN_GROUP or (stay.until is not None and stay.until >= stay.starts)


def standing(stay: Stay, today: date) -> str | None:
    """What a reference says on *today*: ahead, now, completed or past; None when there is none."""
    if not has_reference(stay):
        return None
    if stay.state is State.COMPLETED:
        return "completed"
    if stay.state in IN_GROUP and today < stay.starts:
        return "ahead"
    return "now" if stay.state is State.ENROLLED and today <= stay.ends else "past"


def may_travel(stay: Stay) -> bool:
    """Whether there is a journey to certify: for those in the group, whenever they ask."""
    return stay.state in IN_GROUP
