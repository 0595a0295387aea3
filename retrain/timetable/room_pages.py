"""The coordinator's pages of rooms and of the way between sites."""

from datetime import date
from itertools import combinations
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from retrain.audit import Actor
from retrain.extensions import db
from retrain.people import permissions
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.permissions import Target
from retrain.timetable import facts, premises, service
from retrain.timetable.door import bp
from retrain.timetable.fitting import Sites
from retrain.timetable.ground_forms import CloseForm, NothingForm, RoomForm
from retrain.timetable.models import Room
from retrain.timetable.premises import RoomPlan
from retrain.web.forms import submit
from retrain.web.language import readers_today
from retrain.web.requests import day_of, whole

LONGEST_WAY = 600


def provider_of(actor: Actor) -> int:
    """The provider whose rooms and lecturers the actor sees to."""
    provider_id = actor.organisation_id or 0
    permissions.require(actor, "timetable.edit", Target(provider_id=provider_id))
    return provider_id


def ground_tabs(current: str) -> list[dict[str, Any]]:
    """The pages of what a timetable stands on."""
    pages = (
        ("rooms", _("Rooms")),
        ("travel", _("Ways between sites")),
        ("lecturers", _("Lecturers")),
        ("courses_taught", _("What modules need")),
    )
    return [{"label": label, "url": url_for(f".{name}"), "current": name == current} for name, label in pages]


@bp.route("/rooms", methods=["GET", "POST"])
@allow("timetable.edit")
def rooms() -> Any:
    """The provider's rooms, and a form for one more."""
    actor = current_actor()
    provider_id, form = provider_of(actor), RoomForm(prefix="room")
    if submit(form, lambda: service.add_room(actor, provider_id, *_of(form), form.equipment.data or ())):
        flash(_("The room was added."), "done")
        return redirect(url_for(".rooms"), 303)
    found = db.session.scalars(
        select(Room).where(Room.provider_id == provider_id).order_by(Room.site, Room.name)
    ).all()
    return render_template(
        "timetable/rooms.html", rooms=found, form=form, tabs=ground_tabs("rooms"), known=_known(found)
    )


@bp.route("/rooms/<int:room_id>", methods=["GET", "POST"])
@allow("timetable.edit")
def room(room_id: int) -> Any:
    """One room: its name, site, size and what is in it; and the day from which it is closed."""
    actor = current_actor()
    found = premises.own_room(actor, room_id)
    form, closing = RoomForm(obj=found), CloseForm(formdata=None, closed_on=readers_today())
    if submit(form, lambda: premises.edit_room(actor, room_id, _plan(form), whole(form.lock.data))):
        flash(_("The room was changed."), "done")
        return redirect(url_for(".rooms"), 303)
    return _room_page(found, form, closing)


@bp.post("/rooms/<int:room_id>/close")
@allow("timetable.edit")
def close_room(room_id: int) -> Any:
    """Close a room from a day on."""
    actor = current_actor()
    found, closing = premises.own_room(actor, room_id), CloseForm()
    if submit(closing, lambda: premises.close_room(actor, room_id, closing.closed_on.data)):
        flash(_("The room is closed from then on."), "done")
        return redirect(url_for(".rooms"), 303)
    return _room_page(found, RoomForm(formdata=None, obj=found), closing)


@bp.post("/rooms/<int:room_id>/open")
@allow("timetable.edit")
def open_room(room_id: int) -> Any:
    """Open a closed room again."""
    premises.open_room(current_actor(), room_id)
    flash(_("The room is open again."), "done")
    return redirect(url_for(".room", room_id=room_id), 303)


@bp.post("/rooms/<int:room_id>/take-in")
@allow("timetable.edit")
def take_in_room(room_id: int) -> Any:
    """A room that was out for some days can be used again."""
    first, last = (day_of(request.form.get(name)) for name in ("first", "last"))
    if first and last:
        premises.take_in(current_actor(), room_id, first, last)
        flash(_("The room can be used again."), "done")
    return redirect(url_for(".room", room_id=room_id), 303)


@bp.route("/rooms/travel", methods=["GET", "POST"])
@allow("timetable.edit")
def travel() -> Any:
    """Minutes between each two sites."""
    actor = current_actor()
    provider_id, form = provider_of(actor), NothingForm()
    known = facts.travel(provider_id)
    ways = list(combinations([site for site in facts.sites(provider_id) if site], 2))
    typed = {sites: request.form.get(_field(ways, sites), "").strip() for sites in ways}
    wrong = {sites for sites, text in typed.items() if text and not _is_way(text)}
    if form.is_submitted() and wrong:
        form.problems.append(_("Write each way as whole minutes, from 0 to %(most)s.", most=LONGEST_WAY))
    elif (
        count := submit(form, lambda: (premises.set_travel(actor, provider_id, _minutes(typed)),))
    ) is not None:
        flash(ngettext("%(num)s way was changed.", "%(num)s ways were changed.", count[0]), "done")
        return redirect(url_for(".travel"), 303)
    rows = [
        {
            "one": one, "other": other, "field": _field(ways, (one, other)), "wrong": (one, other) in wrong,
            "typed": typed[one, other] if form.is_submitted() else known.get((one, other), ""),
        }
        for one, other in ways
    ]  # fmt: skip
    page = render_template("timetable/travel.html", rows=rows, form=form, tabs=ground_tabs("travel"))
    return page, form.status if form.problems else 200


def _room_page(found: Room, form: RoomForm, closing: CloseForm) -> Any:
    known = _known(db.session.scalars(select(Room).where(Room.provider_id == found.provider_id)).all())
    return render_template(
        "timetable/room.html",
        room=found,
        form=form,
        closing=closing,
        known=known,
        tabs=ground_tabs("rooms"),
        outages=_outages(found),
    )


def _outages(room: Room) -> list[dict[str, Any]]:
    """The stretches of days without the room that are not over."""
    found = [
        each | {name: date.fromisoformat(each[name]) for name in ("first", "last")} for each in room.outages
    ]
    return [each for each in found if each["last"] >= readers_today()]


def _known(found: Any) -> dict[str, list[str]]:
    """Sites and things that were written before, to be offered while one writes."""
    return {
        "sites": sorted({row.site for row in found if row.site}),
        "things": sorted({thing for row in found for thing in row.equipment}),
    }


def _of(form: RoomForm) -> tuple[str, int, str]:
    return form.name.data, form.capacity.data, form.site.data or ""


def _plan(form: RoomForm) -> RoomPlan:
    return RoomPlan(
        form.name.data, form.site.data or "", form.capacity.data, tuple(form.equipment.data or ())
    )


def _field(ways: list[Sites], sites: Sites) -> str:
    return f"way-{ways.index(sites)}"


def _is_way(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 5 and int(text) <= LONGEST_WAY


def _minutes(typed: dict[Sites, str]) -> dict[Sites, int | None]:
    return {sites: int(text) if text else None for sites, text in typed.items()}
