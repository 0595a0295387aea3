"""The coordinator's week of a run, and everybody's own week; pages of rooms, lecturers and needs come along."""

from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms.fields.choices import SelectChoice

from retrain import clock
from retrain.calendar.weeks import monday_of
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.language import pick
from retrain.people import permissions, settings
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.permissions import Target
from retrain.refusal import NotThere
from retrain.timetable import (
    action_pages,
    changing,
    fallen_pages,
    feed_pages,
    grid,
    grid_pages,
    half_pages,
    halves,
    lecturer_pages,
    load_pages,
    need_pages,
    own_week,
    placing,
    plan_pages,
    print_pages,
    queries,
    repair_pages,
    room_pages,
    screen_pages,
    service,
    shift_pages,
    times,
)
from retrain.timetable.ask_pages import asked
from retrain.timetable.door import bp
from retrain.timetable.forms import ReasonForm, SessionForm
from retrain.timetable.models import ClassSession
from retrain.timetable.service import Place
from retrain.web import work
from retrain.web.forms import submit
from retrain.web.language import current_language
from retrain.web.requests import day_of, whole
from retrain.web.words import say

__all__ = [
    "action_pages",
    "bp",
    "fallen_pages",
    "feed_pages",
    "half_pages",
    "lecturer_pages",
    "load_pages",
    "need_pages",
    "own_week",
    "plan_pages",
    "print_pages",
    "repair_pages",
    "room_pages",
    "screen_pages",
    "shift_pages",
]


@bp.route("/manage/runs/<code>/timetable", methods=["GET", "POST"])
@allow("timetable.edit")
def week(code: str) -> Any:
    """One week of a run: what is placed, what is lacking, and a form to put a class in."""
    run = _managed(code)
    monday = _monday(request.args.get("week"), run)
    known = grid.Known.of(run)
    form = _session_form(run, known)
    if meeting := submit(form, lambda: changing.put(current_actor(), code, _place(form))):
        flash(_("The class is in the week."), "done")
        _advise(meeting)
        return redirect(url_for(".week", code=code, week=monday_of(form.on_date.data)), 303)
    return render_template("timetable/week.html", **_week_context(run, known, monday, form))


@bp.route("/manage/runs/<code>/timetable/<int:session_id>", methods=["GET", "POST"])
@allow("timetable.edit")
def change(code: str, session_id: int) -> Any:
    """Move one class, give it to somebody else, or cancel it."""
    run, meeting = _managed(code), queries.session(session_id)
    if meeting.run_id != run.id:
        raise NotThere(session_id)
    form = _session_form(run, grid.Known.of(run), meeting)
    with asked():
        done = submit(
            form, lambda: changing.move(current_actor(), session_id, _place(form), whole(form.lock.data))
        )
    if done:
        flash(_("The class was changed."), "done")
        _advise(meeting)
        return redirect(url_for(".week", code=code, week=monday_of(form.on_date.data)), 303)
    return render_template(
        "timetable/change.html",
        run=run,
        meeting=meeting,
        form=form,
        reason=ReasonForm(formdata=None),
        others=[row for row in queries.sessions(run.id) if row.id != meeting.id],
        tabs=_tabs(run),
    )


@bp.post("/manage/runs/<code>/timetable/<int:session_id>/cancel")
@allow("timetable.edit")
def cancel(code: str, session_id: int) -> Any:
    """Cancel one class with a reason."""
    run, meeting = _managed(code), queries.session(session_id)
    if meeting.run_id != run.id:
        raise NotThere(session_id)
    with asked():
        reason = request.form.get("reason", "")
        changing.cancel(current_actor(), session_id, reason, action_pages.lock_seen())
    flash(_("The class was cancelled. Those concerned are told."), "done")
    return redirect(url_for(".week", code=code, week=monday_of(meeting.on_date)), 303)


@bp.post("/manage/runs/<code>/timetable/publish")
@allow("timetable.edit")
def publish(code: str) -> Any:
    """Show the timetable to everyone."""
    count = service.publish_timetable(current_actor(), code)
    flash(ngettext("%(num)s class is public now.", "%(num)s classes are public now.", count), "done")
    return redirect(url_for(".week", code=code), 303)


def _advise(meeting: ClassSession) -> None:
    """Say what the coordinator may overrule, beside the class that stands all the same."""
    for each in placing.advice(placing.of_session(meeting)):
        flash(say(each), "waiting")


def _managed(code: str) -> Run:
    run = catalogue.run(code)
    permissions.require(current_actor(), "timetable.edit", Target(provider_id=run.provider_id))
    return run


def _tabs(run: Run) -> list[Any]:
    return work.gather("run_tabs", run, current_actor())


def _monday(asked: str | None, run: Run) -> date:
    day = day_of(asked) or min(max(_today(run), run.starts_on), run.ends_on)
    return monday_of(day)


def _today(run: Run) -> date:
    return clock.today(people.zone_of(run.provider_id))


def _days(monday: date) -> list[date]:
    return [monday + timedelta(days=number) for number in range(7)]


def _session_form(run: Run, known: grid.Known, meeting: ClassSession | None = None) -> SessionForm:
    """The form with its choices, filled from *meeting* or from what the address proposes."""
    if meeting is not None:
        form = SessionForm(obj=meeting)
        if request.method == "GET":
            form.hours.data = meeting.minutes / settings.get(run.provider_id, "academic_hour")
    else:
        form = SessionForm()
    if request.method == "GET" and meeting is None:
        form.on_date.data = day_of(request.args.get("day")) or max(run.starts_on, _today(run))
        form.pair.data = whole(request.args.get("pair")) or 1
        form.topic_id.data = whole(request.args.get("topic")) or form.topic_id.data
    language = current_language()
    form.topic_id.choices = [
        SelectChoice(topic.id, f"{module.position}. {pick(topic.titles, language)}")
        for module in known.modules
        for topic in module.topics
        if topic.kind in queries.IN_CLASS
    ]
    form.pair.choices = [
        SelectChoice(pair.number, f"{pair.number}. {pair.start:%H:%M}–{pair.end:%H:%M}")
        for pair in times.bells(run.provider_id, form.on_date.data or run.starts_on)
    ]
    none = [SelectChoice("", _("not decided yet"))]
    form.room_id.choices = none + [
        SelectChoice(room.id, f"{room.name} · {room.capacity}") for room in known.rooms
    ]
    form.lecturer_id.choices = none + [SelectChoice(number, name) for number, name in known.lecturers.items()]
    return form


def _place(form: SessionForm) -> Place:
    return Place(
        topic_id=form.topic_id.data,
        on_date=form.on_date.data,
        pair=form.pair.data,
        room_id=form.room_id.data,
        lecturer_id=form.lecturer_id.data,
        hours=form.hours.data,
        part=form.part.data,
    )


def _week_context(run: Run, known: grid.Known, monday: date, form: SessionForm) -> dict[str, Any]:
    return grid_pages.run_week(run, known, monday) | {
        "form": form, "tabs": _tabs(run), "is_split": halves.is_split(run),
    }  # fmt: skip
