"""A text longer than its column, or of signs a database can't keep, is refused alike on both databases."""

import pytest
from sqlalchemy import Enum, String, insert, update

from retrain import clock
from retrain.database import dialect
from retrain.database.types import Held, NotHeld
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people.models import Organisation, Person, Throttle
from retrain.people.states import OrganisationKind
from tests import scenario

LONG = "ў" * 301
PLAIN = {"given": "Aziza", "patronymic": "", "sort_key": "k", "search_key": "k", "language": "uz"}


def refusal(refused):
    (why,) = refused.value.why
    return why.code, why.field, why.facts.get("most")


def test_every_text_of_every_table_is_held(app):
    texts = [
        column
        for table in db.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, String) and not isinstance(column.type, Enum)
    ]
    assert texts == []
    assert sum(isinstance(c.type, Held) for table in db.metadata.tables.values() for c in table.columns) > 100


def test_written_by_an_object(app):
    @use_case
    def write():
        db.session.add(Person(family=LONG, created_at=clock.now(), **PLAIN))

    with pytest.raises(NotHeld) as refused:
        write()
    assert refusal(refused) == ("text-not-held", "family", 300)
    assert db.session.scalar(db.select(Person)) is None


def test_written_at_once(app):
    row = PLAIN | {"family": LONG, "created_at": clock.now(), "is_demo": False}
    with pytest.raises(NotHeld):
        db.session.execute(insert(Person), [row])
    with pytest.raises(NotHeld):
        dialect.insert_ignoring(
            db.session(), Throttle.__table__, [{"key": "x" * 65, "failures": 0, "last_at": clock.now()}]
        )
    with pytest.raises(NotHeld):
        db.session.execute(update(Person).values(family=LONG))


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b"])
def test_signs_that_no_database_keeps(app, text):
    with pytest.raises(NotHeld) as refused:
        db.session.execute(update(Person).values(family=text))
    assert refusal(refused) == ("text-unreadable", "family", None)


def test_a_text_just_as_long_as_its_column_is_kept(app):
    somebody = Person(family="ў" * 300, created_at=clock.now(), **PLAIN)
    db.session.add(somebody)
    db.session.commit()
    assert db.session.scalar(db.select(Person.family).where(Person.id == somebody.id)) == "ў" * 300


def test_what_is_looked_for_may_be_of_any_length(app):
    scenario.organisation("TK-01", OrganisationKind.COLLEGE, "Toshkent texnikumi")
    assert db.session.scalar(db.select(Organisation).where(Organisation.code == "x" * 5000)) is None
    assert db.session.scalars(db.select(Organisation).where(Organisation.code.in_(["x" * 5000]))).all() == []
    assert (
        db.session.scalars(db.select(Person).where(Person.family.contains(LONG, autoescape=True))).all() == []
    )
