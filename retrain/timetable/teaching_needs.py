"""Who may give a module, what its hours need and in which order they come: said once for a version of a course."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import selectinload

from retrain import audit
from retrain.audit import Actor
from retrain.catalogue.models import Course, CourseVersion, Module
from retrain.catalogue.states import HourKind
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import permissions
from retrain.people.permissions import Target
from retrain.refusal import ChangedMeanwhile, NotThere, Refusal, Refused
from retrain.timetable import fitting
from retrain.timetable.models import Lecturer, MayTeach, ModuleOrder, TeachingNeed, TeachingOrder


@dataclass(frozen=True)
class NeedPlan:
    """What one kind of a module's hours needs; *lecturers* are numbers of lecturers, none of them: any."""

    lecturers: frozenset[int] = frozenset()
    equipment: tuple[str, ...] = ()
    site: str = ""
    in_halves: bool = False


@dataclass(frozen=True)
class OrderPlan:
    """What comes first; *after*: module → the modules that must be over before it begins."""

    lectures_first: bool
    last_module_last: bool
    after: Mapping[int, frozenset[int]]


def version(actor: Actor, code: str) -> CourseVersion:
    """The version of a course of the actor's provider that runs are opened of; the newest where none is published."""
    found = db.session.scalars(
        select(CourseVersion)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(Course.code == code)
        .options(selectinload(CourseVersion.modules), selectinload(CourseVersion.course))
        .order_by(CourseVersion.published_at.is_(None), CourseVersion.number.desc())
    ).first()
    if found is None:
        raise NotThere(code)
    permissions.require(actor, "timetable.edit", Target(provider_id=found.course.provider_id))
    return found


@use_case
def set_need(actor: Actor, module_id: int, kind: HourKind, plan: NeedPlan) -> None:
    """Say who may give one kind of a module's hours and what it needs. Classes planned already stay."""
    found = module(actor, module_id)
    ours = set(
        db.session.scalars(
            select(Lecturer.id).where(Lecturer.provider_id == found.version.course.provider_id)
        )
    )
    if not plan.lecturers <= ours:
        raise Refused(Refusal.of("lecturer-unknown", field="lecturers"))
    _write_need(actor, found, kind, plan)


def _write_need(actor: Actor, module: Module, kind: HourKind, plan: NeedPlan) -> None:
    before = need_of(module.id, kind)
    if before == plan:
        return
    mine = (MayTeach.module_id == module.id, MayTeach.kind == kind)
    db.session.execute(delete(MayTeach).where(*mine))
    for lecturer_id in sorted(plan.lecturers):
        db.session.add(MayTeach(module_id=module.id, kind=kind, lecturer_id=lecturer_id))
    row = db.session.get(TeachingNeed, (module.id, kind))
    if row is None:
        row = TeachingNeed(module_id=module.id, kind=kind)
        db.session.add(row)
    row.equipment, row.site, row.in_halves = list(plan.equipment), plan.site, plan.in_halves
    audit.record(
        actor, "module.needs_changed", ("module", module.id),
        before=_shown(kind, before), after=_shown(kind, plan),
    )  # fmt: skip
    db.session.flush()


@use_case
def set_order(actor: Actor, version_id: int, plan: OrderPlan, lock: int) -> None:
    """Say what of a version comes first. Raises Refused when a module would have to come after itself."""
    found = db.session.get(CourseVersion, version_id)
    if found is None:
        raise NotThere(version_id)
    permissions.require(actor, "timetable.edit", Target(provider_id=found.course.provider_id))
    row = db.session.get(TeachingOrder, version_id)
    if (row.lock if row else 0) != lock:
        raise ChangedMeanwhile({})
    _write_order(actor, found, row, plan)


def _write_order(actor: Actor, of: CourseVersion, row: TeachingOrder | None, plan: OrderPlan) -> None:
    modules = [module.id for module in of.modules]
    edges = {(late, early) for late, earlier in plan.after.items() for early in earlier}
    strange = {number for edge in edges for number in edge} - set(modules)
    if strange:
        raise NotThere(min(strange))
    last = {(modules[-1], module) for module in modules[:-1]} if plan.last_module_last else set()
    if fitting.goes_round(edges | last):
        raise Refused(Refusal.of("order-goes-round"))
    before = order_of(of)
    if row is None:
        row = TeachingOrder(course_version_id=of.id, lock=0)
        db.session.add(row)
    row.lectures_first, row.last_module_last = plan.lectures_first, plan.last_module_last
    row.lock += 1
    db.session.execute(delete(ModuleOrder).where(ModuleOrder.module_id.in_(modules)))
    db.session.add_all(ModuleOrder(module_id=late, after_id=early) for late, early in sorted(edges))
    audit.record(
        actor, "course_version.order_changed", ("course_version", of.id),
        before=_order_shown(before), after=_order_shown(plan),
    )  # fmt: skip
    db.session.flush()


@use_case
def take_over(actor: Actor, code: str) -> int:
    """Take what was said of the version before for the modules that are still there; how many kinds of hours.

    Modules are known by their titles. What was said of the present version already stays.
    """
    now = version(actor, code)
    before = earlier(now)
    if before is None:
        return 0
    same = _same_modules(before, now)
    count = 0
    for old, new in same.items():
        for kind in HourKind:
            plan = need_of(old.id, kind)
            if plan != NeedPlan() and need_of(new.id, kind) == NeedPlan():
                _write_need(actor, new, kind, plan)
                count += 1
    if db.session.get(TeachingOrder, now.id) is None and db.session.get(TeachingOrder, before.id):
        known = order_of(before)
        numbers = {old.id: new.id for old, new in same.items()}
        after = {
            numbers[late]: frozenset(numbers[early] for early in earlier_ones if early in numbers)
            for late, earlier_ones in known.after.items()
            if late in numbers
        }
        _write_order(actor, now, None, OrderPlan(known.lectures_first, known.last_module_last, after))
    return count


def earlier(now: CourseVersion) -> CourseVersion | None:
    """The version before, if there is one."""
    return db.session.scalars(
        select(CourseVersion)
        .where(CourseVersion.course_id == now.course_id, CourseVersion.number < now.number)
        .order_by(CourseVersion.number.desc())
    ).first()


def anything_said(of: CourseVersion) -> bool:
    """Whether somebody said what its hours need."""
    modules = [module.id for module in of.modules]
    said: Iterable[type] = (MayTeach, TeachingNeed)
    return db.session.get(TeachingOrder, of.id) is not None or any(
        db.session.scalar(select(table.module_id).where(table.module_id.in_(modules)).limit(1))  # type: ignore[attr-defined]
        for table in said
    )


def order_lock(of: CourseVersion) -> int:
    """How often the order was changed: whoever saves says which state they saw."""
    row = db.session.get(TeachingOrder, of.id)
    return row.lock if row else 0


def order_of(of: CourseVersion) -> OrderPlan:
    """What comes first in a version, the custom where nobody said otherwise."""
    row = db.session.get(TeachingOrder, of.id)
    modules: Collection[int] = [module.id for module in of.modules]
    after: dict[int, set[int]] = {}
    for edge in db.session.scalars(select(ModuleOrder).where(ModuleOrder.module_id.in_(modules))):
        after.setdefault(edge.module_id, set()).add(edge.after_id)
    return OrderPlan(
        lectures_first=row.lectures_first if row else True,
        last_module_last=row.last_module_last if row else True,
        after={late: frozenset(early) for late, early in after.items()},
    )


def module(actor: Actor, module_id: int) -> Module:
    """A module of a course of the actor's provider."""
    found = db.session.get(Module, module_id)
    if found is None:
        raise NotThere(module_id)
    permissions.require(actor, "timetable.edit", Target(provider_id=found.version.course.provider_id))
    return found


def need_of(module_id: int, kind: HourKind) -> NeedPlan:
    """What was said of one kind of a module's hours."""
    row = db.session.get(TeachingNeed, (module_id, kind))
    may = select(MayTeach.lecturer_id).where(MayTeach.module_id == module_id, MayTeach.kind == kind)
    lecturers = frozenset(db.session.scalars(may))
    if row is None:
        return NeedPlan(lecturers)
    return NeedPlan(lecturers, tuple(row.equipment), row.site, row.in_halves)


def _same_modules(before: CourseVersion, now: CourseVersion) -> dict[Module, Module]:
    by_title = {tuple(sorted(module.titles.items())): module for module in before.modules}
    found = {by_title.get(tuple(sorted(module.titles.items()))): module for module in now.modules}
    return {old: new for old, new in found.items() if old is not None}


def _shown(kind: HourKind, plan: NeedPlan) -> dict[str, object]:
    return {
        "kind": kind.value, "lecturers": sorted(plan.lecturers), "equipment": list(plan.equipment),
        "site": plan.site, "in_halves": plan.in_halves,
    }  # fmt: skip


def _order_shown(plan: OrderPlan) -> dict[str, object]:
    after = {str(late): sorted(early) for late, early in sorted(plan.after.items()) if early}
    return {"lectures_first": plan.lectures_first, "last_module_last": plan.last_module_last, "after": after}
