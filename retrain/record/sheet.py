"""A teacher's whole record, put together for the page and for paper."""

from dataclasses import dataclass

from retrain.audit import Actor
from retrain.people.models import Teacher
from retrain.record import external_queries, queries
from retrain.record.models import ExternalCertificate, Qualification
from retrain.record.parts import PaperLine, RunLine
from retrain.record.queries import Year
from retrain.record.rules import Due
from retrain.record.states import CreditKind
from retrain.web import work


@dataclass(frozen=True)
class Sheet:
    """Everything a teacher has to show, and what is due."""

    teacher: Teacher
    due: Due
    years: list[Year]
    kinds: tuple[CreditKind, ...]
    """The kinds of hours there are, for the columns of the table by year."""
    runs: list[RunLine]
    documents: list[PaperLine]
    external: list[ExternalCertificate]
    qualifications: list[Qualification]

    @property
    def total(self) -> int:
        """All hours together."""
        return sum(year.hours for year in self.years)

    @property
    def of_kinds(self) -> dict[CreditKind, int]:
        """kind → hours of all years."""
        return {kind: sum(year.of_kind(kind) for year in self.years) for kind in self.kinds}


def sheet(actor: Actor, teacher: Teacher) -> Sheet:
    """The whole record of *teacher* for *actor*; later stages add what they know, with links the actor may follow."""
    earned = queries.credits_of(teacher.id)
    runs: list[RunLine] = work.gather("record_runs", teacher.id, actor)
    documents: list[PaperLine] = work.gather("record_documents", teacher.id, actor)
    return Sheet(
        teacher=teacher,
        due=queries.next_due(teacher.id),
        years=queries.by_year(earned),
        kinds=tuple(kind for kind in CreditKind if any(credit.kind is kind for credit in earned)),
        runs=sorted(runs, key=lambda line: line.starts_on, reverse=True),
        documents=sorted(documents, key=lambda line: line.issued_on, reverse=True),
        external=external_queries.of_teacher(teacher.id),
        qualifications=queries.qualifications(teacher.id),
    )
