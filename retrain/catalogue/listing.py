"""The lists of courses and runs: filtered, sorted and cut into pages by the database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, defer, joinedload

from retrain.catalogue import keys
from retrain.catalogue.models import Course, CourseVersion, Run
from retrain.catalogue.states import ON_OFFER, CourseKind, CourseState, RunState, StudyForm
from retrain.extensions import db
from retrain.people.models import Organisation

PAGE = 20
T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list, as the pager reads it."""

    items: Sequence[T]
    page: int
    total: int
    per_page: int = PAGE

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, ceil(self.total / self.per_page))

    def iter_pages(
        self, left_edge: int = 1, right_edge: int = 1, left_current: int = 1, right_current: int = 1
    ) -> Iterator[int | None]:
        """The numbers to show, with None for a gap."""
        shown = {*range(1, left_edge + 1), *range(self.pages - right_edge + 1, self.pages + 1)}
        shown |= set(range(self.page - left_current, self.page + right_current + 1))
        before = 0
        for number in sorted(number for number in shown if 1 <= number <= self.pages):
            if number - before > 1:
                yield None
            yield number
            before = number


@dataclass(frozen=True)
class RunFilter:
    """What a person asks of the public list of runs. Nothing asked is everything that is still to come."""

    q: str = ""
    region: str = ""
    language: str = ""
    form: str = ""
    kind: str = ""
    open: str = ""  # now: enrolment is open; free: and places are free
    when: str = ""  # "2026-12", "under-way" or "all"
    provider: str = ""


RUN_SORTS: dict[str, Any] = {
    "starts": Run.starts_on,
    "title": Run.sort_key,
    "hours": Run.hours,
    "free": Run.places - Run.taken,
    "closes": Run.enrolment_closes,
}


def runs(asked: RunFilter, now: datetime, today: date, sort: str = "", page: int = 1) -> Page[Run]:
    """A page of the runs on offer that *asked* describes, with the titles of their courses."""
    conditions = list(_conditions(asked, now, today))
    order = [*_order(sort, RUN_SORTS, "starts"), Run.id]
    # Sorted by number first: sorting whole rows with their course would carry all their text along.
    found = _page(
        select(Run.id).where(*conditions).order_by(*order),
        select(func.count()).select_from(Run).where(*conditions),
        page,
    )
    query = select(Run).where(Run.id.in_(found.items)).order_by(*order).options(*_SHOWN)
    return Page(list(db.session.scalars(query)), found.page, found.total)


_SHOWN = (
    defer(Run.policy),
    defer(Run.search_key),
    joinedload(Run.version).load_only(CourseVersion.titles, CourseVersion.course_id),
)
"""What a list of runs needs of each, and no more."""


def _conditions(asked: RunFilter, now: datetime, today: date) -> Iterator[Any]:
    yield Run.state.in_(ON_OFFER)
    yield _when(asked.when, now, today)
    for name, known in (("language", None), ("form", StudyForm), ("kind", CourseKind), ("region", None)):
        if value := getattr(asked, name):
            yield getattr(Run, name) == value if known is None or value in set(known) else Run.id.is_(None)
    if asked.open:
        yield and_(Run.enrolment_opens <= now, Run.enrolment_closes > now)
    if asked.open == "free":
        yield Run.taken < Run.places
    if asked.provider:
        yield (
            Run.provider_id
            == select(Organisation.id).where(Organisation.code == asked.provider).scalar_subquery()
        )
    for word in keys.words(asked.q):
        yield Run.search_key.contains(word, autoescape=True)


def _when(when: str, now: datetime, today: date) -> Any:
    if when == "all":
        return Run.ends_on >= today
    if when == "under-way":
        return and_(Run.starts_on <= today, Run.ends_on >= today)
    if first := month(when):
        return and_(Run.starts_on >= first, Run.starts_on < next_month(first))
    return or_(Run.starts_on >= today, and_(Run.enrolment_closes > now, Run.ends_on >= today))


def month(text: str) -> date | None:
    """The first day of the month written ``2026-12``; None for anything else."""
    try:
        return date.fromisoformat(f"{text}-01") if len(text) == 7 else None
    except ValueError:
        return None


def next_month(day: date) -> date:
    """The first day of the month after *day*'s."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def offered() -> list[tuple[int, str, str]]:
    """Which organisations have runs on offer, and in which regions: id, code, region."""
    pairs = select(Run.provider_id, Run.region).where(Run.state.in_(ON_OFFER)).distinct().subquery()
    query = select(Organisation.id, Organisation.code, pairs.c.region)
    query = query.join(pairs, pairs.c.provider_id == Organisation.id)
    return [(number, code, region) for number, code, region in db.session.execute(query)]


@dataclass(frozen=True)
class CourseRow:
    """A course in the coordinator's list: its latest version, and how many runs it has had."""

    course: Course
    version: CourseVersion
    runs: int
    unpublished: bool


COURSE_SORTS: dict[str, Any] = {
    "title": CourseVersion.sort_key,
    "code": Course.code,
    "hours": CourseVersion.hours,
}


def courses(
    provider_id: int | None, q: str = "", state: str = "", kind: str = "", sort: str = "", page: int = 1
) -> Page[CourseRow]:
    """A page of a provider's courses (of all providers when None)."""
    later = aliased(CourseVersion)
    newer = exists().where(later.course_id == Course.id, later.number > CourseVersion.number)
    conditions = [~newer, *_course_conditions(provider_id, q, state, kind)]
    given = aliased(CourseVersion)
    count = select(func.count(Run.id)).join(given, Run.course_version_id == given.id)
    count = count.where(given.course_id == Course.id).correlate(Course)
    query = select(Course, CourseVersion, count.scalar_subquery()).join(
        CourseVersion, CourseVersion.course_id == Course.id
    )
    query = query.where(*conditions).order_by(*_order(sort, COURSE_SORTS, "title"), Course.id)
    total = select(func.count()).select_from(Course).join(CourseVersion, CourseVersion.course_id == Course.id)
    found = _page(query, total.where(*conditions), page)
    rows = [
        CourseRow(course, version, runs, unpublished=version.published_at is None)
        for course, version, runs in found.items
    ]
    return Page(rows, found.page, found.total)


def _course_conditions(provider_id: int | None, q: str, state: str, kind: str) -> Iterator[Any]:
    if provider_id is not None:
        yield Course.provider_id == provider_id
    if state in set(CourseState):
        yield Course.state == state
    else:
        yield Course.state != CourseState.ARCHIVED
    if kind in set(CourseKind):
        yield Course.kind == kind
    for word in keys.words(q):
        yield CourseVersion.search_key.contains(word, autoescape=True)


def managed(conditions: Sequence[Any], state: str = "") -> list[Run]:
    """The runs under *conditions*, in one state or in any, with version and course, by their first day."""
    query = select(Run).where(*conditions).options(joinedload(Run.version).joinedload(CourseVersion.course))
    if state:
        query = query.where(Run.state == RunState(state))
    return list(db.session.scalars(query.order_by(Run.starts_on, Run.code)))


def _order(sort: str, known: dict[str, Any], otherwise: str) -> list[Any]:
    column = known.get(sort.removeprefix("-"), known[otherwise])
    return [column.desc() if sort.startswith("-") and sort[1:] in known else column.asc()]


def _page(query: Select[Any], count: Select[tuple[int]], page: int) -> Page[Any]:
    total = db.session.scalar(count) or 0
    page = min(max(page, 1), max(1, ceil(total / PAGE)))
    result = db.session.execute(query.limit(PAGE).offset((page - 1) * PAGE))
    rows = result.all()
    single = len(query.column_descriptions) == 1
    return Page([row[0] for row in rows] if single else rows, page, total)
