"""The overview of the ministry and of a regional centre: a drawing, a table, and the table to take away."""

from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from retrain.audit import Actor
from retrain.completion import overview
from retrain.completion.door import bp
from retrain.completion.overview import Numbers, Overview
from retrain.files import XLSX
from retrain.language import pick
from retrain.language.keys import sort_key
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.permissions import Scope, Target
from retrain.people.wording import REGIONS
from retrain.refusal import NotThere
from retrain.tabular.write import write_xlsx
from retrain.web.downloads import made_file
from retrain.web.language import current_language, readers_today

SORTS = ("name", "teachers", "due", "placed", "without_place", "completed", "rate", "places")
BAR = 1000
"""How wide the longest bar is drawn, in units of its own."""


@bp.get("/overview")
@allow("overview.see")
def show_overview() -> Any:
    """This year by region, or by college within one."""
    return render_template("completion/overview.html", part=part_of(current_actor(), _asked_region()))


@bp.get("/overview.xlsx")
@allow("overview.see")
def overview_sheet() -> Response:
    """The same table as a workbook."""
    part = part_of(current_actor(), _asked_region())
    headers = [part["first"], _("Teachers"), _("Due this year"), _("Have a place"), _("No place yet"),
               _("Completed"), _("Not completed"), _("Completion rate"), _("Runs"), _("Places"),
               _("Places taken")]  # fmt: skip
    rows = [[row["name"], *_figures(row["numbers"])] for row in part["rows"]]
    rows.append([_("All together"), *_figures(part["total"])])
    book = write_xlsx(headers, rows, _("Overview"))
    name = f"overview-{part['region'] or 'UZ'}-{part['year']}.xlsx"
    return made_file(book, name, XLSX)


def percent(of: Numbers) -> str:
    """The completion rate as people read it; empty while nobody's run has ended."""
    return "" if of.rate is None else f"{round(100 * of.rate)}%"


def _figures(of: Numbers) -> list[int | str]:
    rate = percent(of)
    return [of.teachers, of.due, of.placed, of.without_place, of.completed, of.not_completed, rate, of.runs,
            of.places, of.taken]  # fmt: skip


def _asked_region() -> str:
    """The region in the address, or the actor's own when they reach no further."""
    actor, region = current_actor(), request.args.get("region", "")
    if permissions.scope(actor, "overview.see") is Scope.REGION:
        region = region or actor.region or ""
    elif not region:
        return ""
    permissions.require(actor, "overview.see", Target(region=region))
    if region not in REGIONS:
        raise NotThere
    return region


def part_of(actor: Actor, region: str) -> dict[str, Any]:
    """What the drawing and the table show; also on the first page."""
    found = overview.overview(readers_today(), region)
    rows = _sorted(_colleges(found) if region else _regions(found))
    widest = max([row["numbers"].plan for row in rows], default=0) or 1
    for row in rows:
        row |= {"bar": _bar(row["numbers"], widest), "rate": percent(row["numbers"])}
    return {
        "region": region,
        "region_name": str(REGIONS.get(region, "")),
        "first": _("College") if region else _("Region"),
        "year": found.year,
        "rows": rows,
        "total": found.total,
        "rate": percent(found.total),
        "sees_all": permissions.scope(actor, "overview.see") is Scope.ALL,
    }


def _regions(found: Overview) -> list[dict[str, Any]]:
    return [
        {
            "name": str(REGIONS.get(code, code)),
            "url": url_for("completion.show_overview", region=code),
            "numbers": numbers,
        }
        for code, numbers in found.regions.items()
    ]


def _colleges(found: Overview) -> list[dict[str, Any]]:
    names, language = people.organisation_names(found.colleges), current_language()
    return [
        {
            "name": pick(names.get(number), language) or found.codes[number],
            "url": url_for("people.staff", college=found.codes[number]),
            "numbers": numbers,
        }
        for number, numbers in found.colleges.items()
    ]


def _sorted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    asked = request.args.get("sort", "")
    key = asked.removeprefix("-")
    rows.sort(key=lambda row: sort_key(row["name"]))
    if key in SORTS and key != "name":
        rows.sort(key=lambda row: getattr(row["numbers"], key) or 0)
    return rows[::-1] if asked.startswith("-") else rows


def _bar(of: Numbers, widest: int) -> list[tuple[str, float, float]]:
    """The pieces of a row's bar: what it shows, where it begins, how wide it is."""
    pieces, begins = [], 0.0
    for name in ("completed", "placed", "without_place"):
        width = round(BAR * getattr(of, name) / widest, 1)
        pieces.append((name, begins, width))
        begins += width
    return pieces
