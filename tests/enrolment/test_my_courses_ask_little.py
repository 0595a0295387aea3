"""The page that everybody sees after enrolling asks the database no more for whoever has been on many courses."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert, inspect, select

from retrain.catalogue.models import Run
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from tests import scenario
from tests.harness.statements import counted


def values_of(row):
    """What stands in *row*, but for its number."""
    columns = inspect(type(row)).local_table.columns
    return {column.name: getattr(row, column.name) for column in columns if column.name != "id"}


def add(model, values):
    return db.session.execute(insert(model.__table__).values(values)).inserted_primary_key[0]


def asked(browser):
    db.session.remove()
    with counted() as sent:
        assert browser.get("/mine").status_code == 200
    return len(sent)


@pytest.mark.parametrize("day", [1, 15], ids=["before", "under-way"])
def test_my_courses_ask_no_more_for_more_courses(app, clock, day):
    country = scenario.country(date(2026, 9, 14), people=1)
    row, teacher = db.session.scalars(select(Enrolment)).one(), country.teachers[0]
    place, run = values_of(row), values_of(db.session.get_one(Run, row.run_id))
    clock.set(datetime(2026, 9, day, 5, tzinfo=UTC))
    browser = scenario.signed_in(app, scenario.Actor(teacher.person_id or 0))
    one = asked(browser)
    for number in range(5):
        run_id = add(Run, run | {"code": f"MORE-{number}"})
        add(Enrolment, place | {"run_id": run_id})
    db.session.commit()
    assert asked(browser) == one
