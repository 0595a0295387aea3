"""The week grid a coordinator works in, per run, room and lecturer; what a drag asks and what a drop saves."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain import clock
from retrain.calendar.hours import to_tenths
from retrain.calendar.weeks import monday_of
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.catalogue.wording import HOUR_KINDS
from retrain.extensions import db
from retrain.people import permissions, settings
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.permissions import Target
from retrain.refusal import ChangedMeanwhile, NotThere, Refusal, Refused
from retrain.timetable import (
    ask_pages,
    changing,
    grid,
    journal,
    premises,
    queries,
    showing,
    spots,
    surroundings,
    telling,
)
from retrain.timetable.asking import AskFirst
from retrain.timetable.door import bp
from retrain.timetable.models import ClassSession, Lecturer
from retrain.timetable.service import Place
from retrain.timetable.showing import WEEK, Week
from retrain.timetable.spots import Spot
from retrain.timetable.states import Part, SessionState
from retrain.timetable.wording import CHANGES
from retrain.web.requests import day_of, whole
from retrain.web.words import say


def managed(code: str) -> Run:
    """A run whose timetable the actor makes."""
    run = catalogue.run(code)
    permissions.require(current_actor(), "timetable.edit", Target(provider_id=run.provider_id))
    return run


def run_week(run: Run, known: grid.Known, monday: date) -> dict[str, Any]:
    """The week of a run: its grid, what it lacks, and when lecturers are free."""
    week = Week.of(run.provider_id, monday, people.zone_of(run.provider_id))
    names = known.lecturers
    meetings = grid.classes(week.days[0], week.days[-1], ClassSession.run_id == run.id)
    hours = grid.hours(run, known.modules, settings.get(run.provider_id, "academic_hour", monday))
    return _grid(
        week, meetings, names, "run", lambda at: url_for("timetable.week", code=run.code, week=at)
    ) | {
        "run": run,
        "hours": hours,
        "hour_kinds": HOUR_KINDS,
        "left": sum(part.left for part in hours),
        "free": _free(week, names),
        "rooms": known.rooms,
        "lecturers": names,
        "undo": journal.heads(current_actor(), run.provider_id),
        "changes": CHANGES,
    }


@bp.get("/manage/timetable/rooms/<int:room_id>")
@allow("timetable.edit")
def grid_of_room(room_id: int) -> Any:
    """The week of a room: whose classes stand in it."""
    room = premises.own_room(current_actor(), room_id)
    return _other_week(
        room.provider_id, "room", room_id, room.name, ClassSession.room_id == room_id,
        lambda at: url_for(".grid_of_room", room_id=room_id, week=at),
    )  # fmt: skip


@bp.get("/manage/timetable/lecturers/<int:person_id>")
@allow("timetable.edit")
def grid_of_lecturer(person_id: int) -> Any:
    """The week of a lecturer, wherever they teach; of other providers only that they are busy."""
    actor = current_actor()
    known = db.session.scalar(
        db.select(Lecturer.id).where(
            Lecturer.person_id == person_id, Lecturer.provider_id == actor.organisation_id
        )
    )
    if known is None:
        raise NotThere(person_id)
    name = people.display_names([person_id])[person_id]
    return _other_week(
        actor.organisation_id or 0, "lecturer", person_id, name, ClassSession.lecturer_id == person_id,
        lambda at: url_for(".grid_of_lecturer", person_id=person_id, week=at),
    )  # fmt: skip


@bp.get("/manage/timetable")
@allow("timetable.edit")
def grid_of() -> Any:
    """Leads to the week that was chosen from the list: of a room or of a lecturer."""
    of, _sign, number = request.args.get("of", "").partition("-")
    if of == "room":
        return redirect(url_for(".grid_of_room", room_id=whole(number), week=request.args.get("week")), 303)
    if of == "lecturer":
        return redirect(
            url_for(".grid_of_lecturer", person_id=whole(number), week=request.args.get("week")), 303
        )
    return redirect(url_for(".rooms"), 303)


def _other_week(
    provider_id: int, of: str, number: int, title: str, where: Any, address: Callable[[date], str]
) -> Any:
    zone = people.zone_of(provider_id)
    monday = monday_of(day_of(request.args.get("week")) or clock.today(zone))
    week, names = Week.of(provider_id, monday, zone), grid.lecturers(provider_id)
    meetings = grid.classes(week.days[0], week.days[-1], where)
    context = _grid(week, meetings, names, of, address)
    return render_template(
        "timetable/other_week.html", title=title, of=of, placed=len(meetings), rooms=queries.rooms(provider_id),
        lecturers=names, chosen=f"{of}-{number}", **context,
    )  # fmt: skip


def _grid(
    week: Week, meetings: list[grid.Meeting], names: dict[int, str], of: str, address: Callable[[date], str]
) -> dict[str, Any]:
    gone = {row.lecturer_id for row in meetings if row.lecturer_id} - names.keys()
    known = names | people.display_names(gone) if gone else names
    return {
        "monday": week.monday,
        "before": address(week.monday - WEEK),
        "after": address(week.monday + WEEK),
        "here": address(week.monday),
        "days": week.shown(clock.today(week.zone)),
        "pairs": week.pairs(),
        "sessions": showing.cells(week, meetings, known, of=of),
        "planned": any(row.state is SessionState.PLANNED for row in meetings),
        "fallen": [row for row in meetings if week.off(row.on_date)],
    }


def _free(week: Week, names: dict[int, str]) -> list[dict[str, Any]]:
    found = grid.free_pairs(week.provider_id, names, week.days)
    return [
        {"id": one.person_id, "name": one.name, "count": one.count, "words": showing.free_words(one)}
        for one in found
    ]


@bp.get("/manage/runs/<code>/timetable/places.json")
@allow("timetable.edit")
def places(code: str) -> Any:
    """For every cell of a week, why what is being dragged can't stand there; nothing where it can."""
    run = managed(code)
    moving, told = _moving(run)
    monday = monday_of(day_of(request.args.get("week")) or moving.on_date)
    week = Week.of(run.provider_id, monday, people.zone_of(run.provider_id))
    spots = [_at(moving, day, pair.number) for day in week.days for pair in week.bells(day)]
    around = surroundings.around(run.provider_id, [moving] if moving.number else [], spots)
    if moving.number:
        around.take_up(moving)
    found = {
        f"{spot.on_date.isoformat()} {spot.pair}": [say(why) for why in around.refusals(spot)]
        for spot in spots
    }
    return jsonify(cells=found, touches=told)


def _at(moving: Spot, day: date, pair: int) -> Spot:
    return spots.moved(moving, on_date=day, pair=pair)


def _moving(run: Run) -> tuple[Spot, str]:
    """What is dragged, a class or a topic still to be placed; and whom a move would touch."""
    if number := whole(request.args.get("session")):
        meeting = queries.session(number)
        if meeting.run_id != run.id:
            raise NotThere(number)
        touched = telling.touched([meeting])
        return spots.spot(meeting), showing.touched_words(touched, people.display_names(touched.lecturers))
    topic = queries.topic(run, whole(request.args.get("topic")))
    hour = settings.get(run.provider_id, "academic_hour")
    new = Spot(
        None, run.id, topic.module_id, topic.kind, _part(request.args), topic.titles, run.starts_on, 1,
        whole(request.args.get("room")) or None, whole(request.args.get("lecturer")) or None,
        round(_hours(request.args) * hour),
    )  # fmt: skip
    return new, ""


def _part(values: Any) -> Part:
    """Which part of the group a page says; the whole when it says none."""
    known = {part.value: part for part in Part}
    return known.get(values.get("part") or "", Part.WHOLE)


def _hours(values: Any) -> float:
    """Academic hours as a page sends them; a pair's when it sends none."""
    try:
        return min(max(float(values.get("hours") or 2), 0.5), 8)
    except ValueError:
        return 2


@bp.post("/manage/runs/<code>/timetable/drop.json")
@allow("timetable.edit")
def drop(code: str) -> Any:
    """Saves what was dropped into a cell, or says beside the cell why not, or asks first when people know of it."""
    run, asked = managed(code), request.form
    day, pair = day_of(asked.get("day")), whole(asked.get("pair"))
    if day is None:
        raise NotThere
    try:
        if number := whole(asked.get("session")):
            return _move(run, number, day, pair)
        place = Place(
            whole(asked.get("topic")), day, pair, whole(asked.get("room")) or None,
            whole(asked.get("lecturer")) or None, _hours(asked), _part(asked),
        )  # fmt: skip
        meeting = changing.put(current_actor(), code, place)
    except Refused as refused:
        return jsonify(refused=[say(why) for why in refused.why]), 409
    except ChangedMeanwhile as changed:
        return jsonify(refused=[_meanwhile(changed)], stale=True), 409
    return jsonify(done=_("The class is in the week."), session=meeting.id)


def _move(run: Run, number: int, day: date, pair: int) -> Any:
    meeting = queries.session(number)
    if meeting.run_id != run.id:
        raise NotThere(number)
    hour = settings.get(run.provider_id, "academic_hour", meeting.on_date)
    hours = to_tenths(meeting.minutes, hour)
    place = Place(meeting.topic_id or 0, day, pair, meeting.room_id, meeting.lecturer_id, hours, meeting.part)
    try:
        with ask_pages.asked():
            changing.move(current_actor(), number, place, whole(request.form.get("lock")))
    except AskFirst as first:
        return jsonify(ask=ask_pages.words(first), agreed=first.mark)
    return jsonify(done=_("The class was moved."), session=number)


def _meanwhile(changed: ChangedMeanwhile) -> str:
    day, pair = changed.differences["on_date"][0], changed.differences["pair"][0]
    return say(Refusal.of("class-moved-meanwhile", by=changed.by, day=day, pair=pair))
