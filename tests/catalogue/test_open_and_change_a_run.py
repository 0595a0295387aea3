"""Opening, copying, changing, publishing and calling off a run."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from retrain.audit.models import AuditEntry
from retrain.catalogue import defaults, moves, queries, rules, service
from retrain.catalogue.models import Run
from retrain.catalogue.states import RUN_MOVES, RunState
from retrain.extensions import db
from retrain.refusal import Forbidden, Refused
from tests.harness.actors import organisation, somebody


def data_of(run, **changed):
    return {
        "starts_on": run.starts_on, "ends_on": run.ends_on, "places": run.places, "language": run.language,
        "enrolment_opens": "2026-09-01T09:00", "enrolment_closes": "2026-09-11T18:00", "form": run.form,
        "region": run.region, "place_text": run.place_text, "group_name": run.group_name,
        "curator_id": run.curator_id or "", "lock": run.lock,
    } | changed  # fmt: skip


def refusals_of(plan):
    return [refusal.code for refusal in rules.run_refusals(plan, ["uz", "ru"])]


def test_runs_are_numbered_under_the_course(make_course, make_run):
    first, second = make_course("IT"), make_course("IT-2")
    assert [make_run(first).code, make_run(second).code, make_run(first).code] == [
        "IT-001",
        "IT-002",
        "IT-003",
    ]


def test_a_copy_moves_every_date(coordinator, make_run):
    run = make_run()
    copy = service.copy_run(coordinator.actor, run.code)
    assert copy.starts_on == date(2026, 9, 21)
    assert copy.ends_on - copy.starts_on == run.ends_on - run.starts_on
    assert copy.enrolment_closes - run.enrolment_closes == timedelta(weeks=1)
    assert (copy.state, copy.copied_from_id, copy.taken) == ("draft", run.id, 0)
    assert copy.code != run.code
    assert copy.group_name == defaults.group_name(copy.code)


def test_who_saves_second_sees_the_difference_and_keeps_what_was_typed(app, coordinator, make_run):
    run = make_run()
    page = f"/manage/runs/{run.code}/change"
    other = somebody(app, "coordinator", coordinator.organisation_id, "Nodirov", "Aziz")
    mine, theirs = data_of(run, places=28, place_text="3-xona"), data_of(run, places=25)
    assert other.browser.post(page, data=theirs).status_code == 303
    answer = coordinator.browser.post(page, data=mine)
    assert answer.status_code == 409
    for text in ("Nodirov Aziz", "Saved meanwhile", "3-xona", ">25<", ">28<"):
        assert text in answer.text
    assert queries.run(run.code).places == 25
    assert coordinator.browser.post(page, data=mine | {"lock": queries.run(run.code).lock}).status_code == 303
    assert queries.run(run.code).places == 28


def test_a_run_that_ends_before_it_starts_is_refused_beside_the_field(coordinator, make_run):
    run = make_run()
    answer = coordinator.browser.post(
        f"/manage/runs/{run.code}/change", data=data_of(run, ends_on="2026-09-01", place_text="4-xona")
    )
    assert "before it starts on 14 September 2026" in answer.text
    assert "4-xona" in answer.text
    assert queries.run(run.code).ends_on == run.ends_on


@pytest.mark.parametrize("day", ["2026-02-30", "tomorrow", ""])
def test_a_date_that_does_not_exist(coordinator, make_run, day):
    run = make_run()
    answer = coordinator.browser.post(f"/manage/runs/{run.code}/change", data=data_of(run, starts_on=day))
    assert ("There is no such day" in answer.text) or (not day and "This is needed" in answer.text)
    assert queries.run(run.code).starts_on == run.starts_on


def test_every_reason_is_given(run_plan):
    wrong = replace(
        run_plan, ends_on=date(2026, 9, 1), places=0, language="en", group_name="x" * 81,
        enrolment_closes=run_plan.enrolment_opens,
    )  # fmt: skip
    assert refusals_of(wrong) == [
        "run-ends-before-start", "window-closes-before-opening", "places-range", "run-language", "text-too-long",
    ]  # fmt: skip
    assert refusals_of(run_plan) == []


def test_the_policy_is_copied_when_the_run_is_published(coordinator, make_course, make_run, plan):
    course = make_course("IT")
    run = make_run(course)
    stricter = replace(plan, policy=plan.policy | {"max_unexcused_hours": 6})
    service.save_version(coordinator.actor, "IT", stricter)
    service.publish_course(coordinator.actor, "IT")
    assert queries.run(run.code).policy["max_unexcused_hours"] == 18
    assert make_run(course).policy["max_unexcused_hours"] == 6


def test_calling_a_run_off_needs_a_reason_and_is_told(coordinator, make_run, monkeypatch):
    told = []
    monkeypatch.setitem(
        moves._followers, RunState.CANCELLED, [lambda _actor, run, why: told.append((run.code, why))]
    )
    run = make_run()
    page = f"/manage/runs/{run.code}/cancel"
    assert "Give the reason" in coordinator.browser.post(page, data={"why": " "}).text
    coordinator.browser.post(page, data={"why": "Bino ta’mirda"})
    assert told == [(run.code, "Bino ta’mirda")]
    assert queries.run(run.code).state == "cancelled"
    assert "Bino ta’mirda" in coordinator.browser.get(f"/runs/{run.code}").text
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "run.moved").order_by(AuditEntry.id)
    ).all()[-1]
    assert (entry.before, entry.after, entry.why) == (
        {"state": "published"},
        {"state": "cancelled"},
        "Bino ta’mirda",
    )


@pytest.mark.parametrize("state", list(RunState))
def test_a_run_moves_only_as_the_table_says(coordinator, make_run, state):
    run = make_run(publish=False)
    for to in RunState:
        db.session.execute(update(Run).values(state=state))
        db.session.commit()
        if to in RUN_MOVES[state]:
            assert service.move_run(coordinator.actor, run.code, to, "sabab").state == to
        else:
            with pytest.raises(Refused):
                service.move_run(coordinator.actor, run.code, to, "sabab")


def test_a_finished_run_is_not_changed(coordinator, make_run, run_plan):
    run = make_run()
    db.session.execute(update(Run).values(state="finished"))
    db.session.commit()
    with pytest.raises(Refused) as refused:
        service.change_run(coordinator.actor, run.code, replace(run_plan, places=5), run.lock)
    assert refused.value.why[0].code == "run-not-changeable"


def test_the_database_itself_holds_places_and_dates(make_run):
    make_run()
    for wrong in ({"taken": 31}, {"taken": -1}, {"places": 0}, {"ends_on": date(2020, 1, 1)}):
        with pytest.raises(IntegrityError):
            db.session.execute(update(Run).values(**wrong))
        db.session.rollback()


def test_the_last_place_is_given_once(make_run):
    run = make_run(places=1)
    assert [service.take_place(run.id), service.take_place(run.id)] == [True, False]
    assert [service.release_place(run.id), service.release_place(run.id)] == [True, False]
    assert [service.next_waiting(run.id), service.next_waiting(run.id)] == [1, 2]
    assert queries.run(run.code).taken == 0


def test_many_drafts_are_published_at_once_with_a_result_each(coordinator, make_course, make_run):
    course = make_course("IT")
    drafts = [make_run(course, publish=False) for _ in range(2)]
    late = make_run(course, publish=False, starts_on=date(2026, 8, 3), ends_on=date(2026, 8, 8),
                    enrolment_opens=drafts[0].enrolment_opens - timedelta(days=60),
                    enrolment_closes=drafts[0].enrolment_opens - timedelta(days=40))  # fmt: skip
    codes = [run.code for run in (*drafts, late)]
    answer = coordinator.browser.post("/board", data={"do": "publish", "runs": [*codes, "IT-999"]})
    assert "2 of 4 runs" in answer.text
    assert "The run ended on 8 August 2026" in answer.text
    assert [queries.run(code).state for code in codes] == ["published", "published", "draft"]


def test_the_board_shows_the_term(coordinator, make_run):
    run = make_run()
    draft = make_run(db.session.get_one(Run, run.id).version.course, publish=False)
    page = coordinator.browser.get("/board").text
    assert run.code in page
    assert draft.code in page
    assert "0/30" in page
    assert "Autumn 2026" in page


def test_another_provider_may_neither_see_nor_change(app, make_run):
    run = make_run()
    stranger = somebody(app, "coordinator", organisation("SAMDU", "Samarqand davlat universiteti"))
    for page in ("", "/change", "/cancel"):
        assert stranger.browser.get(f"/manage/runs/{run.code}{page}").status_code == 403
    with pytest.raises(Forbidden):
        service.publish_run(stranger.actor, run.code)


def test_a_curator_sees_the_group_only(app, coordinator, make_run):
    curator = somebody(app, "curator", coordinator.organisation_id, "Saidova", "Malika")
    mine = make_run(curator_id=curator.person_id)
    other = make_run(mine.version.course)
    assert curator.browser.get(f"/manage/runs/{mine.code}").status_code == 200
    assert curator.browser.get(f"/manage/runs/{other.code}").status_code == 403
    assert other.code not in curator.browser.get("/board").text


def test_a_curator_must_belong_to_the_provider(app, coordinator, make_course, run_plan):
    stranger = somebody(app, "coordinator", organisation("SAMDU", "Samarqand davlat universiteti"))
    make_course("IT")
    with pytest.raises(Refused) as refused:
        service.open_run(coordinator.actor, "IT", replace(run_plan, curator_id=stranger.person_id))
    assert [refusal.code for refusal in refused.value.why] == ["curator-unknown"]
