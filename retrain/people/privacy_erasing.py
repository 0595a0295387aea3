"""Erasure: all goes that need not be kept; the name goes too once nothing that is kept needs it any more."""

from collections.abc import Callable
from itertools import islice
from typing import Any

from retrain import audit, clock
from retrain.audit import SYSTEM, Actor
from retrain.database.bulk import delete_where
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import permissions
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
from retrain.people.privacy_keeping import what_is_kept
from retrain.people.privacy_rules import Kept, needing_the_name
from retrain.people.states import Script
from retrain.people.teachers import set_keys

NOBODY = "—"
"""The family and given name of somebody whose name is erased."""

FORGETTERS: list[Callable[[int], None]] = []
"""person id → nothing: what goes in any case, such as messages. The later packages' first."""


def forgetter(forget: Callable[[int], None]) -> Callable[[int], None]:
    """Have *forget* called when a person is erased."""
    FORGETTERS.append(forget)
    return forget


@use_case
def erase(actor: Actor, person_id: int) -> list[str]:
    """Take away all that need not be kept; the codes of what is. Entries merged into the person go with them."""
    permissions.require(actor, "person.manage", Target())
    merged = db.session.scalars(db.select(Person.id).where(Person.merged_into_id == person_id)).all()
    kept = {each.code for number in (*merged, person_id) for each in _erase(actor, number)}
    return sorted(kept)


def _erase(actor: Actor, person_id: int) -> list[Kept]:
    person = db.session.get_one(Person, person_id, with_for_update=True)
    for forget in reversed(FORGETTERS):
        forget(person_id)
    kept = what_is_kept(person_id)
    _close_account(actor, person)
    _forget_what_describes(person)
    if needing_the_name(kept):
        _forget_earlier_names(person)
    else:
        _forget_name(person)
    audit.record(actor, "person.erased", person, after={"kept": {each.code: each.until for each in kept}})
    return kept


def _close_account(actor: Actor, person: Person) -> None:
    """Nobody signs in as them, nothing reaches them, they may do nothing any more."""
    end_sessions(actor, person.id)
    for model in (AccountSession, OneTimeCode):
        _delete(model, model.person_id == person.id)
    person.email = person.phone = person.contact_email = person.contact_phone = person.telegram = None
    person.password_hash = person.totp_secret = person.totp_step = person.activated_at = None
    person.language = Person.__table__.c.language.default.arg
    person.erased_at = person.erased_at or clock.now()
    today = clock.today()
    held = (Role.person_id == person.id) | (Role.delegated_by_id == person.id)
    for role in db.session.scalars(db.select(Role).where(held, Role.until.is_(None) | (Role.until > today))):
        role.until = max(role.since, today)
    for row in db.session.scalars(db.select(ErasureRequest).where(ErasureRequest.person_id == person.id)):
        row.why = ""


def _forget_what_describes(person: Person) -> None:
    """No paper that is kept bears the number, the birthday or the post: they go whatever else stays."""
    teacher = db.session.scalar(db.select(Teacher).where(Teacher.person_id == person.id))
    if teacher is None:
        return
    teacher.pinfl, teacher.birth_date, teacher.sex = None, None, None
    teacher.document_country, teacher.document_number = "--", f"erased-{teacher.id}"
    teacher.specialities, teacher.category = [], ""
    teacher.teaching_since = teacher.languages = teacher.youngest_child_born = None
    teacher.disability = False
    _delete(Employment, Employment.teacher_id == teacher.id)


def _forget_earlier_names(person: Person) -> None:
    """The present name in each script is enough for what is kept."""
    today = clock.today()
    now: dict[Script, PersonName] = {}
    for row in sorted(person.names, key=lambda each: each.valid_from):
        if row.valid_from <= today:
            now[row.script] = row
    for row in list(person.names):
        if row is not now.get(row.script):
            person.names.remove(row)
    set_keys(person)


def _forget_name(person: Person) -> None:
    person.family, person.given, person.patronymic = NOBODY, NOBODY, ""
    person.names.clear()
    person.sort_key = person.search_key = ""


def _delete(model: Any, condition: Any) -> None:
    delete_where(model, condition)
    db.session.expire_all()


@use_case
def finish(limit: int = 200) -> int:
    """Take the names of erased people away that nothing kept needs any more; how many there were."""
    query = db.select(Person).where(Person.erased_at.is_not(None), Person.family != NOBODY)
    erased = db.session.scalars(query.order_by(Person.erased_at)).all()
    over = list(islice((each for each in erased if not needing_the_name(what_is_kept(each.id))), limit))
    for person in over:
        _forget_name(person)
        audit.record(SYSTEM, "person.name_erased", person)
    return len(over)
