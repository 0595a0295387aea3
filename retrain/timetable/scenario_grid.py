"""A week of a run in a scenario on the grid, with what stands elsewhere today marked."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _

from retrain.catalogue.models import Run
from retrain.catalogue.wording import HOUR_KINDS
from retrain.language import pick
from retrain.language.dates import short_date, weekday_name
from retrain.people import queries as people
from retrain.timetable import publishing, queries, times
from retrain.timetable.models import ClassSession, Scenario, ScenarioClass
from retrain.timetable.wording import PARTS
from retrain.web.language import current_language

Placed = ScenarioClass | ClassSession


def week(scenario: Scenario, run: Run, monday: date) -> dict[str, Any]:
    """What the page of that week shows: the scenario's grid, and the one there is."""
    days = [monday + timedelta(days=number) for number in range(7)]
    now: list[Placed] = list(queries.sessions(run.id, days[0], days[-1]))
    then: list[Placed] = list(publishing.classes_of(scenario.id, run.id))
    if scenario.outage:
        # A repair has only what it changes; the rest stands as it does.
        changed = {row.session_id for row in then if isinstance(row, ScenarioClass)}
        then += [row for row in now if row.id not in changed]
    rows = [row for row in then if days[0] <= row.on_date <= days[-1]]
    modules = {module.id: module for module in queries.modules(run)}
    teaching = [row.lecturer_id for row in rows] + [row.lecturer_id for row in now]
    names = people.display_names(teaching)
    return {
        "monday": monday,
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "days": _days(run, days),
        "pairs": [
            {"key": pair.number, "label": str(pair.number), "time": f"{pair.start:%H:%M}–{pair.end:%H:%M}"}
            for pair in times.bells(run.provider_id, monday)
        ],
        "then": _table(rows, _places(now), modules, names),
        "now": _table(now, _places(rows), modules, names),
    }


def _days(run: Run, days: Sequence[date]) -> list[dict[str, Any]]:
    language = current_language()
    return [
        {
            "key": day.isoformat(),
            "label": f"{weekday_name(day, language, short=True)} {short_date(day, language)}",
            "off": "" if working else _("day off"),
        }
        for day in days
        if (working := times.is_working_day(run.provider_id, day)) or day.weekday() < 6
    ]


def _places(rows: Sequence[Placed]) -> set[tuple[object, ...]]:
    return {
        (row.module_id, row.kind, row.part, row.on_date, row.pair, row.room_id, row.lecturer_id)
        for row in rows
    }


def _table(
    rows: Sequence[Placed],
    other: set[tuple[object, ...]],
    modules: dict[int, Any],
    names: dict[int, str],
) -> dict[tuple[int, str], list[dict[str, Any]]]:
    language = current_language()
    found: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for row in rows:
        at = (row.module_id, row.kind, row.part, row.on_date, row.pair, row.room_id, row.lecturer_id)
        module = modules.get(row.module_id or 0)
        found.setdefault((row.pair, row.on_date.isoformat()), []).append({
            "topic": pick(module.titles, language) if module else "",
            "lecturer": names.get(row.lecturer_id or 0, ""),
            "room": row.room.name if row.room else "",
            "note": f"{HOUR_KINDS[row.kind]}, {PARTS[row.part]}",
            "tone": "done" if at in other else "waiting",
        })  # fmt: skip
    return found
