"""What a person may have of what is known about them: a copy, and on request its erasure.

The copy holds all that ``holdings`` calls the person's own and what hangs on it, and what packages add in
``EXPORTERS``. What is kept whatever is asked is in ``privacy_keeping``, how the rest goes in ``privacy_erasing``.
"""

from collections.abc import Callable
from typing import Any

from retrain import audit, clock, messages
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import holdings, permissions, queries
from retrain.people.models import (
    AccountSession,
    Employment,
    ErasureRequest,
    Person,
    PersonName,
    Teacher,
)
from retrain.people.permissions import Target
from retrain.people.privacy_erasing import erase
from retrain.people.states import RequestState
from retrain.refusal import Forbidden, NotThere, Refusal, Refused

EXPORTERS: list[Callable[[int, int | None], dict[str, Any]]] = []
"""(person id, teacher id) → what a package holds, as plain JSON under its own name."""


def exporter(
    held: Callable[[int, int | None], dict[str, Any]],
) -> Callable[[int, int | None], dict[str, Any]]:
    """Have *held* asked for each copy."""
    EXPORTERS.append(held)
    return held


NOT_COPIED = ("password_hash", "totp_secret", "totp_step", "sort_key", "search_key")
"""Columns of a person that are keys to the account or made from others."""


def export_of(actor: Actor) -> dict[str, Any]:
    """Everything held about the actor themself, as plain JSON."""
    if actor.person_id is None:
        raise Forbidden
    person = queries.person(actor.person_id)
    teacher = queries.teacher_of(person.id)
    ids = {"person": person.id, "teacher": teacher.id if teacher else None}
    data: dict[str, Any] = {
        "exported_at": clock.now().isoformat(),
        "person": holdings.rows(db.select(Person.__table__).where(Person.id == person.id), NOT_COPIED)[0],
        "names": holdings.rows(db.select(PersonName.__table__).where(PersonName.person_id == person.id)),
        "sessions": holdings.rows(
            db.select(AccountSession.__table__).where(AccountSession.person_id == person.id), ("digest",)
        ),
    }
    if teacher is not None:
        data["teacher"] = holdings.rows(
            db.select(Teacher.__table__).where(Teacher.id == teacher.id), ("lock",)
        )[0]
        data["employments"] = holdings.rows(
            db.select(Employment.__table__).where(Employment.teacher_id == teacher.id)
        )
    data |= holdings.copy_of(ids)
    for held in EXPORTERS:
        data |= held(person.id, ids["teacher"])
    return data


@use_case
def note_export(actor: Actor) -> None:
    """That a person took a copy of their data is on record."""
    audit.record(actor, "person.exported", ("person", actor.person_id))


@use_case
def ask_for_erasure(actor: Actor, why: str) -> ErasureRequest:
    """The person asks to be erased; an administrator answers."""
    if actor.person_id is None:
        raise Forbidden
    if open_request(actor.person_id) is not None:
        raise Refused(Refusal.of("asked-already"))
    row = ErasureRequest(person_id=actor.person_id, why=why.strip()[:2000], asked_at=clock.now())
    db.session.add(row)
    audit.record(actor, "erasure.asked", row)
    return row


@use_case
def take_back_request(actor: Actor) -> None:
    """The person thinks better of it."""
    row = open_request(actor.person_id or 0)
    if row is not None:
        row.state, row.decided_at = RequestState.TAKEN_BACK, clock.now()
        audit.record(actor, "erasure.taken_back", row)


def open_request(person_id: int) -> ErasureRequest | None:
    """The person's request that nobody has answered."""
    return db.session.scalar(
        db.select(ErasureRequest).where(
            ErasureRequest.person_id == person_id, ErasureRequest.state == RequestState.ASKED
        )
    )


def open_requests() -> list[ErasureRequest]:
    """Every request nobody has answered, the oldest first."""
    query = db.select(ErasureRequest).where(ErasureRequest.state == RequestState.ASKED)
    return list(db.session.scalars(query.order_by(ErasureRequest.asked_at)))


def request_by_id(request_id: int) -> ErasureRequest:
    """The request, or NotThere."""
    row = db.session.get(ErasureRequest, request_id)
    if row is None:
        raise NotThere
    return row


@use_case
def answer_request(actor: Actor, request_id: int, erase_it: bool, answer: str) -> ErasureRequest:
    """Erase, or refuse with a reason."""
    permissions.require(actor, "person.manage", Target())
    row = db.session.get(ErasureRequest, request_id, with_for_update=True)
    if row is None:
        raise NotThere
    if row.state is not RequestState.ASKED:
        raise Refused(Refusal.of("answered-already"))
    if not erase_it and not answer.strip():
        raise Refused(Refusal.of("answer-missing", field="answer"))
    row.state = RequestState.DONE if erase_it else RequestState.REFUSED
    row.decided_at, row.decided_by_id, row.answer = clock.now(), actor.person_id, answer.strip()
    if erase_it:
        row.kept = erase(actor, row.person_id)
    if not erase_it:
        messages.later(
            row.person_id, "people.erasure_answered", {"answer": row.answer}, key=f"erasure.answered:{row.id}"
        )
    audit.record(actor, "erasure.answered", row, after={"state": row.state, "kept": row.kept})
    return row
