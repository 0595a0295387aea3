"""A row that goes takes its number with it: no later one inherits what the audit trail says of it."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, text

from retrain import audit, clock
from retrain.audit import SYSTEM
from retrain.database import backup, schema
from retrain.database.types import is_numbered_once
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people.models import Setting
from tests.harness.apps import assemble, release
from tests.harness.databases import Database

ONCE = {
    "account_session", "allocation_round", "approval", "availability", "credit", "enrolment", "job", "lecturer",
    "official_order", "plan_item", "qualification", "quota", "role", "round_outcome", "secret_address", "setting",
    "external_certificate", "sheet_template", "sitting", "wish",
}  # fmt: skip
"""The tables of which the program deletes rows that it named in the audit trail."""

THE_DAY_BEFORE = "0003"


def value() -> int:
    """A setting that the trail names; its number."""
    key = f"test.{uuid4().hex}"
    row = Setting(key=key, valid_from=clock.today(), value=1, created_at=clock.now())
    db.session.add(row)
    audit.record(SYSTEM, "setting.changed", row)
    return row.id


def drop(number: int) -> None:
    db.session.execute(delete(Setting).where(Setting.id == number))


wanted = use_case(value)
dropped = use_case(drop)


def test_the_next_row_gets_another_number(app: Flask):
    first = wanted()
    dropped(first)
    assert wanted() > first


def test_the_tables_are_told_in_the_models_and_in_the_database(app: Flask):
    assert {name for name, table in db.metadata.tables.items() if is_numbered_once(table)} == ONCE
    if db.engine.dialect.name == "sqlite":
        said = text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'")
        # A migration that alters one of them has to say it again: see revision 0004.
        assert set(db.session.scalars(said)) == ONCE


def test_numbers_of_rows_that_went_before_a_backup_stay_taken(app: Flask, database: Database, tmp_path: Path):
    first, second = wanted(), wanted()
    dropped(second)
    backup.make(tmp_path / "b.tar.gz")
    other = assemble(database.new("restored"), tmp_path / "other")
    with other.app_context():
        backup.restore(tmp_path / "b.tar.gz")
        assert db.session.get(Setting, first) is not None
        assert wanted() > second
        release(other)


@pytest.fixture
def older(database: Database, tmp_path: Path) -> Iterator[Flask]:
    """An app on a database of its own, at the revision before."""
    app = assemble(database.new("older"), tmp_path / "older")
    with app.app_context():
        schema.upgrade(THE_DAY_BEFORE)
        yield app
        release(app)


def test_numbers_of_rows_that_went_before_the_migration_stay_taken(older: Flask):
    first, second = wanted(), wanted()
    dropped(second)
    schema.upgrade()
    assert db.session.get(Setting, first) is not None
    assert wanted() > second


def test_on_the_way_back_the_rows_stay_and_the_older_program_goes_on(older: Flask):
    schema.upgrade()
    first = wanted()
    schema.downgrade(THE_DAY_BEFORE)
    second = wanted()
    assert second > first
    schema.upgrade()
    assert wanted() > second
