"""Documents as they are issued: with their numbers, frozen, logged, and told to the people, all in one go.

Those dated ahead get their numbers and what they say now; the log and the people hear of them on their day.
"""

from collections.abc import Sequence

from retrain import audit, clock, messages
from retrain.audit import Actor
from retrain.certificates import check_code, freezing, queries, rules
from retrain.certificates.log import public_log
from retrain.certificates.models import Certificate
from retrain.certificates.states import CertificateState, EventKind
from retrain.certificates.verification import lookup
from retrain.extensions import db


def issue(
    actor: Actor,
    shared: freezing.Issue,
    series: str,
    first: int,
    rows: Sequence[queries.Decided],
    like: freezing.Like | None = None,
) -> list[Certificate]:
    """Documents for all of *rows*, numbered from *first* on; what they bring goes into each table at once."""
    found = _written(actor, shared, series, first, rows, CertificateState.ISSUED, like)
    announce(
        actor, [(row, person.id) for row, (_enrolment, person, _decision) in zip(found, rows, strict=True)]
    )
    return found


def prepare(
    actor: Actor, shared: freezing.Issue, series: str, first: int, rows: Sequence[queries.Decided]
) -> list[Certificate]:
    """The same for a day to come: they can be printed and signed on paper, and prove nothing until then."""
    found = _written(actor, shared, series, first, rows, CertificateState.PREPARED)
    audit.record_many(
        actor,
        "certificate.prepared",
        (
            (
                ("certificate", row.id),
                {"number": row.registration_number, "digest": row.digest, "day": shared.day},
            )
            for row in found
        ),
    )
    return found


def announce(actor: Actor, issued: Sequence[tuple[Certificate, int]]) -> None:
    """Have the log, the audit and the people told that documents are issued now; each with whose it is."""
    found = [row for row, _person_id in issued]
    public_log.tell(found, EventKind.ISSUED)
    audit.record_many(
        actor,
        "certificate.issued",
        (
            (("certificate", row.id), {"number": row.registration_number, "digest": row.digest})
            for row in found
        ),
    )
    messages.later_each(
        "certificate.issued",
        (
            messages.Said(
                person_id,
                {
                    "number": row.registration_number,
                    "title": row.run.version.titles,
                    "url": freezing.check_address(row.token),
                },
                key=f"certificate.issued:{row.id}",
                about=("certificate", row.id),
            )
            for row, person_id in issued
        ),
    )


def _written(
    actor: Actor,
    shared: freezing.Issue,
    series: str,
    first: int,
    rows: Sequence[queries.Decided],
    state: CertificateState,
    like: freezing.Like | None = None,
) -> list[Certificate]:
    found = [
        _document(actor, shared, series, number, row, state, like)
        for number, row in enumerate(rows, start=first)
    ]
    db.session.add_all(found)
    db.session.flush()
    return found


def _document(
    actor: Actor,
    shared: freezing.Issue,
    series: str,
    number: int,
    decided: queries.Decided,
    state: CertificateState,
    like: freezing.Like | None,
) -> Certificate:
    row, person, decision = decided
    token = check_code.new_token()
    code = check_code.check_code(lookup.key(), f"{check_code.numbered(series, number)}/{token}")
    registration = rules.registration_number(series, shared.day.year, number)
    numbered = freezing.Numbered(series, number, registration, token, code)
    frozen = freezing.freeze(shared, row, person, decision, numbered, like)
    return Certificate(
        enrolment_id=row.id,
        run_id=row.run_id,
        provider_id=shared.run.provider_id,
        document_type=shared.run.version.document_type,
        series=series,
        year=shared.day.year,
        number=number,
        registration_number=registration,
        token=token,
        check_code=code,
        state=state,
        frozen=frozen,
        digest=freezing.digest(frozen),
        design=shared.design,
        design_version=shared.design_version,
        issued_at=clock.now(),
        issued_by_id=actor.person_id,
    )
