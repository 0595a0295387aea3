"""Lecturers, how much they teach at most, and when: for the coordinator, and for each lecturer their own."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from retrain.calendar.bells import minute_of
from retrain.extensions import db
from retrain.language.dates import weekday_name
from retrain.people import queries as people
from retrain.people import settings
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.models import Person
from retrain.refusal import NotThere, Refusal, Refused
from retrain.timetable import availability, facts, service, shortfalls, times
from retrain.timetable.availability import Days, Limits, WeekTime
from retrain.timetable.door import bp
from retrain.timetable.ground_forms import DaysForm, LecturerForm, LimitsForm, WeekForm
from retrain.timetable.models import Availability, Lecturer
from retrain.timetable.room_pages import ground_tabs, provider_of
from retrain.timetable.shortfalls import Cell
from retrain.timetable.states import Stance, Standing
from retrain.timetable.wording import STANCES, STANDINGS
from retrain.web.forms import Form, submit
from retrain.web.language import current_language, readers_today
from retrain.web.requests import whole
from retrain.web.words import say

WEIGHT = (Stance.UNAVAILABLE, Stance.UNWISHED, Stance.WISHED)
"""Of several things said of one pair, the first of these is shown."""


@bp.route("/lecturers", methods=["GET", "POST"])
@allow("timetable.edit")
def lecturers() -> Any:
    """Who teaches for the provider, with limits, free pairs and what waits for a yes; and a form for one more."""
    provider_id, form = provider_of(current_actor()), LecturerForm()
    if submit(form, lambda: _add(provider_id, form.login.data)):
        flash(_("The lecturer was added."), "done")
        return redirect(url_for(".lecturers"), 303)
    rows = db.session.execute(
        select(Lecturer, Person)
        .join(Person, Person.id == Lecturer.person_id)
        .where(Lecturer.provider_id == provider_id)
        .order_by(Person.sort_key, Person.id)
    ).all()
    said = facts.said([row.id for row, _person in rows])
    asks = _asking(provider_id)
    cells = week_cells(provider_id)
    shown = [
        {
            "id": row.id, "name": person.full_name, "post": row.post, "day": row.pairs_a_day, "week": row.pairs_a_week,
            "year": row.hours_a_year, "asks": asks.get(row.id, 0),
            "free": len(shortfalls.free_cells(said[row.id], cells)),
        }
        for row, person in rows
    ]  # fmt: skip
    return render_template("timetable/lecturers.html", rows=shown, form=form, tabs=ground_tabs("lecturers"))


@bp.get("/my-time")
@allow("teaching.time")
def my_time() -> Any:
    """One's own time where one teaches now."""
    actor = current_actor()
    mine = facts.lecturer(actor.organisation_id or 0, actor.person_id)
    if mine is None:
        return render_template("timetable/no_lecturer.html")
    return redirect(url_for(".lecturer", lecturer_id=mine.id), 303)


@bp.get("/lecturers/<int:lecturer_id>")
@allow("teaching.time")
def lecturer(lecturer_id: int) -> Any:
    """A lecturer's limits, week and days; for the coordinator of their provider, and for themself."""
    return _page(availability.own_lecturer(current_actor(), lecturer_id))


@bp.post("/lecturers/<int:lecturer_id>/limits")
@allow("timetable.edit")
def lecturer_limits(lecturer_id: int) -> Any:
    """How much a lecturer teaches at most."""
    actor, form = current_actor(), LimitsForm()
    found = availability.own_lecturer(actor, lecturer_id)
    lock = whole(form.lock.data)
    if submit(form, lambda: availability.set_limits(actor, lecturer_id, _limits(form), lock)):
        flash(_("The limits were changed."), "done")
        return _back(lecturer_id)
    return _page(found, limits=form)


@bp.post("/lecturers/<int:lecturer_id>/week")
@allow("teaching.time")
def lecturer_week(lecturer_id: int) -> Any:
    """Take in the picture of a week."""
    actor, form = current_actor(), WeekForm()
    found = availability.own_lecturer(actor, lecturer_id)
    lock = whole(form.lock.data)
    if waiting := submit(form, lambda: (availability.set_week(actor, lecturer_id, _painted(found), lock),)):
        flash(_("The week is saved."), "done")
        if waiting[0]:
            flash(_("What you can't do holds when your coordinator agrees."), "waiting")
        return _back(lecturer_id)
    return _page(found, week=form)


@bp.post("/lecturers/<int:lecturer_id>/days")
@allow("teaching.time")
def lecturer_days(lecturer_id: int) -> Any:
    """Say something of certain days."""
    actor, form = current_actor(), DaysForm()
    found = availability.own_lecturer(actor, lecturer_id)
    if row := submit(form, lambda: availability.add_days(actor, lecturer_id, _days(form))):
        flash(
            _("The days are noted.") if row.standing is Standing.AGREED
            else _("The days are noted. They hold when your coordinator agrees."),
            "done",
        )  # fmt: skip
        return _back(lecturer_id)
    return _page(found, days=form)


@bp.post("/lecturers/time/<int:availability_id>/take-back")
@allow("teaching.time")
def take_back(availability_id: int) -> Any:
    """Take back what was said of a time."""
    lecturer_id = availability.take_back(current_actor(), availability_id)
    flash(_("It was taken back."), "done")
    return _back(lecturer_id)


@bp.post("/lecturers/time/<int:availability_id>/answer")
@allow("timetable.edit")
def answer(availability_id: int) -> Any:
    """Agree that a lecturer can't come then, or decline."""
    agree = request.form.get("agree") == "yes"
    lecturer_id = availability.answer(current_actor(), availability_id, agree)
    flash(
        _("You agreed. The lecturer is told.") if agree else _("You declined. The lecturer is told."), "done"
    )
    return _back(lecturer_id)


def week_cells(provider_id: int) -> list[Cell]:
    """Every pair of the provider's working week: weekday, and the minutes between which it lasts."""
    bells = times.bells(provider_id, readers_today())
    return [
        (weekday, minute_of(pair.start), minute_of(pair.end))
        for weekday in settings.get(provider_id, "working_days")
        for pair in bells
    ]


def _add(provider_id: int, login: str) -> Any:
    person = people.person_by_login(login)
    if person is None:
        raise Refused(Refusal.of("person-unknown", field="login"))
    return service.add_lecturer(current_actor(), provider_id, person.id)


def _limits(form: LimitsForm) -> Limits:
    return Limits(form.post.data or "", form.pairs_a_day.data, form.pairs_a_week.data, form.hours_a_year.data)


def _days(form: DaysForm) -> Days:
    return Days(form.stance.data, form.first_on.data, form.last_on.data, form.note.data or "")


def _asking(provider_id: int) -> dict[int, int]:
    """lecturer id → how many of their requests wait for an answer."""
    rows = db.session.execute(
        select(Availability.lecturer_id, func.count())
        .join(Lecturer, Lecturer.id == Availability.lecturer_id)
        .where(Lecturer.provider_id == provider_id, Availability.standing == Standing.PROPOSED)
        .group_by(Availability.lecturer_id)
    )
    return dict(rows.tuples().all())


def _back(lecturer_id: int) -> Any:
    return redirect(url_for(".lecturer", lecturer_id=lecturer_id), 303)


def _page(found: Lecturer, **forms: Form) -> Any:
    decides = availability.decides(current_actor(), found)
    person = db.session.get(Person, found.person_id)
    if person is None:
        raise NotThere(found.person_id)
    rows = db.session.scalars(
        select(Availability)
        .where(Availability.lecturer_id == found.id)
        .order_by(Availability.first_on, Availability.weekday, Availability.from_minute, Availability.id)
    ).all()
    said = facts.said([found.id])[found.id]
    cells = week_cells(found.provider_id)
    free = shortfalls.free_cells(said, cells)
    lacks = [] if free or not cells else [say(Refusal.of("no-free-pair", name=person.full_name))]
    failed = next((form for form in forms.values() if form.errors or form.problems), None)
    page = render_template(
        "timetable/lecturer.html", lecturer=found, person=person, decides=decides, failed=failed, lacks=lacks,
        limits=forms.get("limits") or LimitsForm(formdata=None, obj=found),
        week=forms.get("week") or WeekForm(formdata=None, obj=found),
        days=forms.get("days") or DaysForm(formdata=None),
        picture=_picture(found, rows), stances=STANCES, standings=STANDINGS, provider=people.organisation_name(
            found.provider_id, lang=current_language()),
        dated=[row for row in rows if row.first_on],
        asked=[_asked(row) for row in rows if row.weekday and row.standing is not Standing.AGREED],
        status=ngettext("%(num)s free pair a week.", "%(num)s free pairs a week.", len(free)),
        tabs=ground_tabs("lecturers") if decides else [],
    )  # fmt: skip
    return page, failed.status if failed else 200


def _asked(row: Availability) -> dict[str, Any]:
    day = weekday_name(_some(row.weekday or 1), current_language())
    clock = f"{row.from_minute // 60:02d}:{row.from_minute % 60:02d}–{row.to_minute // 60:02d}:{row.to_minute % 60:02d}"
    return {"row": row, "words": f"{day}, {clock}"}


def _some(weekday: int) -> date:
    """A day that falls on an ISO weekday, to be called by its name."""
    return date(2024, 1, weekday)


def _picture(found: Lecturer, rows: Any) -> dict[str, Any]:
    """The week as a table: weekdays across, pairs down, in each cell what is said."""
    language, typed = current_language(), request.form if request.method == "POST" else {}
    cells = week_cells(found.provider_id)
    weekdays = list(dict.fromkeys(weekday for weekday, _from, _to in cells))
    pairs = list(times.bells(found.provider_id, readers_today()))
    stances = {cell: _stance(rows, cell) for cell in cells}
    return {
        "days": [{"key": day, "label": weekday_name(_some(day), language)} for day in weekdays],
        "pairs": [
            {
                "label": str(pair.number),
                "time": f"{pair.start:%H:%M}–{pair.end:%H:%M}",
                "cells": [
                    {
                        "name": _cell_name(cell),
                        "stance": typed.get(_cell_name(cell), stances[cell] or ""),
                        "day": weekday_name(_some(cell[0]), language),
                    }
                    for cell in cells
                    if cell[1] == minute_of(pair.start)
                ],
            }
            for pair in pairs
        ],
    }


def _stance(rows: Any, cell: Cell) -> Stance | None:
    weekday, starts, ends = cell
    there = {
        row.stance
        for row in rows
        if row.weekday == weekday and row.standing is not Standing.DECLINED
        and row.from_minute < ends and starts < row.to_minute
    }  # fmt: skip
    return next((stance for stance in WEIGHT if stance in there), None)


def _cell_name(cell: Cell) -> str:
    return f"at-{cell[0]}-{cell[1]}"


def _painted(found: Lecturer) -> list[WeekTime]:
    """The cells that were filled in; what was said of hours outside the picture stays as it is."""
    cells = week_cells(found.provider_id)
    said = [
        WeekTime(weekday, starts, ends, Stance(stance))
        for weekday, starts, ends in cells
        if (stance := request.form.get(_cell_name((weekday, starts, ends)), "")) in set(Stance)
    ]
    kept = db.session.scalars(
        select(Availability).where(Availability.lecturer_id == found.id, Availability.weekday.is_not(None))
    )
    outside = [
        WeekTime(row.weekday, row.from_minute, row.to_minute, row.stance)
        for row in kept
        if row.weekday and row.standing is not Standing.DECLINED
        and not any(
            row.weekday == weekday and row.from_minute < ends and starts < row.to_minute
            for weekday, starts, ends in cells
        )
    ]  # fmt: skip
    return said + outside
