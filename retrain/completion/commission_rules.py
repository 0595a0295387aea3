"""Who sits in a commission, when it may decide, and within which days an appeal is filed and decided. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from retrain.completion.states import VOTING, AppealState, Outcome, Purpose, Seat
from retrain.language.keys import search_key
from retrain.refusal import Refusal


@dataclass(frozen=True)
class Member:
    """One seat as it is typed, and whether they came."""

    seat: Seat
    name: str
    post: str = ""
    workplace: str = ""
    present: bool = True
    email: str = ""
    language: str = "uz"
    person_id: int | None = None

    @property
    def votes(self) -> bool:
        """Everybody but the secretary."""
        return self.seat in VOTING


@dataclass(frozen=True)
class Terms:
    """How many sit in a commission, how large a share of them must come, and the days of an appeal."""

    members: int = 3
    quorum: int = 50
    """More than so many percent of those who vote."""
    file_days: int = 10
    decide_days: int = 10
    copy_days: int = 5

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Terms":
        """The terms as the setting keeps them; what it doesn't say has the default."""
        return cls(**{name: stored[name] for name in cls.__dataclass_fields__ if name in stored})


@dataclass(frozen=True)
class Colleague:
    """Somebody who works at the provider and has an account."""

    person_id: int
    name: str
    email: str = ""


def account_of(member: Member, colleagues: Iterable[Colleague]) -> int | None:
    """Whose account a typed member has: by the mailbox, or without one by a name that only one colleague bears."""
    if member.email:
        return next((each.person_id for each in colleagues if each.email == member.email), None)
    key = search_key(member.name)
    named = [each.person_id for each in colleagues if search_key(each.name) == key]
    return named[0] if len(named) == 1 else None


def composition_refusals(
    members: Sequence[Member], purpose: Purpose, terms: Terms, deciders: Collection[str] = ()
) -> list[Refusal]:
    """Why a commission can't be composed so. *deciders* sat in the one that an appeal is against."""
    found = []
    names = [member.name.casefold() for member in members]
    if twice := next((member.name for member in members if names.count(member.name.casefold()) > 1), None):
        found.append(Refusal.of("member-twice", name=twice))
    if sum(member.seat is Seat.CHAIR for member in members) != 1:
        found.append(Refusal.of("commission-needs-chair"))
    voting = sum(member.votes for member in members)
    if voting < terms.members:
        found.append(Refusal.of("commission-too-small", needed=terms.members, there=voting))
    if purpose is Purpose.APPEAL:
        earlier = {name.casefold() for name in deciders}
        found += [
            Refusal.of("appeal-heard-by-decider", name=member.name)
            for member in members
            if member.votes and member.name.casefold() in earlier
        ]
    return found


def needed(voting: int, quorum: int) -> int:
    """How many of *voting* must come so that more than *quorum* percent of them are there."""
    return min(voting, voting * quorum // 100 + 1)


def quorum_refusals(members: Sequence[Member], terms: Terms) -> list[Refusal]:
    """Why nobody can decide: too few of the commission came, or nobody to lead it."""
    voting = [member for member in members if member.votes]
    came = [member for member in voting if member.present]
    found = []
    least = needed(len(voting), terms.quorum)
    if len(came) < least:
        found.append(Refusal.of("no-quorum", came=len(came), all=len(voting), needed=least))
    if not any(member.seat in (Seat.CHAIR, Seat.DEPUTY) for member in came):
        found.append(Refusal.of("nobody-chairs"))
    return found


@dataclass(frozen=True)
class Line:
    """What is typed of one person in a protocol."""

    enrolment_id: int
    title: str = ""
    votes_for: int = 0
    votes_against: int = 0
    abstained: int = 0
    chair_for: bool = True
    points: int | None = None
    note: str = ""


def line_refusals(
    lines: Iterable[Line], members: Sequence[Member], heard: Collection[int], purpose: Purpose
) -> list[Refusal]:
    """What is wrong with the lines themselves, each said at its field; *heard* are those who may stand in it."""
    came = sum(member.votes and member.present for member in members)
    found = []
    for line in lines:
        name = f"for-{line.enrolment_id}"
        votes = (line.votes_for, line.votes_against, line.abstained)
        if line.enrolment_id not in heard:
            found.append(Refusal.of("not-of-this-run", field=name))
        if min(votes) < 0 or sum(votes) != came:
            found.append(Refusal.of("votes-dont-add-up", field=name, votes=sum(votes), came=came))
        if line.points is not None and not 0 <= line.points <= 100:
            wrong = f"score-{line.enrolment_id}"
            found.append(Refusal.of("points-out-of-scale", field=wrong, points=line.points))
        if purpose is Purpose.FINAL and not line.title.strip():
            found.append(Refusal.of("work-title-missing", field=f"title-{line.enrolment_id}"))
        if purpose is Purpose.APPEAL and not line.note.strip():
            found.append(Refusal.of("appeal-answer-missing", field=f"note-{line.enrolment_id}"))
    return found


def holding_refusals(ordered: bool, held_on: date, today: date, closed: bool) -> list[Refusal]:
    """Why a session can't be held or changed."""
    found = []
    if closed:
        found.append(Refusal.of("sitting-closed"))
    if not ordered:
        found.append(Refusal.of("commission-not-ordered"))
    if held_on > today:
        found.append(Refusal.of("sitting-ahead", field="held_on", on=held_on))
    return found


def invitation_refusals(at: datetime, now: datetime, place: str, to_hear: int) -> list[Refusal]:
    """Why nobody can be invited: the hour is over, no place is named, or there is nobody to be heard."""
    found = []
    if at <= now:
        found.append(Refusal.of("invitation-too-late", field="at"))
    if not place.strip():
        found.append(Refusal.of("invitation-without-place", field="place"))
    if not to_hear:
        found.append(Refusal.of("nobody-to-hear"))
    return found


SESSION_LASTS = timedelta(hours=2)
"""How long a session stands in calendars; how long it really lasts nobody knows before."""


def same_hour() -> Refusal:
    """Why a session is not moved to an hour: the commission is called to another one then."""
    return Refusal.of("invitation-same-hour", field="at")


def file_by(decided_on: date, terms: Terms) -> date:
    """The last day on which an appeal against what was decided on a day may be filed."""
    return decided_on + timedelta(days=terms.file_days)


def appeal_refusals(
    outcome: Outcome | None, decided_on: date | None, today: date, why: str, earlier: Collection[AppealState],
    terms: Terms,
) -> list[Refusal]:  # fmt: skip
    """Why an appeal can't be filed: nothing to appeal against, too late, without a reason, or a second time."""
    if outcome is None or decided_on is None:
        return [Refusal.of("not-decided-yet")]
    if AppealState.FILED in earlier:
        return [Refusal.of("appeal-under-way")]
    found = []
    if outcome is Outcome.COMPLETED:
        found.append(Refusal.of("nothing-to-appeal"))
    if any(state in (AppealState.UPHELD, AppealState.REJECTED) for state in earlier):
        found.append(Refusal.of("appeal-decided-already"))
    last = file_by(decided_on, terms)
    if today > last:
        found.append(Refusal.of("appeal-too-late", last=last))
    if not why.strip():
        found.append(Refusal.of("appeal-reason-missing", field="why"))
    return found


def decide_by(filed_at: datetime, zone: Any, terms: Terms) -> date:
    """The last day on which an appeal is decided."""
    return filed_at.astimezone(zone).date() + timedelta(days=terms.decide_days)
