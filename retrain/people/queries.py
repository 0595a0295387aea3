"""Who somebody is, where they work on a day, and what an organisation is called on a day."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import g, has_request_context
from sqlalchemy import ColumnElement
from sqlalchemy.orm import joinedload

from retrain import clock
from retrain.database import hot
from retrain.extensions import db
from retrain.language import pick
from retrain.language.keys import search_key
from retrain.people.models import (
    Employment,
    Organisation,
    OrganisationName,
    Person,
    PersonName,
    Role,
    Teacher,
)
from retrain.people.states import OrganisationKind, RoleKind, Script
from retrain.refusal import NotThere


def person(person_id: int) -> Person:
    """The person, or NotThere."""
    found = db.session.get(Person, person_id)
    if found is None:
        raise NotThere
    return found


def named(words: str) -> list[ColumnElement[bool]]:
    """That each of the words is in the person's name, in whichever script it is typed."""
    return [Person.search_key.contains(word, autoescape=True) for word in search_key(words).split()]


def person_by_login(login: str | None) -> Person | None:
    """Whose e-mail address or telephone number this is to sign in with."""
    if not login:
        return None
    return db.session.scalar(db.select(Person).where((Person.email == login) | (Person.phone == login)))


def teacher(teacher_id: int) -> Teacher:
    """The teacher with their person, or NotThere."""
    query = db.select(Teacher).where(Teacher.id == teacher_id).options(joinedload(Teacher.person))
    found = db.session.scalar(query)
    if found is None:
        raise NotThere
    return found


def teacher_of(person_id: int) -> Teacher | None:
    """The person as a teacher, if they are one."""
    return db.session.scalar(db.select(Teacher).where(Teacher.person_id == person_id))


def teacher_by_pinfl(pinfl: str) -> Teacher | None:
    return db.session.scalar(db.select(Teacher).where(Teacher.pinfl == pinfl))


def _living_on(day: date) -> Any:
    return (Employment.since <= day) & (Employment.until.is_(None) | (Employment.until >= day))


def employment_on(teacher_id: int, on: date | None = None) -> Employment | None:
    """Where and as what the teacher works on a day; the later one when two meet on it."""
    day = on or clock.today()
    query = (
        db.select(Employment)
        .where(Employment.teacher_id == teacher_id, _living_on(day))
        .options(joinedload(Employment.organisation))
        .order_by(Employment.since.desc())
    )
    return db.session.scalars(query).first()


def posts_on(teacher_ids: Collection[int], on: date) -> dict[int, str]:
    """teacher id → post on a day, for those employed then; the later employment when two meet on it."""
    query = (
        db.select(Employment.teacher_id, Employment.post)
        .where(Employment.teacher_id.in_(teacher_ids), _living_on(on))
        .order_by(Employment.since)
    )
    return {teacher_id: post or "" for teacher_id, post in db.session.execute(query)}


def employer_on(teacher: Teacher | int, on: date | None = None) -> Organisation | None:
    """The college the teacher works for on a day."""
    found = employment_on(teacher if isinstance(teacher, int) else teacher.id, on)
    return found.organisation if found else None


def employers_on(teacher_ids: Collection[int], on: date | None = None) -> dict[int, int]:
    """teacher id → organisation id on a day, in one query."""
    query = (
        db.select(Employment.teacher_id, Employment.organisation_id)
        .where(Employment.teacher_id.in_(teacher_ids), _living_on(on or clock.today()))
        .order_by(Employment.since)
    )
    return {row.teacher_id: row.organisation_id for row in db.session.execute(query)}


def organisation(code: str) -> Organisation:
    """The organisation with that code, or NotThere."""
    found = db.session.scalar(db.select(Organisation).where(Organisation.code == code))
    if found is None:
        raise NotThere
    return found


def organisation_by_id(organisation_id: int) -> Organisation:
    found = db.session.get(Organisation, organisation_id)
    if found is None:
        raise NotThere
    return found


def zone_of(organisation_id: int | None) -> ZoneInfo:
    """The time zone an organisation keeps; without one, the country's."""
    return zones_of([organisation_id])[organisation_id] if organisation_id else clock.COUNTRY


def zones_of(organisation_ids: Collection[int]) -> dict[int, ZoneInfo]:
    """The time zones of several organisations, each read once a request."""
    kept: dict[int, ZoneInfo] = g.setdefault("zones", {}) if has_request_context() else {}
    if lacking := set(organisation_ids) - kept.keys():
        rows = hot.execute(_zones(), {"numbers": list(lacking)})
        kept.update({number: ZoneInfo(name) for number, name in rows})
    return kept


def note_zones(names: Mapping[int, str]) -> None:
    """Keep time zones that came along with something else, so that they aren't asked for again in this request."""
    if has_request_context():
        g.setdefault("zones", {}).update({number: ZoneInfo(name) for number, name in names.items()})


@hot.kept
def _zones() -> Any:
    return db.select(Organisation.id, Organisation.timezone).where(
        Organisation.id.in_(db.bindparam("numbers", expanding=True))
    )


def organisation_names(
    organisation_ids: Collection[int | None], on: date | None = None
) -> dict[int, dict[str, str]]:
    """id → its name in each language on a day (the first name before there was one), in one query."""
    day = on or clock.today()
    found: dict[int, dict[str, str]] = {}
    asked = {"numbers": [each for each in organisation_ids if each]}
    for organisation_id, valid_from, names in hot.execute(_organisation_names(), asked):
        if valid_from <= day or organisation_id not in found:
            found[organisation_id] = names
    return found


@hot.kept
def _organisation_names() -> Any:
    return (
        db.select(OrganisationName.organisation_id, OrganisationName.valid_from, OrganisationName.names)
        .where(OrganisationName.organisation_id.in_(db.bindparam("numbers", expanding=True)))
        .order_by(OrganisationName.valid_from)
    )


def name_of(organisation_id: Any, today: Any) -> Any:
    """The same for one organisation, as part of another question."""
    return (
        db.select(OrganisationName.names)
        .where(OrganisationName.organisation_id == organisation_id)
        .order_by(
            (OrganisationName.valid_from <= today).desc(),
            db.case((OrganisationName.valid_from <= today, OrganisationName.valid_from)).desc(),
            OrganisationName.valid_from,
        )
        .limit(1)
        .scalar_subquery()
    )


def organisation_name(of: Organisation | int, on: date | None = None, lang: str = "uz") -> str:
    """What the organisation is called on a day in a language."""
    number = of if isinstance(of, int) else of.id
    return pick(organisation_names([number], on).get(number), lang)


def providers() -> list[Organisation]:
    """Those that give courses, by code."""
    query = db.select(Organisation).where(Organisation.is_provider, Organisation.closed_on.is_(None))
    return list(db.session.scalars(query.order_by(Organisation.code)))


def open_organisations() -> list[Organisation]:
    """All that are not closed, by code."""
    query = db.select(Organisation).where(Organisation.closed_on.is_(None)).order_by(Organisation.code)
    return list(db.session.scalars(query))


def colleges() -> list[Organisation]:
    """Colleges that are open, by code."""
    query = db.select(Organisation).where(
        Organisation.kind == OrganisationKind.COLLEGE, Organisation.closed_on.is_(None)
    )
    return list(db.session.scalars(query.order_by(Organisation.code)))


def script_of(lang: str) -> Script:
    """The script a language is written in."""
    return Script.CYRILLIC if lang in ("uz-Cyrl", "ru") else Script.LATIN


def names(
    of: Person, script: Script | None = None, lang: str | None = None, on: date | None = None
) -> tuple[str, str, str]:
    """Family, given and patronymic in a script on a day; in the other script when there is only that."""
    wanted = script or (script_of(lang) if lang else None)
    return names_of([of], wanted, on)[of.id]


def names_of(
    people: Collection[Person], script: Script | None = None, on: date | None = None
) -> dict[int, tuple[str, str, str]]:
    """person id → (family, given, patronymic), for many at once."""
    day = on or clock.today()
    query = (
        db.select(PersonName)
        .where(PersonName.person_id.in_([each.id for each in people]), PersonName.valid_from <= day)
        .order_by(PersonName.valid_from)
    )
    found = {each.id: (each.family, each.given, each.patronymic) for each in people}
    if on is None and script is None:
        return found
    best: dict[int, tuple[bool, PersonName]] = {}
    for row in db.session.scalars(query):
        fits = script is None or row.script == script
        if row.person_id not in best or fits or not best[row.person_id][0]:
            best[row.person_id] = (fits, row)
    return found | {number: (row.family, row.given, row.patronymic) for number, (_, row) in best.items()}


def whole_names(
    people: Collection[Person], script: Script | None = None, on: date | None = None
) -> dict[int, str]:
    """person id → family, given name and patronymic in one line, for many at once; see :func:`names_of`."""
    found = names_of(people, script, on)
    return {number: " ".join(part for part in name if part) for number, name in found.items()}


def display_names(person_ids: Collection[int | None]) -> dict[int, str]:
    """person id → family and given name, for many at once."""
    asked = [each for each in person_ids if each]
    if not asked:
        return {}
    query = db.select(Person.id, Person.family, Person.given).where(Person.id.in_(asked))
    return {number: f"{family} {given}".strip() for number, family, given in db.session.execute(query)}


def living_roles(person_id: int, on: date | None = None) -> list[Role]:
    """The roles a person may use on a day, in the order they were given."""
    query = (
        db.select(Role)
        .where(Role.person_id == person_id, role_lives(on or clock.today()))
        .options(joinedload(Role.organisation))
        .order_by(Role.since, Role.id)
    )
    return list(db.session.scalars(query))


def role_lives(day: Any) -> Any:
    """The condition that a role may be used on *day*, a date or a parameter that will be one."""
    return (Role.since <= day) & (Role.until.is_(None) | (Role.until >= day))


def holders(organisation_id: int, kind: RoleKind | None = None, on: date | None = None) -> list[Person]:
    """Who holds a role, or one of that kind, in an organisation on a day."""
    query = (
        db.select(Person)
        .join(Role, Role.person_id == Person.id)
        .where(Role.organisation_id == organisation_id, role_lives(on or clock.today()))
        .where(*([Role.kind == kind] if kind else []))
        .where(Person.disabled_at.is_(None), Person.merged_into_id.is_(None), Person.erased_at.is_(None))
        .order_by(Person.sort_key)
        .distinct()
    )
    return list(db.session.scalars(query))
