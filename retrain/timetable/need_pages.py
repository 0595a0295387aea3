"""The coordinator's pages of what a course's modules need: who may give them, where, in which order."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from retrain.catalogue.models import Course, CourseVersion, Module, Run
from retrain.catalogue.states import CHANGEABLE, CourseState, HourKind, StudyForm
from retrain.catalogue.wording import HOUR_KINDS
from retrain.extensions import db
from retrain.language import pick
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.models import Person
from retrain.refusal import NotThere, Refusal
from retrain.timetable import facts, queries, shortfalls, teaching_needs
from retrain.timetable.door import bp
from retrain.timetable.fitting import Need
from retrain.timetable.ground_forms import NeedForm, OrderForm
from retrain.timetable.lecturer_pages import week_cells
from retrain.timetable.models import Lecturer, Room
from retrain.timetable.room_pages import ground_tabs, provider_of
from retrain.timetable.shortfalls import Group
from retrain.timetable.teaching_needs import NeedPlan, OrderPlan
from retrain.web.fields import options
from retrain.web.forms import submit
from retrain.web.language import current_language, readers_today
from retrain.web.requests import chosen, whole
from retrain.web.words import say


@bp.get("/needs")
@allow("timetable.edit")
def courses_taught() -> Any:
    """The provider's courses, each with what of it no lecturer or room can hold."""
    provider_id, language = provider_of(current_actor()), current_language()
    versions = db.session.scalars(
        select(CourseVersion)
        .join(CourseVersion.course)
        .options(contains_eager(CourseVersion.course))
        .where(Course.provider_id == provider_id, Course.state == CourseState.PUBLISHED)
        .where(CourseVersion.published_at.is_not(None))
        .order_by(Course.code, CourseVersion.number)
    ).all()
    newest = {version.course_id: version for version in versions}
    ground = Ground(provider_id, [version.id for version in newest.values()])
    rows = [
        {
            "code": version.course.code, "title": pick(version.titles, language),
            "lacking": len(ground.of_version(version.id)),
        }
        for version in newest.values()
    ]  # fmt: skip
    return render_template("timetable/courses_taught.html", rows=rows, tabs=ground_tabs("courses_taught"))


@bp.route("/needs/<code>", methods=["GET", "POST"])
@allow("timetable.edit")
def teaching(code: str) -> Any:
    """What a course's modules need, what of it can't be had, and the order of modules."""
    version = teaching_needs.version(current_actor(), code)
    order = teaching_needs.order_of(version)
    form = OrderForm(formdata=None) if request.method == "GET" else OrderForm()
    if request.method == "GET":
        form.lectures_first.data, form.last_module_last.data = order.lectures_first, order.last_module_last
        form.lock.data = str(teaching_needs.order_lock(version))
    if submit(form, lambda: _save_order(version, form)):
        flash(_("The order was changed."), "done")
        return redirect(url_for(".teaching", code=code), 303)
    if request.method == "POST":
        order = _typed_order(version, form)
    ground = Ground(version.course.provider_id, [version.id])
    page = render_template(
        "timetable/teaching.html", course=version.course, version=version, form=form, order=order,
        rows=[_need_row(ground, module, kind) for module in version.modules for kind in _kinds(module)],
        may_take_over=teaching_needs.earlier(version) is not None and not teaching_needs.anything_said(version),
        tabs=ground_tabs("courses_taught"),
    )  # fmt: skip
    return page, form.status if form.errors or form.problems else 200


@bp.post("/needs/<code>/take-over")
@allow("timetable.edit")
def take_over_needs(code: str) -> Any:
    """Take what was said of the version before."""
    count = teaching_needs.take_over(current_actor(), code)
    flash(ngettext("%(num)s answer was taken over.", "%(num)s answers were taken over.", count), "done")
    return redirect(url_for(".teaching", code=code), 303)


@bp.route("/needs/module/<int:module_id>/<hour_kind>", methods=["GET", "POST"])
@allow("timetable.edit")
def module_need(module_id: int, hour_kind: str) -> Any:
    """Who may give one kind of a module's hours, and what it needs."""
    actor = current_actor()
    module = teaching_needs.module(actor, module_id)
    kind = next((each for each in _kinds(module) if each == hour_kind), None)
    if kind is None:
        raise NotThere(hour_kind)
    provider_id, code = module.version.course.provider_id, module.version.course.code
    plan = teaching_needs.need_of(module_id, kind)
    form = _need_form(provider_id, plan)
    if submit(form, lambda: (teaching_needs.set_need(actor, module_id, kind, _wanted(form)),)):
        flash(_("What these hours need was changed."), "done")
        for sentence in Ground(provider_id, [module.course_version_id]).of(module_id, kind):
            flash(say(sentence), "waiting")
        return redirect(url_for(".teaching", code=code), 303)
    ground = Ground(provider_id, [module.course_version_id])
    lacking, groups = ground.of(module_id, kind), ground.groups.get(module.course_version_id, [])
    page = render_template(
        "timetable/need.html", module=module, kind=HOUR_KINDS[kind], form=form, code=code,
        hours=module.hours.get(kind, 0), lacking=[say(each) for each in lacking] if request.method == "GET" else [],
        groups=[group.code for group in groups] if plan.in_halves else [],
    )  # fmt: skip
    return page, form.status if form.errors or form.problems else 200


class Ground:
    """What a provider has for some versions' needs: rooms, lecturers with free pairs, runs still to come."""

    def __init__(self, provider_id: int, version_ids: list[int]) -> None:
        self.needs = facts.needs(version_ids)
        self.rooms = [
            facts.room(row) for row in db.session.scalars(select(Room).where(Room.provider_id == provider_id))
        ]
        rows = db.session.execute(
            select(Lecturer.id, Person.id, Person.family, Person.given)
            .join(Person, Person.id == Lecturer.person_id)
            .where(Lecturer.provider_id == provider_id)
        ).all()
        self.names = {person_id: f"{family} {given}".strip() for _id, person_id, family, given in rows}
        said, cells = facts.said([row[0] for row in rows]), week_cells(provider_id)
        self.free = {row[1]: len(shortfalls.free_cells(said[row[0]], cells)) for row in rows}
        self.modules = db.session.scalars(
            select(Module)
            .options(joinedload(Module.version))
            .where(Module.course_version_id.in_(version_ids))
            .order_by(Module.position)
        ).all()
        coming = db.session.execute(
            select(Run.course_version_id, Run.code, Run.places).where(
                Run.course_version_id.in_(version_ids),
                Run.state.in_(CHANGEABLE),
                Run.ends_on >= readers_today(),
            )
        )
        self.groups: dict[int, list[Group]] = {}
        for version_id, code, places in coming:
            self.groups.setdefault(version_id, []).append(Group(code, places))

    def of(self, module_id: int, kind: HourKind) -> list[Refusal]:
        """What can't be had for one kind of a module's hours."""
        need = self.needs.get((module_id, kind), Need())
        module = next(each for each in self.modules if each.id == module_id)
        found = shortfalls.nobody_for(need, self.free, self.names)
        if module.version.form is not StudyForm.DISTANCE:
            found += shortfalls.no_room_for(need, self.rooms, self.groups.get(module.course_version_id, []))
        return found

    def of_version(self, version_id: int) -> list[Refusal]:
        """The same for all of a version."""
        return [
            each
            for module in self.modules
            if module.course_version_id == version_id
            for kind in _kinds(module)
            for each in self.of(module.id, kind)
        ]


def _kinds(module: Module) -> list[HourKind]:
    """The kinds of hours a module has that are put into the week."""
    return [kind for kind in queries.IN_CLASS if module.hours.get(kind)]


def _need_row(ground: Ground, module: Module, kind: HourKind) -> dict[str, Any]:
    need = ground.needs.get((module.id, kind), Need())
    return {
        "url": url_for(".module_need", module_id=module.id, hour_kind=kind.value),
        "module": f"{module.position}. {pick(module.titles, current_language())}",
        "kind": HOUR_KINDS[kind],
        "hours": module.hours[kind],
        "who": ", ".join(sorted(ground.names.get(each, "") for each in need.teachers)),
        "where": ", ".join(filter(None, [need.site, *sorted(need.equipment)])),
        "in_halves": need.in_halves,
        "lacking": [say(each) for each in ground.of(module.id, kind)],
    }


def _need_form(provider_id: int, plan: NeedPlan) -> NeedForm:
    form = NeedForm(
        data={
            "lecturers": sorted(plan.lecturers), "equipment": list(plan.equipment), "site": plan.site,
            "in_halves": plan.in_halves,
        }
    )  # fmt: skip
    rows = db.session.execute(
        select(Lecturer.id, Person)
        .join(Person, Person.id == Lecturer.person_id)
        .where(Lecturer.provider_id == provider_id)
        .order_by(Person.sort_key, Person.id)
    )
    form.lecturers.choices = options([(number, person.full_name) for number, person in rows])
    rooms = db.session.scalars(select(Room).where(Room.provider_id == provider_id)).all()
    things = {thing for room in rooms for thing in room.equipment} | set(plan.equipment)
    form.equipment.choices = options([(thing, thing) for thing in sorted(things)])
    sites = {room.site for room in rooms if room.site} | ({plan.site} if plan.site else set())
    form.site.choices = options([("", _("anywhere")), *((site, site) for site in sorted(sites))])
    return form


def _wanted(form: NeedForm) -> NeedPlan:
    lecturers, equipment = frozenset(form.lecturers.data or ()), tuple(form.equipment.data or ())
    return NeedPlan(lecturers, equipment, form.site.data or "", form.in_halves.data)


def _typed_order(version: CourseVersion, form: OrderForm) -> OrderPlan:
    after = {module.id: frozenset(chosen(f"after-{module.id}", request.form)) for module in version.modules}
    return OrderPlan(bool(form.lectures_first.data), bool(form.last_module_last.data), after)


def _save_order(version: CourseVersion, form: OrderForm) -> bool:
    teaching_needs.set_order(current_actor(), version.id, _typed_order(version, form), whole(form.lock.data))
    return True
