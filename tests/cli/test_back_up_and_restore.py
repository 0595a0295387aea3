"""A backup of a running system brings everything back, on either database, and nothing else is taken for one."""

import gzip
import json
import tarfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from retrain import audit, files, jobs
from retrain.audit import sealing
from retrain.audit.verify import verify
from retrain.database import backup, digest
from retrain.database.use_case import use_case
from retrain.extensions import db
from tests.ground import new_person
from tests.harness.databases import Database

PDF = b"%PDF-1.7\n"


@use_case
def something_happens() -> None:
    person = new_person(family="Ғуломов", patronymic="", is_demo=True)
    other = new_person(merged_into_id=person.id)
    audit.record(
        audit.SYSTEM, "test.done", other, before={"a": None}, after={"b": [1, "ў", 0.5, True]}, why="so\n’"
    )
    files.keep(PDF, "order.pdf", allowed={files.PDF}, actor=audit.Actor(person.id, "coordinator"))


@pytest.fixture
def full(app: Flask) -> Flask:
    """An app with something of everything in it."""
    something_happens()
    sealing.seal_all()
    return app


def content() -> str:
    db.session.rollback()
    with db.engine.connect() as connection:
        return digest.of(connection)


def empty() -> None:
    with db.engine.begin() as connection:
        for table in ("audit_entry", "stored_file", "ledger_head", "ledger_leaf", "ledger_log"):
            connection.execute(text(f"DELETE FROM {table}"))
        connection.execute(text("UPDATE person SET merged_into_id = NULL"))
        connection.execute(text("DELETE FROM person"))


def test_everything_comes_back(full: Flask, tmp_path: Path):
    before = content()
    manifest = backup.make(tmp_path / "b.tar.gz")
    assert manifest.digest == before
    assert (tmp_path / "b.tar.gz").stat().st_mode & 0o777 == 0o600
    stored = files.path(1) if db.session.get(files.StoredFile, 1) else None
    empty()
    for path in backup._store().glob("??/*"):
        path.unlink()
    assert content() != before
    backup.restore(tmp_path / "b.tar.gz")
    assert content() == before
    assert verify().problems == []
    assert stored is None or stored.read_bytes() == PDF
    assert len(list(backup._store().glob("??/*"))) == 1
    # Numbers go on after the highest, and foreign keys hold again.
    assert new_person().id > max(db.session.scalars(text("SELECT id FROM person WHERE family <> 'Aliyev'")))


def test_a_backup_goes_from_one_database_to_the_other(full: Flask, house, database: Database, tmp_path: Path):
    before = content()
    backup.make(tmp_path / "b.tar.gz")
    other = "postgresql" if database.kind == "sqlite" else "sqlite"
    there = house.database(other)
    with house.app(other).app_context():
        try:
            backup.restore(tmp_path / "b.tar.gz", force=True)
            assert content() == before
            assert verify().problems == []
        finally:
            db.session.remove()
            db.engine.dispose()
            there.reset()


def test_nothing_is_put_over_data_without_force(full: Flask, tmp_path: Path):
    backup.make(tmp_path / "b.tar.gz")
    new_person(family="Later")
    now = content()
    with pytest.raises(backup.HasData):
        backup.restore(tmp_path / "b.tar.gz")
    assert content() == now
    manifest = backup.restore(tmp_path / "b.tar.gz", force=True)
    assert content() == manifest.digest


def test_the_snapshot_is_of_one_moment(full: Flask, tmp_path: Path):
    def somebody_writes(_sentence: str) -> None:
        new_person(family="Meanwhile")

    before = content()
    assert backup.make(tmp_path / "b.tar.gz", somebody_writes).digest == before
    assert content() != before


def repacked(source: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A copy of the backup with some of its parts changed or left out."""
    target = source.with_name("changed.tar.gz")
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for entry in old:
            part = old.extractfile(entry)
            assert part is not None
            if (kept := change(entry.name, part.read())) is not None:
                entry.size = len(kept)
                new.addfile(entry, BytesIO(kept))
    return target


def newer(name: str, part: bytes) -> bytes:
    return json.dumps(json.loads(part) | {"revision": "ffff"}).encode() if name == "manifest.json" else part


def renamed(name: str, part: bytes) -> bytes:
    return part.replace("Ғуломов".encode(), b"Karimov") if name == "tables/person.jsonl" else part


@pytest.mark.parametrize(
    "change",
    [
        newer,
        renamed,
        lambda name, part: None if name == "tables/person.jsonl" else part,
        lambda name, part: None if name == "manifest.json" else part,
        lambda name, part: part + b"x" if name.startswith("files/") else part,
        lambda name, part: b"[]" if name == "manifest.json" else part,
    ],
)
def test_a_damaged_backup_changes_nothing(full: Flask, tmp_path: Path, change):
    before = content()
    backup.make(tmp_path / "b.tar.gz")
    with pytest.raises(backup.WrongBackup):
        backup.restore(repacked(tmp_path / "b.tar.gz", change), force=True)
    assert content() == before
    assert not list(Path(full.config["RETRAIN"].instance).glob("restore-*"))


@pytest.mark.parametrize("wrong", [b"", b"hello", gzip.compress(b"hello", mtime=0), b"%PDF-1.7"])
def test_another_file_is_not_a_backup(full: Flask, tmp_path: Path, wrong):
    (tmp_path / "b.tar.gz").write_bytes(wrong)
    with pytest.raises(backup.WrongBackup):
        backup.restore(tmp_path / "b.tar.gz", force=True)


def test_half_a_backup_is_not_one(full: Flask, tmp_path: Path):
    backup.make(tmp_path / "b.tar.gz")
    whole = (tmp_path / "b.tar.gz").read_bytes()
    (tmp_path / "b.tar.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(backup.WrongBackup):
        backup.restore(tmp_path / "b.tar.gz", force=True)


def test_a_part_that_leads_out_of_the_folder_is_refused(full: Flask, tmp_path: Path):
    with tarfile.open(tmp_path / "b.tar.gz", "w:gz") as archive:
        entry = tarfile.TarInfo("../../outside")
        archive.addfile(entry, BytesIO())
    with pytest.raises(backup.WrongBackup, match="no backup holds"):
        backup.restore(tmp_path / "b.tar.gz")


def test_jobs_that_were_wanted_are_done_after_a_restore(app: Flask, tmp_path: Path, monkeypatch):
    done: list[int] = []
    monkeypatch.setitem(
        jobs.registry.HANDLERS,
        "test.count",
        jobs.registry.Handler("test.count", jobs.Lane.LIGHT, lambda w: done.append(w.id)),
    )
    new_person()
    use_case(lambda: jobs.want("test.count", {}, actor=audit.SYSTEM))()
    backup.make(tmp_path / "b.tar.gz")
    jobs.run_waiting()
    backup.restore(tmp_path / "b.tar.gz", force=True)
    db.session.remove()
    assert jobs.run_waiting() == 1
    assert len(done) == 2
