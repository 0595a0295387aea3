"""The register book on paper, a fixed number of lines a sheet, with columns for the two signatures."""

from collections.abc import Sequence
from dataclasses import dataclass

from retrain.documents import pdf, sheets
from retrain.documents.office_wording import OFFICE


@dataclass(frozen=True)
class BookHeading:
    """Whose book it is, of which series and year, and how many pages come before the first one here."""

    organisation: str
    series: str
    year: int
    before: int = 0


@dataclass(frozen=True)
class BookRow:
    """One line as it is written."""

    number: str
    blank: str
    issued: str
    name: str
    document: str
    group: str
    hours: str
    grounds: str
    received: str
    note: str


def register_pdf(heading: BookHeading, rows: Sequence[BookRow], *, per_page: int, lang: str) -> bytes:
    """The pages of the book, each a sheet of its own with its number."""
    words = OFFICE[lang]
    pages = [
        (heading.before + at // per_page + 1, rows[at : at + per_page])
        for at in range(0, len(rows) or 1, per_page)
    ]
    html = sheets.html("register_book.html", lang, words["book"], words, heading=heading, pages=pages)
    return pdf.render(html, title=words["book"], lang=lang)
