"""People and teachers: how they are known and entered; a number read only on the record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from retrain import audit, clock
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.language.keys import search_key, sort_key
from retrain.language.names import clean_name, full_name
from retrain.people import contacts, permissions, queries, roster_line
from retrain.people.models import Employment, Person, PersonName, Teacher
from retrain.people.organisations import FOREVER
from retrain.people.permissions import Target
from retrain.people.pinfl import InvalidPinfl, parse
from retrain.people.states import Script, Sex, StaffKind
from retrain.refusal import Refusal, Refused


@dataclass(frozen=True)
class PersonFacts:
    """Who somebody is and where they are reached."""

    family: str
    given: str
    patronymic: str = ""
    email: str | None = None
    phone: str | None = None
    language: str = "uz"
    is_demo: bool = False


@dataclass(frozen=True)
class TeacherFacts:
    """What makes a person a teacher somewhere."""

    pinfl: str | None
    organisation_id: int
    document: tuple[str, str] | None = None
    birth_date: date | None = None
    sex: Sex | None = None
    post: str = ""
    staff_kind: StaffKind = StaffKind.TEACHER
    category: str = ""
    specialities: Sequence[str] = ()
    since: date | None = None


def script_of(text: str) -> Script:
    """The script most of *text* is written in."""
    cyrillic = sum("\u0400" <= sign <= "\u04ff" for sign in text)
    return Script.CYRILLIC if cyrillic * 2 > sum(map(str.isalpha, text)) else Script.LATIN


class Logins:
    """Who is reached at some addresses and numbers, read once for many new people."""

    def __init__(self, emails: Iterable[str | None], phones: Iterable[str | None]) -> None:
        wanted = {"email": {*emails} - {None}, "phone": {*phones} - {None}}
        self._reached: dict[tuple[str, str], list[Person]] = {}
        for kind, values in wanted.items():
            login, contact = getattr(Person, kind), getattr(Person, f"contact_{kind}")
            query = db.select(Person).where(
                login.in_(values) | contact.in_(values), Person.merged_into_id.is_(None)
            )
            for person in db.session.scalars(query) if values else ():
                for value in {getattr(person, kind), getattr(person, f"contact_{kind}")} & values:
                    self._reached.setdefault((kind, value), []).append(person)

    def claim(self, kind: str, value: str | None, person: Person) -> str | None:
        """*value* when nobody else is reached by it; a login of two who never signed in becomes nobody's."""
        if not value:
            return None
        others = [each for each in self._reached.get((kind, value), []) if each is not person]
        self._reached[kind, value] = [*others, person]
        for other in others:
            if getattr(other, kind) == value and other.activated_at is None and not other.is_demo:
                setattr(other, kind, None)
        return None if others else value


def make_person(facts: PersonFacts, logins: Logins | None = None) -> Person:
    """A row for a person, put into the session. Contacts that others have are theirs too, but nobody's login."""
    logins = logins or Logins([facts.email], [facts.phone])
    person = Person(
        family=facts.family,
        given=facts.given,
        patronymic=facts.patronymic,
        language=facts.language,
        created_at=clock.now(),
        is_demo=facts.is_demo,
        contact_email=facts.email,
        contact_phone=facts.phone,
        sort_key="",
        search_key="",
    )
    person.names.append(
        PersonName(
            script=script_of(person.full_name),
            family=facts.family,
            given=facts.given,
            patronymic=facts.patronymic,
            valid_from=FOREVER,
        )
    )
    set_keys(person)
    person.email = logins.claim("email", facts.email, person)
    person.phone = logins.claim("phone", facts.phone, person)
    db.session.add(person)
    return person


def set_keys(person: Person) -> None:
    """Find and sort by the present name, and find by every name the person has had."""
    person.sort_key = sort_key(person.full_name)[:600]
    every = [person.full_name, *(full_name(row.family, row.given, row.patronymic) for row in person.names)]
    keys = map(search_key, dict.fromkeys(every))
    person.search_key = " | ".join(dict.fromkeys(keys))[:1000]


def make_teacher(person: Person, facts: TeacherFacts) -> Teacher:
    """A row that makes *person* a teacher employed by an organisation, put into the session."""
    country, number = facts.document or (None, None)
    teacher = Teacher(
        person=person,
        pinfl=facts.pinfl,
        document_country=country,
        document_number=number,
        birth_date=facts.birth_date,
        sex=facts.sex,
        staff_kind=facts.staff_kind,
        category=facts.category,
        specialities=list(facts.specialities),
        created_at=clock.now(),
    )
    teacher.employments.append(
        Employment(organisation_id=facts.organisation_id, post=facts.post, since=facts.since or clock.today())
    )
    db.session.add(teacher)
    return teacher


@use_case
def add_teacher(actor: Actor, person_facts: PersonFacts, facts: TeacherFacts) -> Teacher:
    """A teacher typed in by hand. Refused when the number is a teacher's already: then look there."""
    college = queries.organisation_by_id(facts.organisation_id)
    permissions.require(actor, "staff.edit", Target(college_id=college.id, region=college.region))
    why: list[Refusal] = []
    person_facts = _tidy(person_facts, why)
    facts = _identified(facts, why)
    if college.closed_on is not None:
        why.append(Refusal.of("college-closed", field="organisation", college=college.code))
    if why:
        raise Refused(why)
    teacher = make_teacher(make_person(person_facts), facts)
    db.session.flush()
    audit.record(actor, "teacher.created", teacher, after={"college": college.code, "post": facts.post})
    return teacher


def _tidy(facts: PersonFacts, why: list[Refusal]) -> PersonFacts:
    name = (clean_name(facts.family), clean_name(facts.given), clean_name(facts.patronymic))
    if refusal := roster_line.name_refusal(*name):
        why.append(refusal)
    email = contacts.email(facts.email) if facts.email else None
    phone = contacts.phone(facts.phone) if facts.phone else None
    if facts.email and email is None:
        why.append(Refusal.of("email-malformed", field="email"))
    if facts.phone and phone is None:
        why.append(Refusal.of("phone-malformed", field="phone"))
    return PersonFacts(*name, email, phone, facts.language, facts.is_demo)


def _identified(facts: TeacherFacts, why: list[Refusal]) -> TeacherFacts:
    """The facts with what the PINFL says; refusals for a bad number or one that is somebody's."""
    if not facts.pinfl and facts.document is None:
        why.append(Refusal.of("no-identity", field="pinfl"))
        return facts
    birth_date, sex, number = facts.birth_date, facts.sex, None
    if facts.pinfl:
        try:
            read = parse(facts.pinfl)
        except InvalidPinfl as error:
            why.append(Refusal.of(error.code, field="pinfl"))
            return facts
        if birth_date not in (None, read.birth_date):
            why.append(Refusal.of("birth-date-contradicts-pinfl", field="birth_date"))
        number, birth_date, sex = read.value, read.birth_date, Sex(read.sex)
    if known_by(number, facts.document) is not None:
        why.append(Refusal.of("already-known", field="pinfl"))
    return TeacherFacts(
        number, facts.organisation_id, facts.document, birth_date, sex, facts.post.strip(), facts.staff_kind,
        facts.category.strip(), [each.strip() for each in facts.specialities if each.strip()], facts.since,
    )  # fmt: skip


def known_by(number: str | None, document: tuple[str, str] | None) -> Teacher | None:
    """The teacher with that PINFL or that foreign document."""
    if number:
        return queries.teacher_by_pinfl(number)
    if document is None:
        return None
    country, text = document
    return db.session.scalar(
        db.select(Teacher).where(Teacher.document_country == country, Teacher.document_number == text)
    )


def target_of(teacher: Teacher) -> Target:
    """The teacher as permissions see them: themself, their college of today, its region."""
    college = queries.employer_on(teacher)
    return Target(
        person_id=teacher.person_id,
        college_id=college.id if college else None,
        region=college.region if college else None,
    )


@use_case
def reveal_pinfl(actor: Actor, teacher_id: int) -> str:
    """The teacher's PINFL, or foreign document; that it was read, by whom and when, is on record."""
    teacher = queries.teacher(teacher_id)
    permissions.require(actor, "staff.pinfl", target_of(teacher))
    audit.record(actor, "teacher.number_read", teacher)
    return teacher.pinfl or f"{teacher.document_country} {teacher.document_number}"
