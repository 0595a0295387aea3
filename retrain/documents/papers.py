"""Papers of people on a course: the reference, the business-trip certificate, the group's list."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from retrain.documents import dates, pdf, sheets
from retrain.documents.orders import Listed, Signer, Training
from retrain.documents.paper_wording import PAPER

Rows = list[tuple[str, str]]


class Standing(StrEnum):
    """What a reference says of a person and a course."""

    AHEAD = "ahead"
    NOW = "now"
    COMPLETED = "completed"
    PAST = "past"


@dataclass(frozen=True)
class Course:
    """The course as all three papers name it."""

    organisation: str
    training: Training
    title: str
    group: str
    starts: date
    ends: date
    hours: int
    place: str = ""


@dataclass(frozen=True)
class Reference:
    """That somebody is, will be or was on a course. *since* and *until* are given when they differ from its days."""

    course: Course
    person: Listed
    standing: Standing
    day: date
    signer: Signer
    since: date | None = None
    until: date | None = None
    order_number: str = ""
    order_day: date | None = None
    more: tuple[tuple[str, str], ...] = ()
    """Further rows, such as the hours done."""


def with_rows(paper: Reference, more: tuple[tuple[str, str], ...], day: date) -> Reference:
    """The reference of a day with further rows."""
    return replace(paper, more=more, day=day)


@dataclass(frozen=True)
class Trip:
    """The sending organisation's certificate, made ready here: it adds number, signature and seal."""

    course: Course
    person: Listed
    order_number: str = ""
    order_day: date | None = None


@dataclass(frozen=True)
class GroupList:
    """Who is in the group, with a column to sign in."""

    course: Course
    people: tuple[Listed, ...]
    day: date
    curator: str = ""


def reference_pdf(paper: Reference, *, lang: str) -> bytes:
    """The reference as a PDF of one page."""
    words = PAPER[lang]
    says = words[f"says_{paper.standing}"].format(training=words[paper.course.training])
    rows = [*_person(paper.person, words["listener"], words), *_course(paper.course, words, lang)]
    if paper.standing is Standing.PAST and paper.since and paper.until:
        rows.append((words["was_there"], dates.period(paper.since, paper.until, lang)))
    rows += paper.more
    rows.append((words["basis"], _order(paper.order_number, paper.order_day, words, lang)))
    return _pdf("reference", lang, paper=paper, says=says, rows=_filled(rows))


def trips_pdf(papers: Sequence[Trip], *, lang: str) -> bytes:
    """Business-trip certificates as one PDF, a page for each person."""
    words = PAPER[lang]
    return _pdf("trip", lang, papers=[(paper, _filled(_trip(paper, words, lang))) for paper in papers])


def group_list_pdf(paper: GroupList, *, lang: str) -> bytes:
    """The group's list as a PDF."""
    return _pdf("group_list", lang, paper=paper, rows=_filled(_course(paper.course, PAPER[lang], lang)))


def _pdf(name: str, lang: str, **context: object) -> bytes:
    words = PAPER[lang]
    html = sheets.html(f"{name}.html", lang, words[name], words, **context)
    return pdf.render(html, title=words[name], lang=lang)


def _person(person: Listed, label: str, words: dict[str, str]) -> Rows:
    return [(label, person.name), (words["workplace"], person.workplace), (words["post"], person.post)]


def _course(course: Course, words: dict[str, str], lang: str) -> Rows:
    return [
        (words["course"], course.title),
        (words["group"], course.group),
        (words["period"], dates.period(course.starts, course.ends, lang)),
        (words["volume"], words["hours"].format(n=course.hours)),
    ]


def _trip(paper: Trip, words: dict[str, str], lang: str) -> Rows:
    course = paper.course
    days = (course.ends - course.starts).days + 1
    period = dates.period(course.starts, course.ends, lang)
    learns = words["learns"].format(training=words[course.training], course=course.title)
    return [
        *_person(paper.person, words["given_to"], words),
        (words["goes_to"], ", ".join(filter(None, (course.organisation, course.place)))),
        (words["purpose"], learns[:1].upper() + learns[1:]),
        (words["period"], period),
        (words["term"], words["days"].format(n=days)),
        (words["basis"], _order(paper.order_number, paper.order_day, words, lang) or "_" * 30),
    ]


def _order(number: str, day: date | None, words: dict[str, str], lang: str) -> str:
    if not number or day is None:
        return ""
    return words["order_of"].format(number=number, day=dates.written(day, lang))


def _filled(rows: Rows) -> Rows:
    return [(label, value) for label, value in rows if value]
