"""Registration numbers: taken in a row without gaps, held back after a restore until an officer has looked.

Paper may be ahead of a restored database: documents were printed after the backup was made. So nothing is issued
until somebody with the register book in hand has said which number of each series was used last.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select, update

from retrain import audit, clock
from retrain.audit import Actor
from retrain.audit.models import AuditEntry
from retrain.certificates.models import Certificate, NumberCounter
from retrain.database import dialect
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import permissions, settings
from retrain.people.permissions import Target
from retrain.refusal import Refusal, Refused

RESTORED, CONFIRMED = "backup.restored", "certificates.numbers_confirmed"
"""What the audit says when a backup came back, and when a provider's numbers were looked at after it."""

Book = tuple[str, int]
"""A series and a year: each counts for itself."""


@dataclass(frozen=True)
class Last:
    """The last number of a series in a year that the database knows; 0 for none."""

    series: str
    year: int
    number: int


def are_held(provider_id: int) -> bool:
    """Whether the provider's numbers wait to be looked at since a restore."""
    restored = db.session.scalar(select(func.max(AuditEntry.id)).where(AuditEntry.action == RESTORED))
    if restored is None:
        return False
    confirmed = select(AuditEntry.id).where(
        AuditEntry.action == CONFIRMED, AuditEntry.organisation_id == provider_id, AuditEntry.id > restored
    )
    return db.session.scalar(confirmed.limit(1)) is None


def last_numbers(provider_id: int) -> list[Last]:
    """Every book the provider has begun, and this year's of each series in its settings."""
    known = {
        (row.series, row.year): row.next_number - 1
        for row in db.session.scalars(select(NumberCounter).where(NumberCounter.provider_id == provider_id))
    }
    for series in settings.get(provider_id, "document_series").values():
        known.setdefault((series, clock.today().year), 0)
    return [Last(*book, number) for book, number in sorted(known.items())]


@use_case
def confirm(actor: Actor, provider_id: int, used: Mapping[Book, int]) -> None:
    """These are the last numbers on paper; what is issued next comes after them."""
    permissions.require(actor, "certificate.issue", Target(provider_id=provider_id))
    known = last_numbers(provider_id)
    why = [
        Refusal.of(
            "number-below-known", field=f"{last.series}-{last.year}", series=last.series, known=last.number
        )
        for last in known
        if used.get((last.series, last.year), -1) < last.number
    ]
    if why:
        raise Refused(why)
    for last in known:
        number = used[(last.series, last.year)]
        if number > last.number:
            _raise_to(provider_id, last, number + 1)
    after = {f"{series}/{year}": number for (series, year), number in used.items()}
    audit.record(actor, CONFIRMED, ("organisation", provider_id), after=after)


def _raise_to(provider_id: int, last: Last, number: int) -> None:
    take(provider_id, last.series, last.year, number - last.number - 1)


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
    return list(db.session.scalars(query.order_by(Certificate.number)))
