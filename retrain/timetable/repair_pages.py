"""The coordinator's pages of a repair: say who or what is out, see before and after, publish, take back."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from wtforms.fields.choices import SelectChoice

from retrain.extensions import db
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.timetable import (
    comparing,
    journal,
    many,
    outages,
    publishing,
    queries,
    repairing,
    solving,
    telling,
    undoing,
)
from retrain.timetable.door import bp
from retrain.timetable.journal import Snapshot
from retrain.timetable.models import ClassSession, Room, Scenario, TimetableChange
from retrain.timetable.outages import Outage
from retrain.timetable.plan_forms import RepairForm
from retrain.timetable.room_pages import provider_of
from retrain.timetable.states import ChangeState, ScenarioState
from retrain.web.forms import submit
from retrain.web.requests import day_of, whole

CHANGED = ("on_date", "pair", "room_id", "lecturer_id")


@bp.route("/timetable/repair", methods=["GET", "POST"])
@allow("timetable.edit")
def repair() -> Any:
    """Ask for a repair of what is published."""
    actor = current_actor()
    provider_id = provider_of(actor)
    form = _form(provider_id)
    made = submit(form, lambda: repairing.want(actor, provider_id, _outage(form)))
    if made is not None:
        return redirect(url_for(".scenario", scenario_id=made.id), 303)
    page = render_template("timetable/repair.html", form=form)
    return page, form.status if form.is_submitted() else 200


@bp.post("/timetable/scenarios/<int:scenario_id>/take-back")
@allow("timetable.edit")
def take_back_scenario(scenario_id: int) -> Any:
    """Take a publication back as a whole, or do it again."""
    actor = current_actor()
    found = solving.own(actor, scenario_id)
    if many.size_of(found.change_id or 0) > many.MANY:
        job = many.want_turn(actor, found.change_id or 0, url_for(".scenario", scenario_id=scenario_id))
        return redirect(url_for("jobs.show", job_id=job.id), 303)
    if request.form.get("again"):
        undoing.do_again(actor, found.change_id or 0)
        flash(_("It is published again. Everyone concerned is told."), "done")
    else:
        undoing.take_back(actor, found.change_id or 0)
        flash(_("The publication was taken back. Everyone concerned is told."), "done")
    return redirect(url_for(".scenario", scenario_id=scenario_id), 303)


def change_of(scenario: Scenario) -> TimetableChange | None:
    """What publishing the scenario did."""
    return db.session.get(TimetableChange, scenario.change_id) if scenario.change_id else None


def shown(scenario: Scenario) -> dict[str, Any]:
    """What the page of a repair shows: who is out, each class before and after, and how many are told."""
    outage, change = outages.restored(scenario.outage), change_of(scenario)
    sides = _published(change) if change else _proposed(scenario)
    touched = telling.touched(
        [meeting for meeting, _, _ in sides], [after["lecturer_id"] for _, _, after in sides]
    )
    names = people.display_names(
        [side["lecturer_id"] for _, *both in sides for side in both] + sorted(outage.lecturers)
    )
    named = select(Room.id, Room.name).where(Room.provider_id == scenario.provider_id)
    rooms = dict(db.session.execute(named).tuples().all())
    lines = [_line(meeting, before, after, names, rooms) for meeting, before, after in sides]
    return {
        "outage": outage,
        "out": _out(outage, names, rooms),
        "lines": sorted(
            lines, key=lambda line: (line["before"]["on_date"], line["before"]["pair"], line["run"])
        ),
        "counts": {
            what: sum(what in line["changed"] for line in lines) for what in ("time", "lecturer", "room")
        },
        "told": len(touched.people),
        "runs": comparing.runs_of(scenario),
        "undone": change is not None and change.state is not ChangeState.DONE,
        "overtaken": scenario.state is ScenarioState.READY and repairing.overtaken(scenario) is not None,
    }


Sides = list[tuple[ClassSession, Snapshot, Snapshot]]


def _proposed(scenario: Scenario) -> Sides:
    rows = {row.session_id: row for row in publishing.classes_of(scenario.id)}
    return [
        (meeting, journal.snapshot(meeting), {name: getattr(rows[meeting.id], name) for name in CHANGED})
        for meeting in _classes(rows)
    ]


def _published(change: TimetableChange) -> Sides:
    kept = {row.session_id: row for row in change.classes}
    return [
        (
            meeting,
            journal.read(kept[meeting.id].before or kept[meeting.id].after),
            journal.read(kept[meeting.id].after),
        )
        for meeting in _classes(kept)
    ]


def _classes(numbers: Any) -> list[ClassSession]:
    wanted = select(ClassSession).options(joinedload(ClassSession.run), joinedload(ClassSession.topic))
    return list(db.session.scalars(wanted.where(ClassSession.id.in_(numbers)).order_by(ClassSession.id)))


def _line(
    meeting: ClassSession,
    before: Snapshot,
    after: Snapshot,
    names: Mapping[int, str],
    rooms: Mapping[int, str],
) -> dict[str, Any]:
    differs = {name for name in CHANGED if before[name] != after[name]}
    changed = [
        what
        for what, columns in (
            ("time", {"on_date", "pair"}),
            ("lecturer", {"lecturer_id"}),
            ("room", {"room_id"}),
        )
        if columns & differs
    ]
    return {
        "run": meeting.run.code,
        "topic": meeting.topic.titles if meeting.topic else {},
        "before": _side(before, names, rooms),
        "after": _side(after, names, rooms),
        "changed": changed,
    }


def _side(side: Snapshot, names: Mapping[int, str], rooms: Mapping[int, str]) -> dict[str, Any]:
    return {
        "on_date": side["on_date"],
        "pair": side["pair"],
        "room": rooms.get(side["room_id"] or 0, ""),
        "lecturer": names.get(side["lecturer_id"] or 0, ""),
    }


def _out(outage: Outage, names: Mapping[int, str], rooms: Mapping[int, str]) -> str:
    """Who or what is out, in words."""
    found = [names.get(number, "") for number in sorted(outage.lecturers)]
    found += [_("room %(name)s", name=rooms.get(number, "")) for number in sorted(outage.rooms)]
    return ", ".join([*found, *([_("nobody works")] if outage.everybody else [])])


def _form(provider_id: int) -> RepairForm:
    form = RepairForm()
    form.lecturers.choices = [SelectChoice(0, _("nobody"))] + [
        SelectChoice(row.id, row.full_name) for row in queries.lecturers(provider_id)
    ]
    form.rooms.choices = [SelectChoice(0, _("none"))] + [
        SelectChoice(row.id, f"{row.name} · {row.site}" if row.site else row.name)
        for row in queries.rooms(provider_id)
    ]
    if request.method == "GET":
        today = repairing.today_of(provider_id)
        form.lecturers.data, form.rooms.data = (
            whole(request.args.get("lecturer")),
            whole(request.args.get("room")),
        )
        form.everybody.data = bool(request.args.get("everybody"))
        form.first_on.data = day_of(request.args.get("first")) or today
        form.last_on.data = day_of(request.args.get("last")) or form.first_on.data
    return form


def _outage(form: RepairForm) -> Outage:
    return Outage(
        form.first_on.data, form.last_on.data, frozenset({form.lecturers.data} - {0}),
        frozenset({form.rooms.data} - {0}), form.everybody.data, form.note.data or "",
    )  # fmt: skip


def published_words(number: int) -> str:
    """What is said when a repair was published."""
    return ngettext(
        "%(num)s class is changed. Everyone concerned is told.",
        "%(num)s classes are changed. Everyone concerned is told.",
        number,
    )
