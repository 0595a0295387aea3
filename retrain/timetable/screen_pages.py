"""The screen at a room's door: what is on now and what comes today; opened by its secret address alone."""

from datetime import timedelta
from typing import Any

from flask import make_response, render_template

from retrain import clock
from retrain.extensions import db
from retrain.people import queries as people
from retrain.people.access import public
from retrain.timetable import feeds, own
from retrain.timetable.door import bp
from retrain.timetable.entries import heading_of
from retrain.timetable.feed_pages import language_asked, too_often
from retrain.timetable.models import ClassSession, Room
from retrain.timetable.states import CalendarOf
from retrain.web.errors import page
from retrain.web.language import current_language, written_in


@bp.get("/screen/<secret>")
@public
def room_screen(secret: str) -> Any:
    """Topic, group and lecturer of each class of today; nothing else of anybody."""
    if too_often(secret):
        return page(429)
    room = db.session.get_one(Room, feeds.opened(secret, CalendarOf.SCREEN).room_id)
    language = language_asked() or "uz"
    with written_in(language):
        answer = make_response(
            render_template("timetable/screen.html", html_lang=current_language(), **_today(room))
        )
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _today(room: Room) -> dict[str, Any]:
    zone, now = people.zone_of(room.provider_id), clock.now()
    today = clock.today(zone)
    # A class that was called off is shown until its hour is over: people stand before the door.
    meetings = own.classes(ClassSession.room_id == room.id, today, today, now - timedelta(days=60))
    names = people.display_names([row.lecturer_id for row in meetings])
    shown = [
        {
            "starts": row.starts_at.astimezone(zone), "ends": row.ends_at.astimezone(zone), "heading": heading_of(row),
            "group": row.run.group_name or row.run.code, "lecturer": names.get(row.lecturer_id or 0, ""),
            "called_off": own.is_called_off(row), "now": row.starts_at <= now < row.ends_at,
        }
        for row in meetings
        if row.ends_at > now
    ]  # fmt: skip
    return {
        "room": room, "today": today, "now": now.astimezone(zone),
        "at_once": [row for row in shown if row["now"] and not row["called_off"]],
        "later": [row for row in shown if not row["now"] or row["called_off"]],
    }  # fmt: skip
