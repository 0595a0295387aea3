"""A coordinator moves people between runs: the same checks, the freed place passes on, a full run changes nothing."""

import pytest
from sqlalchemy import select

from retrain.catalogue.models import Run
from retrain.enrolment import service
from retrain.enrolment.models import Enrolment, EnrolmentChange
from retrain.enrolment.states import Funding, QuotaSort, Source, State
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.refusal import Forbidden, Refused
from tests.harness.actors import organisation, somebody

WHY = "Uyiga yaqin"


@pytest.fixture
def other(make_run, run):
    """Another run of the same course at the same time, with one place."""
    return make_run(course=run.version.course.code, places=1)


def taken(*runs: Run) -> list[int]:
    db.session.expire_all()
    return [db.session.get_one(Run, run.id).taken for run in runs]


def told(person) -> list[Message]:
    return list(
        db.session.scalars(
            select(Message).where(Message.person_id == person.person_id).order_by(Message.id.desc()).limit(2)
        )
    )[::-1]


def test_many_are_chosen_and_each_has_an_answer(run, rows, other, coordinator, standings):
    page = coordinator.browser.post(
        f"/manage/runs/{run.code}/people/move", data={"people": [rows[0].id, rows[2].id]}
    ).text
    assert "2 people are moved" in page
    assert other.code in page
    page = coordinator.browser.post(
        f"/manage/runs/{run.code}/people/move",
        data={"people": [rows[0].id, rows[2].id], "target": other.code, "reason": WHY},
    ).text
    assert "has a place" in page
    assert f"All 1 places of run {other.code} are taken." in page
    assert standings(run) == [
        ("Aliyev", "transferred"), ("Boboyev", "enrolled"), ("Dadayev", "enrolled"), ("Ergashev", "waitlisted"),
        ("Fayziyev", "waitlisted"),
    ]  # fmt: skip
    assert standings(other) == [("Aliyev", "enrolled")]
    assert taken(run, other) == [2, 1]


def test_the_new_place_knows_the_old_one_and_what_was_paid(run, rows, other, coordinator):
    db.session.execute(
        db.update(Enrolment).where(Enrolment.id == rows[0].id).values(
            funding=Funding.COLLEGE, contract="15/26", price=900_000
        )
    )  # fmt: skip
    db.session.commit()
    new = service.transfer(coordinator.actor, rows[0].id, other.code, WHY)
    assert (new.source, new.instead_of_id) == (Source.TRANSFER, rows[0].id)
    assert (new.funding, new.contract, new.price) == (Funding.COLLEGE, "15/26", 900_000)
    change = db.session.scalars(
        select(EnrolmentChange).where(EnrolmentChange.enrolment_id == rows[0].id)
    ).one()
    assert (change.after, change.reason) == (State.TRANSFERRED, WHY)
    assert service.transfer(coordinator.actor, rows[0].id, other.code, WHY).id == new.id


def test_the_old_calendar_entry_is_cancelled_and_the_new_one_sent(run, rows, other, coordinator, teachers):
    new = service.transfer(coordinator.actor, rows[0].id, other.code, WHY)
    gone, came = told(teachers[0])
    assert (gone.kind, came.kind) == ("enrolment.transferred", "enrolment.moved")
    assert (gone.calendar["method"], gone.calendar["uid"]) == ("CANCEL", f"enrolment-{rows[0].id}@retrain")
    assert (came.calendar["method"], came.calendar["uid"]) == ("REQUEST", f"enrolment-{new.id}@retrain")
    before = db.session.scalar(select(Message).where(Message.kind == "enrolment.enrolled"))
    assert gone.calendar["sequence"] > before.calendar["sequence"]
    page = teachers[0].browser.get("/messages").text
    assert f"you were moved to run {other.code}. The reason: {WHY}" in page


def test_whoever_waits_is_moved_too(run, rows, other, coordinator, standings):
    service.transfer(coordinator.actor, rows[4].id, other.code, WHY)
    assert standings(run)[4] == ("Fayziyev", "transferred")
    assert standings(other) == [("Fayziyev", "enrolled")]


def test_a_free_place_that_others_wait_for_is_theirs(
    run, rows, make_run, make_teacher, coordinator, standings
):
    target = make_run(course=run.version.course.code, places=1)
    first, second = make_teacher("Xolmatov"), make_teacher("Yusupov")
    service.enrol_self(first.actor, target.code)
    waits = service.enrol_self(second.actor, target.code)
    db.session.execute(
        db.update(Run).where(Run.id == target.id).values(places=2)
    )  # as an older version left it
    db.session.commit()
    with pytest.raises(Refused) as refused:
        service.transfer(coordinator.actor, rows[0].id, target.code, WHY)
    assert [why.code for why in refused.value.why] == ["free-for-those-who-wait"]
    assert standings(target) == [("Xolmatov", "enrolled"), ("Yusupov", "waitlisted")]
    assert db.session.get_one(Enrolment, waits.id).state is State.WAITLISTED
    assert standings(run)[0] == ("Aliyev", "enrolled")


def test_quotas_hold_for_who_is_moved(run, rows, other, coordinator, standings, other_college):
    service.set_quota(coordinator.actor, other.code, QuotaSort.SET_ASIDE, f"college:{other_college}", 1)
    with pytest.raises(Refused) as refused:
        service.transfer(coordinator.actor, rows[0].id, other.code, WHY)
    assert [why.code for why in refused.value.why] == ["only-set-aside-left"]
    assert standings(other) == []
    assert taken(run, other) == [2, 0]


def test_another_run_at_the_same_time_still_stands_in_the_way(
    run, rows, other, make_run, coordinator, teachers
):
    later = make_run(starts_on=run.ends_on.replace(day=28), ends_on=run.ends_on.replace(day=30), places=1)
    clash = make_run(
        course=run.version.course.code, starts_on=later.starts_on, ends_on=later.ends_on, places=3
    )
    service.enrol_self(teachers[0].actor, later.code)
    with pytest.raises(Refused) as refused:
        service.transfer(coordinator.actor, rows[0].id, clash.code, WHY)
    assert [why.code for why in refused.value.why] == ["overlaps"]


def test_nobody_is_moved_to_where_they_are_without_a_reason_or_twice(run, rows, other, coordinator):
    with pytest.raises(Refused) as refused:
        service.transfer(coordinator.actor, rows[0].id, run.code, " ")
    assert [why.code for why in refused.value.why] == ["transfer-same-run", "transfer-reason-missing"]
    service.withdraw(coordinator.actor, rows[0].id)
    with pytest.raises(Refused) as refused:
        service.transfer(coordinator.actor, rows[0].id, other.code, WHY)
    assert [why.code for why in refused.value.why] == ["not-transferable"]


def test_only_who_gives_both_runs_moves_people_between_them(app, run, rows, other, university):
    stranger = somebody(app, "coordinator", organisation("SDU", "Samarqand davlat universiteti"))
    with pytest.raises(Forbidden):
        service.transfer(stranger.actor, rows[0].id, other.code, WHY)
    answer = stranger.browser.post(
        f"/manage/runs/{run.code}/people/move",
        data={"people": rows[0].id, "target": other.code, "reason": WHY},
    )
    assert answer.status_code == 403
    assert taken(run, other) == [2, 0]
