"""Calendar entries that calendars accept, change and take away again (RFC 5545, RFC 5546).

One UID for a thing's whole life and a sequence that only rises: then a change replaces the entry, and a
cancellation removes it, instead of standing beside it.

Moments stand on the clocks of a zone that is in the file (TZID with its VTIMEZONE), named as the IANA does. Bare UTC
would be the same moment, but Outlook then writes "Coordinated Universal Time" beside each class and shows its hour
there; a time without any zone Google takes for UTC when one subscribes. Whoever reads elsewhere sees their own clocks
in every program. STATUS:CANCELLED makes Google hide a class and Outlook and Apple strike it out; those that only show
the heading are told by its words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Timezone, vCalAddress, vDuration, vText

from retrain.language import pick

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]

_PRODUCT = "-//Retrain//Retrain//EN"
_REMINDER = timedelta(days=-1)
ASK_AGAIN = timedelta(hours=1)
"""How soon a subscribed calendar is asked to come again; Google comes when it likes, some times a day."""

_FIRST, _LAST = date(2020, 1, 1), date(2040, 1, 1)


@dataclass(frozen=True, slots=True)
class Person:
    email: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a calendar: a meeting between two moments, or whole days, the last included.

    *zone* and *changed*, where they are given, stand before those of the file: a person learns at two places.
    """

    uid: str
    sequence: int
    start: datetime | date
    end: datetime | date
    summary: str
    organizer: Person
    attendees: tuple[Person, ...] = ()
    location: str = ""
    description: str = ""
    url: str = ""
    categories: tuple[str, ...] = ()
    zone: ZoneInfo | None = None
    changed: datetime | None = None
    cancelled: bool = False


def uid(kind: str, key: str | int, host: str) -> str:
    """The id that stays with a thing: session-42@retrain.example.uz."""
    return f"{kind}-{key}@{host}"


def sender(public_url: str) -> Person:
    """Who sends what nobody in particular sends: the program."""
    return Person(f"retrain@{urlsplit(public_url).hostname or 'localhost'}", "Retrain")


def entry(
    stored: Mapping[str, Any],
    lang: str,
    public_url: str,
    *,
    stamp: datetime,
    attendee: Person | None = None,
    organizer: Person | None = None,
) -> bytes:
    """The file for an entry kept with a message: uid, sequence, method, starts, ends, zone, summary, location, path.

    Days or moments are in ISO form; moments are shown on the clocks of `zone`, which whole days do without.
    Texts may be in several languages.
    """
    kept = Entry(
        uid=stored["uid"],
        sequence=int(stored.get("sequence", 0)),
        start=_moment(stored["starts"]),
        end=_moment(stored["ends"]),
        summary=_in(stored.get("summary"), lang),
        organizer=organizer or sender(public_url),
        attendees=(attendee,) if attendee else (),
        location=_in(stored.get("location"), lang),
        description=_in(stored.get("description"), lang),
        url=public_url.rstrip("/") + stored["path"] if stored.get("path") else "",
    )
    zone = ZoneInfo(stored.get("zone") or "UTC")
    return _calendar([kept], stored.get("method", "PUBLISH"), zone, stamp, lang)


def invitation(entry: Entry, zone: ZoneInfo, stamp: datetime, lang: str = "uz") -> bytes:
    """A file that puts the entry into a calendar, or replaces its earlier state."""
    return _calendar([entry], "REQUEST", zone, stamp, lang)


def cancellation(entry: Entry, zone: ZoneInfo, stamp: datetime, lang: str = "uz") -> bytes:
    """A file that takes the entry away; its sequence must be higher than the last one sent."""
    return _calendar([entry], "CANCEL", zone, stamp, lang)


def feed(entries: Iterable[Entry], zone: ZoneInfo, stamp: datetime, name: str, lang: str = "uz") -> bytes:
    """Many entries to subscribe to or to take in at once: a person's or a group's timetable."""
    return _calendar(entries, "PUBLISH", zone, stamp, lang, name)


def _calendar(
    entries: Iterable[Entry], method: Method, zone: ZoneInfo, stamp: datetime, lang: str, name: str = ""
) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if name:
        _add_what_a_subscriber_reads(calendar, name, zone)
    kept = list(entries)
    for each in sorted({(entry.zone or zone).key for entry in kept if isinstance(entry.start, datetime)}):
        calendar.add_component(_zone(each))
    for entry in kept:
        calendar.add_component(_event(entry, method, zone, stamp, lang))
    return bytes(calendar.to_ical())


def _add_what_a_subscriber_reads(calendar: Calendar, name: str, zone: ZoneInfo) -> None:
    """The name under which it is listed and how soon to come again: by RFC 7986, and as Apple and Outlook had it."""
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", zone.key)
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(ASK_AGAIN))


def _moment(text: str) -> datetime | date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _in(text: str | Mapping[str, str] | None, lang: str) -> str:
    return (text or "") if text is None or isinstance(text, str) else pick(text, lang)


def _event(entry: Entry, method: Method, zone: ZoneInfo, stamp: datetime, lang: str) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    # RFC 5545, 3.8.7.2: in what is published, DTSTAMP is when it last changed; so the same stays the same.
    changed = (entry.changed or stamp).astimezone(UTC)
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    _add_time(event, entry, entry.zone or zone)
    event.add("summary", vText(entry.summary), parameters={"LANGUAGE": lang})
    for name, text in (("location", entry.location), ("description", entry.description), ("url", entry.url)):
        if text:
            event.add(name, text)
    if entry.categories:
        event.add("categories", list(entry.categories))
    cancelled = entry.cancelled or method == "CANCEL"
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE" if isinstance(entry.start, datetime) and not cancelled else "TRANSPARENT")
    event["organizer"] = _address(entry.organizer)
    if method != "PUBLISH":
        for person in entry.attendees:
            event.add("attendee", _attendee(person, method), encode=False)
    if method == "REQUEST":
        event.add_component(_reminder(entry))
    return event


@lru_cache(maxsize=64)
def _zone(key: str) -> Timezone:
    """The rules of a zone; looked for once, and written the same each time."""
    found = Timezone.from_tzinfo(ZoneInfo(key), key, _FIRST, _LAST)
    found.pop("comment", None)
    return found


def _add_time(event: Event, entry: Entry, zone: ZoneInfo) -> None:
    if isinstance(entry.start, datetime) and isinstance(entry.end, datetime):
        event.add("dtstart", entry.start.astimezone(zone))
        event.add("dtend", entry.end.astimezone(zone))
        return
    # Whole days: the standard counts the end out.
    event.add("dtstart", entry.start)
    event.add("dtend", entry.end + timedelta(days=1))


def _address(person: Person) -> vCalAddress:
    address = vCalAddress(f"mailto:{person.email}")
    if person.name:
        address.params["CN"] = vText(person.name)
    return address


def _attendee(person: Person, method: Method) -> vCalAddress:
    address = _address(person)
    address.params["ROLE"] = vText("REQ-PARTICIPANT")
    if method == "REQUEST":
        # The place is already given: nobody is asked to answer.
        address.params["PARTSTAT"] = vText("ACCEPTED")
        address.params["RSVP"] = vText("FALSE")
    return address


def _reminder(entry: Entry) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", entry.summary)
    alarm.add("trigger", _REMINDER)
    return alarm
