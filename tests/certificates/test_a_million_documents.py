"""What everybody asks finds its rows by an index: a country's documents are never walked through for one person's page."""

from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, text

from retrain.certificates import service
from retrain.extensions import db
from retrain.orders.states import OrderKind
from retrain.people.models import Person
from retrain.people.states import RoleKind
from tests import scenario

GROWING = (
    "certificate",
    "certificate_event",
    "enrolment",
    "decision",
    "mark",
    "credit",
    "message",
    "stored_file",
)
"""Tables that have more rows each year."""


@contextmanager
def statements():
    """What the block reads, as (statement, parameters)."""
    sent: list[tuple[str, Any]] = []

    def note(_connection, _cursor, statement, parameters, *_rest):
        if statement.lstrip().startswith(("SELECT", "WITH")):
            sent.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def walked(sent) -> set[str]:
    """Growing tables that some statement would read from end to end."""
    found = set()
    with db.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if not is_sqlite:  # so small a table is walked otherwise whatever indexes there are
            connection.execute(text("SET enable_seqscan = off"))
        for statement, parameters in sent:
            asked = ("EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN ") + statement
            plan = [str(row[-1]) for row in connection.exec_driver_sql(asked, parameters)]
            for table in GROWING:
                told = f"SCAN {table}" if is_sqlite else f"Seq Scan on {table}"
                if any(f"{told} " in f"{line} " and "INDEX" not in line for line in plan):
                    found.add(f"{table}: {statement}")
    return found


@pytest.fixture
def documents(country):
    country.register_order(OrderKind.COMPLETION, "31-k", date(2026, 9, 21))
    return service.issue_run(country.hr_officer, country.run.code)


@pytest.fixture
def teacher(app, country):
    person = db.session.get_one(Person, country.teachers[0].person_id)
    return scenario.signed_in(app, scenario.role(person, RoleKind.TEACHER, country.college))


@pytest.mark.parametrize("page", ["/", "/mine", "/mine/record"])
def test_a_teachers_pages_walk_through_no_table_that_grows(documents, teacher, page):
    with statements() as sent:
        assert teacher.get(page, follow_redirects=True).status_code == 200
    assert walked(sent) == set()


def test_nor_does_who_checks_a_document(documents, client):
    row = documents[0]
    typed = f"/verify?number={row.series}+{row.number}&code={row.check_code}"
    with statements() as sent:
        for page in (
            f"/verify/{row.token}",
            f"/verify/{row.token}.json",
            typed,
            f"/verify/{row.token}/proof",
        ):
            client.get(page, follow_redirects=True)
    assert walked(sent) == set()


def test_nor_does_an_office_that_looks_at_its_run(documents, country, as_user):
    office = as_user(country.hr_officer)
    with statements() as sent:
        for part in ("documents", "print", "names"):
            office.get(f"/manage/runs/{country.run.code}/{part}")
    assert walked(sent) == set()
