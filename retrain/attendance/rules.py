"""When a register may be marked, signed and corrected, and what marks are worth. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from retrain.attendance.states import CLOSED, IN_PART, MarkKind, RegisterState
from retrain.refusal import Refusal


@dataclass(frozen=True)
class SessionFacts:
    """A session as its register sees it; *minutes* are of academic hours."""

    starts_at: datetime
    on_date: date
    minutes: int
    published: bool
    cancelled: bool
    register: RegisterState


@dataclass(frozen=True)
class Marked:
    """What somebody wants to write beside a name."""

    enrolment_id: int
    kind: MarkKind
    missed_minutes: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Membership:
    """From which day to which a person is in the group; open ends are None."""

    enrolment_id: int
    since: date | None
    until: date | None

    def covers(self, day: date) -> bool:
        """Whether a session on *day* is due for this person."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Tally:
    """One person's hours over a run's held sessions, in minutes of academic hours."""

    due: int = 0
    unexcused: int = 0
    excused: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """The hours of both together."""
        return Tally(self.due + other.due, self.unexcused + other.unexcused, self.excused + other.excused)

    @property
    def attended(self) -> int:
        """Minutes due that were not missed."""
        return self.due - self.unexcused - self.excused


def refusals_to_mark(session: SessionFacts, now: datetime) -> list[Refusal]:
    """Why nobody may mark this session's register at *now*; empty when one may."""
    found = []
    if session.cancelled:
        found.append(Refusal.of("session-cancelled"))
    elif not session.published:
        found.append(Refusal.of("session-not-published"))
    if now < session.starts_at:
        found.append(Refusal.of("session-not-begun", starts=session.starts_at))
    if session.register in CLOSED:
        found.append(Refusal.of("register-signed"))
    return found


def refusals_if_moved(session: SessionFacts, known: datetime | None) -> list[Refusal]:
    """Why marks made for a class that began at *known* are not this one's; None when it isn't known."""
    if known is None or known == session.starts_at or session.cancelled:
        return []
    return [Refusal.of("session-moved", now=session.starts_at)]


def refusals_of_marks(
    session: SessionFacts, marks: Iterable[Marked], members: Iterable[Membership]
) -> list[Refusal]:
    """What is wrong with *marks* themselves."""
    group = {member.enrolment_id: member for member in members}
    found = []
    for mark in marks:
        name = f"mark-{mark.enrolment_id}"
        member = group.get(mark.enrolment_id)
        if member is None or not member.covers(session.on_date):
            found.append(Refusal.of("not-in-group", field=name, on=session.on_date))
        found += refusals_of_value(mark.kind, mark.missed_minutes, mark.reason, session.minutes, name)
    return found


def refusals_of_value(
    kind: MarkKind, missed_minutes: int, reason: str, minutes: int, field: str | None = None
) -> list[Refusal]:
    """What is wrong with a mark whoever it is for."""
    found = []
    if kind in IN_PART and not 0 < missed_minutes < minutes:
        found.append(Refusal.of("late-hours-wrong", field=field))
    if kind is MarkKind.EXCUSED and not reason.strip():
        found.append(Refusal.of("excuse-needs-reason", field=field))
    return found


def refusals_to_correct(session: SessionFacts, today: date, days: int, *, as_lecturer: bool) -> list[Refusal]:
    """Why a signed register may not be corrected: *days* after the class only a coordinator does it."""
    if session.register not in CLOSED:
        return [Refusal.of("register-not-signed")]
    if as_lecturer and today > (last := session.on_date + timedelta(days=days)):
        return [Refusal.of("correction-too-late", until=last)]
    return []


def refusals_to_sign(due: Iterable[int], marked: Iterable[int], disputed: int = 0) -> list[Refusal]:
    """A register is signed whole: everyone due has a mark, and no two devices disagree."""
    missing = set(due) - set(marked)
    found = [Refusal.of("not-all-marked", count=len(missing))] if missing else []
    return [*found, Refusal.of("devices-disagree", count=disputed)] if disputed else found


def missed(mark: Marked, session_minutes: int) -> int:
    """Minutes of the session that *mark* costs: all for absent and excused, what was typed for late or left early.

    Hours are counted, not sessions or percent: domain practice removes a listener by hours.
    """
    if mark.kind in (MarkKind.ABSENT, MarkKind.EXCUSED):
        return session_minutes
    return mark.missed_minutes if mark.kind in IN_PART else 0


@dataclass(frozen=True)
class HalfMark:
    """A mark in a signed register of a group that is split; *hours* names the module and kind they belong to."""

    kind: MarkKind
    minutes: int
    missed_minutes: int
    hours: tuple[int | None, str]
    is_own: bool
    """Whether the class was the whole group's or that of the half the person is in now."""


def marks_that_count(
    marks: Iterable[HalfMark], held: Mapping[tuple[int | None, str], int]
) -> list[tuple[MarkKind, int, int]]:
    """The rows for :func:`tally` of somebody in a split group, whose half had *held* minutes by module and kind.

    The classes of the other half count only for who changed halves, as far as their present half had those hours
    without them: so nothing is due twice, and what somebody had before they changed is not lost.
    """
    found, lacking = [], dict(held)
    for mark in sorted(marks, key=lambda each: not each.is_own):
        left = lacking.get(mark.hours, 0)
        if mark.is_own or mark.minutes <= left:
            found.append((mark.kind, mark.minutes, mark.missed_minutes))
            lacking[mark.hours] = left - mark.minutes
    return found


def tally(rows: Iterable[tuple[MarkKind, int, int]]) -> Tally:
    """The sum of ``(kind, session minutes, missed minutes)`` rows; *not due* sessions count for nothing."""
    due = unexcused = excused = 0
    for kind, minutes, lost in rows:
        if kind is MarkKind.NOT_DUE:
            continue
        due += minutes
        if kind is MarkKind.EXCUSED:
            excused += lost
        else:
            unexcused += lost
    return Tally(due, unexcused, excused)
