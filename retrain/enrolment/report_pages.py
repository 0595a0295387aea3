"""A provider's reports: all its requests and people, places by quota and time, who is where; each as a workbook too."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from retrain import clock
from retrain.database.pages import ReadPage
from retrain.enrolment import funding, funding_words, lists, reports, terms_words, wording
from retrain.enrolment.change_wording import FUNDING
from retrain.enrolment.door import asked, bp
from retrain.enrolment.lists import Filter
from retrain.enrolment.models import Enrolment
from retrain.enrolment.reports import Kept, Places
from retrain.enrolment.states import State
from retrain.extensions import db
from retrain.files import XLSX
from retrain.language import pick
from retrain.language.dates import date_range
from retrain.people import permissions, shown_names
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.wording import REGIONS
from retrain.tabular.write import write_xlsx
from retrain.web.downloads import made_file
from retrain.web.language import current_language, readers_today
from retrain.web.requests import asked_page, whole


def _year() -> int:
    year = whole(asked("year", 4))
    return year if 1990 <= year <= 2200 else 0


def tabs() -> list[dict[str, Any]]:
    """The way from one of the provider's lists to another; answering is for who manages places."""
    pages = [("enrolment.all_people", _("Requests and people"))]
    if permissions.scope(current_actor(), "enrolment.manage") is not None:
        pages.append(("enrolment.all_requests", _("Requests that wait")))
    pages += [("enrolment.all_places", _("Places")), ("enrolment.who_is_where", _("Who is where"))]
    year = asked("year", 4)
    return [
        {"label": label, "url": url_for(endpoint, year=year or None), "current": endpoint == request.endpoint}
        for endpoint, label in pages
    ]


def _shared() -> dict[str, Any]:
    """What the three reports have in common: the years to choose, and the way from one to another."""
    return {
        "years": [(str(year), str(year)) for year in reports.years(current_actor())],
        "tabs": tabs(),
        "wording": wording,
    }


def _filter() -> Filter:
    return Filter(asked("q"), asked("state", 20), None, asked("lacking", 20), asked("sort", 20))


@bp.get("/manage/people")
@allow("enrolment.people")
def all_people() -> Any:
    """Everybody who has a place on a run of the provider, waits for one or asked for one."""
    found = reports.people(current_actor(), _filter(), _year(), readers_today(), asked("run", 24))
    # Only the numbers are read for the page; the rows themselves once.
    page = db.paginate(
        found.with_only_columns(Enrolment.id, maintain_column_froms=True), page=asked_page(),
        per_page=lists.PAGE, max_per_page=lists.PAGE, error_out=False,
    )  # fmt: skip
    rows = db.session.execute(found.where(Enrolment.id.in_(page.items))).all()
    return render_template("enrolment/all_people.html", page=page, rows=_people(rows), **_shared())


def _people(rows: Sequence[Any]) -> list[dict[str, Any]]:
    own = [row.Enrolment for row in rows]
    names, numbers = people.organisation_names({row.organisation_id for row in own}), reports.numbers(own)
    titles, again = reports.titles({row.course_version_id for row in rows}), funding_words.attempts(own)
    return [_person(row, names, numbers, titles, again) for row in rows]


def _person(
    row: Any, names: dict[int, dict[str, str]], numbers: dict[int, int], titles: dict[int, dict[str, str]],
    again: dict[int, str],
) -> dict[str, Any]:  # fmt: skip
    enrolment, language = row.Enrolment, current_language()
    waits = enrolment.state is State.WAITLISTED
    return {
        "id": enrolment.id,
        "name": shown_names.of_person(row.Person),
        "college": pick(names.get(enrolment.organisation_id), language),
        "run": row.code,
        "course": pick(titles[row.course_version_id], language),
        "starts": row.starts_on,
        "state": wording.number_waiting(numbers[enrolment.id]) if waits else str(wording.STATES[enrolment.state]),
        "tone": wording.TONES.get(enrolment.state, "idle"),
        "requested": enrolment.requested_at,
        "again": again.get(enrolment.id, ""),
        "payment": funding_words.in_words(enrolment),
        "money": funding.money_of(enrolment),
    }  # fmt: skip


@bp.get("/manage/people.xlsx")
@allow("enrolment.people")
def all_people_sheet() -> Any:
    """The same as a workbook."""
    found = reports.people(current_actor(), _filter(), _year(), readers_today(), asked("run", 24))
    headers = [_("No."), _("Name"), _("College"), _("Course"), _("Run"), _("Begins"), _("State"), _("Who pays"),
               _("Contract number"), _("Sum, so‘m"), _("Paid on")]  # fmt: skip
    rows = [
        (number, row["name"], row["college"], row["course"], row["run"], row["starts"], row["state"],
         str(FUNDING[row["money"].funding]), row["money"].contract, row["money"].price, row["money"].paid_on)
        for number, row in enumerate(_people(db.session.execute(found).all()), start=1)
    ]  # fmt: skip
    return made_file(write_xlsx(headers, rows, _("Requests and people")), "people.xlsx", XLSX)


@bp.get("/manage/places")
@allow("enrolment.people")
def all_places() -> Any:
    """Places of all runs: taken, kept, free, by quota, and when each quota was given to all."""
    found = reports.places(current_actor(), _year(), readers_today(), clock.now())
    page = ReadPage(
        page=asked_page(), per_page=lists.PAGE, max_per_page=lists.PAGE, error_out=False, rows=found
    )
    sums = {
        "taken": sum(row.run.taken for row in found), "places": sum(row.run.places for row in found),
        "kept": sum(row.kept for row in found), "free": sum(row.free for row in found),
    }  # fmt: skip
    return render_template(
        "enrolment/places.html", page=page, rows=_places(page.items), sums=sums, **_shared()
    )


def _places(found: Sequence[Places]) -> list[dict[str, Any]]:
    groups = {each.quota.of for row in found for each in row.quotas}
    colleges = people.organisation_names(
        {whole(of.partition(":")[2]) for of in groups if of.startswith("college:")}
    )
    return [_run_places(row, colleges) for row in found]


def _run_places(row: Places, colleges: dict[int, dict[str, str]]) -> dict[str, Any]:
    language = current_language()
    return {
        "code": row.run.code, "title": pick(row.run.version.titles, language),
        "dates": date_range(row.run.starts_on, row.run.ends_on, language), "starts": row.run.starts_on,
        "places": row.run.places, "taken": row.run.taken, "kept": row.kept, "free": row.free,
        "waiting": row.waiting, "quotas": [_quota(each, colleges) for each in row.quotas],
    }  # fmt: skip


def _quota(each: Kept, colleges: dict[int, dict[str, str]]) -> dict[str, Any]:
    quota = each.quota
    return {
        "group": terms_words.group(quota.of, colleges), "sort": str(terms_words.SORTS[quota.sort]), "places": quota.places,
        "taken": quota.taken, "kept": each.kept, "releases": quota.releases_at, "released": each.released,
    }  # fmt: skip


@bp.get("/manage/places.xlsx")
@allow("enrolment.people")
def all_places_sheet() -> Any:
    """The same as a workbook: a line a run, and under it a line a quota."""
    zone = people.zone_of(current_actor().organisation_id or 0)
    headers = [_("Run"), _("Course"), _("Begins"), _("Quota"), _("What it does"), _("Places"), _("Taken"), _("Kept"),
               _("Free for all"), _("Waiting"), _("Given to all on")]  # fmt: skip
    rows: list[tuple[Any, ...]] = []
    found = reports.places(current_actor(), _year(), readers_today(), clock.now())
    for row in _places(found):
        head = (row["code"], row["title"], row["starts"])
        rows.append((*head, _("All together"), "", row["places"], row["taken"], row["kept"], row["free"],
                     row["waiting"], None))  # fmt: skip
        for each in row["quotas"]:
            on = each["released"] or each["releases"]
            on = on.astimezone(zone).replace(tzinfo=None) if on else None
            rows.append((*head, each["group"], each["sort"], each["places"], each["taken"], each["kept"], None,
                         None, on))  # fmt: skip
    return made_file(write_xlsx(headers, rows, _("Places")), "places.xlsx", XLSX)


@bp.get("/manage/where")
@allow("enrolment.people")
def who_is_where() -> Any:
    """How many are in the groups, by course and by the region they come from."""
    return render_template("enrolment/where.html", **_where(), **_shared())


def _where() -> dict[str, Any]:
    table = reports.where(current_actor(), _year(), readers_today())
    regions = [code for code in REGIONS if any(region == code for _course, region in table)]
    rows = [
        {
            "code": code, "title": pick(texts, current_language()),
            "numbers": [table.get((number, region), 0) for region in regions],
        }
        for number, code, texts in reports.courses({course for course, _region in table})
    ]  # fmt: skip
    return {
        "regions": [str(REGIONS[code]) for code in regions], "rows": rows,
        "sums": [sum(column) for column in zip(*(row["numbers"] for row in rows), strict=True)],
    }  # fmt: skip


@bp.get("/manage/where.xlsx")
@allow("enrolment.people")
def who_is_where_sheet() -> Any:
    """The same as a workbook."""
    found = _where()
    headers = [_("Course"), _("Title"), *found["regions"], _("All together")]
    rows = [[row["code"], row["title"], *_summed(row["numbers"])] for row in found["rows"]]
    rows.append([_("All together"), "", *_summed(found["sums"])])
    return made_file(write_xlsx(headers, rows, _("Who is where")), "where.xlsx", XLSX)


def _summed(numbers: Iterable[int]) -> list[int]:
    found = list(numbers)
    return [*found, sum(found)]
