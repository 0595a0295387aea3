"""The register book as it is read: every number of a series and year, its document, or why there is none."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from retrain import audit, clock
from retrain.audit import Actor
from retrain.certificates import numbering, queries
from retrain.certificates.book import finding, old_documents
from retrain.certificates.book.models import BookNote, OldDocument
from retrain.certificates.models import Certificate, HandOver
from retrain.certificates.numbering import Last
from retrain.certificates.paper import blank_queries
from retrain.certificates.rules import Missing, missing, registration_number
from retrain.certificates.wording import DOCUMENTS, RECEIVED, STATES
from retrain.database.pages import ReadPage
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.language import pick
from retrain.people import permissions
from retrain.people.permissions import Target
from retrain.refusal import Refusal, Refused
from retrain.web.language import current_language, shown_date

LINES = 12
"""Lines on a page: as many as a lying sheet holds, so that a page on the screen is a page on paper."""


@dataclass(frozen=True)
class Line:
    """One line of the register book, in the reader's words."""

    number: str
    note: str
    id: int | None = None
    issued_on: date | None = None
    document: str = ""
    blank: str = ""
    name: str = ""
    course: str = ""
    group: str = ""
    hours: int | None = None
    protocol: str = ""
    order: str = ""
    state: str = ""
    tone: str = ""
    handed_on: date | None = None
    taken_by: str = ""


def page(lines: Sequence[Line], number: int) -> ReadPage:
    """The page of that number, or the last there is."""
    last = max(1, -(-len(lines) // LINES))
    return ReadPage(rows=lines, page=min(max(number, 1), last), per_page=LINES, error_out=False)


def lines(provider_id: int, book: Last) -> list[Line]:
    """Every number of a book: its document, or why there is none."""
    rows = numbering.register(provider_id, book.series, book.year)
    found = {row.number: _before(row) for row in old_documents.of_book(provider_id, book.series, book.year)}
    found |= {row.number: line for row, line in zip(rows, _lines_of(rows), strict=True)}
    for gap in missing(sorted(found), book.number):
        found[gap.first] = _gap(gap, book)
    return [line for _number, line in sorted(found.items())]


def find(provider_id: int, words: str) -> list[Line]:
    """The lines of all books in which every word stands, the latest first; those from before Retrain at the end."""
    before = [_before(row) for row in finding.from_before(provider_id, words)]
    return [*_lines_of(finding.documents(provider_id, words)), *before]


def _lines_of(rows: Sequence[Certificate]) -> list[Line]:
    ids = [row.id for row in rows]
    handed, blanks, notes = queries.hand_overs(ids), blank_queries.blanks_of(ids), _notes(ids)
    numbers_of = {row.id: row.registration_number for row in rows}
    old_of = queries.replaced_ones(ids)
    found = []
    for row in rows:
        told = [
            _("in place of %(number)s", number=old_of[row.id]) if row.id in old_of else "",
            _replaced(row, numbers_of),
            _ended(row),
            *notes[row.id],
        ]
        note = [each for each in told if each]
        found.append(_line(row, handed.get(row.id), blanks.get(row.id, ""), note))
    return found


def _replaced(row: Certificate, numbers_of: dict[int, str]) -> str:
    """By which document this one is replaced, one of another year's book too."""
    if not row.replaced_by_id:
        return ""
    number = numbers_of.get(row.replaced_by_id)
    if number is None:
        number = queries.certificate(row.replaced_by_id).registration_number
    return _("replaced by %(number)s", number=number)


def _ended(row: Certificate) -> str:
    """When and why it ended, and by which order."""
    if not row.ended_on:
        return ""
    order = _numbered(row.end_order or "", row.end_order_on.isoformat() if row.end_order_on else "")
    told = f"{shown_date(row.ended_on)}: {row.end_reason}"
    return _("%(told)s (order No. %(order)s)", told=told, order=order) if order else told


def _line(row: Certificate, handed: HandOver | None, blank: str, notes: Collection[str]) -> Line:
    said, document = row.frozen["public"], row.frozen["document"]
    word, tone = STATES[row.state]
    return Line(
        id=row.id,
        number=row.registration_number,
        note="; ".join(notes),
        issued_on=date.fromisoformat(said["issued_on"]),
        document=str(DOCUMENTS[row.document_type]),
        blank=blank,
        name=said["name"],
        course=pick(said["titles"], current_language()),
        group=row.run.group_name or row.run.code,
        hours=said["hours"],
        protocol=_numbered(document["protocol_number"], document["protocol_on"]),
        order=_numbered(document["order_number"], document["order_on"]),
        state=str(word),
        tone=tone,
        handed_on=handed.on_date if handed else None,
        taken_by=_taken_by(handed),
    )


def _numbered(number: str, on: str) -> str:
    return f"{number}, {shown_date(date.fromisoformat(on))}" if on else number


def _taken_by(handed: HandOver | None) -> str:
    if handed is None:
        return ""
    return ": ".join(part for part in (str(RECEIVED[handed.received_by]), handed.who) if part)


def _before(row: OldDocument) -> Line:
    notes = (_("from before Retrain, entered from %(file)s", file=row.file_name), row.note)
    return Line(
        number=registration_number(row.series, row.year, row.number),
        note="; ".join(note for note in notes if note),
        issued_on=row.issued_on,
        document=str(DOCUMENTS[row.document_type]),
        name=row.name,
        course=row.course,
        hours=row.hours,
        order=row.order_number,
        state=_("from before"),
        tone="idle",
    )


def _gap(gap: Missing, book: Last) -> Line:
    ends = [registration_number(book.series, book.year, number) for number in (gap.first, gap.last)]
    return Line(
        number=" – ".join(dict.fromkeys(ends)),
        note=_("used on paper before the data came back from a backup; not in the database"),
    )


def _notes(certificate_ids: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    query = select(BookNote).where(BookNote.certificate_id.in_(certificate_ids)).order_by(BookNote.id)
    for row in db.session.scalars(query):
        found[row.certificate_id].append(f"{shown_date(row.made_at.date())}: {row.text}")
    return found


@use_case
def add_note(actor: Actor, certificate_id: int, text: str) -> BookNote:
    """A line added under a document's: what is wrong in the book is put right beside it, never over it."""
    row = queries.certificate(certificate_id)
    permissions.require(actor, "certificate.issue", Target(provider_id=row.provider_id))
    if not text.strip():
        raise Refused(Refusal.of("note-missing", field="text"))
    note = BookNote(certificate_id=row.id, text=text.strip(), made_at=clock.now(), made_by_id=actor.person_id)
    db.session.add(note)
    db.session.flush()
    audit.record(actor, "book.noted", row, after={"note": note.text})
    return note
