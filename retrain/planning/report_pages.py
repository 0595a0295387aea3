"""Plan against fact: of one college by month and course, of a region or the country by college or region."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from retrain.files import XLSX
from retrain.language import pick
from retrain.language.keys import sort_key
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.models import Organisation
from retrain.people.permissions import Scope, Target
from retrain.people.wording import REGIONS
from retrain.planning import queries, wording
from retrain.planning.college_pages import own_college
from retrain.planning.door import asked_year, bp, college_name, months, title_of, year_choices
from retrain.planning.queries import Tally
from retrain.planning.states import Fact
from retrain.refusal import NotThere
from retrain.tabular.write import write_xlsx
from retrain.web.downloads import made_file
from retrain.web.language import current_language, readers_today

BAR = 1000
"""How wide the longest bar is drawn, in units of its own."""


@bp.get("/plan/report")
@allow("plan.see")
def report() -> Any:
    """What was planned and what came of it."""
    return render_template("planning/report.html", part=_part())


@bp.get("/plan/report.xlsx")
@allow("plan.see")
def report_sheet() -> Response:
    """The same tables as a workbook."""
    part = _part()
    headers = [_("Grouped by"), _("Value"), _("In the plan"), *map(str, wording.FACTS.values())]
    rows = [
        [str(table["first"]), row["name"], row["total"], *(row["counts"][fact] for fact in Fact)]
        for table in part["tables"]
        for row in table["rows"]
    ]
    rows.append(["", _("All together"), part["total"], *(part["counts"][fact] for fact in Fact)])
    book = write_xlsx(headers, rows, _("Plan and fact"))
    return made_file(book, f"plan-{part['of']}-{part['year']}.xlsx", XLSX)


def _part() -> dict[str, Any]:
    """What the address asks for, if it lies in the actor's reach."""
    actor, year = current_actor(), asked_year()
    reach = permissions.scope(actor, "plan.see")
    code, region = request.args.get("college", ""), request.args.get("region", "")
    if reach is Scope.COLLEGE:
        return _of_college(people.organisation_by_id(own_college(actor)), year)
    if code:
        college = queries.college(code)
        permissions.require(actor, "plan.see", Target(college_id=college.id, region=college.region))
        return _of_college(college, year)
    if reach is Scope.REGION:
        region = region or actor.region or ""
    if region:
        permissions.require(actor, "plan.see", Target(region=region))
        if region not in REGIONS:
            raise NotThere
        return _of_region(region, year)
    return _of_country(year)


def _of_college(college: Organisation, year: int) -> dict[str, Any]:
    found = queries.tallies(year, readers_today(), college_id=college.id)
    courses = queries.courses({each.course_id for each in found})
    by_month = _rows(found, lambda each: each.month, dict(months()).__getitem__)
    by_course = _rows(found, lambda each: each.course_id, lambda number: title_of(courses.get(number)))
    by_course.sort(key=lambda row: sort_key(row["name"]))
    own = permissions.scope(current_actor(), "plan.see") is Scope.COLLEGE
    if own:
        for row in by_month:
            row["url"] = url_for(".plan", year=year, month=row["key"])
        for row in by_course:
            row["url"] = url_for(".plan", year=year, course=row["key"])
    tables = [
        {"title": _("By month"), "first": _("Month"), "rows": by_month},
        {"title": _("By course"), "first": _("Course"), "rows": by_course},
    ]
    return _shown(college_name(college.id), college.code, year, found, tables, own=own)


def _of_region(region: str, year: int) -> dict[str, Any]:
    found = queries.tallies(year, readers_today(), region=region)
    numbers = {each.organisation_id for each in found}
    names, language = people.organisation_names(numbers), current_language()
    rows = _rows(
        found, lambda each: each.organisation_id, lambda number: pick(names.get(number), language) or "—"
    )
    codes = {each.id: each.code for each in queries.organisations(numbers)}
    for row in rows:
        row["url"] = url_for(".report", year=year, college=codes[row["key"]])
    rows.sort(key=lambda row: sort_key(row["name"]))
    by_month = _rows(found, lambda each: each.month, dict(months()).__getitem__)
    tables = [
        {"title": _("By college"), "first": _("College"), "rows": rows},
        {"title": _("By month"), "first": _("Month"), "rows": by_month},
    ]
    return _shown(str(REGIONS[region]), region, year, found, tables)


def _of_country(year: int) -> dict[str, Any]:
    found = queries.tallies(year, readers_today())
    where = {each.id: each.region for each in queries.organisations({one.organisation_id for one in found})}
    rows = _rows(found, lambda each: where[each.organisation_id], lambda code: str(REGIONS.get(code, code)))
    for row in rows:
        row["url"] = url_for(".report", year=year, region=row["key"])
    rows.sort(key=lambda row: sort_key(row["name"]))
    by_month = _rows(found, lambda each: each.month, dict(months()).__getitem__)
    tables = [
        {"title": _("By region"), "first": _("Region"), "rows": rows},
        {"title": _("By month"), "first": _("Month"), "rows": by_month},
    ]
    return _shown(_("The country"), "UZ", year, found, tables)


def _rows(
    found: Iterable[Tally], key: Callable[[Tally], Any], name: Callable[[Any], str]
) -> list[dict[str, Any]]:
    grouped: dict[Any, Counter[Fact]] = defaultdict(Counter)
    for each in found:
        grouped[key(each)][each.fact] += each.number
    rows = [
        {"key": of, "name": name(of), "counts": counts, "total": counts.total(), "url": ""}
        for of, counts in sorted(grouped.items())
    ]
    widest = max([row["total"] for row in rows], default=0) or 1
    for row in rows:
        row["bar"] = _bar(row["counts"], widest)
    return rows


def _bar(counts: Counter[Fact], widest: int) -> list[tuple[str, float, float]]:
    """The pieces of a row's bar, what is furthest on first: what it shows, where it begins, how wide it is."""
    pieces, begins = [], 0.0
    for fact in (Fact.COMPLETED, Fact.ON_RUN, Fact.NOMINATED, Fact.PLANNED, Fact.MISSED):
        width = round(BAR * counts[fact] / widest, 1)
        pieces.append((fact.value, begins, width))
        begins += width
    return pieces


def _shown(
    name: str, of: str, year: int, found: list[Tally], tables: list[dict[str, Any]], *, own: bool = False
) -> dict[str, Any]:
    counts: Counter[Fact] = Counter()
    for each in found:
        counts[each.fact] += each.number
    actor = current_actor()
    filters = [
        {"name": "year", "label": _("Year"), "choices": year_choices([], year), "any": False,
         "default": str(year)},
    ]  # fmt: skip
    return {
        "name": name, "of": of, "year": year, "tables": tables, "counts": counts, "total": counts.total(),
        "facts": wording.FACTS, "own": own, "filters": filters, "Fact": Fact,
        "sees_all": permissions.scope(actor, "plan.see") is Scope.ALL,
    }  # fmt: skip
