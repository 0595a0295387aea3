"""The blueprint that the pages of planning hang on, and what several of them need."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, request, url_for

from retrain.catalogue.listing import Page
from retrain.enrolment.states import State
from retrain.enrolment.wording import STATES
from retrain.language import pick
from retrain.language.dates import date_range, month_name
from retrain.people import queries as people
from retrain.planning import wording
from retrain.planning.queries import Offer, Trip
from retrain.web.language import current_language, readers_today
from retrain.web.requests import whole

bp = Blueprint("planning", __name__)

PER_PAGE = 50


def paged(items: Sequence[Any]) -> Page[Any]:
    """The page in the address of a list that is read as a whole, for its numbers are of all of it."""
    pages = max(1, -(-len(items) // PER_PAGE))
    page = min(max(whole(request.args.get("page", "")), 1), pages)
    return Page(items[(page - 1) * PER_PAGE : page * PER_PAGE], page, len(items), PER_PAGE)


def back_to(endpoint: str, **changed: Any) -> str:
    """The address of a list with what its filter was, so that an act on the chosen ones leads back to them."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in changed]
    asked = urlencode([*kept, *changed.items()])
    return url_for(endpoint) + (f"?{asked}" if asked else "")


def months() -> list[tuple[int, str]]:
    """The twelve months by name."""
    language = current_language()
    return [(number, month_name(number, language)) for number in range(1, 13)]


def asked_year() -> int:
    """The year in the address or the form; else the present one."""
    year = whole(request.values.get("year", ""))
    return year if 2000 <= year <= 2200 else readers_today().year


def year_choices(known: Iterable[int], year: int) -> list[tuple[int, str]]:
    """Years that can be looked at: those with a plan, this one and the next."""
    today = readers_today()
    return [(each, str(each)) for each in sorted({*known, today.year, today.year + 1, year})]


def title_of(course: Offer | None) -> str:
    """The course in the reader's language."""
    return pick(course.titles, current_language()) if course else "—"


def trip_words(trip: Trip, course: Offer | None = None) -> dict[str, Any]:
    """A run that somebody goes to, as a cell shows it."""
    return {
        "code": trip.run,
        "title": title_of(course) if course else "",
        "dates": date_range(trip.starts_on, trip.ends_on, current_language()),
        "state": str(STATES[trip.state]),
        "tone": "done" if trip.state in (State.ENROLLED, State.COMPLETED) else "waiting",
    }


def college_name(organisation_id: int) -> str:
    """What the college is called, in the reader's language."""
    return people.organisation_name(organisation_id, lang=current_language())


def facts_in_order() -> list[tuple[str, str]]:
    """What a line can have come to, as choices of a filter."""
    return [(fact.value, str(words)) for fact, words in wording.FACTS.items()]
