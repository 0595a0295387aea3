"""What is done to classes by plain forms: series, swaps, another lecturer, pins, and taking it all back."""

from datetime import date
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain.calendar.weeks import monday_of
from retrain.catalogue.models import Run
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.refusal import NotThere, Refusal, Refused
from retrain.timetable import ask_pages, changing, journal, many, queries, series, undoing
from retrain.timetable.ask_pages import asked
from retrain.timetable.door import bp
from retrain.timetable.grid_pages import managed
from retrain.timetable.models import ClassSession
from retrain.timetable.series import Every
from retrain.timetable.service import Place
from retrain.timetable.states import ChangeState, Part
from retrain.timetable.wording import CHANGES
from retrain.web.requests import day_of, whole


@bp.post("/manage/runs/<code>/timetable/undo")
@allow("timetable.edit")
def undo(code: str) -> Any:
    """Takes back what the coordinator did last."""
    run = managed(code)
    if (long := _long(code, run.provider_id, ChangeState.DONE)) is not None:
        return long
    with asked():
        change = undoing.undo(current_actor(), run.provider_id)
    flash(_("Taken back: %(what)s.", what=CHANGES[change.sort]), "done")
    return _back(code)


@bp.post("/manage/runs/<code>/timetable/redo")
@allow("timetable.edit")
def redo(code: str) -> Any:
    """Does again what was taken back last."""
    run = managed(code)
    if (long := _long(code, run.provider_id, ChangeState.UNDONE)) is not None:
        return long
    with asked():
        change = undoing.redo(current_actor(), run.provider_id)
    flash(_("Done again: %(what)s.", what=CHANGES[change.sort]), "done")
    return _back(code)


def _long(code: str, provider_id: int, state: ChangeState) -> Any:
    """The pages of taking back, or doing again, so much that a worker does it; None for what is done at once."""
    change = journal.heads(current_actor(), provider_id).get(state)
    count = many.size_of(change.id) if change else 0
    if change is None or count <= many.MANY:
        return None
    back = url_for(".week", code=code)
    words = ngettext(
        "%(num)s class is changed by a worker. Everyone concerned is told, once.",
        "%(num)s classes are changed by a worker. Everyone concerned is told, once.",
        count,
    )
    if request.form.get("agreed") != str(change.id):
        return ask_pages.page(words, count, str(change.id), back)
    return redirect(url_for("jobs.show", job_id=many.want_turn(current_actor(), change.id, back).id), 303)


@bp.post("/manage/runs/<code>/timetable/series")
@allow("timetable.edit")
def put_series(code: str) -> Any:
    """Puts what a topic or a module lacks into the same pair every day or every week."""
    managed(code)
    form = request.form
    place = Place(
        whole(form.get("topic_id")), _day("on_date"), whole(form.get("pair")),
        whole(form.get("room_id")) or None, whole(form.get("lecturer_id")) or None, 2, Part.WHOLE,
    )  # fmt: skip
    done = series.put_series(
        current_actor(), code, place, Every.WEEK if form.get("every") == "week" else Every.DAY,
        whole_module=form.get("what") == "module", pass_over=bool(form.get("pass_over")),
    )  # fmt: skip
    words = ngettext("%(num)s class was put in.", "%(num)s classes were put in.", len(done.classes))
    flash(words, "done")
    if done.left:
        flash(_("%(n)g hours found no day before the run ends.", n=done.left), "waiting")
    return _back(code, place.on_date)


@bp.post("/manage/runs/<code>/timetable/<int:session_id>/swap")
@allow("timetable.edit")
def swap(code: str, session_id: int) -> Any:
    """Two classes change their times."""
    meeting = _own(managed(code), session_id)
    with asked():
        changing.swap(current_actor(), session_id, whole(request.form.get("other_id")), lock_seen())
    flash(_("The two classes changed places. Those concerned are told."), "done")
    return _back(code, meeting.on_date)


@bp.post("/manage/runs/<code>/timetable/<int:session_id>/lecturer")
@allow("timetable.edit")
def replace_lecturer(code: str, session_id: int) -> Any:
    """Somebody else teaches the class, or all from it on."""
    meeting = _own(managed(code), session_id)
    with asked():
        change = changing.replace_lecturer(
            current_actor(), session_id, whole(request.form.get("lecturer_id")) or None,
            following=bool(request.form.get("following")), lock=lock_seen(),
        )  # fmt: skip
    words = ngettext(
        "%(num)s class has another lecturer.", "%(num)s classes have another lecturer.", len(change.classes)
    )
    flash(words, "done")
    return _back(code, meeting.on_date)


@bp.post("/manage/runs/<code>/timetable/<int:session_id>/following")
@allow("timetable.edit")
def move_following(code: str, session_id: int) -> Any:
    """The class and the later ones of its module move by the same days into the same pair."""
    meeting = _own(managed(code), session_id)
    day, pair = _day("on_date"), whole(request.form.get("pair")) or meeting.pair
    place = Place(meeting.topic_id or 0, day, pair, meeting.room_id, meeting.lecturer_id, 2, meeting.part)
    with asked():
        change = changing.move_following(current_actor(), session_id, place, lock_seen())
    flash(ngettext("%(num)s class was moved.", "%(num)s classes were moved.", len(change.classes)), "done")
    return _back(code, day)


@bp.post("/manage/runs/<code>/timetable/<int:session_id>/pin")
@allow("timetable.edit")
def pin(code: str, session_id: int) -> Any:
    """The class stays where it is when the timetable is made anew, or no longer."""
    meeting = _own(managed(code), session_id)
    changing.pin(current_actor(), session_id, request.form.get("pinned") == "1")
    return _back(code, meeting.on_date)


def _own(run: Run, session_id: int) -> ClassSession:
    meeting = queries.session(session_id)
    if meeting.run_id != run.id:
        raise NotThere(session_id)
    return meeting


def lock_seen() -> int | None:
    """How often the class had been changed when the form was opened; None where the form does not say."""
    said = request.form.get("lock")
    return whole(said) if said else None


def _day(name: str) -> date:
    day = day_of(request.form.get(name))
    if day is None:
        raise Refused(Refusal.of("day-missing", field=name))
    return day


def _back(code: str, day: date | None = None) -> Any:
    week = monday_of(day) if day else day_of(request.form.get("week"))
    return redirect(url_for("timetable.week", code=code, week=week), 303)
