"""Documents of a provider found by what is written on them: a name in either script, a number, a blank."""

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from retrain.certificates.book.models import OldDocument
from retrain.certificates.models import Blank, Certificate
from retrain.certificates.rules import registration_number
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.language.keys import search_key
from retrain.people import queries as people
from retrain.people.models import Person, Teacher

MOST = 60
"""Whoever gets more adds a word."""


def documents(provider_id: int, words: str) -> list[Certificate]:
    """The provider's documents on which every word stands, the latest first."""
    query = (
        select(Certificate)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(Teacher, Teacher.id == Enrolment.teacher_id)
        .join(Person, Person.id == Teacher.person_id)
        .options(joinedload(Certificate.run))
        .where(Certificate.provider_id == provider_id, *(_stands(word) for word in words.split()))
        .order_by(Certificate.id.desc())
        .limit(MOST)
    )
    return list(db.session.scalars(query))


def _stands(word: str) -> ColumnElement[bool]:
    """Whether a word is part of the holder's name, of the document's number or is that of its blank."""
    ways = [Certificate.registration_number.contains(word.upper(), autoescape=True)]
    # As it is printed: whoever changed their name since is found by the old one too.
    ways.append(Certificate.frozen["public"]["name"].as_string().contains(word, autoescape=True))
    if named := people.named(word):
        ways.append(and_(*named))
    sheet = [Blank.series == word.upper()]
    if word.isascii() and word.isdecimal() and len(word) < 10:
        sheet.append(Blank.number == int(word))
    ways.append(select(Blank.id).where(Blank.certificate_id == Certificate.id, or_(*sheet)).exists())
    return or_(*ways)


def from_before(provider_id: int, words: str) -> list[OldDocument]:
    """The same of those that were issued before Retrain; their names have no key in the database."""
    rows = db.session.scalars(select(OldDocument).where(OldDocument.provider_id == provider_id))
    found = [row for row in rows if all(_is_on(word, row) for word in words.split())]
    return sorted(found, key=lambda row: row.issued_on, reverse=True)[:MOST]


def _is_on(word: str, row: OldDocument) -> bool:
    keys = search_key(word).split()
    return word.upper() in registration_number(row.series, row.year, row.number) or (
        bool(keys) and all(key in search_key(row.name) for key in keys)
    )
