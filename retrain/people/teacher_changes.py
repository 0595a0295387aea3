"""What is written down of a teacher, put right or changed: name, details, what courses ask about."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from retrain import audit, clock
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.language.names import clean_name
from retrain.people import contacts, permissions, queries, roster_line
from retrain.people.models import Employment, Person, PersonName, Teacher
from retrain.people.roles import refuse_stronger
from retrain.people.states import Script, StaffKind
from retrain.people.teachers import script_of, set_keys, target_of
from retrain.refusal import ChangedMeanwhile, Refusal, Refused


@use_case
def change_name(
    actor: Actor, teacher_id: int, family: str, given: str, patronymic: str, valid_from: date, why: str = ""
) -> Teacher:
    """From *valid_from* on the teacher is called so; documents issued before keep the old name."""
    teacher = queries.teacher(teacher_id)
    permissions.require(actor, "staff.edit", target_of(teacher))
    name = (clean_name(family), clean_name(given), clean_name(patronymic))
    if refusal := roster_line.name_refusal(*name):
        raise Refused(refusal)
    person = teacher.person
    before = person.full_name
    put_name(person, script_of(" ".join(name)), name, valid_from)
    audit.record(
        actor, "person.renamed", person, before={"name": before},
        after={"name": person.full_name, "valid_from": valid_from}, why=why or None,
    )  # fmt: skip
    return teacher


def put_name(person: Person, script: Script, name: tuple[str, str, str], valid_from: date) -> None:
    """Write a dated name; the present one is the latest that holds today, in the script of the last change."""
    old = next((row for row in person.names if row.script == script and row.valid_from == valid_from), None)
    row = old or PersonName(script=script, valid_from=valid_from)
    row.family, row.given, row.patronymic = name
    if old is None:
        person.names.append(row)
    if valid_from <= clock.today():
        person.family, person.given, person.patronymic = name
    set_keys(person)


@dataclass(frozen=True)
class Details:
    """What HR keeps of a teacher beside name and college."""

    post: str
    staff_kind: StaffKind
    category: str
    specialities: Sequence[str]
    contact_email: str
    contact_phone: str


@use_case
def change_teacher(actor: Actor, teacher_id: int, details: Details, lock: int) -> Teacher:
    """Post, kind, category, specialities and contacts. ChangedMeanwhile when somebody saved since *lock*."""
    teacher = _to_change(actor, "staff.edit", teacher_id)
    employment, person = queries.employment_on(teacher_id), teacher.person
    now = details_of(teacher, employment)
    wanted = _checked(details)
    differing = _differing(now, wanted)
    if differing and teacher.lock != lock:
        raise ChangedMeanwhile(differing)
    if not differing:
        return teacher
    if differing.keys() & {"contact_email", "contact_phone"}:
        refuse_stronger(actor, [person.id])
    teacher.staff_kind, teacher.category = wanted.staff_kind, wanted.category
    teacher.specialities = list(wanted.specialities)
    person.contact_email, person.contact_phone = wanted.contact_email or None, wanted.contact_phone or None
    if employment is not None:
        employment.post = wanted.post
    teacher.lock += 1
    audit.record(
        actor, "teacher.changed", teacher,
        before={name: old for name, (old, _new) in differing.items()},
        after={name: new for name, (_old, new) in differing.items()},
    )  # fmt: skip
    return teacher


def _to_change(actor: Actor, action: str, teacher_id: int) -> Teacher:
    """The teacher, whom *actor* may change so, read anew and held until the transaction ends."""
    teacher = queries.teacher(teacher_id)
    permissions.require(actor, action, target_of(teacher))
    db.session.refresh(teacher, with_for_update={"of": Teacher})
    return teacher


def _differing(now: Any, wanted: Any) -> dict[str, tuple[Any, Any]]:
    """field → (what it is, what it is to be), for the fields in which two plain values of one kind differ."""
    return {
        field.name: (getattr(now, field.name), getattr(wanted, field.name))
        for field in fields(wanted)
        if getattr(now, field.name) != getattr(wanted, field.name)
    }


@dataclass(frozen=True)
class CourseFacts:
    """What some courses ask of a teacher. *languages* is None when nobody has asked."""

    teaching_since: date | None
    languages: Sequence[str] | None
    youngest_child_born: date | None
    disability: bool


@use_case
def change_course_facts(actor: Actor, teacher_id: int, wanted: CourseFacts, lock: int) -> Teacher:
    """The facts as they are wanted. The trail says which were changed, never to what: nobody else may know them."""
    teacher = _to_change(actor, "staff.facts", teacher_id)
    differing = _differing(course_facts_of(teacher), wanted)
    today = clock.today()
    days = {"teaching_since": wanted.teaching_since, "youngest_child_born": wanted.youngest_child_born}
    if why := [Refusal.of("day-ahead", field=name) for name, day in days.items() if day and day > today]:
        raise Refused(why)
    if differing and teacher.lock != lock:
        raise ChangedMeanwhile(differing)
    if differing:
        for name, (_old, new) in differing.items():
            setattr(teacher, name, new)
        teacher.lock += 1
        audit.record(actor, "teacher.facts_changed", teacher, after={"changed": list(differing)})
    return teacher


def course_facts_of(teacher: Teacher) -> CourseFacts:
    """What is kept now, in the shape it is changed in."""
    return CourseFacts(
        teacher.teaching_since, teacher.languages, teacher.youngest_child_born, teacher.disability
    )


def details_of(teacher: Teacher, employment: Employment | None) -> Details:
    """What is kept now, in the shape it is changed in."""
    return Details(
        employment.post if employment else "",
        teacher.staff_kind,
        teacher.category,
        list(teacher.specialities),
        teacher.person.contact_email or "",
        teacher.person.contact_phone or "",
    )


def _checked(details: Details) -> Details:
    why = []
    email = contacts.email(details.contact_email) if details.contact_email.strip() else ""
    phone = contacts.phone(details.contact_phone) if details.contact_phone.strip() else ""
    if email is None:
        why.append(Refusal.of("email-malformed", field="contact_email"))
    if phone is None:
        why.append(Refusal.of("phone-malformed", field="contact_phone"))
    if why:
        raise Refused(why)
    specialities = list(
        dict.fromkeys(" ".join(each.split()) for each in details.specialities if each.strip())
    )
    return Details(
        details.post.strip(),
        details.staff_kind,
        details.category.strip(),
        specialities,
        email or "",
        phone or "",
    )
