"""Thousands of places are given in one go: by the desk's rules, in few statements, all or none."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from retrain.allocation import giving, queries, reading, service
from retrain.allocation.models import RoundOutcome
from retrain.audit.models import AuditEntry
from retrain.audit.sealing import seal_all
from retrain.audit.verify import verify
from retrain.catalogue.models import Run
from retrain.enrolment import service as enrolment
from retrain.enrolment.models import Approval, Enrolment, Quota, Terms
from retrain.enrolment.states import Consent, QuotaSort, Source, State
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.refusal import Refused
from tests.allocation.conftest import AFTER, OPENS
from tests.harness.statements import counted

ROOT = Path(__file__).parents[2]


@pytest.fixture
def give(clock, coordinator):
    """``give(code)``: the round closes, is reckoned and given."""

    def do(code):
        clock.set(AFTER)
        digest = service.reckon_round(coordinator.actor, code)["digest"]
        return service.do_round(coordinator.actor, code, digest)

    return do


def count(model, *conditions):
    db.session.commit()
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions))


def test_each_place_is_counted_audited_and_told_like_one_from_the_desk(
    make_round, make_run, make_teacher, coordinator, give
):
    run = make_run(places=5)
    enrolment.set_quota(coordinator.actor, run.code, QuotaSort.CEILING, "region:UZ-BU", 3)
    code, people = make_round([run]).code, [make_teacher(f"Karimov{number}") for number in range(4)]
    for teacher in people:
        service.rank(teacher.actor, code, [run.code])
    give(code)
    rows = db.session.scalars(select(Enrolment).order_by(Enrolment.id)).all()
    quota = db.session.scalars(select(Quota)).one()
    assert [(row.state, row.source, row.attempt, row.taken_from) for row in rows] == [
        (State.ENROLLED, Source.ROUND, 1, [quota.id])
    ] * 3
    assert (db.session.get_one(Run, run.id).taken, quota.taken) == (3, 3)
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "enrolment.created")).all()
    assert [entry.subject_id for entry in entries] == [str(row.id) for row in rows]
    assert entries[0].after == {"run": run.code, "state": "enrolled", "position": None, "source": "round"}
    told = db.session.scalars(select(Message).where(Message.kind == "round.given")).all()
    assert {message.calendar["uid"] for message in told} == {f"enrolment-{row.id}@retrain" for row in rows}
    db.session.commit()
    seal_all()
    assert verify().ok


def test_many_ask_the_database_no_more_often_than_few(clock, make_round, make_run, make_teacher, give):
    clock.set(OPENS)
    asked = []
    for size in (2, 12):
        run = make_run(places=20)
        code = make_round([run]).code
        for number in range(size):
            service.rank(make_teacher(f"Karimov{size}x{number}").actor, code, [run.code])
        with counted() as sent:
            give(code)
        asked.append(len(sent))
        clock.set(OPENS)
    assert asked[0] == asked[1]


def test_a_no_of_the_college_stops_the_round_with_nothing_given(
    make_round, make_run, teachers, give, coordinator, clock
):
    run = make_run(places=3)
    code = make_round([run]).code
    for teacher in teachers[:2]:
        service.rank(teacher.actor, code, [run.code])
    clock.set(AFTER)
    digest = service.reckon_round(coordinator.actor, code)["digest"]
    # Behind the round's back the run asks colleges, who have not been asked.
    db.session.get_one(Terms, run.id).consent = Consent.COLLEGE
    db.session.commit()
    with pytest.raises(Refused) as refused:
        service.do_round(coordinator.actor, code, digest)
    assert [why.code for why in refused.value.why] == ["round-place-not-given"]
    assert (count(Enrolment), count(RoundOutcome), count(Message), count(Approval)) == (0, 0, 0, 0)
    assert queries.allocation_round(code).state == "published"


def test_kill_9_in_the_middle_leaves_nothing_half(
    app, database, make_round, make_run, teachers, coordinator, clock
):
    run = make_run(places=3)
    code = make_round([run]).code
    for teacher in teachers:
        service.rank(teacher.actor, code, [run.code])
    clock.set(AFTER)
    digest = service.reckon_round(coordinator.actor, code)["digest"]
    before = count(AuditEntry), count(Message)
    instance = str(app.config["RETRAIN"].instance)
    arguments = [database.url, instance, AFTER.isoformat(), code, digest]
    killed = subprocess.run(
        [sys.executable, "-m", "tests.allocation.killed_round", *arguments], cwd=ROOT, check=False, timeout=60
    )
    assert killed.returncode == -9
    assert (count(Enrolment), count(RoundOutcome)) == (0, 0)
    assert (count(AuditEntry), count(Message)) == before
    assert db.session.get_one(Run, run.id).taken == 0
    service.do_round(coordinator.actor, code, digest)
    assert (count(Enrolment), count(RoundOutcome)) == (3, 5)
    assert count(Message, Message.kind.in_(("round.given", "round.none"))) == 5


def test_what_was_reckoned_ahead_stands_only_while_nothing_has_changed(
    clock, make_round, make_run, teachers, coordinator, monkeypatch
):
    reckonings, reckon = [], reading.reckon
    monkeypatch.setattr(reading, "reckon", lambda *given: reckonings.append(given) or reckon(*given))
    run = make_run(places=2)
    code = make_round([run]).code
    for teacher in teachers:
        service.rank(teacher.actor, code, [run.code])
    clock.set(AFTER)
    digest = service.reckon_round(coordinator.actor, code)["digest"]
    held = giving._hold_runs
    # Between the reckoning and the lock somebody lowers the number of places.
    monkeypatch.setattr(giving, "_hold_runs", lambda found: (held(found), _lower(run.id)))
    reckonings.clear()
    with pytest.raises(Refused) as refused:
        service.do_round(coordinator.actor, code, digest)
    assert [why.code for why in refused.value.why] == ["round-changed"]
    assert (len(reckonings), count(Enrolment)) == (2, 0)
    monkeypatch.setattr(giving, "_hold_runs", held)
    reckonings.clear()
    service.do_round(coordinator.actor, code, digest)
    assert (len(reckonings), count(Enrolment)) == (1, 2)


def _lower(run_id):
    db.session.execute(update(Run).where(Run.id == run_id).values(places=1))
