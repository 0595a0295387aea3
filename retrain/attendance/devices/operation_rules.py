"""What becomes of what a device sends about a register: doubled, late, or at odds with another device. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from retrain.attendance.states import MarkKind, Outcome, What

Value = tuple[MarkKind, int, str] | str | None
"""A mark as kind, minutes missed and reason; a topic; or that there is none."""

Subject = tuple[What, int | None]
"""What an operation is about: somebody's mark by enrolment, the topic, the signature."""


@dataclass(frozen=True)
class Sent:
    """One operation as a device sent it. *number* is its own count, *base* the version it knew."""

    client_id: str
    number: int
    what: What
    base: int = 0
    enrolment_id: int | None = None
    kind: MarkKind | None = None
    minutes: int = 0
    said: str = ""
    workplace: str = ""
    made_at: datetime | None = None

    @property
    def subject(self) -> Subject:
        """What it is about."""
        return self.what, self.enrolment_id

    @property
    def value(self) -> Value:
        """What it wants to stand there."""
        if self.what is What.MARK:
            return (self.kind, self.minutes, self.said) if self.kind else None
        return self.said


@dataclass(frozen=True)
class Standing:
    """What stands in a register, how often it was changed, and which operation of which device did it last."""

    value: Value = None
    version: int = 0
    device: str = ""
    number: int = 0


@dataclass(frozen=True)
class Past:
    """An operation that came before, as far as later ones ask."""

    subject: Subject
    device: str
    number: int


def newest(past: Iterable[Past]) -> Mapping[tuple[Subject, str], int]:
    """The highest number of each device about each subject."""
    found: dict[tuple[Subject, str], int] = {}
    for each in past:
        key = (each.subject, each.device)
        found[key] = max(each.number, found.get(key, -1))
    return found


def outcome(
    sent: Sent, device: str, standing: Standing, known: Mapping[tuple[Subject, str], int], *, closed: bool
) -> Outcome:
    """What becomes of *sent*, where *known* are the numbers of operations that came before.

    A device may overwrite what it wrote itself and what it had seen; it never overwrites in silence what another one
    wrote behind its back, and never what is signed. Its own clock decides nothing.
    """
    if sent.number < known.get((sent.subject, device), -1):
        return Outcome.OVERTAKEN
    if sent.value == standing.value:
        return Outcome.SAME
    if closed:
        return Outcome.DISPUTED
    is_own = standing.device == device and standing.number < sent.number
    return Outcome.APPLIED if is_own or sent.base == standing.version else Outcome.DISPUTED
