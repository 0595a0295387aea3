"""Everybody's own week: today and the days around it, on a phone first; and the calendar that takes it along."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain import clock
from retrain.calendar.weeks import monday_of
from retrain.language import pick
from retrain.people import queries as people
from retrain.people import shown_names
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.timetable import feeds, own
from retrain.timetable.door import bp
from retrain.timetable.entries import heading_of, place_of
from retrain.timetable.feed_pages import address_of
from retrain.timetable.feeds import Whose
from retrain.timetable.models import ClassSession
from retrain.timetable.states import CalendarOf, Part
from retrain.timetable.wording import PARTS
from retrain.web.language import current_language, readers_today
from retrain.web.requests import day_of

CALLED_OFF_SHOWN = timedelta(weeks=6)
"""How long a class that was called off is still told of."""


@bp.get("/week")
@allow("week.see")
def mine() -> Any:
    """What I teach and where I learn, day by day, and my calendar's address."""
    person_id, today = current_actor().person_id or 0, readers_today()
    asked = day_of(request.args.get("week")) or today
    monday = monday_of(asked)
    sunday = monday + timedelta(days=6)
    since = clock.now() - CALLED_OFF_SHOWN
    meetings = own.classes(own.of_person(person_id), monday, sunday, since)
    takes_place = [row for row in meetings if not own.is_called_off(row)]
    roles = {row.lecturer_id == person_id for row in takes_place}
    return render_template(
        "timetable/mine.html",
        days=_days(meetings, person_id, monday, told_apart=len(roles) > 1),
        number=len(takes_place), monday=monday, sunday=sunday, today=today, this_week=monday <= today <= sunday,
        before=monday - timedelta(days=7), after=monday + timedelta(days=7),
        address=address_of(feeds.find(Whose(CalendarOf.PERSON, person_id))),
    )  # fmt: skip


@bp.post("/week/address")
@allow("week.see")
def renew_mine() -> Any:
    """A first or a new address for one's own calendar."""
    feeds.renew_own(current_actor())
    flash(
        _(
            "Your calendar has a new address. Add it to your calendar program; an earlier one no longer opens."
        ),
        "done",
    )
    return redirect(url_for(".mine") + "#calendar", 303)


def _days(
    meetings: Sequence[ClassSession], person_id: int, monday: date, told_apart: bool
) -> list[tuple[date, list[dict[str, Any]]]]:
    """The days of the week that have something; *told_apart*: whether to say what one teaches and where one learns."""
    names = shown_names.short([row.lecturer_id for row in meetings if row.lecturer_id != person_id])
    zones = people.zones_of({row.run.provider_id for row in meetings})
    shown: dict[date, list[dict[str, Any]]] = {monday + timedelta(days=number): [] for number in range(7)}
    for row in meetings:
        teaches = row.lecturer_id == person_id
        shown[row.on_date].append({
            "starts": row.starts_at.astimezone(zones[row.run.provider_id]),
            "ends": row.ends_at.astimezone(zones[row.run.provider_id]),
            "heading": heading_of(row), "code": row.run.code, "place": place_of(row.room),
            "course": pick(row.run.version.titles, current_language()),
            "lecturer": names.get(row.lecturer_id or 0, ""),
            "part": PARTS[row.part] if row.part is not Part.WHOLE else "",
            "called_off": own.is_called_off(row), "reason": row.cancel_reason or row.run.cancel_reason or "",
            "role": (_("I teach") if teaches else _("I learn")) if told_apart else "",
            "now": row.starts_at <= clock.now() < row.ends_at,
        })  # fmt: skip
    return [(day, found) for day, found in shown.items() if found]
