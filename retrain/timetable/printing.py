"""What a printed timetable is made of: the classes of a run, a room or a lecturer, a week or all of them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from retrain.calendar import working_days
from retrain.calendar.weeks import monday_of
from retrain.catalogue.models import Run
from retrain.documents.timetable_wording import TIMETABLE
from retrain.documents.timetables import Hour, Line, Timetable, WeekSheet
from retrain.extensions import db
from retrain.language import pick
from retrain.language.dates import date_range
from retrain.people import queries as people
from retrain.people.models import Person
from retrain.timetable import own, times
from retrain.timetable.entries import heading_of
from retrain.timetable.models import ClassSession, Lecturer, Room
from retrain.timetable.states import Part, SessionState
from retrain.timetable.terms import PLANNABLE

WEEK = timedelta(days=7)
MOST_WEEKS = 53
"""A sheet of more is nobody's wish; it bounds what one request may cost."""


def of_run(run: Run, first: date, last: date, lang: str, today: date) -> Timetable:
    """A run's classes. To be called while *lang* is the language being written."""
    title = pick(run.version.titles, lang)
    about = " · ".join(filter(None, (run.group_name, date_range(run.starts_on, run.ends_on, lang))))
    shown = _Shown(run.provider_id, lang, group=False, anchor=run.starts_on)
    return shown.timetable(ClassSession.run_id == run.id, f"{run.code} · {title}", about, first, last, today)


def of_room(room: Room, first: date, last: date, lang: str, today: date) -> Timetable:
    """A room's classes."""
    shown = _Shown(room.provider_id, lang, room=False)
    name = (
        f"{TIMETABLE[lang]['room']} {room.name}"
        if lang in ("ru", "en")
        else f"{room.name}-{TIMETABLE[lang]['room']}"
    )
    named = name if room.name[:1].isdigit() else room.name
    return shown.timetable(
        ClassSession.room_id == room.id, named[:1].upper() + named[1:], room.site, first, last, today
    )


def of_lecturer(
    person: Person, provider_id: int | None, first: date, last: date, lang: str, today: date
) -> Timetable:
    """A lecturer's classes at one provider, or everywhere."""
    shown = _Shown(provider_id, lang, lecturer=False)
    whose = ClassSession.lecturer_id == person.id
    if provider_id is not None:
        whose = whose & (Run.provider_id == provider_id)
    return shown.timetable(whose, people.display_names([person.id])[person.id], "", first, last, today)


def of_person(person: Person, first: date, last: date, lang: str, today: date) -> Timetable:
    """All that a person teaches and learns."""
    name = people.display_names([person.id])[person.id]
    return _Shown(None, lang).timetable(own.of_person(person.id), name, "", first, last, today)


def runs_of(provider_id: int) -> list[Run]:
    """The runs whose timetables one may want on paper: published, and not over."""
    wanted = select(Run).where(Run.provider_id == provider_id, Run.state.in_(PLANNABLE))
    return list(db.session.scalars(wanted.options(joinedload(Run.version)).order_by(Run.starts_on, Run.code)))


def lecturers_of(provider_id: int) -> list[tuple[int, Person]]:
    """The provider's lecturers by name: their number and the person."""
    rows = db.session.execute(
        select(Lecturer.id, Person)
        .join(Person, Person.id == Lecturer.person_id)
        .where(Lecturer.provider_id == provider_id)
        .order_by(Person.sort_key)
    )
    return [(number, person) for number, person in rows]


def taught_for(provider_id: int, person_id: int) -> ColumnElement[bool]:
    """The classes that somebody teaches for the provider."""
    ours = select(Run.id).where(Run.provider_id == provider_id)
    return (ClassSession.lecturer_id == person_id) & ClassSession.run_id.in_(ours)


def span_of(
    whose: ColumnElement[bool], first: date | None = None, last: date | None = None
) -> tuple[date, date] | None:
    """The first and the last day with a public class, of those between two days, or of all runs that are not over."""
    wanted = select(func.min(ClassSession.on_date), func.max(ClassSession.on_date))
    wanted = wanted.where(whose, ClassSession.state == SessionState.PUBLISHED)
    if first is not None:
        wanted = wanted.where(ClassSession.on_date.between(first, last))
    living = wanted.where(ClassSession.run_id.in_(select(Run.id).where(Run.state.in_(PLANNABLE))))
    for each in (living, wanted):
        row = db.session.execute(each).one()
        if row[0]:
            return row[0], row[1]
    return None


class _Shown:
    """How the classes of one sheet are written: on whose clocks, in which language, and what goes without saying."""

    def __init__(
        self, provider_id: int | None, lang: str, *, group: bool = True, room: bool = True, lecturer: bool = True,
        anchor: date | None = None,
    ) -> None:  # fmt: skip
        self.provider_id, self.lang, self.words = provider_id, lang, TIMETABLE[lang]
        self.group, self.room, self.lecturer = group, room, lecturer
        self.anchor = monday_of(anchor) if anchor else None

    def timetable(
        self, whose: ColumnElement[bool], name: str, about: str, first: date, last: date, today: date
    ) -> Timetable:
        """The sheet from Monday of the first week to Sunday of the last."""
        monday = monday_of(first)
        last = min(last, monday + MOST_WEEKS * WEEK)
        meetings = own.classes(whose, monday, monday_of(last) + timedelta(days=6))
        zones = people.zones_of({row.run.provider_id for row in meetings} | {self.provider_id or 0} - {0})
        names = people.display_names([row.lecturer_id for row in meetings]) if self.lecturer else {}
        by_week: dict[date, list[ClassSession]] = defaultdict(list)
        for row in meetings:
            by_week[monday_of(row.on_date)].append(row)
        organisation = (
            people.organisation_names([self.provider_id]).get(self.provider_id) if self.provider_id else None
        )
        return Timetable(
            organisation=pick(organisation, self.lang), name=name, about=about, first=first, last=last, day=today,
            weeks=tuple(self._week(start, by_week[start], zones, names) for start in sorted(by_week)),
        )  # fmt: skip

    def _week(
        self,
        monday: date,
        meetings: Sequence[ClassSession],
        zones: dict[int, ZoneInfo],
        names: dict[int, str],
    ) -> WeekSheet:
        cells: dict[tuple[Hour, date], list[Line]] = defaultdict(list)
        for row in meetings:
            zone = zones[row.run.provider_id]
            hour = Hour(row.starts_at.astimezone(zone).time(), row.ends_at.astimezone(zone).time())
            cells[hour, row.on_date].append(self._line(row, names))
        taught = {row.on_date for row in meetings}
        days = [monday + timedelta(days=number) for number in range(7)]
        number = (monday - self.anchor).days // 7 + 1 if self.anchor else None
        return WeekSheet(
            number=number,
            days=tuple(day for day in days if day.weekday() < 6 or day in taught),
            off={day: self._off(day) for day in days if day not in taught and self._off(day)},
            hours=tuple(sorted({hour for hour, _day in cells}, key=lambda hour: (hour.starts, hour.ends))),
            cells=cells,
        )

    def _off(self, day: date) -> str:
        if self.provider_id is None or times.is_working_day(self.provider_id, day):
            return ""
        return working_days.holiday_name(day, self.lang) or self.words["off"]

    def _line(self, row: ClassSession, names: dict[int, str]) -> Line:
        kind = self.words[row.kind.value]
        part = self.words[row.part.value] if row.part is not Part.WHOLE else ""
        place = ", ".join(filter(None, (row.room.name, row.room.site))) if row.room and self.room else ""
        group = " · ".join(filter(None, (row.run.code, row.run.group_name))) if self.group else ""
        person = names.get(row.lecturer_id or 0, "")
        return Line(heading_of(row), (place, person, group, ", ".join(filter(None, (kind, part)))))
