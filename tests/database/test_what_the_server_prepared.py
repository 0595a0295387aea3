"""PostgreSQL plans a question once for a connection; a page that only reads must not make it forget."""

import pytest
from sqlalchemy import text

from retrain.database.use_case import use_case
from retrain.extensions import db


@pytest.fixture
def database(house):
    """SQLite plans nothing ahead."""
    opened = house.database("postgresql")
    opened.reset()
    yield opened
    opened.reset()


def prepared():
    """How many questions the server has ready on the connection that pages use."""
    number = db.session.scalar(text("SELECT count(*) FROM pg_prepared_statements"))
    db.session.rollback()
    return number


def test_questions_of_a_page_stay_prepared(app, client):
    db.session.remove()
    for _ in range(8):
        assert client.get("/runs").status_code == 200
    assert prepared() > 0


def test_what_writes_is_one_transaction_and_what_reads_afterwards_is_none(app):
    def state():
        return db.session.connection().connection.dbapi_connection.info.transaction_status.name

    @use_case
    def within():
        db.session.scalar(text("SELECT 1"))
        return state()

    assert within() == "INTRANS"
    db.session.scalar(text("SELECT 1"))
    assert state() == "IDLE"
