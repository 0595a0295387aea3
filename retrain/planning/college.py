"""A college's people: who is due, who is going, who is missing. Six queries, however many they are."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from retrain.enrolment import lists
from retrain.enrolment.states import OPEN
from retrain.extensions import db
from retrain.language.keys import search_key
from retrain.people.models import Employment, Person, Teacher
from retrain.planning import queries, rules
from retrain.planning.queries import Offer, Trip
from retrain.planning.states import Due, Standing
from retrain.record import queries as record
from retrain.record.rules import Due as NextDue


@dataclass(frozen=True)
class Member:
    """One of a college's teachers. *plan* is the next line of the plan: year, month, course id."""

    id: int
    name: str
    sort_key: str
    search_key: str
    post: str
    specialities: Sequence[str]
    by: date | None
    due: Due
    trip: Trip | None
    plan: tuple[int, int, int] | None
    standing: Standing


@dataclass(frozen=True)
class Asked:
    """What the page is asked for: words of a name, how due, how provided for, in which order."""

    q: str = ""
    due: str = ""
    standing: str = ""
    sort: str = "due"


def members(college_id: int, today: date) -> list[Member]:
    """Everyone the college employs today, by name."""
    columns = (
        Teacher.id, Person.family, Person.given, Person.patronymic, Person.sort_key, Person.search_key,
        Employment.post, Teacher.specialities,
    )  # fmt: skip
    staff = lists.staff_of(college_id, today, "").with_only_columns(*columns, maintain_column_froms=True)
    rows = {row.id: row for row in db.session.execute(staff)}
    due_by = record.due_dates(rows)
    trips = queries.trips_of(rows, OPEN, today)
    plans = queries.planned(college_id, today.year)
    found = []
    for number, row in rows.items():
        by = due_by.get(number)
        how, trip = rules.due_of(NextDue(by, None), today), trips.get(number)
        plan = next((line for line in plans.get(number, ()) if not rules.is_over(*line[:2], today)), None)
        standing = rules.standing(how, going=trip is not None, planned=plan is not None)
        name = " ".join(filter(None, (row.family, row.given, row.patronymic)))
        found.append(
            Member(
                number, name, row.sort_key, row.search_key, row.post, row.specialities, by, how, trip,
                plan, standing,
            )
        )  # fmt: skip
    return found


def narrowed(people: Iterable[Member], asked: Asked) -> list[Member]:
    """Those of *people* whom *asked* describes, in its order."""
    words = search_key(asked.q).split()
    found = [
        each
        for each in people
        if all(word in each.search_key for word in words)
        and asked.due in ("", each.due)
        and asked.standing in ("", each.standing)
    ]
    key = asked.sort.removeprefix("-")
    found.sort(key=lambda each: each.sort_key)
    if key == "standing":
        found.sort(key=lambda each: (list(Standing).index(each.standing), each.by or date.max))
    elif key == "going":
        found.sort(key=lambda each: each.trip.starts_on if each.trip else date.max)
    elif key != "name":
        found.sort(key=lambda each: each.by or date.max)
    return found[::-1] if asked.sort.startswith("-") else found


@dataclass(frozen=True)
class Counts:
    """How many of a college's people are due, and provided for."""

    people: int
    due: Mapping[Due, int]
    standing: Mapping[Standing, int]


def counts(people: Sequence[Member]) -> Counts:
    """The numbers above the list."""
    due, standing = Counter(each.due for each in people), Counter(each.standing for each in people)
    return Counts(len(people), due, standing)


def courses_of(people: Iterable[Member]) -> dict[int, Offer]:
    """The courses that *people* go to or are planned for."""
    numbers = {each.trip.course_id for each in people if each.trip}
    numbers |= {each.plan[2] for each in people if each.plan}
    return queries.courses(numbers)
