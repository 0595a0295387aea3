"""Calendars that programs subscribe to: opened by their secret address alone, and where offices find those addresses."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain import clock
from retrain.calendar import ics
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.extensions import db
from retrain.language import CODES
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.access import allow, public
from retrain.people.acting import current_actor
from retrain.people.models import Person
from retrain.people.permissions import Target
from retrain.people.throttling import network_of
from retrain.timetable import feeds, own, premises
from retrain.timetable.door import bp
from retrain.timetable.entries import entry_of
from retrain.timetable.feeds import Whose
from retrain.timetable.models import ClassSession, Room, SecretAddress
from retrain.timetable.states import CalendarOf
from retrain.web import work
from retrain.web.errors import page
from retrain.web.language import current_language, written_in
from retrain.web.pacing import Pace

PAST = timedelta(days=60)
"""How far back a calendar goes: what was there a term ago is in nobody's way and makes every answer longer."""

CALLED_OFF_KEPT = timedelta(weeks=6)
"""How long a cancelled class stays in, marked so: long enough for a telephone that was off for a holiday."""

_KEPT = 900
_PACE = Pace(most=60, again=timedelta(minutes=1))
"""Of one calendar and one place: a program asks some times an hour, several behind one address too."""


@dataclass(frozen=True)
class Address:
    """An address as a page shows it. *link* opens the calendar program of the device itself."""

    url: str
    link: str
    made_at: Any


def address_of(
    row: SecretAddress | None, endpoint: str = "timetable.calendar_feed", lang: str = ""
) -> Address | None:
    """Where a calendar or a screen is found; None when it has no address yet, or none that can be shown again."""
    secret = feeds.secret_of(row)
    if row is None or secret is None:
        return None
    home = current_app.config["RETRAIN"].public_url
    values = {"secret": secret} | ({"in": lang} if lang else {})
    url = home.rstrip("/") + current_app.url_for(endpoint, **values)  # type: ignore[arg-type]
    return Address(url, "webcal" + url[len(urlsplit(url).scheme) :], row.made_at)


@bp.get("/calendar/<secret>.ics")
@public
def calendar_feed(secret: str) -> Any:
    """Everything a calendar program needs of a person's, a run's or a room's classes."""
    if too_often(secret):
        return page(429)
    row = feeds.opened(secret, CalendarOf.PERSON, CalendarOf.RUN, CalendarOf.ROOM)
    language = _language(row)
    with written_in(language):
        content, changed = _calendar(row, language)
    answer = Response(content, mimetype="text/calendar")
    answer.last_modified = changed
    answer.headers["Content-Disposition"] = "inline; filename=retrain.ics"
    return kept_private(answer, content)


def too_often(secret: str) -> bool:
    """Whether this asker comes too often for this thing."""
    asker = f"{network_of(request.remote_addr or '')} {secret[:100]}"
    return _PACE.wait(asker, clock.now()) > timedelta(0)


def kept_private(answer: Response, content: bytes) -> Response:
    """An answer that only who asked may keep, not sent again while it is the same, its address told to nobody."""
    answer.set_etag(hashlib.sha256(content).hexdigest()[:32])
    answer.headers["Cache-Control"] = f"private, max-age={_KEPT}, must-revalidate"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.make_conditional(request)
    return answer


def language_asked() -> str | None:
    """The language named in the address itself: a program has neither a cookie nor a preference."""
    asked = request.args.get("in")
    return asked if asked in CODES else None


def _language(row: SecretAddress) -> str:
    if asked := language_asked():
        return asked
    if row.person_id is not None:
        person = db.session.get_one(Person, row.person_id)
        return person.language if person.language in CODES else "uz"
    return "uz"


def _calendar(row: SecretAddress, language: str) -> tuple[bytes, datetime]:
    """The file, and since when it can't have changed: what fell out of it did so at the beginning of the day."""
    whose, name, zone = _subject(row)
    now = clock.now()
    first = clock.today(zone) - PAST
    meetings = own.classes(whose, first, since=now - CALLED_OFF_KEPT)
    zones = people.zones_of({meeting.run.provider_id for meeting in meetings})
    # In a room's calendar nobody is named: it is passed on most widely.
    named = [] if row.kind is CalendarOf.ROOM else [meeting.lecturer_id for meeting in meetings]
    names: Mapping[int, str] = people.display_names(named) if named else {}
    home = current_app.config["RETRAIN"].public_url
    entries = [entry_of(meeting, zones[meeting.run.provider_id], home, names) for meeting in meetings]
    morning = datetime.combine(first + PAST, time.min, zone)
    changed = max(filter(None, [morning, row.made_at, *(entry.changed for entry in entries)]))
    return ics.feed(entries, zone, now, name, language), changed


def _subject(row: SecretAddress) -> tuple[Any, str, Any]:
    """Whose classes, what the calendar is called, and the clocks it lives by."""
    if row.run_id is not None:
        run = db.session.get_one(Run, row.run_id)
        return (
            ClassSession.run_id == run.id,
            _("Classes of %(run)s", run=run.code),
            people.zone_of(run.provider_id),
        )
    if row.room_id is not None:
        room = db.session.get_one(Room, row.room_id)
        return (
            ClassSession.room_id == room.id,
            _("Room %(name)s", name=room.name),
            people.zone_of(room.provider_id),
        )
    return own.of_person(row.person_id or 0), _("My classes"), clock.COUNTRY


@bp.get("/manage/runs/<code>/calendar")
@allow("calendar.share")
def run_calendar(code: str) -> Any:
    """The address of a run's calendar."""
    run = _managed_run(code)
    found = feeds.find(Whose(CalendarOf.RUN, run.id))
    return render_template(
        "timetable/run_calendar.html", run=run, address=address_of(found, lang=current_language()),
        tabs=work.gather("run_tabs", run, current_actor()),
    )  # fmt: skip


@bp.post("/manage/runs/<code>/calendar/address")
@allow("calendar.share")
def renew_run_calendar(code: str) -> Any:
    """A first or a new address for it."""
    feeds.renew_of_run(current_actor(), code)
    flash(_("The calendar has a new address; an earlier one no longer opens."), "done")
    return redirect(url_for(".run_calendar", code=code), 303)


@bp.get("/rooms/<int:room_id>/calendar")
@allow("calendar.share")
def room_calendar(room_id: int) -> Any:
    """The addresses of a room's calendar and of the screen at its door."""
    room = premises.own_room(current_actor(), room_id, "calendar.share")
    calendar, screen = (feeds.find(Whose(kind, room.id)) for kind in (CalendarOf.ROOM, CalendarOf.SCREEN))
    language = current_language()
    return render_template(
        "timetable/room_calendar.html", room=room, calendar=address_of(calendar, lang=language),
        screen=address_of(screen, "timetable.room_screen", language),
    )  # fmt: skip


@bp.post("/rooms/<int:room_id>/calendar/address")
@allow("calendar.share")
def renew_room_calendar(room_id: int) -> Any:
    """A first or a new address for one of them."""
    kind = CalendarOf.SCREEN if request.form.get("kind") == "screen" else CalendarOf.ROOM
    feeds.renew_of_room(current_actor(), room_id, kind)
    flash(_("There is a new address; an earlier one no longer opens."), "done")
    return redirect(url_for(".room_calendar", room_id=room_id), 303)


def _managed_run(code: str) -> Run:
    run = catalogue.run(code)
    permissions.require(current_actor(), "calendar.share", Target(provider_id=run.provider_id))
    return run
