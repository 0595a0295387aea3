"""What a person may have of what is known about them: a copy, and on request its erasure.

The copy holds all that ``holdings`` calls the person's own, and what packages add in ``EXPORTERS``; ``KEEPERS``
say what the law makes them keep, ``FORGETTERS`` take away the rest.
"""

from collections.abc import Callable
from typing import Any

from retrain import audit, clock, messages
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import holdings, permissions, queries
from retrain.people.accounts import end_sessions
from retrain.people.models import (
    AccountSession,
    Employment,
    ErasureRequest,
    OneTimeCode,
    Person,
    PersonName,
    Role,
    Teacher,
)
from retrain.people.permissions import Target
from retrain.people.states import RequestState
from retrain.refusal import Forbidden, NotThere, Refusal, Refused

EXPORTERS: list[Callable[[int, int | None], dict[str, Any]]] = []
"""(person id, teacher id) → what a package holds, as plain JSON under its own name."""

KEEPERS: list[Callable[[int, int | None], list[str]]] = []
"""(person id, teacher id) → codes of what must be kept: ``certificates``, ``orders``. Worded in ``wording.KEPT``."""

FORGETTERS: list[Callable[[int], None]] = []
"""person id → nothing: what goes in any case, such as messages."""


def exporter(
    held: Callable[[int, int | None], dict[str, Any]],
) -> Callable[[int, int | None], dict[str, Any]]:
    """Have *held* asked for each copy."""
    EXPORTERS.append(held)
    return held


def keeper(kept: Callable[[int, int | None], list[str]]) -> Callable[[int, int | None], list[str]]:
    """Have *kept* asked before anybody is erased."""
    KEEPERS.append(kept)
    return kept


def forgetter(forget: Callable[[int], None]) -> Callable[[int], None]:
    """Have *forget* called when a person is erased."""
    FORGETTERS.append(forget)
    return forget


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


def what_is_kept(person_id: int) -> list[str]:
    """Codes of what would have to be kept of a person."""
    teacher = queries.teacher_of(person_id)
    return sorted({code for kept in KEEPERS for code in kept(person_id, teacher.id if teacher else None)})


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


@use_case
def erase(actor: Actor, person_id: int) -> list[str]:
    """Take away all that need not be kept; the codes of what is."""
    permissions.require(actor, "person.manage", Target())
    kept = what_is_kept(person_id)
    person = db.session.get_one(Person, person_id, with_for_update=True)
    end_sessions(actor, person_id)
    db.session.execute(db.delete(AccountSession).where(AccountSession.person_id == person_id))
    db.session.execute(db.delete(OneTimeCode).where(OneTimeCode.person_id == person_id))
    person.email = person.phone = person.contact_email = person.contact_phone = person.telegram = None
    person.password_hash = person.totp_secret = None
    person.erased_at = clock.now()
    for role in db.session.scalars(db.select(Role).where(Role.person_id == person_id, Role.until.is_(None))):
        role.until = max(role.since, clock.today())
    for forget in FORGETTERS:
        forget(person_id)
    if not kept:
        _forget_who(person)
    audit.record(actor, "person.erased", person, after={"kept": kept})
    return kept


def _forget_who(person: Person) -> None:
    """No document bears the name: it goes too, with the number."""
    person.family, person.given, person.patronymic = "—", "—", ""
    person.sort_key = person.search_key = ""
    db.session.execute(db.delete(PersonName).where(PersonName.person_id == person.id))
    teacher = db.session.scalar(db.select(Teacher).where(Teacher.person_id == person.id))
    if teacher is not None:
        teacher.pinfl, teacher.birth_date, teacher.sex = None, None, None
        teacher.document_country, teacher.document_number = "--", f"erased-{teacher.id}"
        teacher.specialities, teacher.category = [], ""
