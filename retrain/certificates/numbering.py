"""Registration numbers: taken in a row without gaps, held back after a restore until an officer has looked.

Paper may be ahead of a restored database: documents were printed after the backup was made. So nothing is issued
until somebody with the register book in hand has said which number of each series was used last.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from retrain import audit, clock
from retrain.audit import Actor
from retrain.audit.models import AuditEntry
from retrain.certificates.models import Certificate, NumberCounter
from retrain.database import dialect
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import configuring, permissions, settings
from retrain.people.permissions import Target
from retrain.refusal import Refusal, Refused

CONFIRMED = "certificates.numbers_confirmed"
"""What the audit says when a provider's numbers were looked at after a restore."""

HELD = "numbers_held"
"""The program's note that a backup came back. The audit can't say so when the backup has another key."""


@dataclass(frozen=True)
class Last:
    """The last number of a series in a year that the database knows; 0 for none."""

    series: str
    year: int
    number: int

    @property
    def name(self) -> str:
        """The book as addresses and files call it."""
        return f"{self.series}-{self.year}"


@use_case
def hold() -> None:
    """From now on every series of every provider waits for an officer's word."""
    configuring.note(HELD, {})


def held_series(provider_id: int) -> frozenset[str]:
    """The provider's series that nobody has looked at since a restore."""
    return frozenset(row.series for row in to_confirm(provider_id))


def to_confirm(provider_id: int) -> list[Last]:
    """This year's book of each series that is held: the one its next number would be taken from."""
    restored = configuring.noted(HELD)
    if restored is None:
        return []
    confirmations = select(AuditEntry.after).where(
        AuditEntry.action == CONFIRMED,
        AuditEntry.subject_type == "organisation",
        AuditEntry.subject_id == str(provider_id),
        AuditEntry.at >= restored,
    )
    confirmed = {
        book.rpartition("/")[0] for after in db.session.scalars(confirmations) for book in after or {}
    }
    year = clock.today().year
    return [row for row in last_numbers(provider_id) if row.year == year and row.series not in confirmed]


def last_numbers(provider_id: int) -> list[Last]:
    """Every book the provider has begun, and this year's of each of its series."""
    year = clock.today().year
    known = {
        (row.series, row.year): row.next_number - 1
        for row in db.session.scalars(select(NumberCounter).where(NumberCounter.provider_id == provider_id))
    }
    for series in {*settings.get(provider_id, "document_series").values(), *(book[0] for book in known)}:
        known.setdefault((series, year), 0)
    return [Last(*book, number) for book, number in sorted(known.items())]


@use_case
def confirm(actor: Actor, provider_id: int, used: Mapping[str, int]) -> None:
    """series → the last number on paper this year; what is issued next in the series comes after it."""
    permissions.require(actor, "certificate.numbers", Target(provider_id=provider_id))
    books = [row for row in to_confirm(provider_id) if row.series in used]
    if not books:
        raise Refused(Refusal.of("numbers-unwritten"))
    why = [
        Refusal.of("number-below-known", field=f"series-{row.series}", series=row.series, known=row.number)
        for row in books
        if used[row.series] < row.number
    ]
    if why:
        raise Refused(why)
    for row in books:
        if more := used[row.series] - row.number:
            take(provider_id, row.series, row.year, more)
    audit.record(
        actor, CONFIRMED, ("organisation", provider_id),
        before={f"{row.series}/{row.year}": row.number for row in books},
        after={f"{row.series}/{row.year}": used[row.series] for row in books},
    )  # fmt: skip


def take(provider_id: int, series: str, year: int, count: int) -> int:
    """The first of *count* numbers in a row; the counter's row is locked until the transaction ends."""
    key = {"provider_id": provider_id, "series": series, "year": year}
    dialect.insert_ignoring(db.session(), NumberCounter.__table__, [{**key, "next_number": 1}])
    after = db.session.execute(
        update(NumberCounter)
        .filter_by(**key)
        .values(next_number=NumberCounter.next_number + count)
        .returning(NumberCounter.next_number)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    return int(after) - count


def register(provider_id: int, series: str, year: int) -> list[Certificate]:
    """The register book of a series and year: every document, ended ones too, in the order of the numbers."""
    query = select(Certificate).where(
        Certificate.provider_id == provider_id, Certificate.series == series, Certificate.year == year
    )
    return list(db.session.scalars(query.options(joinedload(Certificate.run)).order_by(Certificate.number)))
