"""Lists of teachers, accounts and organisations: found, narrowed, sorted, paged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_sqlalchemy.pagination import Pagination

from retrain import clock
from retrain.audit import Actor
from retrain.extensions import db
from retrain.language.keys import search_key
from retrain.people import permissions, queries
from retrain.people.models import Employment, Organisation, OrganisationName, Person, Teacher
from retrain.people.permissions import Scope
from retrain.people.queries import organisation_names

PER_PAGE = 50


@dataclass(frozen=True)
class StaffRow:
    """One teacher in the list."""

    id: int
    person_id: int
    name: str
    post: str
    staff_kind: str
    college: Mapping[str, str]
    region: str
    phone: str | None
    email: str | None
    login: str | None
    is_active: bool
    specialities: Sequence[str]


def _staff(actor: Actor) -> Any:
    """Teachers in the actor's reach with where they work today."""
    today = clock.today()
    lives = (
        (Employment.teacher_id == Teacher.id)
        & (Employment.since <= today)
        & (Employment.until.is_(None) | (Employment.until >= today))
    )
    query = (
        db.select(Teacher, Person, Employment, Organisation)
        .join(Person, Person.id == Teacher.person_id)
        .outerjoin(Employment, lives)
        .outerjoin(Organisation, Organisation.id == Employment.organisation_id)
        .where(Person.merged_into_id.is_(None), Person.erased_at.is_(None))
    )
    match permissions.scope(actor, "staff.see"):
        case Scope.ALL:
            return query
        case Scope.COLLEGE:
            return query.where(Employment.organisation_id == actor.organisation_id)
        case Scope.REGION:
            return query.where(Organisation.region == actor.region)
    return query.where(db.false())


def staff(actor: Actor, filters: Mapping[str, str], page: int = 1, per_page: int = PER_PAGE) -> Pagination:
    """One page of teachers. Filters: q, college (code), region, kind, account (open, none); sort: name, college."""
    query = _narrowed(_staff(actor), filters)
    backwards = filters.get("sort", "").startswith("-")
    columns = (
        [Organisation.code, Person.sort_key] if "college" in filters.get("sort", "") else [Person.sort_key]
    )
    order = [column.desc() if backwards else column for column in columns]
    found = _Rows(
        select=query.order_by(*order, Teacher.id), page=page, per_page=per_page, max_per_page=20_000
    )
    found.items = _staff_rows(found.items)
    return found


class _Rows(Pagination):
    """Pages of whole rows; Flask-SQLAlchemy's own gives only the first thing of each."""

    def _query_items(self) -> list[Any]:
        select = self._query_args["select"].limit(self.per_page).offset(self._query_offset)
        return list(db.session.execute(select))

    def _query_count(self) -> int:
        select = self._query_args["select"].order_by(None).with_only_columns(Teacher.id)
        return db.session.scalar(db.select(db.func.count()).select_from(select.subquery())) or 0


def _narrowed(query: Any, filters: Mapping[str, str]) -> Any:
    query = query.where(*queries.named(filters.get("q", "")))
    if college := filters.get("college"):
        query = query.where(Organisation.code == college)
    if region := filters.get("region"):
        query = query.where(Organisation.region == region)
    if kind := filters.get("kind"):
        query = query.where(db.cast(Teacher.staff_kind, db.String) == kind)
    match filters.get("account"):
        case "open":
            query = query.where(Person.activated_at.is_not(None))
        case "none":
            query = query.where(Person.activated_at.is_(None))
    return query


def _staff_rows(rows: Sequence[Any]) -> list[StaffRow]:
    names = organisation_names({row.Organisation.id for row in rows if row.Organisation})
    return [
        StaffRow(
            id=teacher.id,
            person_id=person.id,
            name=person.full_name,
            post=employment.post if employment else "",
            staff_kind=teacher.staff_kind,
            college=names.get(college.id, {}) if college else {},
            region=college.region if college else "",
            phone=person.contact_phone or person.phone,
            email=person.contact_email or person.email,
            login=person.email or person.phone,
            is_active=person.activated_at is not None,
            specialities=teacher.specialities,
        )
        for teacher, person, employment, college in rows
    ]


def staff_ids(actor: Actor, filters: Mapping[str, str], limit: int = 2_000) -> list[int]:
    """The numbers of all teachers that match."""
    query = _narrowed(_staff(actor), filters).with_only_columns(Teacher.id).order_by(Person.sort_key)
    return list(db.session.scalars(query.limit(limit)))


def organisations(filters: Mapping[str, str], page: int = 1) -> Pagination:
    """One page of organisations by name. Filters: q, kind, region, provider, closed."""
    query = db.select(Organisation).order_by(Organisation.code)
    if words := search_key(filters.get("q", "")):
        named = db.select(OrganisationName.organisation_id)
        for word in words.split():
            named = named.where(OrganisationName.search_key.contains(word, autoescape=True))
        code = filters["q"].strip().upper()
        query = query.where(Organisation.id.in_(named) | Organisation.code.startswith(code, autoescape=True))
    if kind := filters.get("kind"):
        query = query.where(db.cast(Organisation.kind, db.String) == kind)
    if region := filters.get("region"):
        query = query.where(Organisation.region == region)
    if filters.get("provider"):
        query = query.where(Organisation.is_provider)
    if not filters.get("closed"):
        query = query.where(Organisation.closed_on.is_(None))
    return db.paginate(query, page=page, per_page=PER_PAGE, error_out=False)


def accounts(filters: Mapping[str, str], page: int = 1) -> Pagination:
    """One page of people by name. Filters: q (name, e-mail, telephone), state (closed, open)."""
    query = db.select(Person).where(Person.merged_into_id.is_(None), Person.erased_at.is_(None))
    typed = filters.get("q", "").strip()
    if "@" in typed or typed.lstrip("+").isdecimal():
        query = query.where(
            Person.email.startswith(typed.lower(), autoescape=True)
            | Person.phone.contains(typed, autoescape=True)
        )
    else:
        query = query.where(*queries.named(typed))
    if filters.get("state") == "closed":
        query = query.where(Person.disabled_at.is_not(None))
    if filters.get("state") == "open":
        query = query.where(Person.disabled_at.is_(None))
    return db.paginate(query.order_by(Person.sort_key), page=page, per_page=PER_PAGE, error_out=False)
