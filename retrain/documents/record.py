"""A teacher's record on paper: hours by year and kind, courses, documents, what was recognised, what is due."""

from dataclasses import dataclass
from datetime import date

from retrain.documents import pdf, sheets
from retrain.documents.record_wording import RECORD


@dataclass(frozen=True)
class YearLine:
    """The hours of a year, of each kind and together."""

    year: str
    hours: tuple[int, ...]
    total: int


@dataclass(frozen=True)
class RunRow:
    """A course somebody was on, and how it ended."""

    title: str
    code: str
    provider: str
    starts: date
    ends: date
    ended: str
    hours: str
    mark: str
    results: str


@dataclass(frozen=True)
class DocumentRow:
    """A document that was issued."""

    number: str
    title: str
    hours: int
    day: date
    stands: str


@dataclass(frozen=True)
class ExternalRow:
    """A certificate from elsewhere and what the college answered."""

    title: str
    issuer: str
    day: date
    hours: int
    recognised: int | None
    answer: str
    why: str


@dataclass(frozen=True)
class RecordPaper:
    """The whole record on the day it is printed."""

    name: str
    college: str
    post: str
    born: date | None
    day: date
    due: date | None
    last: date | None
    kinds: tuple[str, ...]
    years: tuple[YearLine, ...]
    totals: tuple[int, ...]
    total: int
    runs: tuple[RunRow, ...] = ()
    documents: tuple[DocumentRow, ...] = ()
    external: tuple[ExternalRow, ...] = ()
    specialities: tuple[tuple[str, date, str], ...] = ()


def record_pdf(paper: RecordPaper, *, lang: str) -> bytes:
    """The record as a PDF."""
    words = RECORD[lang]
    html = sheets.html("record.html", lang, words["record"], words, paper=paper)
    return pdf.render(html, title=words["record"], lang=lang)
