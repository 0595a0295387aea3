"""What the rules of fitting look at, read for one class or for a whole provider at once, in a query a piece."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import select

from retrain.catalogue.models import Module
from retrain.catalogue.states import HourKind
from retrain.extensions import db
from retrain.timetable.fitting import Edge, Need, Order, RoomFacts, Said, Sites
from retrain.timetable.models import (
    Availability,
    Lecturer,
    MayTeach,
    ModuleOrder,
    Room,
    TeachingNeed,
    TeachingOrder,
    Travel,
)

Asked = tuple[int, HourKind]
"""A module and a kind of its hours."""


def room(row: Room) -> RoomFacts:
    """The room as the rules see it."""
    outages = tuple(
        (date.fromisoformat(each["first"]), date.fromisoformat(each["last"])) for each in row.outages
    )
    return RoomFacts(row.name, row.capacity, frozenset(row.equipment), row.site, row.closed_on, outages)


def sites(provider_id: int) -> list[str]:
    """The sites that have an open room, in the order of their names."""
    found = select(Room.site).where(Room.provider_id == provider_id, Room.closed_on.is_(None)).distinct()
    return sorted(db.session.scalars(found))


def travel(provider_id: int) -> dict[Sites, int]:
    """Minutes on the way between two sites, by both orders of them."""
    rows = db.session.scalars(select(Travel).where(Travel.provider_id == provider_id)).all()
    there = {(row.one_site, row.other_site): row.minutes for row in rows}
    return there | {(other, one): minutes for (one, other), minutes in there.items()}


def lecturer(provider_id: int, person_id: int | None) -> Lecturer | None:
    """The row by which a person teaches for a provider."""
    if person_id is None:
        return None
    wanted = select(Lecturer).where(Lecturer.provider_id == provider_id, Lecturer.person_id == person_id)
    return db.session.scalar(wanted)


def said(lecturer_ids: Collection[int]) -> dict[int, list[Said]]:
    """lecturer id → what they say of their time; declined requests are left out."""
    found: dict[int, list[Said]] = defaultdict(list)
    rows = db.session.scalars(
        select(Availability)
        .where(Availability.lecturer_id.in_(lecturer_ids), Availability.standing != "declined")
        .order_by(Availability.id)
    )
    for row in rows:
        found[row.lecturer_id].append(
            Said(
                row.stance, row.standing, row.weekday, row.first_on, row.last_on, row.from_minute, row.to_minute
            )
        )  # fmt: skip
    return found


def needs(version_ids: Collection[int]) -> dict[Asked, Need]:
    """What each module's kinds of hours need, where anything was said; see :class:`Need` for the others."""
    teachers: dict[Asked, set[int]] = defaultdict(set)
    may = (
        select(MayTeach.module_id, MayTeach.kind, Lecturer.person_id)
        .join(Module, Module.id == MayTeach.module_id)
        .join(Lecturer, Lecturer.id == MayTeach.lecturer_id)
        .where(Module.course_version_id.in_(version_ids))
    )
    for module_id, kind, person_id in db.session.execute(may):
        teachers[module_id, kind].add(person_id)
    rows = db.session.scalars(
        select(TeachingNeed)
        .join(Module, Module.id == TeachingNeed.module_id)
        .where(Module.course_version_id.in_(version_ids))
    )
    asked = {(row.module_id, row.kind): row for row in rows}
    return {
        key: Need(
            equipment=frozenset(row.equipment) if (row := asked.get(key)) else frozenset(),
            site=row.site if row else "",
            in_halves=row.in_halves if row else False,
            teachers=frozenset(teachers.get(key, ())),
        )
        for key in asked.keys() | teachers.keys()
    }


def orders(version_ids: Collection[int]) -> dict[int, Order]:
    """course version id → what comes before what in it, its custom included."""
    modules: dict[int, list[Module]] = defaultdict(list)
    wanted = select(Module).where(Module.course_version_id.in_(version_ids)).order_by(Module.position)
    for each in db.session.scalars(wanted):
        modules[each.course_version_id].append(each)
    said_of = {
        row.course_version_id: row
        for row in db.session.scalars(
            select(TeachingOrder).where(TeachingOrder.course_version_id.in_(version_ids))
        )
    }
    edges: dict[int, set[Edge]] = defaultdict(set)
    for module_id, after_id in _edges(version_ids):
        edges[module_id].add((module_id, after_id))
    return {
        version_id: _order(modules[version_id], edges, said_of.get(version_id)) for version_id in version_ids
    }


def _order(modules: list[Module], edges: dict[int, set[Edge]], said_of: TeachingOrder | None) -> Order:
    found = {edge for module in modules for edge in edges[module.id]}
    if modules and (said_of is None or said_of.last_module_last):
        found |= {(modules[-1].id, module.id) for module in modules[:-1]}
    return Order(
        edges=frozenset(found),
        lectures_first=said_of.lectures_first if said_of else True,
        titles={module.id: module.titles for module in modules},
    )


def _edges(version_ids: Collection[int]) -> Iterable[Edge]:
    wanted = (
        select(ModuleOrder.module_id, ModuleOrder.after_id)
        .join(Module, Module.id == ModuleOrder.module_id)
        .where(Module.course_version_id.in_(version_ids))
    )
    return [(module_id, after_id) for module_id, after_id in db.session.execute(wanted)]
