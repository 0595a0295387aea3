"""Who of a group comes to the classes of which half."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from retrain.catalogue.models import Run
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.timetable.models import HalfOfGroup
from retrain.timetable.states import HALVES, Part


def shared_out(said: Mapping[int, Part], group: Iterable[int]) -> dict[int, Part]:
    """enrolment → half, for everybody of *group*: as was said, and the others one by one into the smaller half.

    *group* comes in the order in which people came, so that a newcomer moves nobody.
    """
    members = list(group)
    found = {number: said[number] for number in members if number in said}
    sizes = {half: list(found.values()).count(half) for half in HALVES}
    for number in members:
        if number not in found:
            half = min(HALVES, key=lambda each: sizes[each])
            found[number], sizes[half] = half, sizes[half] + 1
    return found


def of_group(run: Run) -> dict[int, Part]:
    """enrolment → half, for everybody who ever had a place on the run: who leaves moves nobody either."""
    rows = db.session.execute(
        select(Enrolment.id, HalfOfGroup.part)
        .outerjoin(HalfOfGroup, HalfOfGroup.enrolment_id == Enrolment.id)
        .where(Enrolment.run_id == run.id, Enrolment.since.is_not(None))
        .order_by(Enrolment.since, Enrolment.id)
    ).all()
    return shared_out({number: part for number, part in rows if part}, [number for number, _part in rows])


def who_comes(run: Run, part: Part) -> frozenset[int] | None:
    """The enrolments that a class held for *part* is for; None: the whole group's."""
    if part is Part.WHOLE:
        return None
    return frozenset(number for number, half in of_group(run).items() if half is part)
