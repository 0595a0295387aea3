"""A class as an entry of a calendar: the same UID and sequence in a subscribed calendar and in every mail."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from retrain.calendar import ics
from retrain.catalogue.wording import HOUR_KINDS
from retrain.language import pick
from retrain.people import queries as people
from retrain.timetable.models import ClassSession, Room
from retrain.timetable.own import is_called_off
from retrain.timetable.states import Part
from retrain.timetable.wording import PARTS
from retrain.web.language import current_language

METHODS: dict[str, ics.Method] = {
    "timetable.moved": "REQUEST",
    "timetable.cancelled": "CANCEL",
}
"""What a message about one class does to its entry in the reader's calendar."""


def uid_of(meeting: ClassSession) -> str:
    """The id of the class in every calendar for ever; it names no host, for the program may move to another."""
    return f"class-{meeting.id}@retrain"


def place_of(room: Room | None) -> str:
    """Room and site in words, the smaller first, as maps and people say it."""
    if room is None:
        return ""
    named = room.name if not room.name[:1].isdigit() else _("room %(name)s", name=room.name)
    return ", ".join(filter(None, (named, room.site)))


def heading_of(meeting: ClassSession) -> str:
    """What a class is called: its topic, else its course."""
    language = current_language()
    return (pick(meeting.topic.titles, language) if meeting.topic else "") or pick(
        meeting.run.version.titles, language
    )


def entry_of(meeting: ClassSession, zone: ZoneInfo, public_url: str, names: Mapping[int, str]) -> ics.Entry:
    """The class in the language being written; its lecturer is told where *names* has them."""
    called_off, heading = is_called_off(meeting), heading_of(meeting)
    page = f"{public_url.rstrip('/')}/runs/{meeting.run.code}"
    said = [
        f"{pick(meeting.run.version.titles, current_language())} · {meeting.run.code}",
        str(HOUR_KINDS[meeting.kind]),
        str(PARTS[meeting.part]) if meeting.part is not Part.WHOLE else "",
        names.get(meeting.lecturer_id or 0, ""),
        page,
    ]
    return ics.Entry(
        uid=uid_of(meeting),
        # A run that was called off takes its classes along without touching them.
        sequence=meeting.sequence + (called_off and meeting.cancel_reason is None),
        start=meeting.starts_at,
        end=meeting.ends_at,
        summary=_("Cancelled: %(what)s", what=heading) if called_off else heading,
        organizer=ics.sender(public_url),
        location=place_of(meeting.room),
        description="\n".join(filter(None, said)),
        url=page,
        zone=zone,
        changed=meeting.changed_at,
        cancelled=called_off,
    )


def invitation_of(meeting: ClassSession, method: ics.Method) -> dict[str, Any]:
    """The class as it goes along with a message (``ics.entry``): REQUEST puts it in or moves it, CANCEL takes it out.

    Messages are worded when they leave, in the reader's language; so nothing is worded here.
    """
    room = meeting.room
    return {
        "uid": uid_of(meeting),
        "sequence": meeting.sequence,
        "method": method,
        "starts": meeting.starts_at.isoformat(),
        "ends": meeting.ends_at.isoformat(),
        "zone": people.zone_of(meeting.run.provider_id).key,
        "summary": meeting.topic.titles if meeting.topic else meeting.run.version.titles,
        "location": ", ".join(filter(None, (room.name, room.site))) if room else "",
        "path": f"/runs/{meeting.run.code}",
    }
