"""What goes wrong around issuing: two officers at once, a worker killed, a clock that went back."""

import json
import subprocess
import sys
from dataclasses import astuple
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from retrain import files
from retrain.certificates import making, service
from retrain.certificates.log import log_audit, public_log
from retrain.certificates.models import Certificate, CertificateEvent
from retrain.certificates.signature import keyring
from retrain.certificates.states import Ground
from retrain.extensions import db
from retrain.files.models import StoredFile
from retrain.jobs import runner
from retrain.jobs.models import Job
from retrain.orders.states import OrderKind
from retrain.refusal import Refused
from tests import scenario
from tests.certificates.signatures import hanko
from tests.timetable import together

WRITER = "tests.certificates.issuing_writer"


def order(country, **more) -> dict:
    return {"actor": list(astuple(country.hr_officer)), "code": country.run.code, **more}


@pytest.mark.race
def test_complaint_26_officers_issuing_the_same_run_at_once_give_each_person_one_document(
    app, database, country, tmp_path: Path
):
    country.register_order(OrderKind.COMPLETION, "31-k", date(2026, 9, 21))
    asked = [order(country)] * 4
    db.session.remove()
    answers = together.all_at_once(WRITER, database.url, tmp_path, asked)
    assert sorted(answers) == [[], [], [], [1, 2]]
    rows = db.session.scalars(select(Certificate).order_by(Certificate.number)).all()
    assert [row.number for row in rows] == [1, 2]
    assert len({row.enrolment_id for row in rows}) == 2
    assert len(db.session.scalars(select(CertificateEvent)).all()) == 2


def killed(database, instance: Path, asked: dict) -> None:
    """A process that does what is *asked* and is killed in the middle of it."""
    db.session.remove()
    started = subprocess.Popen(
        [sys.executable, "-m", WRITER, database.url, str(instance), json.dumps(asked)],
        cwd=together.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    started.communicate("go\n", timeout=300)
    assert started.returncode == -9


@pytest.mark.race
def test_complaint_26_a_worker_killed_while_it_makes_a_file_leaves_the_number_and_the_file_is_made_again(
    app, database, country, issued, clock, tmp_path: Path
):
    chosen = issued[0].id
    killed(database, tmp_path / "other", order(country, die=chosen))
    row = db.session.get(Certificate, chosen)
    assert (row.number, row.file_digest) == (1, None)
    pdf = files.read(service.file_of(country.hr_officer, chosen))
    assert hanko(pdf, keyring.in_use(country.provider.id).chain, clock.moment).bottom_line
    public_log.seal_all()
    assert log_audit.verify() == []


@pytest.mark.race
def test_a_worker_killed_in_the_middle_of_a_share_leaves_the_rest_to_the_next(
    app, database, country, issued, clock
):
    killed(database, app.config["RETRAIN"].instance, order(country, die_making=True))
    rows = list(
        db.session.execute(select(Certificate.number, Certificate.file_digest).order_by(Certificate.number))
    )
    assert [(number, digest is None) for number, digest in rows] == [(1, False), (2, True)]
    clock.advance(hours=2)  # its lease ends, and another worker finds the job
    assert runner.run(db.session.scalars(select(Job.id).where(Job.kind == making.JOB)).one())
    for row in db.session.scalars(select(Certificate)).all():
        pdf = files.read(service.kept_file(row))
        assert hanko(pdf, keyring.in_use(country.provider.id).chain, clock.moment).bottom_line
    assert db.session.get(Certificate, issued[0].id).file_digest == rows[0][1]  # what was made before stays
    public_log.seal_all()
    assert log_audit.verify() == []


@pytest.mark.race
def test_processes_that_want_the_first_key_at_once_sign_with_the_same(
    app, database, country, issued, tmp_path: Path
):
    asked = [order(country, sign=row.id) for row in issued] * 2
    for number in range(len(asked)):  # one house for all
        (tmp_path / str(number)).symlink_to(app.config["RETRAIN"].instance)
    db.session.remove()
    assert together.all_at_once(WRITER, database.url, tmp_path, asked) == ["signed"] * 4
    assert [row.retired_at for row in keyring.all_of(country.provider.id)] == [None]
    assert len(db.session.scalars(select(StoredFile).where(StoredFile.purpose == "certificate")).all()) == 2


def test_a_clock_that_went_back_issues_nothing_and_says_why(country, issued, app, clock):
    clock.advance(days=-3)
    with pytest.raises(Refused) as refused:
        service.issue_run(country.hr_officer, country.run.code)
    assert "clock-behind" in [why.code for why in refused.value.why]
    form = {"ground": "lost", "reason": "ariza"}
    address = f"/certificates/{issued[0].id}/replace?lang=en"
    page = scenario.signed_in(app, country.hr_officer).post(address, data=form)
    assert "The server’s clock stands before the last document of this series" in page.text
    clock.advance(days=3)
    assert service.replace(country.hr_officer, issued[0].id, Ground.LOST, "ariza").number == 3


def test_clocks_of_two_servers_may_differ_by_minutes(country, issued, clock):
    clock.set(clock.moment - timedelta(minutes=4))
    assert service.replace(country.hr_officer, issued[0].id, Ground.LOST, "ariza").number == 3


def test_the_second_of_two_officers_is_told_that_it_is_done(country, issued, app):
    """Both saw the button; who pressed it second reads why nothing more was issued."""
    office = scenario.signed_in(app, country.hr_officer)
    page = office.post(f"/manage/runs/{country.run.code}/documents?lang=en", follow_redirects=True).text
    assert "All of them were issued already, perhaps by a colleague just now." in page
    assert [row.number for row in db.session.scalars(select(Certificate).order_by(Certificate.number))] == [
        1,
        2,
    ]
