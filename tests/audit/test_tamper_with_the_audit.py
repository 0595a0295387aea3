"""Whoever changes the audit with SQL is found out, and the row is named."""

import json

import pytest
from sqlalchemy import text

from retrain import audit
from retrain.audit import sealing
from retrain.audit.verify import Problem, verify
from retrain.database.use_case import use_case
from retrain.extensions import db


@use_case
def something_happens(times: int = 1) -> None:
    for number in range(times):
        audit.record(
            audit.SYSTEM,
            "test.done",
            ("thing", number),
            before={"name": "Ғулом"},
            after={"n": number},
            why="so",
        )


def sql(statement: str, **values: object) -> None:
    db.session.rollback()
    db.session.execute(text(statement), values)
    db.session.commit()


def found() -> list[Problem]:
    db.session.rollback()
    return verify().problems


@pytest.fixture(params=["sealed", "unsealed"])
def entries(request: pytest.FixtureRequest, app) -> list[int]:
    """The ids of five entries."""
    something_happens(5)
    if request.param == "sealed":
        sealing.seal_all()
    return list(db.session.scalars(text("SELECT id FROM audit_entry ORDER BY id")))


def test_nothing_is_wrong_when_nothing_was_done(entries):
    assert (verify().entries, found()) == (5, [])


@pytest.mark.parametrize(
    "change",
    [
        "why = 'other'", "at = '2020-01-01 00:00:00'", "action = 'test.undone'", "actor_id = NULL, role = 'teacher'",
        "after = '{\"n\": 7}'", "mac = uid", "subject_id = '99'", "before = NULL",
    ],
)  # fmt: skip
def test_a_changed_row_is_named(entries, change):
    sql(f"UPDATE audit_entry SET {change} WHERE id = :id", id=entries[2])
    assert found() == [Problem(entries[2], "changed")]


def test_a_row_that_was_smuggled_in_is_named(entries):
    copied = "at, action, subject_type, subject_id, mac"
    sql(
        f"INSERT INTO audit_entry (id, uid, {copied}) SELECT 1000, 'ъ' || substr(uid, 2), {copied}"
        " FROM audit_entry WHERE id = :id",
        id=entries[0],
    )
    assert found() == [Problem(1000, "inserted")]
    sealing.seal_all()
    assert found() == [Problem(1000, "inserted")], "the sealer puts nothing false under seal"


def test_what_comes_after_a_smuggled_row_is_sealed_all_the_same(entries):
    sql("UPDATE audit_entry SET why = 'other' WHERE id = :id", id=entries[0])
    something_happens(3)
    sealing.seal_all()
    open_rows = "SELECT count(*) FROM audit_entry WHERE position IS NULL"
    assert db.session.scalar(text(open_rows)) <= 1
    assert found() == [Problem(entries[0], "changed")]


def test_a_removed_row_is_named(app):
    something_happens(5)
    sealing.seal_all()
    ids = list(db.session.scalars(text("SELECT id FROM audit_entry ORDER BY id")))
    sql("DELETE FROM audit_entry WHERE id IN (:second, :last)", second=ids[1], last=ids[4])
    assert found() == [Problem(ids[1], "removed"), Problem(ids[4], "removed")]


def test_two_rows_that_changed_places_are_named(app):
    something_happens(3)
    sealing.seal_all()
    first, second = list(db.session.scalars(text("SELECT id FROM audit_entry ORDER BY id")))[:2]
    for old, new in ((first, 9000), (second, first), (9000, second)):
        sql("UPDATE audit_entry SET id = :new WHERE id = :old", new=new, old=old)
    assert found() == [Problem(first, "changed"), Problem(second, "changed")]


@pytest.mark.parametrize(
    ("tampering", "part"),
    [
        ("UPDATE ledger_leaf SET leaf_hash = :other WHERE position = 1", "head 3"),
        ("UPDATE ledger_head SET root = :other", "head 3"),
        ("UPDATE ledger_log SET size = 9", "size"),
        ("DELETE FROM ledger_leaf WHERE position = 2", "size"),
    ],
)
def test_a_ledger_that_was_touched_is_named(app, tampering, part):
    something_happens(3)
    sealing.seal_all()
    db.session.rollback()
    db.session.execute(text(tampering), {"other": "ab" * 32} if ":other" in tampering else {})
    db.session.commit()
    assert Problem(part, "ledger") in found()


def test_a_whole_ledger_can_not_be_forged_without_the_key(app):
    something_happens(3)
    sealing.seal_all()
    sql("DELETE FROM audit_entry")
    sql("DELETE FROM ledger_leaf")
    sql("DELETE FROM ledger_head")
    assert found() == [Problem("size", "ledger")]


def test_entries_are_sealed_in_their_order(app):
    something_happens(3)
    assert sealing.seal() == 3
    assert sealing.seal() == 0
    something_happens(2)
    sealing.seal_all()
    assert list(db.session.scalars(text("SELECT position FROM audit_entry ORDER BY id"))) == [0, 1, 2, 3, 4]


def test_the_command_prints_one_object_and_says_no(app, entries):
    runner = app.test_cli_runner()
    said = runner.invoke(args=["audit", "verify", "--json"])
    assert (said.exit_code, json.loads(said.output)) == (0, {"ok": True, "entries": 5, "problems": []})
    sql("UPDATE audit_entry SET why = 'other' WHERE id = :id", id=entries[1])
    said = runner.invoke(args=["audit", "verify", "--json"])
    assert said.exit_code == 1
    assert json.loads(said.output)["problems"] == [{"entry": entries[1], "kind": "changed"}]
    assert f"entry {entries[1]}: changed" in runner.invoke(args=["audit", "verify"]).output
