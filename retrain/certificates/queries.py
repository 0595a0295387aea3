"""What issuing, printing and checking read."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, bindparam, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased, joinedload

from retrain.catalogue.models import Run
from retrain.certificates.models import Certificate, CertificateEvent, HandOver, PublishedHead, SigningKey
from retrain.certificates.states import LIVING, VALID, CertificateState
from retrain.completion.models import Decision
from retrain.completion.states import Outcome
from retrain.database import hot
from retrain.database.rows import only
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.people.models import Person, Teacher

SHOWN = (
    "state",
    "frozen",
    "series",
    "number",
    "document_type",
    "ended_on",
    "end_reason",
    "end_order",
    "end_order_on",
    "token",
)
"""The columns of a certificate that anybody who holds the document may see something of."""

Decided = tuple[Enrolment, Person, Decision]
"""Somebody's enrolment, who it is, and what was decided."""


_LAST = (
    select(CertificateEvent)
    .where(CertificateEvent.certificate_id == Certificate.id)
    .order_by(CertificateEvent.id.desc())
    .limit(1)
    .correlate(Certificate)
)
_SINCE = _LAST.with_only_columns(CertificateEvent.at).scalar_subquery()
_PLACE = _LAST.with_only_columns(CertificateEvent.position).scalar_subquery()
_BOUND_BY = (
    select(func.min(PublishedHead.on_date))
    .where(PublishedHead.log == "certificates", PublishedHead.size > _PLACE)
    .correlate(Certificate)
    .scalar_subquery()
)
_SUCCESSOR = aliased(Certificate)


def by_token(token: str) -> Certificate | None:
    """The certificate a QR code leads to."""
    return db.session.scalar(select(Certificate).where(Certificate.token == token))


def checked(token: str) -> Any:
    """What the public check shows of a document, as plain columns: of everything that is asked, this is asked most.

    With since when the log tells of it as it stands, and the first head that binds it.
    """
    return hot.execute(_checked(), {"token": token}).first()


@hot.kept
def _checked() -> Any:
    return (
        select(
            *(getattr(Certificate, name) for name in SHOWN),
            _SUCCESSOR.series.label("successor_series"),
            _SUCCESSOR.number.label("successor_number"),
            _SINCE.label("since"),
            _BOUND_BY.label("head"),
        )
        .outerjoin(_SUCCESSOR, _SUCCESSOR.id == Certificate.replaced_by_id)
        .where(Certificate.token == bindparam("token"))
    )


def by_number(series: str, number: int, code: str) -> list[Certificate]:
    """Certificates that bear *series*, *number* and *code*: hardly ever more than one, however many providers count."""
    return list(
        db.session.scalars(
            select(Certificate)
            .where(Certificate.series == series, Certificate.number == number, Certificate.check_code == code)
            .limit(2)
        )
    )


def by_file_digests(digests: Sequence[str]) -> list[Certificate]:
    """Certificates whose own file has one of these digests."""
    return list(db.session.scalars(select(Certificate).where(Certificate.file_digest.in_(digests))))


def last_issued_at(provider_id: int, series: str) -> datetime | None:
    """When the provider's last document of the series was issued."""
    wanted = select(Certificate.issued_at).where(
        Certificate.provider_id == provider_id, Certificate.series == series
    )
    last = wanted.order_by(Certificate.year.desc(), Certificate.number.desc()).limit(1)
    return db.session.scalar(last)


def is_key_of_ours(fingerprint: str) -> bool:
    """Whether a provider has ever signed with the key."""
    wanted = select(SigningKey.id).where(SigningKey.fingerprint == fingerprint).limit(1)
    return db.session.scalar(wanted) is not None


def certificate(certificate_id: int, *, for_update: bool = False) -> Certificate:
    """The certificate, or :class:`NotThere`."""
    return only(
        select(Certificate).where(Certificate.id == certificate_id), certificate_id, for_update=for_update
    )


def of_run(run_id: int) -> list[Certificate]:
    """The run's certificates in the order of their numbers."""
    return list(
        db.session.scalars(
            select(Certificate)
            .options(joinedload(Certificate.enrolment))
            .where(Certificate.run_id == run_id)
            .order_by(Certificate.series, Certificate.year, Certificate.number)
        )
    )


def of_person(person_id: int) -> list[Certificate]:
    """Living certificates of one person, the latest first."""
    return list(
        db.session.scalars(
            select(Certificate)
            .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
            .join(Teacher, Teacher.id == Enrolment.teacher_id)
            .where(Teacher.person_id == person_id, Certificate.state.in_(LIVING))
            .order_by(Certificate.issued_at.desc())
        )
    )


def living_of(enrolment_ids: Sequence[int]) -> list[Certificate]:
    """The living certificates of these enrolments."""
    if not enrolment_ids:
        return []
    query = select(Certificate).where(Certificate.enrolment_id.in_(enrolment_ids))
    return list(db.session.scalars(query.where(Certificate.state.in_(LIVING))))


def of_teacher(teacher_id: int) -> list[Certificate]:
    """Every document of a teacher that has left the office, ended ones too, the latest first."""
    return list(
        db.session.scalars(
            select(Certificate)
            .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
            .where(Enrolment.teacher_id == teacher_id, Certificate.state != CertificateState.PREPARED)
            .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
        )
    )


def decided(run_id: int) -> list[Decided]:
    """Everyone with a decision, in the order of the group list."""
    rows = db.session.execute(
        select(Enrolment, Person, Decision)
        .join(Decision, Decision.enrolment_id == Enrolment.id)
        .join(Teacher, Teacher.id == Enrolment.teacher_id)
        .join(Person, Person.id == Teacher.person_id)
        .where(Enrolment.run_id == run_id)
        .order_by(Person.sort_key, Enrolment.id)
    )
    return [tuple(row) for row in rows]


def hand_overs(certificate_ids: Sequence[int]) -> dict[int, HandOver]:
    """certificate id → how it was handed over."""
    rows = db.session.scalars(select(HandOver).where(HandOver.certificate_id.in_(certificate_ids)))
    return {row.certificate_id: row for row in rows}


def replaced_ones(certificate_ids: Sequence[int]) -> dict[int, str]:
    """certificate id → the number of the document in whose place it was issued, of another year's book too."""
    query = select(Certificate.replaced_by_id, Certificate.registration_number)
    rows = db.session.execute(query.where(Certificate.replaced_by_id.in_(certificate_ids))).tuples()
    return {new: old for new, old in rows if new is not None}


def progress(run_ids: Sequence[int]) -> dict[int, tuple[int, int, int]]:
    """run id → (who is to have a document, issued, handed over), for the term board."""
    due = (
        select(Enrolment.run_id, literal("due").label("what"), func.count())
        .join(Decision, Decision.enrolment_id == Enrolment.id)
        .where(Enrolment.run_id.in_(run_ids), Decision.outcome == Outcome.COMPLETED)
        .where(or_(~_documents().exists(), _documents().where(Certificate.state.in_(LIVING)).exists()))
        .group_by(Enrolment.run_id)
    )
    issued = (
        select(Certificate.run_id, cast(Certificate.state, String), func.count())
        .where(Certificate.run_id.in_(run_ids), Certificate.state.in_(VALID))
        .group_by(Certificate.run_id, Certificate.state)
    )
    table: dict[int, Counter[str]] = defaultdict(Counter)
    for run_id, what, count in db.session.execute(union_all(due, issued)).tuples():
        table[run_id][what] = count
    return {
        run_id: (found["due"], found.total() - found["due"], found[CertificateState.HANDED_OVER])
        for run_id, found in table.items()
    }


def _documents() -> Select[tuple[int]]:
    """Every document of an enrolment in the query around it."""
    return select(Certificate.id).where(Certificate.enrolment_id == Enrolment.id).correlate(Enrolment)


def runs_to_issue(provider_id: int) -> list[Run]:
    """Finished runs of a provider where somebody completed and never had a document, the oldest first."""
    return list(
        db.session.scalars(
            select(Run)
            .options(joinedload(Run.version))
            .where(
                Run.provider_id == provider_id,
                Run.id.in_(
                    select(Enrolment.run_id)
                    .join(Decision, Decision.enrolment_id == Enrolment.id)
                    .where(Decision.outcome == Outcome.COMPLETED, ~_documents().exists())
                ),
            )
            .order_by(Run.ends_on)
        )
    )


def runs_issued(provider_id: int, limit: int = 50) -> list[tuple[Run, int]]:
    """Runs with documents and how many, the latest first."""
    rows = db.session.execute(
        select(Run, func.count(Certificate.id))
        .join(Certificate, Certificate.run_id == Run.id)
        .where(Run.provider_id == provider_id)
        .group_by(Run.id)
        .order_by(func.max(Certificate.issued_at).desc())
        .limit(limit)
    )
    return [(run, count) for run, count in rows]


def runs_of_college(college_id: int, limit: int = 50) -> list[tuple[Run, int]]:
    """Runs on which a college's teachers have documents, and how many, the latest first."""
    counts = (
        select(
            Certificate.run_id, func.count().label("number"), func.max(Certificate.issued_at).label("last")
        )
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .where(Enrolment.organisation_id == college_id, Certificate.state.in_(VALID))
        .group_by(Certificate.run_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Run, counts.c.number)
        .join(counts, counts.c.run_id == Run.id)
        .options(joinedload(Run.version))
        .order_by(counts.c.last.desc(), Run.id.desc())
        .limit(limit)
    )
    return [(run, count) for run, count in rows]


def prepared_of(provider_id: int) -> Select[tuple[Certificate]]:
    """The provider's documents that are dated ahead and not issued yet."""
    return select(Certificate).where(
        Certificate.provider_id == provider_id, Certificate.state == CertificateState.PREPARED
    )


def providers_with_prepared() -> list[int]:
    """Providers that have any."""
    waiting = select(Certificate.provider_id).where(Certificate.state == CertificateState.PREPARED)
    return list(db.session.scalars(waiting.distinct().order_by(Certificate.provider_id)))


def runs_to_sign(provider_id: int) -> list[tuple[str, int]]:
    """The provider's runs with prepared documents that nobody has signed, and how many."""
    rows = db.session.execute(
        select(Run.code, func.count(Certificate.id))
        .join(Certificate, Certificate.run_id == Run.id)
        .where(Certificate.provider_id == provider_id, Certificate.state == CertificateState.PREPARED)
        .group_by(Run.code)
        .order_by(Run.code)
    )
    return [(code, count) for code, count in rows]
