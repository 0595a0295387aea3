"""Who sees and does what in rounds, and what is refused to everybody else."""

import pytest
from sqlalchemy import select

from retrain.allocation import queries, service
from retrain.allocation.models import RoundRun, Wish
from retrain.extensions import db
from retrain.refusal import ChangedMeanwhile, Forbidden, NotThere, Refused
from tests.allocation.conftest import AFTER, CLOSES, OPENS, PLAN
from tests.harness.actors import organisation, somebody


@pytest.fixture
def stranger(app):
    """A coordinator of another university."""
    return somebody(app, "coordinator", organisation("SDU", "Samarqand universiteti"), "Begona")


@pytest.fixture
def ministry(app):
    return somebody(app, "ministry", organisation("MIN", "Vazirlik", "ministry"), "Vazirov")


PAGES = ("", "/outcome", "/change", "/runs", "/cancel", "/confirm")


def test_another_provider_sees_and_does_nothing(make_round, run, stranger, teachers):
    code = make_round([run]).code
    service.rank(teachers[0].actor, code, [run.code])
    for page in PAGES:
        assert stranger.browser.get(f"/manage/rounds/{code}{page}").status_code == 403
    for act in ("/publish", "/trial", "/runs/remove", "/cancel", "/confirm", "/change", "/runs"):
        answer = stranger.browser.post(
            f"/manage/rounds/{code}{act}", data={"run": run.code, "runs": run.code}
        )
        assert answer.status_code == 403, act
    assert code not in stranger.browser.get("/manage/rounds").text


def test_the_ministry_sees_every_round_and_changes_none(make_round, run, ministry):
    code = make_round([run]).code
    assert code in ministry.browser.get("/manage/rounds").text
    page = ministry.browser.get(f"/manage/rounds/{code}")
    assert page.status_code == 200
    assert "Call the round off" not in page.text
    assert "Try it now" not in page.text
    assert ministry.browser.post(f"/manage/rounds/{code}/trial").status_code == 403


def test_a_draft_is_seen_by_its_provider_alone(make_round, run, teachers, office):
    code = make_round([run], publish=False).code
    assert teachers[0].browser.get(f"/rounds/{code}/rank").status_code == 404
    assert office.browser.get(f"/rounds/{code}/order").status_code == 404
    assert code not in teachers[0].browser.get("/rounds").text
    assert "Places are given in a round" not in teachers[0].browser.get(f"/runs/{run.code}").text


def test_a_college_sees_and_orders_its_own_people_only(
    app, make_round, make_teacher, run, other_college, office
):
    code, own, other = (
        make_round([run]).code,
        make_teacher("Aliyev"),
        make_teacher("Boboyev", at=other_college),
    )
    for teacher in (own, other):
        service.rank(teacher.actor, code, [run.code])
    page = office.browser.get(f"/rounds/{code}/order").text
    assert "Aliyev" in page
    assert "Boboyev" not in page
    with pytest.raises(Refused) as refused:
        service.order(office.actor, code, run.code, {other.teacher_id: 1})
    assert [why.code for why in refused.value.why] == ["order-not-yours"]
    assert {row.college_rank for row in db.session.scalars(select(Wish))} == {None}


def test_a_teacher_reads_nobody_elses_outcome(clock, make_round, run, teachers, coordinator):
    code = make_round([run]).code
    service.rank(teachers[0].actor, code, [run.code])
    clock.set(AFTER)
    service.do_round(coordinator.actor, code, service.reckon_round(coordinator.actor, code)["digest"])
    assert teachers[0].browser.get(f"/rounds/{code}/mine").status_code == 200
    assert teachers[1].browser.get(f"/rounds/{code}/mine").status_code == 404
    assert teachers[0].browser.get(f"/manage/rounds/{code}/outcome").status_code == 403


def test_nobody_ranks_for_another(make_round, run, office, coordinator):
    code = make_round([run]).code
    with pytest.raises(NotThere):
        service.rank(office.actor, code, [run.code])
    with pytest.raises(Forbidden):
        service.order(coordinator.actor, code, run.code, {})


def test_a_round_gives_nothing_before_it_closes(make_round, run, coordinator, teachers, standings):
    code = make_round([run]).code
    service.rank(teachers[0].actor, code, [run.code])
    digest = service.reckon_round(coordinator.actor, code)["digest"]
    answer = coordinator.browser.post(
        f"/manage/rounds/{code}/confirm", data={"digest": digest}, follow_redirects=True
    )
    assert "Teachers may rank until 14 September 2026, 09:00." in answer.text
    assert standings(run) == []


def test_a_run_is_in_one_round_and_of_its_provider(app, make_round, make_run, run, stranger):
    make_round([run])
    with pytest.raises(Refused) as refused:
        make_round([run], publish=False)
    assert [why.code for why in refused.value.why] == ["run-in-other-round"]
    theirs = service.create_round(stranger.actor, PLAN)
    other = make_run()
    with pytest.raises(Refused) as refused:
        service.add_runs(stranger.actor, theirs.code, [other.code])
    assert [why.code for why in refused.value.why] == ["round-other-provider"]


def test_a_run_for_which_people_wait_is_not_put_into_a_round(make_round, make_run, teachers):
    run = make_run(places=1)
    for teacher in teachers[:2]:
        teacher.browser.post(f"/runs/{run.code}/enrol")
    with pytest.raises(Refused) as refused:
        make_round([run], publish=False)
    assert [why.code for why in refused.value.why] == ["round-run-has-waiting"]


def test_nobody_is_first_where_a_round_gives_the_places(make_round, run, teachers, standings):
    make_round([run])
    answer = teachers[0].browser.post(f"/runs/{run.code}/enrol", follow_redirects=True)
    assert "are given in an allocation round" in answer.text
    assert standings(run) == []


def test_a_runs_page_says_the_round_gives_its_places_and_names_no_obstacle(make_round, run, teachers, office):
    code = make_round([run]).code
    page = teachers[0].browser.get(f"/runs/{run.code}?lang=en").text
    assert "a round gives them" in page
    assert "take a place, because" not in page
    page = office.browser.get(f"/runs/{run.code}?lang=en").text
    assert "teachers rank runs" in page
    assert f"/rounds/{code}/order" in page
    assert "Nominate teachers" not in page


def test_runs_are_settled_once_the_round_is_published(make_round, make_run, run, coordinator):
    other, code = make_run(), make_round([run]).code
    for act, data in (("runs", {"runs": other.code}), ("runs/remove", {"run": run.code})):
        answer = coordinator.browser.post(f"/manage/rounds/{code}/{act}", data=data, follow_redirects=True)
        assert "so its runs are settled" in answer.text
    assert [row.run_id for row in db.session.scalars(select(RoundRun))] == [run.id]


def test_taking_a_run_out_of_a_draft_opens_it_again(make_round, run, coordinator, teachers, standings):
    code = make_round([run], publish=False).code
    coordinator.browser.post(f"/manage/rounds/{code}/runs/remove", data={"run": run.code})
    assert not queries.is_in_open_round(run.id)
    teachers[0].browser.post(f"/runs/{run.code}/enrol")
    assert standings(run) == [("Aliyev", "enrolled")]


def test_a_window_is_checked_and_changed_by_one_at_a_time(make_round, run, coordinator):
    empty = coordinator.browser.post(
        "/manage/rounds/new", data={"opens_at": "2026-09-09T09:00", "closes_at": "2026-09-08T09:00"}
    ).text
    assert "Give the round a name" in empty
    assert "The close must come after the opening." in empty
    code = make_round([run]).code
    later = service.RoundPlan(PLAN.titles, OPENS, CLOSES.replace(day=15))
    service.change_round(coordinator.actor, code, later, queries.allocation_round(code).lock)
    with pytest.raises(ChangedMeanwhile):
        service.change_round(coordinator.actor, code, PLAN, 1)
    too_late = service.RoundPlan(PLAN.titles, OPENS, CLOSES.replace(day=20))
    with pytest.raises(Refused) as refused:
        service.change_round(coordinator.actor, code, too_late, queries.allocation_round(code).lock)
    assert [why.code for why in refused.value.why] == ["round-run-window"]


def test_a_round_without_runs_is_not_published(make_round, coordinator):
    code = make_round([], publish=False).code
    answer = coordinator.browser.post(f"/manage/rounds/{code}/publish", follow_redirects=True)
    assert "Put at least one run into the round." in answer.text


def test_pages_ask_as_much_for_many_as_for_few(
    make_round, make_run, teachers, coordinator, office, count_queries
):
    runs = [make_run() for _ in range(3)]
    code = make_round(runs).code
    pages = [
        (coordinator, f"/manage/rounds/{code}"), (teachers[0], f"/rounds/{code}/rank"),
        (office, f"/rounds/{code}/order"), (coordinator, "/manage/rounds"),
    ]  # fmt: skip
    before = [count_queries(who, page) for who, page in pages]
    for teacher in teachers:
        service.rank(teacher.actor, code, [run.code for run in runs])
    after = [count_queries(who, page) for who, page in pages]
    assert all(now <= then + 2 for now, then in zip(after, before, strict=True)), (before, after)
    assert max(after) <= 20, after
