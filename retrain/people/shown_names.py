"""People's names in the letters of the page that shows them: Cyrillic on Cyrillic pages, for whom they are known.

Documents and exports name people by their own rules; what is stored, audited or sent keeps the name as entered.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from flask import g, has_request_context
from sqlalchemy import ColumnElement, inspect

from retrain import clock
from retrain.extensions import db
from retrain.language.names import full_name
from retrain.people.models import Person, PersonName, Teacher
from retrain.people.queries import display_names, script_of
from retrain.people.states import Script
from retrain.web.language import current_language

Parts = tuple[str, str, str]


def of_person(person: Person) -> str:
    """The person's full name as the page writes it. One question answers it for everybody the session has read."""
    if not _wanted():
        return person.full_name
    known: dict[int, Parts | None] = g.setdefault("cyrillic_names", {}) if has_request_context() else {}
    if person.id not in known:
        held = [each for each in db.session.identity_map.values() if isinstance(each, Person)]
        read: list[int] = [inspect(each).identity[0] for each in held]
        asked = [person.id, *(number for number in read if number not in known)]
        known |= dict.fromkeys(asked) | parts(PersonName.person_id.in_(asked))
    found = known[person.id]
    return full_name(*found) if found else person.full_name


def of_teachers(teacher_ids: Collection[int]) -> dict[int, str]:
    """teacher id → full name, for those of whom the page's letters are known and aren't those it was entered in."""
    if not _wanted() or not teacher_ids:
        return {}
    theirs = db.select(Teacher.id, Teacher.person_id).where(Teacher.id.in_(list(teacher_ids)))
    people = dict(db.session.execute(theirs).tuples().all())
    found = parts(PersonName.person_id.in_(list(people.values())))
    return {number: full_name(*found[person]) for number, person in people.items() if person in found}


def short(person_ids: Collection[int | None]) -> dict[int, str]:
    """person id → family and given name as the page writes them, for many at once."""
    asked = [each for each in person_ids if each]
    found = display_names(asked)
    known = parts(PersonName.person_id.in_(asked)) if asked and _wanted() else {}
    return found | {number: full_name(*known[number][:2], "") for number in found if number in known}


def among(rows: Iterable[dict[str, Any]], key: str = "id") -> list[dict[str, Any]]:
    """Rows of a page with a teacher's number under *key*, their ``name`` as the page writes it."""
    kept = list(rows)
    found = of_teachers([row[key] for row in kept])
    return [row | {"name": found[row[key]]} if row[key] in found else row for row in kept]


def parts(of: ColumnElement[bool]) -> dict[int, Parts]:
    """person id → family, given, patronymic in Cyrillic, where no later name stands in Latin letters alone."""
    query = (
        db.select(
            PersonName.person_id, PersonName.script, PersonName.valid_from,
            PersonName.family, PersonName.given, PersonName.patronymic,
        )
        .where(of, PersonName.valid_from <= clock.today())
        .order_by(PersonName.valid_from)
    )  # fmt: skip
    last: dict[int, date] = {}
    found: dict[int, tuple[date, Parts]] = {}
    for person_id, script, since, *name in db.session.execute(query):
        last[person_id] = since
        if script is Script.CYRILLIC:
            found[person_id] = (since, (name[0], name[1], name[2]))
    return {number: name for number, (since, name) in found.items() if since == last[number]}


def _wanted() -> bool:
    return script_of(current_language()) is Script.CYRILLIC
