"""What is read of a teacher's record."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from retrain.extensions import db
from retrain.people.models import Employment
from retrain.record import rules
from retrain.record.models import Credit, Qualification
from retrain.record.rules import CreditFacts, Due
from retrain.record.states import RENEWING, CreditKind


@dataclass(frozen=True)
class Year:
    """A year's credits and their hours together."""

    year: int
    hours: int
    credits: tuple[Credit, ...]

    def of_kind(self, kind: CreditKind) -> int:
        """The year's hours of one kind."""
        return sum(credit.hours for credit in self.credits if credit.kind is kind)


def credits_of(teacher_id: int) -> list[Credit]:
    """Everything the teacher has earned, the latest first."""
    query = select(Credit).where(Credit.teacher_id == teacher_id)
    return list(db.session.scalars(query.order_by(Credit.on.desc(), Credit.id.desc())))


def by_year(found: list[Credit]) -> list[Year]:
    """The same, year by year."""
    years = dict.fromkeys(credit.year for credit in found)
    grouped = ((year, tuple(credit for credit in found if credit.year == year)) for year in years)
    return [Year(year, sum(credit.hours for credit in group), group) for year, group in grouped]


def qualifications(teacher_id: int) -> list[Qualification]:
    """The specialities the teacher has obtained, the latest first."""
    query = select(Qualification).where(Qualification.teacher_id == teacher_id)
    return list(db.session.scalars(query.order_by(Qualification.on.desc(), Qualification.id.desc())))


def next_due(teacher_id: int) -> Due:
    """By when the teacher's next training is due."""
    facts = [CreditFacts(credit.kind, credit.on, credit.hours) for credit in credits_of(teacher_id)]
    first = db.session.scalar(select(func.min(Employment.since)).where(Employment.teacher_id == teacher_id))
    return rules.next_due(facts, first)


def due_dates(teacher_ids: Collection[int]) -> dict[int, date]:
    """teacher id → by when the next training is due, for many at once; who has nothing to count from is left out."""
    first = select(Employment.teacher_id, func.min(Employment.since)).where(
        Employment.teacher_id.in_(teacher_ids)
    )
    starts = dict(db.session.execute(first.group_by(Employment.teacher_id)).tuples().all())
    return {
        number: rules.add_months(day, rules.YEARS * 12)
        for number, day in (starts | last_renewal(teacher_ids)).items()
    }


def specialities_of(teacher_ids: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """teacher id → the specialities obtained by retraining, each with its document, for many at once."""
    query = select(Qualification.teacher_id, Qualification.speciality, Qualification.document)
    found: dict[int, list[tuple[str, str]]] = {}
    for number, speciality, document in db.session.execute(
        query.where(Qualification.teacher_id.in_(teacher_ids)).order_by(Qualification.id)
    ):
        found.setdefault(number, []).append((speciality, document))
    return found


def last_renewal(teacher_ids: Collection[int]) -> dict[int, date]:
    """teacher id → the day of the last training that renews, for many at once."""
    query = select(Credit.teacher_id, func.max(Credit.on)).where(
        Credit.teacher_id.in_(teacher_ids), Credit.kind.in_(RENEWING)
    )
    return dict(db.session.execute(query.group_by(Credit.teacher_id)).tuples().all())


def by_source(source: str) -> Credit | None:
    """What was earned by *source*, if it was counted."""
    return db.session.scalar(select(Credit).where(Credit.source == source))
