"""The week grid made ready for its template: words, days, pairs and cards out of what was read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain.calendar import working_days
from retrain.calendar.bells import Bells
from retrain.language import pick
from retrain.language.dates import clock_time, short_date, weekday_name
from retrain.timetable import grid, times
from retrain.timetable.asking import Touched
from retrain.timetable.grid import Meeting
from retrain.timetable.states import Part, SessionState
from retrain.timetable.wording import PARTS
from retrain.web.language import current_language

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """Six or seven days of a provider with the pairs that its bells ring on any of them."""

    provider_id: int
    monday: date
    zone: ZoneInfo
    days: list[date] = field(default_factory=list)
    _bells: dict[date, Bells] = field(default_factory=dict)
    _off: dict[date, str] = field(default_factory=dict)

    @classmethod
    def of(cls, provider_id: int, monday: date, zone: ZoneInfo) -> "Week":
        """Monday to Saturday, and the Sunday when it is worked."""
        days = [monday + timedelta(days=number) for number in range(6)]
        sunday = monday + timedelta(days=6)
        return cls(provider_id, monday, zone, days + [sunday] * times.is_working_day(provider_id, sunday))

    def bells(self, day: date) -> Bells:
        """The pairs of a day."""
        if day not in self._bells:
            self._bells[day] = times.bells(self.provider_id, day)
        return self._bells[day]

    def off(self, day: date) -> str:
        """Why nobody works on a day, in words; empty when it is worked."""
        if day not in self._off:
            worked = times.is_working_day(self.provider_id, day)
            name = "" if worked else working_days.holiday_name(day, current_language()) or _("day off")
            self._off[day] = name
        return self._off[day]

    def shown(self, today: date) -> list[dict[str, Any]]:
        """The days as columns."""
        return [
            {
                "key": day.isoformat(),
                "label": day_words(day),
                "brief": f"{weekday_name(day, current_language(), short=True)} {day.day}",
                "today": day == today,
                "off": self.off(day),
                "worked": _("working day by decree") if self._by_decree(day) else "",
            }
            for day in self.days
        ]

    def _by_decree(self, day: date) -> bool:
        return times.is_worked_by_decree(self.provider_id, day)

    def pairs(self) -> list[dict[str, Any]]:
        """The pairs as rows; where a day of the week rings other bells, the row says the first day's."""
        found: dict[int, str] = {}
        for day in self.days:
            for pair in self.bells(day):
                found.setdefault(pair.number, f"{pair.start:%H:%M}–{pair.end:%H:%M}")
        return [{"key": number, "label": str(number), "time": found[number]} for number in sorted(found)]


def day_words(day: date) -> str:
    """A day in few words."""
    language = current_language()
    return f"{weekday_name(day, language, short=True)} {short_date(day, language)}"


def cells(
    week: Week, meetings: Iterable[Meeting], names: Mapping[int, str], *, of: str
) -> dict[tuple[int, str], list[dict[str, Any]]]:
    """(pair, day) → the cards there. *of* is what the grid is of: run, room or lecturer, which no card repeats."""
    table: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for row in meetings:
        ours = row.provider_id == week.provider_id
        pair = row.pair if ours else grid.rung_at(week.bells(row.on_date), row, week.zone)
        card = _card(row, names, of) if ours else _elsewhere(row, week.zone)
        table.setdefault((pair, row.on_date.isoformat()), []).append(card)
    return table


def _card(row: Meeting, names: Mapping[int, str], of: str) -> dict[str, Any]:
    public = row.state is SessionState.PUBLISHED
    return {
        "id": row.id,
        "lock": row.lock,
        "topic": pick(row.titles, current_language()) or row.run_code,
        "run": row.run_code if of != "run" else "",
        "lecturer": names.get(row.lecturer_id or 0, "") if of != "lecturer" else "",
        "room": row.room if of != "room" else "",
        "url": url_for("timetable.change", code=row.run_code, session_id=row.id),
        "places": url_for("timetable.places", code=row.run_code, session=row.id),
        "drop": url_for("timetable.drop", code=row.run_code),
        "note": "" if row.part is Part.WHOLE else str(PARTS[row.part]),
        "pinned": row.pinned,
        "tone": "done" if public else "waiting",
        "state": _("published") if public else _("planned, not shown yet"),
    }


def _elsewhere(row: Meeting, zone: ZoneInfo) -> dict[str, Any]:
    """A class at another provider: that somebody is busy is all that is said of it."""
    starts, ends = clock_time(row.starts_at.astimezone(zone)), clock_time(row.ends_at.astimezone(zone))
    return {"topic": _("teaches elsewhere"), "lecturer": f"{starts}–{ends}", "tone": "idle"}


def free_words(free: grid.FreePairs) -> str:
    """When a lecturer is free, in few words: each day with its pairs."""
    language = current_language()
    return ", ".join(
        f"{weekday_name(day, language, short=True)} {_ranges(pairs)}"
        for day, pairs in free.by_day.items()
        if pairs
    )


def _ranges(numbers: Sequence[int]) -> str:
    """1, 2, 3, 5 as 1–3, 5."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "+".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def touched_words(touched: Touched, names: Mapping[int, str]) -> str:
    """Whom a change of public classes concerns; empty when nobody knows of them yet."""
    if not touched.classes:
        return ""
    what = ngettext("%(num)s class is public.", "%(num)s classes are public.", touched.classes)
    group = ngettext(
        "%(num)s person of %(runs)s will be told",
        "%(num)s people of %(runs)s will be told",
        len(touched.group),
        runs=", ".join(touched.run_codes),
    )
    teaching = ", ".join(sorted(names.get(number, "") for number in touched.lecturers))
    lecturers = _(", and %(names)s", names=teaching) if teaching else ""
    return f"{what} {group}{lecturers}."
