"""A provider's load: hours of lecturers against their norm, rooms as a map of the week, lecturers it shares."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from retrain.catalogue.wording import HOUR_KINDS
from retrain.files import XLSX
from retrain.language import pick
from retrain.language.dates import weekday_name
from retrain.language.keys import sort_key
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.models import Organisation
from retrain.people.permissions import Scope, Target
from retrain.refusal import Forbidden, NotThere
from retrain.tabular.write import Value, write_xlsx
from retrain.timetable import load, times
from retrain.timetable.door import bp
from retrain.timetable.load import Load, RoomUse
from retrain.timetable.queries import IN_CLASS
from retrain.web.downloads import made_file
from retrain.web.language import current_language, readers_today
from retrain.web.requests import whole

SHADES = (0.1, 0.25, 0.5, 0.75)
"""Where the next shade begins in which the use of a room is drawn; the number stands in each."""


@dataclass(frozen=True)
class Seen:
    """Whose load is looked at, in which year, and whose else could be."""

    provider: Organisation
    name: str
    year: int
    years: list[int]
    others: list[tuple[str, str]]

    @property
    def values(self) -> dict[str, Any]:
        """What the address says of it."""
        return {"provider": self.provider.code if self.others else None, "year": self.year}

    @property
    def filters(self) -> list[dict[str, Any]]:
        """What may be chosen above the tables."""
        years = [(year, str(year)) for year in self.years]
        found = [
            {"name": "year", "label": _("Year"), "choices": years, "any": False, "default": str(self.year)}
        ]
        if self.others:
            found.insert(
                0, {"name": "provider", "label": _("Provider"), "choices": self.others, "any": False,
                    "default": self.provider.code},
            )  # fmt: skip
        return found


@bp.get("/load")
@allow("load.see")
def lecturers_load() -> Any:
    """Hours of each lecturer by kind, held and to come, against the norm."""
    seen = _seen()
    rows = _lecturers(seen)
    beyond = sum(row["left"] is not None and row["left"] < 0 for row in rows)
    return render_template(
        "timetable/load.html", seen=seen, rows=rows, kinds=[(kind, HOUR_KINDS[kind]) for kind in IN_CLASS],
        shared=[row for row in rows if row["elsewhere"]], beyond=beyond, tabs=_tabs(seen),
        total=round(sum(row["load"].hours for row in rows), 1),
    )  # fmt: skip


@bp.get("/load/lecturers.xlsx")
@allow("load.see")
def lecturers_load_sheet() -> Any:
    """The same as a workbook."""
    seen = _seen()
    rows: list[Sequence[Value]]
    headers = [_("Lecturer"), _("Post"), *(str(HOUR_KINDS[kind]) for kind in IN_CLASS), _("All hours"), _("Held"),
               _("Norm a year"), _("Left to the norm"), _("At other providers"), _("Everywhere")]  # fmt: skip
    rows = [
        (row["name"], row["load"].post, *(row["load"].by_kind.get(kind, 0) for kind in IN_CLASS),
         row["load"].hours, row["load"].held, row["load"].norm, row["left"],
         row["load"].everywhere - row["load"].hours, row["load"].everywhere)
        for row in _lecturers(seen)
    ]  # fmt: skip
    return made_file(write_xlsx(headers, rows, _("Load of lecturers")), f"load-{seen.year}.xlsx", XLSX)


@bp.get("/load/rooms")
@allow("load.see")
def rooms_load() -> Any:
    """In what share of the weeks each pair of each weekday is used, by room or in all."""
    seen = _seen()
    each, together, weeks = load.rooms(seen.provider.id, seen.year)
    asked = whole(request.args.get("room"))
    chosen = next((row for row in each if row.room and row.room.id == asked), together)
    days, pairs = _axes(seen, [together])
    return render_template(
        "timetable/load_rooms.html", seen=seen, each=each, chosen=chosen, weeks=weeks, tabs=_tabs(seen), days=days,
        pairs=pairs, cells={place: _cell(share) for place, share in chosen.use.items()},
        rows=[{"room": row.room, "pairs": row.pairs, "share": _share(row, days, pairs)} for row in each],
        choices=[(row.room.id, f"{row.room.name} · {row.room.site}".rstrip(" ·")) for row in each if row.room],
    )  # fmt: skip


@bp.get("/load/rooms.xlsx")
@allow("load.see")
def rooms_load_sheet() -> Any:
    """The same as a workbook: a line a room, a column a weekday and pair, shares in per cent."""
    seen = _seen()
    each, together, _weeks = load.rooms(seen.provider.id, seen.year)
    days, pairs = _axes(seen, [together])
    places = [(day, pair["number"]) for day, _name in days for pair in pairs]
    headers = [_("Room"), _("Building"), _("Seats"), _("Pairs a year"), _("Used, per cent"),
               *(f"{weekday_name(day - 1, current_language(), short=True)} {pair}" for day, pair in places)]  # fmt: skip
    rows: list[Sequence[Value]] = [
        (row.room.name, row.room.site, row.room.capacity, row.pairs, _share(row, days, pairs),
         *(round(100 * row.use.get(place, 0)) for place in places))
        for row in each if row.room
    ]  # fmt: skip
    return made_file(write_xlsx(headers, rows, _("Use of rooms")), f"rooms-{seen.year}.xlsx", XLSX)


def _seen() -> Seen:
    """The provider asked for, when the actor's reach holds it; a provider sees itself, a region and the ministry choose."""
    provider, others = _provider()
    today = readers_today()
    found = load.years(provider.id) or [today.year]
    asked = whole(request.args.get("year"))
    year = asked if asked in found else today.year if today.year in found else found[0]
    return Seen(provider, people.organisation_name(provider, lang=current_language()), year, found, others)


def _provider() -> tuple[Organisation, list[tuple[str, str]]]:
    """Whose load it is, and the choice for who sees several."""
    actor = current_actor()
    if permissions.scope(actor, "load.see") is Scope.PROVIDER:
        return people.organisation_by_id(actor.organisation_id or 0), []
    reached = [
        row for row in people.providers()
        if permissions.may(actor, "load.see", Target(provider_id=row.id, region=row.region))
    ]  # fmt: skip
    if not reached:
        raise NotThere
    code = request.args.get("provider") or reached[0].code
    names = people.organisation_names([row.id for row in reached])
    choices = [(row.code, pick(names.get(row.id), current_language()) or row.code) for row in reached]
    for row in reached:
        if row.code == code:
            return row, choices
    raise Forbidden("load.see")


def _tabs(seen: Seen) -> list[dict[str, Any]]:
    pages = (("timetable.lecturers_load", _("Lecturers")), ("timetable.rooms_load", _("Rooms")))
    return [
        {"label": label, "url": url_for(endpoint, **seen.values), "current": endpoint == request.endpoint}
        for endpoint, label in pages
    ]


def _lecturers(seen: Seen) -> list[dict[str, Any]]:
    found = load.lecturers(seen.provider.id, seen.year, readers_today())
    names = people.display_names([row.person_id for row in found])
    elsewhere = people.organisation_names({where for row in found for where in row.elsewhere})
    rows = [
        {
            "name": names[row.person_id], "load": row, "left": row.left, "tone": _tone(row),
            "elsewhere": [(pick(elsewhere.get(where), current_language()), hours) for where, hours in row.elsewhere.items()],
        }
        for row in found
    ]  # fmt: skip
    return sorted(rows, key=lambda row: sort_key(row["name"]))


def _tone(row: Load) -> str:
    return "problem" if row.left is not None and row.left < 0 else ""


def _axes(seen: Seen, uses: list[RoomUse]) -> tuple[list[tuple[int, str]], list[dict[str, Any]]]:
    """Weekdays that are worked and pairs that ring, with those that are used all the same."""
    used = {place for row in uses for place in row.use}
    days = sorted({*range(1, 7), *(day for day, _pair in used)})
    bells = times.bells(seen.provider.id, min(readers_today(), load.days_of(seen.year)[1]))
    times_of = {pair.number: (f"{pair.start:%H:%M}", f"{pair.end:%H:%M}") for pair in bells}
    numbers = sorted({*times_of, *(pair for _day, pair in used)})
    language = current_language()
    return (
        [(day, weekday_name(day - 1, language, short=True)) for day in days],
        [{"number": number, "time": times_of.get(number)} for number in numbers],
    )


def _cell(share: float) -> dict[str, Any]:
    """The share in per cent and its shade; what is used at all has one."""
    words = f"{round(100 * share)}%" if share >= 0.005 else "<1%"
    return {"words": words, "step": 1 + sum(share >= each for each in SHADES)}


def _share(row: RoomUse, days: list[tuple[int, str]], pairs: list[dict[str, Any]]) -> int:
    """How much of all its pairs is used, in per cent."""
    places = len(days) * len(pairs)
    return round(100 * sum(row.use.values()) / places) if places else 0
