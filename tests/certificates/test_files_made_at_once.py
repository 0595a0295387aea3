"""Once documents are issued the worker makes their files, many at a time; killed or out of room, it loses none."""

import errno
import os

from sqlalchemy import func, select

from retrain import files, jobs
from retrain.certificates import making, printing, service
from retrain.certificates.models import Certificate
from retrain.extensions import db
from retrain.files import store
from retrain.files.models import StoredFile
from retrain.jobs.models import Job
from retrain.jobs.states import JobState
from tests import scenario


def the_job() -> Job:
    db.session.rollback()
    return db.session.scalars(select(Job).where(Job.kind == making.JOB)).one()


def kept() -> list[StoredFile]:
    """Rows of documents' files."""
    return list(db.session.scalars(select(StoredFile).where(StoredFile.purpose == "certificate")))


def on_disk(app) -> list[str]:
    return sorted(each.name for each in store.folder().rglob("*") if each.is_file())


def test_who_opens_a_document_gets_the_file_the_worker_made(country, issued, app):
    jobs.run_waiting()
    assert the_job().state is JobState.DONE
    rows = db.session.scalars(select(Certificate).order_by(Certificate.number)).all()
    digests = [row.file_digest for row in rows]
    assert None not in digests
    client = scenario.signed_in(app, country.hr_officer)
    for row, digest in zip(rows, digests, strict=True):
        opened = client.get(f"/certificates/{row.id}.pdf").data
        assert opened == store.path_of(digest).read_bytes()
        assert opened.startswith(printing.render([row]))
    assert len(kept()) == len(rows)


def test_what_was_opened_before_stays_the_only_file(country, issued):
    chosen = issued[0].id
    first = service.file_of(country.hr_officer, chosen).digest
    jobs.run_waiting()
    assert db.session.get(Certificate, chosen).file_digest == first
    assert len(kept()) == 2


def test_opened_while_the_worker_makes_it(country, issued, monkeypatch):
    """Between the worker's reading and its writing somebody opens one: theirs is the file, the worker's is none."""
    write, opened, (other, chosen) = files.write_made, [], [row.id for row in issued]

    def meanwhile(contents):
        opened.append(service.file_of(country.hr_officer, chosen).digest)
        return write(contents)

    monkeypatch.setattr(files, "write_made", meanwhile)
    jobs.run_waiting()
    assert db.session.get(Certificate, chosen).file_digest == opened[0]
    assert db.session.get(Certificate, other).file_digest is not None
    assert len(kept()) == 2


def test_a_full_disk_leaves_no_half_file_and_is_tried_again(country, issued, app, clock, monkeypatch):
    before, synced, sync = on_disk(app), [], os.fsync

    def full(descriptor):
        synced.append(descriptor)
        if len(synced) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(descriptor)

    with monkeypatch.context() as disk:
        disk.setattr(store.os, "fsync", full)
        jobs.run_waiting()
    assert on_disk(app) == before
    job = the_job()
    assert (job.state, job.error) == (JobState.QUEUED, "job-no-room")
    assert db.session.scalar(select(func.count(Certificate.file_digest))) == 0
    clock.advance(hours=1)
    jobs.run_waiting()
    assert the_job().state is JobState.DONE
    assert db.session.scalar(select(func.count(Certificate.file_digest))) == 2


def test_a_full_disk_while_one_opens_a_single_file(country, issued, app, monkeypatch):
    before, client = on_disk(app), scenario.signed_in(app, country.hr_officer)

    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(store.os, "fsync", full)
        answer = client.get(f"/certificates/{issued[0].id}.pdf?lang=en")
    assert answer.status_code == 503
    assert "disk is full" in answer.text
    assert on_disk(app) == before
    assert client.get(f"/certificates/{issued[0].id}.pdf").data.startswith(b"%PDF")
    assert len(kept()) == 1
