"""The disk is full: a sentence that says so, nothing half-done, and everything works again once there is room."""

import io
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text

from retrain.audit import SYSTEM
from retrain.audit.models import AuditEntry
from retrain.catalogue import service as catalogue
from retrain.catalogue.models import Run
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.files.models import StoredFile
from retrain.messages.models import Message
from retrain.people import service as people
from retrain.people.models import Employment, RosterBatch
from tests.harness.actors import Somebody, organisation, somebody
from tests.harness.databases import Database
from tests.harness.places import PLAN, RUN

SENTENCE = "disk is full"
ROSTER = Path(__file__).parents[1] / "data" / "rosters" / "latin.xlsx"
NO_ROOM = """CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$"""
pytestmark = pytest.mark.usefixtures("clock")


@contextmanager
def full_database(kind: str) -> Iterator[None]:
    """The database can't grow by a page: SQLite is not let, PostgreSQL says what it says on a full disk."""
    if kind == "sqlite":
        with full_sqlite():
            yield
        return
    with db.engine.begin() as connection:
        connection.execute(text(NO_ROOM))
        connection.execute(
            text(
                "CREATE TRIGGER no_room BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION no_room()"
            )
        )
    try:
        yield
    finally:
        with db.engine.begin() as connection:
            connection.execute(text("DROP FUNCTION no_room CASCADE"))


@contextmanager
def full_sqlite() -> Iterator[None]:
    def limit(connection: Any, *_: Any) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    db.session.remove()
    event.listen(db.engine, "checkout", limit)
    try:
        yield
    finally:
        event.remove(db.engine, "checkout", limit)
        db.session.remove()
        db.engine.dispose()


@contextmanager
def full_disk(app: Flask) -> Iterator[None]:
    """No file may grow beyond 4 KB; the database's own are left alone, for nothing is written to them."""
    kept = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, kept[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, kept)


def counts() -> list[int]:
    db.session.rollback()
    tables = (Enrolment, Message, AuditEntry, StoredFile, RosterBatch)
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


@pytest.fixture
def coordinator(app: Flask) -> Somebody:
    return somebody(app, "coordinator", organisation("BXDU", "Buxoro davlat universiteti"))


@pytest.fixture
def run(coordinator: Somebody) -> Run:
    course = catalogue.quick_course(coordinator.actor, coordinator.organisation_id, PLAN, "AA")
    return catalogue.open_run(coordinator.actor, course.code, replace(RUN, places=200), publish=True)


@pytest.fixture
def make_teacher(app: Flask) -> Callable[[int], Somebody]:
    college = organisation("BX-1", "Buxoro 1-son texnikumi", "college")

    def make(number: int) -> Somebody:
        made = somebody(app, "teacher", college, f"Ustozov{number:03}")
        db.session.add(
            Employment(
                teacher_id=made.teacher_id,
                organisation_id=college,
                post="o",
                since=RUN.starts_on.replace(2020),
            )
        )
        db.session.commit()
        return made

    return make


def test_an_enrolment_is_refused_whole_and_works_later(
    app: Flask, database: Database, run: Run, make_teacher
):
    teachers, code, run_id = [make_teacher(number) for number in range(60)], run.code, run.id
    with full_database(database.kind):
        for teacher in teachers:
            before = counts()
            answer = teacher.browser.post(f"/runs/{code}/enrol")
            if answer.status_code != 303:
                break
        done = before[0]
        assert answer.status_code == 503
        assert SENTENCE in answer.text
        assert counts() == before
        assert teacher.browser.get(f"/runs/{code}").status_code == 200, "reading goes on"
    assert db.session.get_one(Run, run_id, populate_existing=True).taken == done
    assert teacher.browser.post(f"/runs/{code}/enrol").status_code == 303
    assert db.session.get_one(Run, run_id, populate_existing=True).taken == done + 1


def test_a_program_is_told_so_as_well(app: Flask, database: Database, run: Run, make_teacher):
    teachers, code = [make_teacher(number) for number in range(60)], run.code
    with full_database(database.kind):
        for teacher in teachers:
            answer = teacher.browser.post(f"/runs/{code}/enrol", headers={"Accept": "application/json"})
            if answer.status_code != 303:
                break
    assert answer.status_code == 503
    assert answer.content_type == "application/problem+json"
    assert SENTENCE in answer.json["detail"]


def test_an_upload_leaves_no_part_of_a_file(app: Flask, coordinator: Somebody):
    college = organisation("BX-2", "Buxoro 2-son texnikumi", "college")
    office = somebody(app, "college_hr", college)
    content, before = ROSTER.read_bytes(), counts()
    assert len(content) > 4096

    def send() -> Any:
        upload = {"file": (io.BytesIO(content), "roster.xlsx")}
        return office.browser.post("/staff/import", data=upload, content_type="multipart/form-data")

    with full_disk(app):
        answer = send()
    assert answer.status_code == 503
    assert SENTENCE in answer.text
    assert counts() == before
    assert list((Path(app.config["RETRAIN"].instance) / "uploads").iterdir()) == []
    assert send().status_code == 303


def test_a_file_that_is_kept_leaves_no_part_either(app: Flask):
    content, before = ROSTER.read_bytes(), counts()
    with full_disk(app), pytest.raises(OSError, match="too large"):
        people.confirm(SYSTEM, content, "roster.xlsx", columns={"pinfl": 0, "name": 1}, at_once=True)
    assert counts() == before
    assert [
        path for path in (Path(app.config["RETRAIN"].instance) / "files").rglob("*") if path.is_file()
    ] == []
