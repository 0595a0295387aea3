"""The whole way of a round through the front door: made, ranked, tried, closed, confirmed, read."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from retrain.allocation import giving, handlers, queries, service
from retrain.allocation.models import AllocationRound, RoundOutcome, Wish
from retrain.audit.models import AuditEntry
from retrain.catalogue.models import Run
from retrain.enrolment import service as enrolment
from retrain.enrolment.models import Enrolment, Terms
from retrain.enrolment.states import Source, State, Way
from retrain.extensions import db
from retrain.jobs.models import Job
from retrain.jobs.runner import run as do_job
from retrain.messages.models import Message
from retrain.people.models import Employment
from retrain.refusal import Refused
from tests.allocation.conftest import AFTER

NEW = {"en": "Autumn round", "opens_at": "2026-09-07T09:00", "closes_at": "2026-09-14T09:00"}


def rank(teacher, code, *runs):
    """Press "Add" for one run after the other."""
    wanted = []
    for run in runs:
        answer = teacher.browser.post(f"/rounds/{code}/rank", data={"wish": wanted, "act": f"add:{run.code}"})
        assert answer.status_code == 303
        wanted.append(run.code)


def wishes(code):
    db.session.commit()
    rows = (
        select(Wish.teacher_id, Run.code)
        .join(Run, Run.id == Wish.run_id)
        .join(AllocationRound, AllocationRound.id == Wish.round_id)
        .where(AllocationRound.code == code)
        .order_by(Wish.teacher_id, Wish.number)
    )
    return list(db.session.execute(rows).tuples())


def due(teacher, year, month=9):
    """Let the teacher be due three years after that beginning at work."""
    row = db.session.scalars(select(Employment).where(Employment.teacher_id == teacher.teacher_id)).one()
    row.since = row.since.replace(year=year - 3, month=month)
    db.session.commit()


@pytest.fixture
def runs(make_run):
    """Two runs with one place each."""
    return [make_run(places=1), make_run(places=1)]


def test_from_the_first_form_to_the_reason(
    app, clock, runs, coordinator, teachers, office, run_jobs, standings
):
    first, second = runs
    desk = coordinator.browser
    made = desk.post("/manage/rounds/new", data=NEW)
    code = re.search(r"/manage/rounds/([^/]+)/runs", made.location)[1]
    assert (
        "Payvandlash" in desk.get(f"/manage/rounds/{code}/runs").text
        or "Welding" in desk.get(f"/manage/rounds/{code}/runs").text
    )
    desk.post(f"/manage/rounds/{code}/runs", data={"runs": [first.code, second.code]})
    assert teachers[0].browser.get(f"/rounds/{code}/rank").status_code == 404
    desk.post(f"/manage/rounds/{code}/publish")
    assert "Rank runs in" in teachers[0].browser.get("/").text

    for number, teacher in enumerate(teachers[:3]):
        due(teacher, 2028 - number)
    for teacher in teachers[:3]:
        rank(teacher, code, first, second)
    assert "You ranked 2 runs" in teachers[0].browser.get("/rounds").text
    assert "Rank your teachers for 2 runs" in office.browser.get("/").text

    trial = desk.post(f"/manage/rounds/{code}/trial")
    run_jobs()
    assert "2 would get a place" in desk.get(trial.location).text
    assert "Would" not in [message.kind for message in db.session.scalars(select(Message))]
    assert standings(first) == []

    clock.set(AFTER)
    with app.app_context():
        handlers.close_rounds()
    run_jobs()
    assert "Look at the outcome and confirm" in desk.get("/", follow_redirects=True).text
    page = desk.get(f"/manage/rounds/{code}/confirm").text
    assert "2 teachers get a place" in page
    assert "1 teacher gets none" in page
    digest = re.search(r'name="digest" value="(\w+)"', page)[1]
    under_way = desk.post(f"/manage/rounds/{code}/confirm", data={"digest": digest})
    run_jobs()
    assert "The places are given" in desk.get(under_way.location).text

    # Aliyev is due last, Dadayev soonest.
    assert standings(first) == [("Dadayev", "enrolled")]
    assert standings(second) == [("Boboyev", "enrolled")]
    told = teachers[0].browser.get(f"/rounds/{code}/mine").text
    assert "None of the runs you ranked" in told
    assert "The last one admitted was due on 1 September 2026, you on 1 September 2028." in told
    assert "You got your wish number 2" in teachers[1].browser.get(f"/rounds/{code}/mine").text
    page = desk.get(f"/manage/rounds/{code}/outcome").text
    assert page.index("Dadayev") < page.index("Boboyev") < page.index("Aliyev")
    done = queries.allocation_round(code)
    assert (done.state, done.digest) == ("done", digest)
    assert {row.source for row in db.session.scalars(select(Enrolment))} == {Source.ROUND}
    assert {row.way for row in db.session.scalars(select(Terms))} == {Way.FIRST_COME}


def test_everybody_is_told_once_and_a_college_gets_one_message(
    clock, make_round, runs, coordinator, teachers, office, run_jobs
):
    code = make_round(runs).code
    for teacher in teachers[:3]:
        rank(teacher, code, runs[0])
    give(clock, coordinator, code, run_jobs)
    kinds = [row.kind for row in db.session.scalars(select(Message).where(Message.kind.startswith("round.")))]
    assert sorted(kinds) == ["round.college", "round.given", "round.none", "round.none"]
    sent = db.session.scalars(select(Message).where(Message.kind == "round.college")).one()
    assert (sent.person_id, sent.facts["given"], sent.facts["none"]) == (office.person_id, 1, 2)
    given = db.session.scalars(select(Message).where(Message.kind == "round.given")).one()
    assert given.calendar["method"] == "REQUEST"


def give(clock, coordinator, code, run_jobs):
    """Let the round close, and confirm what comes out."""
    clock.set(AFTER)
    outcome = service.reckon_round(coordinator.actor, code)
    service.confirm_round(coordinator.actor, code, outcome["digest"])
    run_jobs()
    return outcome


def test_the_binding_outcome_is_the_trial(clock, make_round, runs, coordinator, teachers, run_jobs):
    code = make_round(runs).code
    for teacher in teachers:
        rank(teacher, code, *runs)
    trial = give(clock, coordinator, code, run_jobs)
    given = {
        row.teacher_id: db.session.get_one(Run, db.session.get_one(Enrolment, row.enrolment_id).run_id).code
        for row in db.session.scalars(select(RoundOutcome))
        if row.enrolment_id
    }
    assert given == {line[0]: line[1] for line in trial["list"] if line[1]}
    assert queries.allocation_round(code).digest == trial["digest"]


def test_what_changed_since_the_trial_is_looked_at_again(
    clock, make_round, runs, coordinator, teachers, run_jobs, standings
):
    code = make_round(runs).code
    rank(teachers[0], code, *runs)
    clock.set(AFTER)
    outcome = service.reckon_round(coordinator.actor, code)
    due(teachers[0], 2027)
    coordinator.browser.post(f"/manage/rounds/{code}/confirm", data={"digest": outcome["digest"]})
    run_jobs()
    assert (
        "Something has changed since this outcome was reckoned"
        in coordinator.browser.get(f"/manage/rounds/{code}").text
    )
    assert standings(runs[0]) == []
    assert queries.allocation_round(code).state == "published"
    again = service.reckon_round(coordinator.actor, code)
    service.confirm_round(coordinator.actor, code, again["digest"])
    run_jobs()
    assert standings(runs[0]) == [("Aliyev", "enrolled")]


def test_confirmed_twice_gives_once(clock, make_round, runs, coordinator, teachers, run_jobs, standings):
    code = make_round(runs).code
    rank(teachers[0], code, runs[0])
    give(clock, coordinator, code, run_jobs)
    digest = queries.allocation_round(code).digest
    coordinator.browser.post(f"/manage/rounds/{code}/confirm", data={"digest": digest})
    service.do_round(coordinator.actor, code, digest)
    assert run_jobs() == 0
    assert standings(runs[0]) == [("Aliyev", "enrolled")]
    assert db.session.get_one(Run, runs[0].id).taken == 1


def test_a_job_killed_on_the_way_leaves_nothing_half_done(
    clock, make_round, runs, coordinator, teachers, run_jobs, monkeypatch
):
    code = make_round(runs).code
    for teacher in teachers:
        rank(teacher, code, *runs)
    real = giving._tell_colleges

    def die(*_arguments):
        raise SystemExit("killed")

    monkeypatch.setattr(giving, "_tell_colleges", die)
    with pytest.raises(SystemExit):
        give(clock, coordinator, code, run_jobs)
    db.session.rollback()
    assert given_places() == (0, 0)
    assert queries.allocation_round(code).state == "published"
    monkeypatch.setattr(giving, "_tell_colleges", real)
    clock.advance(hours=1)  # the lease of the dead worker has ended
    job_id = db.session.scalars(select(Job.id).where(Job.kind == queries.DO)).one()
    db.session.commit()
    assert do_job(job_id)
    assert given_places() == (2, 5)
    assert queries.allocation_round(code).state == "done"


def given_places():
    """How many enrolments there are, and how many have been told."""
    db.session.commit()
    return len(db.session.scalars(select(Enrolment)).all()), len(
        db.session.scalars(select(RoundOutcome)).all()
    )


def test_a_run_in_a_round_says_so_and_is_marked_for_the_desk(make_round, runs, teachers):
    code = make_round([runs[0]]).code
    assert queries.is_in_open_round(runs[0].id)
    assert not queries.is_in_open_round(runs[1].id)
    assert db.session.get_one(Terms, runs[0].id).way is Way.ROUND
    page = teachers[0].browser.get(f"/runs/{runs[0].code}").text
    assert "Places are given in a round" in page
    assert f"/rounds/{code}/rank" in page


def test_the_list_is_replaced_as_a_whole(make_round, runs, teachers):
    code, teacher = make_round(runs).code, teachers[0]
    rank(teacher, code, *runs)
    both = [each.code for each in runs]
    teacher.browser.post(f"/rounds/{code}/rank", data={"wish": both, "act": f"up:{both[1]}"})
    assert [run for _, run in wishes(code)] == both[::-1]
    teacher.browser.post(f"/rounds/{code}/rank", data={"wish": both[::-1], "act": f"remove:{both[0]}"})
    assert [run for _, run in wishes(code)] == [both[1]]
    ranked = select(AuditEntry).where(AuditEntry.action == "round.ranked").order_by(AuditEntry.id)
    entries = db.session.scalars(ranked).all()
    assert [entry.after["wishes"] for entry in entries][-1] == [both[1]]


def test_every_reason_against_every_run_is_said_at_once(make_round, make_run, runs, teachers, coordinator):
    busy = make_run(places=3)
    enrolment.enrol(coordinator.actor, busy.code, teachers[0].teacher_id)
    code = make_round(runs).code
    both = [each.code for each in runs]
    answer = teachers[0].browser.post(
        f"/rounds/{code}/rank", data={"wish": [*both, both[0], "NONE-1"]}, follow_redirects=True
    )
    assert f"{both[0]}: Run {busy.code} is at the same time" in answer.text
    assert f"{both[1]}: Run {busy.code} is at the same time" in answer.text
    assert f"Run {both[0]} stands twice" in answer.text
    assert "Run NONE-1 is not in this round" in answer.text
    assert wishes(code) == []


def test_six_wishes_are_one_too_many(make_round, make_run, teachers):
    runs = [make_run() for _ in range(6)]
    code = make_round(runs).code
    with pytest.raises(Refused) as refused:
        service.rank(teachers[0].actor, code, [each.code for each in runs])
    assert [why.code for why in refused.value.why] == ["too-many-wishes"]


def test_wishes_before_and_after_the_window_are_not_taken(clock, make_round, runs, teachers):
    code = make_round(runs, opens_at=datetime(2026, 9, 8, 4, tzinfo=UTC)).code
    early = teachers[0].browser.post(
        f"/rounds/{code}/rank", data={"act": f"add:{runs[0].code}"}, follow_redirects=True
    )
    assert "Ranking opens on 8 September 2026, 09:00" in early.text
    clock.set(AFTER)
    late = teachers[0].browser.post(
        f"/rounds/{code}/rank", data={"act": f"add:{runs[0].code}"}, follow_redirects=True
    )
    assert "closed on 14 September 2026, 09:00" in late.text
    assert wishes(code) == []


def test_a_run_cancelled_meanwhile_leaves_and_whoever_ranked_it_is_told(
    clock, make_round, runs, coordinator, teachers, run_jobs, standings
):
    code = make_round(runs).code
    rank(teachers[0], code, *runs)
    enrolment.cancel_run(coordinator.actor, runs[0].code, "The workshop burnt down.")
    told = db.session.scalars(select(Message).where(Message.kind == "round.run_gone")).one()
    assert told.person_id == teachers[0].person_id
    assert "left the round" in teachers[0].browser.get(f"/rounds/{code}/rank").text
    give(clock, coordinator, code, run_jobs)
    assert standings(runs[1]) == [("Aliyev", "enrolled")]
    page = teachers[0].browser.get(f"/rounds/{code}/mine").text
    assert "This run left the round before places were given." in page
    assert "You got your wish number 2" in page


def test_who_got_a_place_elsewhere_meanwhile_is_passed_over_with_the_reason(
    clock, make_round, make_run, runs, coordinator, teachers, run_jobs, standings
):
    busy, code = make_run(), make_round(runs).code
    rank(teachers[0], code, runs[0])
    rank(teachers[1], code, runs[0])
    due(teachers[0], 2026)
    enrolment.enrol(coordinator.actor, busy.code, teachers[0].teacher_id)
    give(clock, coordinator, code, run_jobs)
    assert standings(runs[0]) == [("Boboyev", "enrolled")]
    page = teachers[0].browser.get(f"/rounds/{code}/mine").text
    assert f"you could not have this one: Run {busy.code} is at the same time" in page


def test_losers_may_join_the_waiting_list(
    clock, make_round, runs, coordinator, teachers, run_jobs, standings
):
    code = make_round(runs).code
    for teacher in teachers[:2]:
        rank(teacher, code, runs[0])
    give(clock, coordinator, code, run_jobs)
    lost = next(
        one
        for one in teachers[:2]
        if not queries.outcome(queries.allocation_round(code).id, one.teacher_id).enrolment_id
    )
    lost.browser.post(f"/runs/{runs[0].code}/enrol")
    assert [state for _, state in standings(runs[0])] == ["enrolled", "waitlisted"]


def test_calling_off_frees_the_runs_and_tells_those_who_ranked(make_round, runs, coordinator, teachers):
    code = make_round(runs).code
    rank(teachers[0], code, runs[0])
    empty = coordinator.browser.post(f"/manage/rounds/{code}/cancel", data={"why": " "})
    assert "Write the reason" in empty.text
    coordinator.browser.post(f"/manage/rounds/{code}/cancel", data={"why": "Two runs were forgotten."})
    assert queries.allocation_round(code).state == "cancelled"
    assert not queries.is_in_open_round(runs[0].id)
    assert {row.way for row in db.session.scalars(select(Terms))} == {Way.FIRST_COME}
    told = db.session.scalars(select(Message).where(Message.kind == "round.cancelled")).one()
    assert told.facts["reason"] == "Two runs were forgotten."
    assert State.ENROLLED not in [row.state for row in db.session.scalars(select(Enrolment))]
