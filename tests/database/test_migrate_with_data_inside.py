"""Every revision is gone back and forward with the demo country inside, and what it does not touch stays as it was."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from click.testing import CliRunner
from flask import Flask, current_app
from sqlalchemy import inspect

import retrain.clock
from retrain.audit import SYSTEM
from retrain.database import digest, schema
from retrain.demo.commands import demo
from retrain.demo.country import moment
from retrain.extensions import db
from retrain.orders import service as order_service
from retrain.orders.registering import Registration
from retrain.orders.states import OrderKind
from tests.harness.apps import assemble, release
from tests.harness.databases import Database

ColumnsAt = Callable[[str], dict[str, set[str]]]
TODAY = date(2026, 11, 24)
REWRITTEN: Mapping[str, Mapping[str, set[str]]] = {
    "0003": {"official_order": {"kind", "number"}},
    "0005": {"enrolment": {"source"}},
    "0007": {"occupancy": {"resource_kind", "resource_id", "slot", "session_id"}},
}
"""revision → table → columns whose content its way back has to change, because the older schema can't hold it.
What becomes of each has a test of its own."""
LET_GO: Mapping[str, tuple[str, ...]] = {"0012": ("official_order", "order_counter")}
"""revision → tables whose rows about commissions its way back lets go, because the older schema has no such orders."""

pytestmark = pytest.mark.slow


@pytest.fixture
def country(database: Database, tmp_path: Path) -> Iterator[Flask]:
    """An app on a database of its own that holds the demo country at the newest revision."""
    app = assemble(database.new("migrated"), tmp_path / "instance")
    with app.app_context(), retrain.clock.at(moment(TODAY, 11)):
        schema.upgrade()
        arguments = ["--today", TODAY.isoformat(), "--seed", "1"]
        CliRunner().invoke(demo, arguments, catch_exceptions=False)
        db.session.remove()
        yield app
        release(app)


@pytest.fixture
def columns_at(database: Database, tmp_path: Path) -> ColumnsAt:
    """``columns_at(revision)``: table → its columns at a revision, read from an empty database."""

    def read(revision: str) -> dict[str, set[str]]:
        app = assemble(database.new("empty"), tmp_path / "empty")
        with app.app_context():
            schema.upgrade(revision)
            found = columns()
            release(app)
        return found

    return read


def revisions() -> list[tuple[str, str | None]]:
    """(revision, the one before it), the newest first."""
    scripts = ScriptDirectory(str(current_app.extensions["migrate"].directory))
    return [(script.revision, _before(script.down_revision)) for script in scripts.walk_revisions()]


def _before(down: Any) -> str | None:
    assert down is None or isinstance(down, str), "the revisions stand in one line"
    return down


def columns() -> dict[str, set[str]]:
    """table → its columns, as they are in the database now."""
    looked = inspect(db.engine)
    return {name: {each["name"] for each in looked.get_columns(name)} for name in looked.get_table_names()}


def digests(kept: Mapping[str, set[str]]) -> dict[str, str]:
    """table → digest of the *kept* columns; tables of which nothing is kept are left out."""
    now = columns()
    without = {name: sorted(every - kept[name]) if name in kept else None for name, every in now.items()}
    with db.engine.connect() as connection:
        return digest.of_tables(connection, without)


def shape() -> dict[str, Any]:
    """Everything about the schema that one can ask the database, in an order that does not matter."""
    looked = inspect(db.engine)
    questions = (
        looked.get_columns, looked.get_indexes, looked.get_foreign_keys, looked.get_unique_constraints,
        looked.get_check_constraints,
    )  # fmt: skip
    return {
        name: [looked.get_pk_constraint(name), *(sorted(map(_said, ask(name))) for ask in questions)]
        for name in looked.get_table_names()
    }


def _said(part: Any) -> str:
    return json.dumps(part, sort_keys=True, default=str)


def differing(now: Mapping[str, str], before: Mapping[str, str]) -> list[str]:
    """The tables whose digests are not what they were."""
    return sorted(name for name in before if now.get(name) != before[name])


def common(one: Mapping[str, set[str]], other: Mapping[str, set[str]], revision: str) -> dict[str, set[str]]:
    """The columns both schemas have, but those that the revision has to rewrite."""
    rewritten = REWRITTEN.get(revision, {})
    kept = {name: one[name] & other[name] - rewritten.get(name, set()) for name in one.keys() & other.keys()}
    return {name: columns for name, columns in kept.items() if columns}


def test_each_revision_goes_back_and_forward_with_a_country_inside(country: Flask, columns_at: ColumnsAt):
    for revision, before in revisions():
        if before is None:
            break
        newer_shape, both = shape(), common(columns(), columns_at(before), revision)
        let_go(LET_GO.get(revision, ()))
        kept = digests(both)
        schema.downgrade(before)
        assert schema.revision() == before
        assert differing(digests(both), kept) == [], f"the way back from {revision} lost something"
        schema.upgrade(revision)
        assert differing(digests(both), kept) == [], f"the way forward to {revision} lost something"
        assert shape() == newer_shape, f"{revision} came back in another shape"
        schema.downgrade(before)


def let_go(tables: tuple[str, ...]) -> None:
    """What the way back takes out is out before: all else in those tables has to stay."""
    with db.engine.begin() as connection:
        for table in tables:
            assert connection.exec_driver_sql(f"DELETE FROM {table} WHERE kind = 'commission'").rowcount


def orders() -> dict[int, tuple[str, str | None]]:
    """Each order's kind and number, as they are in the database now."""
    with db.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT id, kind, number FROM official_order").all()
    return {number: (kind, text) for number, kind, text in rows}


def test_the_older_program_reads_a_changed_list_as_an_order_of_enrolment_and_every_other_order_as_it_is(
    country: Flask,
):
    newer = {number: order for number, order in orders().items() if order[0] != "commission"}
    assert len(newer) < len(orders()), "orders of commissions go, as the older program has none"
    changed = {number for number, (kind, _text) in newer.items() if kind == "change"}
    assert changed
    expected = newer | {number: ("enrolment", f"{newer[number][1]} ({number})") for number in changed}
    schema.downgrade("0001")
    assert orders() == expected
    schema.upgrade("0003")
    assert orders() == expected


def taken() -> list[tuple[str, int, int, int]]:
    """Every slot that is taken, as the database has it now."""
    with db.engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT resource_kind, resource_id, slot, session_id FROM occupancy"
        )
        return sorted(found.tuples().all())


def test_the_older_program_holds_a_run_once_and_the_newer_one_each_of_its_halves(country: Flask):
    newer = taken()
    schema.downgrade("0005")
    older = taken()
    assert {kind for kind, *_ in older} == {"room", "lecturer", "run"}
    assert (
        sorted(
            row
            for kind, *rest in older
            for row in ([("first_half", *rest), ("second_half", *rest)] if kind == "run" else [(kind, *rest)])
        )
        == newer
    )
    schema.upgrade("0007")
    assert taken() == newer


def test_of_two_halves_that_meet_at_once_the_older_program_sees_the_first_hold_the_run(country: Flask):
    newer = taken()
    run_id, slot, first = next(rest for kind, *rest in newer if kind == "first_half")
    with db.engine.begin() as connection:
        other = next(row[3] for row in newer if row[3] != first)
        connection.exec_driver_sql(
            f"UPDATE occupancy SET session_id = {other} WHERE resource_kind = 'second_half'"
            f" AND resource_id = {run_id} AND slot = {slot}"
        )
    schema.downgrade("0005")
    assert [row for row in taken() if row[:3] == ("run", run_id, slot)] == [("run", run_id, slot, first)]


def doors() -> dict[int, str]:
    """By which door each enrolment came in, as it is in the database now."""
    with db.engine.connect() as connection:
        return dict(connection.exec_driver_sql("SELECT id, source FROM enrolment").tuples().all())


def test_to_the_older_program_a_coordinator_put_in_whoever_came_by_a_round_or_a_move(country: Flask):
    newer = doors()
    later = {"round", "transfer", "substitution"}
    assert later <= set(newer.values())
    schema.downgrade("0004")
    assert doors() == {number: "coordinator" if door in later else door for number, door in newer.items()}


def test_our_numbers_go_on_after_the_way_back_took_their_counters(country: Flask):
    schema.downgrade("0001")
    schema.upgrade()
    kind = OrderKind.ENROLMENT
    order = order_service.draft_order(SYSTEM, "RD-003", kind)
    with db.engine.connect() as connection:
        used = connection.exec_driver_sql(
            "SELECT number FROM official_order WHERE provider_id = (SELECT provider_id FROM run WHERE code = 'RD-003')"
        ).scalars()
        taken = {text for text in used if text}
    typed = Registration("", TODAY, TODAY, "A. Rahimov", own_number=True, after=0)
    assert order_service.register_order(SYSTEM, "RD-003", kind, typed).id == order.id
    assert order.number
    assert order.number not in taken


def test_all_the_way_back_and_again(country: Flask):
    newest, whole, held = schema.revision(), shape(), digests(columns())
    assert sum(int(value.partition(":")[0]) for value in held.values()) > 50_000, "there is a country inside"
    schema.downgrade("base")
    assert schema.revision() is None
    assert set(columns()) <= {"alembic_version"}
    schema.upgrade()
    assert schema.revision() == newest
    assert shape() == whole
    assert digests(columns()).keys() == held.keys()
