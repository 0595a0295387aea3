"""What is printed of assessments and commissions: the statement of results and the protocol of a session."""

from dataclasses import dataclass
from datetime import date

from retrain.documents import dates, pdf, sheets
from retrain.documents.papers import Course
from retrain.documents.result_wording import RESULT


@dataclass(frozen=True)
class ResultLine:
    """One person on a statement. *corrected* is what stood there when it was closed, and why it changed."""

    name: str
    workplace: str
    points: int | None
    word: str = ""
    first: int | None = None
    second: int | None = None
    corrected: tuple[int | None, str] | None = None


@dataclass(frozen=True)
class StatementPaper:
    """The statement of one attempt; without *day* it is still open and has lines to fill in."""

    course: Course
    title: str
    final: bool
    attempt: int
    needed: int
    lines: tuple[ResultLine, ...]
    examiners: tuple[str, ...] = ()
    day: date | None = None
    two: bool = False


@dataclass(frozen=True)
class MemberLine:
    """One seat of a commission; *seat* is its key in the wording."""

    seat: str
    name: str
    post: str
    present: bool


@dataclass(frozen=True)
class DecisionLine:
    """What was decided on one person, with votes for, against and abstained."""

    name: str
    title: str
    votes: tuple[int, int, int]
    carried: bool
    points: int | None = None
    word: str = ""
    note: str = ""


@dataclass(frozen=True)
class ProtocolPaper:
    """The protocol of a session; without a number it is still open."""

    course: Course
    appeal: bool
    number: str
    day: date
    members: tuple[MemberLine, ...]
    voting: int
    came: int
    lines: tuple[DecisionLine, ...]
    order: tuple[str, date] | None = None


def statement_pdf(paper: StatementPaper, *, lang: str) -> bytes:
    """The statement (qaydnoma) as a PDF."""
    words = RESULT[lang]
    facts = [
        (words["assessment"], paper.title),
        (words["kind"], words["final"] if paper.final else words["of_module"]),
        (words["attempt"], str(paper.attempt)),
        (words["needed"], words["points"].format(n=paper.needed)),
        *_course(paper.course, lang),
    ]
    given = [line.points for line in paper.lines if line.points is not None]
    counts = words["counts"].format(
        all=len(paper.lines), given=len(given), passed=sum(points >= paper.needed for points in given)
    )
    return _pdf("statement", lang, paper=paper, facts=facts, counts=counts)


def protocol_pdf(paper: ProtocolPaper, *, lang: str) -> bytes:
    """The protocol (bayonnoma) of a commission's session as a PDF."""
    words = RESULT[lang]
    order = ""
    if paper.order:
        order = words["order_of"].format(number=paper.order[0], day=dates.written(paper.order[1], lang))
    facts = [*_course(paper.course, lang), (words["basis"], order)]
    quorum = words["came"].format(came=paper.came, all=paper.voting)
    return _pdf("protocol", lang, paper=paper, facts=[row for row in facts if row[1]], quorum=quorum)


def _course(course: Course, lang: str) -> list[tuple[str, str]]:
    words = RESULT[lang]
    return [
        (words["course"], course.title),
        (words["group"], course.group),
        (words["period"], dates.period(course.starts, course.ends, lang)),
    ]


def _pdf(name: str, lang: str, **context: object) -> bytes:
    words = RESULT[lang]
    html = sheets.html(f"{name}.html", lang, words[name], words, **context)
    return pdf.render(html, title=words[name], lang=lang)
