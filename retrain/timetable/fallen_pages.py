"""The page of classes that fall on days off: free places for each, cancelled or left, or the whole day held on another."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain.calendar import working_days
from retrain.people import permissions, shown_names
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.permissions import Target
from retrain.refusal import ChangedMeanwhile, Refused
from retrain.timetable import fallen, queries, showing
from retrain.timetable.ask_pages import asked
from retrain.timetable.door import bp
from retrain.timetable.entries import heading_of, place_of
from retrain.timetable.fallen import Decision, Fallen, Offer
from retrain.timetable.models import Room
from retrain.web.language import current_language
from retrain.web.requests import day_of, whole
from retrain.web.words import say

CANCEL = "cancel"


@bp.route("/manage/timetable/days-off", methods=["GET", "POST"])
@allow("timetable.edit")
def days_off() -> Any:
    """Which days off have classes; of one day each class with places it could be held at, and what was decided."""
    actor = current_actor()
    provider_id = actor.organisation_id or 0
    permissions.require(actor, "timetable.edit", Target(provider_id=provider_id))
    problems: list[str] = []
    if request.method == "POST":
        try:
            with asked():
                change = fallen.decide(actor, provider_id, _typed(), request.form.get("reason", ""))
        except Refused as refused:
            problems = [say(why) for why in refused.why]
        except ChangedMeanwhile as changed:
            problems = [
                _("%(by)s changed one of these classes meanwhile. Nothing of yours was saved; the list is as it is now.",
                  by=changed.by or _("Somebody"))
            ]  # fmt: skip
        else:
            words = ngettext(
                "%(num)s class is settled. Those concerned are told.",
                "%(num)s classes are settled. Those concerned are told.", len(change.classes),
            )  # fmt: skip
            flash(words, "done")
            return redirect(url_for(".days_off"), 303)
    return _page(provider_id, problems), 422 if problems else 200


def _page(provider_id: int, problems: list[str]) -> str:
    days = fallen.days_off(provider_id)
    known = {each for each, _count in days}
    asked_for = day_of(request.args.get("day"))
    day = asked_for if asked_for in known else min(known, default=None)
    rows = fallen.on_day(provider_id, day) if day else []
    return render_template(
        "timetable/days_off.html", problems=problems, day=day, reason=request.form.get("reason", ""),
        name=_name(day) if day else "", rows=_rows(provider_id, rows),
        tabs=[
            {"label": showing.day_words(each), "url": url_for(".days_off", day=each), "current": each == day, "count": count}
            for each, count in days
        ],
        number=sum(count for _each, count in days),
    )  # fmt: skip


def _typed() -> dict[int, Decision]:
    """What was chosen for each class; left ones, and what no page of ours sends, are passed over."""
    found: dict[int, Decision] = {}
    for name, value in request.form.items():
        number = whole(name.removeprefix("class-")) if name.startswith("class-") else 0
        offer = Offer.read(value)
        if number and (offer or value == CANCEL):
            found[number] = Decision(offer, whole(request.form.get(f"lock-{number}")))
    return found


def _name(day: date) -> str:
    return working_days.holiday_name(day, current_language()) or ""


def _rows(provider_id: int, rows: list[Fallen]) -> list[dict[str, Any]]:
    names = shown_names.short([row.meeting.lecturer_id for row in rows])
    rooms = {room.id: room for room in queries.rooms(provider_id)}
    return [_row(one, names, rooms) for one in rows]


def _row(one: Fallen, names: dict[int, str], rooms: dict[int, Room]) -> dict[str, Any]:
    meeting = one.meeting
    offers = [{"key": offer.key, "words": _words(offer, meeting.room_id, rooms)} for offer in one.offers]
    typed = request.form.get(f"class-{meeting.id}")
    first = offers[0]["key"] if offers else ""
    return {
        "id": meeting.id, "lock": meeting.lock, "run": meeting.run.code, "what": heading_of(meeting),
        "pair": meeting.pair, "room": place_of(meeting.room), "lecturer": names.get(meeting.lecturer_id or 0, ""),
        "offers": offers, "chosen": first if typed is None else typed,
        "url": url_for(".change", code=meeting.run.code, session_id=meeting.id),
    }  # fmt: skip


def _words(offer: Offer, room_id: int | None, rooms: dict[int, Room]) -> str:
    when = _("%(day)s, pair %(pair)s", day=showing.day_words(offer.on_date), pair=offer.pair)
    elsewhere = rooms.get(offer.room_id or 0) if offer.room_id != room_id else None
    return f"{when} · {place_of(elsewhere)}" if elsewhere else when
