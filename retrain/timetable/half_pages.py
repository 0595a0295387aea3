"""The page that says who of a split group is in which half."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from retrain import clock
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.extensions import db
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.refusal import Refused
from retrain.timetable import halves, sharing
from retrain.timetable.door import bp
from retrain.timetable.models import ClassSession, Room
from retrain.timetable.states import HALVES, Part, SessionState
from retrain.timetable.wording import PARTS
from retrain.web import work
from retrain.web.requests import whole
from retrain.web.words import say


@bp.route("/manage/runs/<code>/halves", methods=["GET", "POST"])
@allow("halves.edit")
def halves_of_group(code: str) -> Any:
    """Who of a run's group is in which half; the first cut is down the middle of the list."""
    run, problems = catalogue.run(code), []
    permissions.require(current_actor(), "halves.edit", sharing.target(run))
    shown = typed = _typed()
    if request.method == "POST":
        try:
            count = sharing.share_out(current_actor(), code, typed, request.form.get("seen", ""))
        except Refused as refused:
            problems = [say(why) for why in refused.why]
        else:
            _answer(run, count)
            return redirect(url_for(".halves_of_group", code=code), 303)
    group, known = halves.members(run), halves.of_group(run)
    now = {number: known[number] for number, _person in group}
    if request.method == "GET":
        shown = halves.cut_by_name(list(now)) if "by_name" in request.args else now
    page = render_template(
        "timetable/halves.html", run=run, problems=problems, seen=request.form.get("seen") or halves.seen(now),
        tabs=work.gather("run_tabs", run, current_actor()),
        sizes={half.value: sum(each is half for each in (now | shown).values()) for half in HALVES},
        rows=[
            {"id": number, "name": person.full_name, "half": shown.get(number, now[number]).value}
            for number, person in group
        ],
        is_said=bool(halves.said(run.id)), is_new="by_name" in request.args and shown != now,
    )  # fmt: skip
    return page, 422 if problems else 200


def _typed() -> dict[int, Part]:
    """Who was put into which half in the form; what no page of ours sends is passed over."""
    known = {half.value: half for half in HALVES}
    found = {
        whole(name.removeprefix("half-")): known[value]
        for name, value in request.form.items()
        if name.startswith("half-") and value in known
    }
    return {number: half for number, half in found.items() if number}


def _answer(run: Run, count: int) -> None:
    moved = ngettext(
        "%(num)s person is in another half now.", "%(num)s people are in another half now.", count
    )
    flash(_("The halves are saved.") + (f" {moved}" if count else ""), "done")
    now = halves.of_group(run)
    for half in HALVES:
        size = sum(now[number] is half for number, _person in halves.members(run))
        if crowded := _crowded(run, half, size):
            words = ngettext(
                "%(num)s class is in a room with too few seats (%(half)s, %(people)s people). Choose a larger room.",
                "%(num)s classes are in rooms with too few seats (%(half)s, %(people)s people). Choose larger rooms.",
                crowded, half=PARTS[half], people=size,
            )  # fmt: skip
            flash(words, "waiting")


def _crowded(run: Run, half: Part, size: int) -> int:
    """How many classes of a half still to come are in rooms too small for it."""
    return db.session.scalars(
        select(func.count())
        .select_from(ClassSession)
        .join(Room, Room.id == ClassSession.room_id)
        .where(
            ClassSession.run_id == run.id, ClassSession.part == half, Room.capacity < size,
            ClassSession.state != SessionState.CANCELLED,
            ClassSession.on_date >= clock.today(people.zone_of(run.provider_id)),
        )
    ).one()  # fmt: skip
