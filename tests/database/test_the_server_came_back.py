"""The database server was started anew while connections rested: nobody who comes afterwards notices."""

import psycopg
import pytest
from sqlalchemy import text

from retrain.database import dialect
from retrain.extensions import db


@pytest.fixture
def database(house, request):
    """Only a server can come back; SQLite is a file."""
    opened = house.database("postgresql")
    opened.reset()
    yield opened
    opened.reset()


@pytest.fixture
def end_connections(app, database):
    """What a restart does to them: the server ends every one that the pool of the app holds."""

    def end():
        address = database.url.replace("postgresql+psycopg", "postgresql")
        with psycopg.connect(address, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = %s", (process_of(),)
            )

    return end


def process_of():
    number = db.session.scalar(text("SELECT pg_backend_pid()"))
    db.session.remove()
    return number


def test_a_page_is_answered_on_a_new_connection(app, client, end_connections, monkeypatch):
    before = process_of()
    end_connections()
    monkeypatch.setattr(dialect, "RESTED", 0.0)
    assert client.get("/runs").status_code == 200
    assert process_of() != before
