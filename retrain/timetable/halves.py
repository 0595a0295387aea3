"""Who of a group comes to the classes of which half."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from retrain.catalogue.models import Module, Run
from retrain.enrolment import queries as enrolment
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import IN_GROUP
from retrain.extensions import db
from retrain.people.models import Person
from retrain.timetable.models import ClassSession, HalfOfGroup, TeachingNeed
from retrain.timetable.states import HALVES, Part, SessionState


@dataclass(frozen=True)
class Comer:
    """Somebody who came into a group; *left* is the last day of whoever is no longer in it."""

    enrolment_id: int
    since: date
    left: date | None = None

    def is_there(self, day: date) -> bool:
        """Whether they had not left before *day*."""
        return self.left is None or day <= self.left


def shared_out(said: Mapping[int, Part], group: Sequence[Comer]) -> dict[int, Part]:
    """enrolment → half, for everybody of *group*, which comes in the order of its list.

    As was said; where nothing was said of anybody, the list is cut in the middle. Who came after that is, in the
    order of coming, in the half that had fewer people on the day they came: so nobody is moved by a newcomer.
    """
    found = {one.enrolment_id: said[one.enrolment_id] for one in group if one.enrolment_id in said}
    if not found:
        there = [one.enrolment_id for one in group if one.left is None]
        middle = (len(there) + 1) // 2
        found = {number: HALVES[place >= middle] for place, number in enumerate(there)}
    by_number = {one.enrolment_id: one for one in group}
    for one in sorted(group, key=lambda each: (each.since, each.enrolment_id)):
        if one.enrolment_id not in found:
            there = [number for number in found if by_number[number].is_there(one.since)]
            found[one.enrolment_id] = min(HALVES, key=lambda half: sum(found[each] is half for each in there))
    return found


def cut_by_name(members: Sequence[int]) -> dict[int, Part]:
    """The two halves of a list, as they are proposed to whoever wants to share a group out anew."""
    return shared_out({}, [Comer(number, date.min) for number in members])


def of_group(run: Run) -> dict[int, Part]:
    """enrolment → half, for everybody who is or was in the run's group."""
    return shared_out(said(run.id), [_comer(run, row) for row, _person in _rows(run)])


def said(run_id: int) -> dict[int, Part]:
    """enrolment → half, as it is written down."""
    rows = db.session.execute(
        select(HalfOfGroup.enrolment_id, HalfOfGroup.part)
        .join(Enrolment, Enrolment.id == HalfOfGroup.enrolment_id)
        .where(Enrolment.run_id == run_id)
    )
    return dict(rows.tuples().all())


def members(run: Run) -> list[tuple[int, Person]]:
    """Who is in the group now, in the order of its list: enrolment and person."""
    return [(row.id, person) for row, person in _rows(run) if row.state in IN_GROUP]


def _rows(run: Run) -> list[tuple[Enrolment, Person]]:
    return enrolment.group_rows(run, everyone=True)


def _comer(run: Run, row: Enrolment) -> Comer:
    left = None if row.state in IN_GROUP else row.until or run.ends_on
    return Comer(row.id, row.since or run.starts_on, left)


def who_comes(run: Run, part: Part) -> frozenset[int] | None:
    """The enrolments that a class held for *part* is for; None: the whole group's."""
    if part is Part.WHOLE:
        return None
    return frozenset(number for number, half in of_group(run).items() if half is part)


def is_split(run: Run) -> bool:
    """Whether there are classes of half the run's group, or hours that each half is to have by itself."""
    stands = select(ClassSession.id).where(
        ClassSession.run_id == run.id,
        ClassSession.part != Part.WHOLE,
        ClassSession.state != SessionState.CANCELLED,
    )
    wanted = (
        select(TeachingNeed.module_id)
        .join(Module, Module.id == TeachingNeed.module_id)
        .where(Module.course_version_id == run.course_version_id, TeachingNeed.in_halves)
    )
    return bool(db.session.scalar(select(or_(stands.exists(), wanted.exists()))))


def has_halves(run_ids: Collection[int], *where: SessionState) -> set[int]:
    """The runs with classes of half the group that stand, or that are in one of the states of *where*."""
    stands = ClassSession.state.in_(where) if where else ClassSession.state != SessionState.CANCELLED
    found = select(ClassSession.run_id).where(
        ClassSession.run_id.in_(run_ids), ClassSession.part != Part.WHOLE, stands
    )
    return set(db.session.scalars(found.distinct()))


def seen(known: Mapping[int, Part]) -> str:
    """A mark of who is in which half: whoever saves says which state they saw."""
    told = ",".join(f"{number}:{half.value}" for number, half in sorted(known.items()))
    return hashlib.sha256(told.encode()).hexdigest()[:16]
