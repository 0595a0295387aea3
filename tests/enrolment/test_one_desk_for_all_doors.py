"""Quotas, consents and offers meet at the desk, whichever door somebody comes by."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from retrain.audit.models import AuditEntry
from retrain.catalogue.models import Run
from retrain.enrolment import queries, service
from retrain.enrolment.models import Approval, Enrolment, Quota
from retrain.enrolment.states import Consent, QuotaSort, Side, State
from retrain.enrolment.terms import USUAL
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.people.models import Teacher
from retrain.refusal import Forbidden, Refused

ASIDE, CEILING = QuotaSort.SET_ASIDE, QuotaSort.CEILING


def codes(refused) -> list[str]:
    return [each.code for each in refused.value.why]


def state_of(row: Enrolment) -> str:
    db.session.expire_all()
    return db.session.get_one(Enrolment, row.id).state.value


def kinds(person_id: int) -> list[str]:
    found = select(Message.kind).where(Message.person_id == person_id).order_by(Message.id)
    return list(db.session.scalars(found))


def sums_are_right(run: Run) -> None:
    """What the counters say is what the rows say."""
    db.session.expire_all()
    holding = [
        row
        for row in db.session.scalars(select(Enrolment).where(Enrolment.run_id == run.id))
        if row.state in (State.ENROLLED, State.OFFERED)
    ]
    assert db.session.get_one(Run, run.id).taken == len(holding)
    for quota in db.session.scalars(select(Quota).where(Quota.run_id == run.id)):
        assert quota.taken == sum(quota.id in row.taken_from for row in holding)


@pytest.fixture
def stranger(make_teacher, other_college):
    return make_teacher("Zokirov", at=other_college)


# -- quotas


def test_a_place_set_aside_goes_to_its_group_only(make_run, teachers, stranger, coordinator):
    run = make_run(places=2)
    service.set_quota(coordinator.actor, run.code, ASIDE, "region:UZ-NW", 1)
    first, second = [service.enrol_self(each.actor, run.code) for each in teachers[:2]]
    assert [state_of(first), state_of(second)] == ["enrolled", "waitlisted"]
    assert state_of(service.enrol_self(stranger.actor, run.code)) == "enrolled"
    sums_are_right(run)


def test_no_more_of_a_group_than_its_ceiling(make_run, teachers, stranger, coordinator, college):
    run = make_run(places=3)
    service.set_quota(coordinator.actor, run.code, CEILING, f"college:{college}", 1)
    rows = [service.enrol_self(each.actor, run.code) for each in teachers[:2]]
    assert [state_of(row) for row in rows] == ["enrolled", "waitlisted"]
    assert state_of(service.enrol_self(stranger.actor, run.code)) == "enrolled"
    service.withdraw(teachers[0].actor, rows[0].id)
    assert state_of(rows[1]) == "enrolled"
    sums_are_right(run)


def test_what_nobody_took_goes_to_those_who_wait_at_its_hour(make_run, teachers, coordinator, clock):
    run = make_run(places=2)
    hour = clock.now() + timedelta(days=2)
    service.set_quota(coordinator.actor, run.code, ASIDE, "region:UZ-NW", 1, hour)
    rows = [service.enrol_self(each.actor, run.code) for each in teachers[:3]]
    clock.set(hour - timedelta(seconds=1))
    assert service.release_due() == 0
    clock.set(hour)
    assert service.release_due() == 1
    assert service.release_due() == 0
    assert [state_of(row) for row in rows] == ["enrolled", "enrolled", "waitlisted"]
    assert db.session.scalar(select(AuditEntry).where(AuditEntry.action == "quota.released")) is not None
    sums_are_right(run)


def test_a_quota_is_not_lowered_below_what_is_taken(make_run, stranger, coordinator):
    run = make_run(places=2)
    service.set_quota(coordinator.actor, run.code, ASIDE, "region:UZ-NW", 1)
    service.enrol_self(stranger.actor, run.code)
    with pytest.raises(Refused) as refused:
        service.set_quota(coordinator.actor, run.code, ASIDE, "region:UZ-NW", 0)
    assert codes(refused) == ["quota-below-taken"]
    assert refused.value.why[0].facts == {"quota": "region:UZ-NW", "wanted": 0, "taken": 1}


def test_no_more_is_set_aside_than_is_free_and_the_run_keeps_room_for_it(make_run, teachers, coordinator):
    run = make_run(places=2)
    service.enrol_self(teachers[0].actor, run.code)
    with pytest.raises(Refused) as refused:
        service.set_quota(coordinator.actor, run.code, ASIDE, "region:UZ-NW", 2)
    assert codes(refused) == ["set-aside-too-many"]
    service.set_quota(coordinator.actor, run.code, ASIDE, "region:UZ-NW", 1)
    with pytest.raises(Refused) as refused:
        service.change_places(coordinator.actor, run.code, 1)
    assert codes(refused) == ["places-below-quotas"]


def test_a_new_ceiling_counts_those_who_are_there(make_run, teachers, coordinator, college):
    run = make_run(places=3)
    rows = [service.enrol_self(each.actor, run.code) for each in teachers[:2]]
    with pytest.raises(Refused) as refused:
        service.set_quota(coordinator.actor, run.code, CEILING, f"college:{college}", 1)
    assert codes(refused) == ["quota-below-taken"]
    quota = service.set_quota(coordinator.actor, run.code, CEILING, f"college:{college}", 2)
    assert state_of(service.enrol_self(teachers[2].actor, run.code)) == "waitlisted"
    sums_are_right(run)
    service.remove_quota(coordinator.actor, run.code, quota.id)
    assert [state_of(row) for row in rows] == ["enrolled", "enrolled"]
    sums_are_right(run)


def test_another_providers_coordinator_sets_no_quota(run, office):
    with pytest.raises(Forbidden):
        service.set_quota(office.actor, run.code, ASIDE, "region:UZ-NW", 1)


# -- consents


@pytest.fixture
def asking(make_run):
    """A run with two places that wants the consent of both sides."""
    return make_run(terms=replace(USUAL, offer_hours=None, consent=Consent.BOTH))


def test_a_request_holds_no_place_until_both_sides_consented(asking, teachers, coordinator, office):
    row = service.enrol_self(teachers[0].actor, asking.code)
    assert (state_of(row), db.session.get_one(Run, asking.id).taken) == ("requested", 0)
    assert kinds(teachers[0].person_id) == ["enrolment.requested"]
    numbers = [teachers[0].teacher_id]
    assert service.answer(office.actor, Side.COLLEGE, asking.code, numbers, given=True)[0].state is (
        State.REQUESTED
    )
    assert service.answer(coordinator.actor, Side.PROVIDER, asking.code, numbers, given=True)[0].state is (
        State.ENROLLED
    )
    assert kinds(teachers[0].person_id)[-1] == "enrolment.approved"
    sums_are_right(asking)


def test_one_refusal_ends_the_request_with_its_reason(asking, teachers, coordinator):
    row = service.enrol_self(teachers[0].actor, asking.code)
    with pytest.raises(Refused) as refused:
        service.answer(
            coordinator.actor, Side.PROVIDER, asking.code, [teachers[0].teacher_id], given=False, reason=" "
        )
    assert codes(refused) == ["refusal-reason-missing"]
    service.answer(
        coordinator.actor, Side.PROVIDER, asking.code, [teachers[0].teacher_id], given=False, reason="full"
    )
    assert state_of(row) == "rejected"
    with pytest.raises(Refused) as refused:
        service.enrol_self(teachers[0].actor, asking.code)
    assert codes(refused) == ["provider-refused"]


def test_consent_may_come_ahead_and_be_asked_ahead(asking, teachers, coordinator, office, clock):
    clock.set(asking.enrolment_opens - timedelta(days=1))
    assert service.ask_ahead(teachers[0].actor, asking.code) == [Side.COLLEGE, Side.PROVIDER]
    assert service.ask_ahead(teachers[0].actor, asking.code) == []
    numbers = [teachers[0].teacher_id]
    service.answer(office.actor, Side.COLLEGE, asking.code, numbers, given=True)
    service.answer(coordinator.actor, Side.PROVIDER, asking.code, numbers, given=True)
    with pytest.raises(Refused) as refused:
        service.enrol_self(teachers[0].actor, asking.code)
    assert codes(refused) == ["enrolment-not-open"]
    clock.set(asking.enrolment_opens)
    assert state_of(service.enrol_self(teachers[0].actor, asking.code)) == "enrolled"


def test_who_is_answered_after_the_places_are_gone_waits_in_the_order_of_answers(
    make_run, teachers, coordinator
):
    run = make_run(places=1, terms=replace(USUAL, consent=Consent.PROVIDER))
    rows = [service.enrol_self(each.actor, run.code) for each in teachers[:3]]
    order = [teachers[2].teacher_id, teachers[0].teacher_id, teachers[1].teacher_id]
    found = service.answer(coordinator.actor, Side.PROVIDER, run.code, order, given=True)
    assert [(each.state, each.number) for each in found] == [
        (State.ENROLLED, None), (State.WAITLISTED, 1), (State.WAITLISTED, 2)
    ]  # fmt: skip
    assert [state_of(row) for row in rows] == ["waitlisted", "waitlisted", "enrolled"]


def test_a_college_answers_for_its_own_only(asking, stranger, office):
    service.enrol_self(stranger.actor, asking.code)
    found = service.answer(office.actor, Side.COLLEGE, asking.code, [stranger.teacher_id], given=True)
    assert [each.code for each in found[0].refusals] == ["not-of-your-college"]
    given = db.session.scalar(
        select(Approval.given).where(
            Approval.teacher_id == stranger.teacher_id, Approval.side == Side.COLLEGE
        )
    )
    assert given is None


def test_a_request_nobody_answers_lapses_and_says_so_before(asking, teachers, clock):
    row = service.enrol_self(teachers[0].actor, asking.code)
    db.session.expire_all()
    until = db.session.get_one(Enrolment, row.id).lapses_at
    clock.set(until - timedelta(hours=25))
    assert service.remind() == 0
    clock.set(until - timedelta(hours=23))
    assert (service.remind(), service.remind()) == (1, 0)
    assert service.end_what_is_due() == 0
    clock.set(until)
    assert service.end_what_is_due() == 1
    assert state_of(row) == "lapsed"
    assert kinds(teachers[0].person_id) == [
        "enrolment.requested", "enrolment.request_ends", "enrolment.request_lapsed"
    ]  # fmt: skip


# -- offers


@pytest.fixture
def offering(make_run):
    """A run of one place whose freed place is offered for two working days."""
    return make_run(places=1, terms=USUAL)


def test_an_offer_holds_its_place_until_it_is_answered(offering, teachers):
    rows = [service.enrol_self(each.actor, offering.code) for each in teachers[:3]]
    service.withdraw(teachers[0].actor, rows[0].id)
    assert [state_of(row) for row in rows] == ["withdrawn", "offered", "waitlisted"]
    assert state_of(service.enrol_self(teachers[3].actor, offering.code)) == "waitlisted"
    service.accept_offer(teachers[1].actor, rows[1].id)
    assert state_of(service.accept_offer(teachers[1].actor, rows[1].id)) == "enrolled"
    sums_are_right(offering)


def test_who_declines_is_passed_and_not_offered_again(offering, teachers):
    rows = [service.enrol_self(each.actor, offering.code) for each in teachers[:3]]
    service.withdraw(teachers[0].actor, rows[0].id)
    service.decline_offer(teachers[1].actor, rows[1].id)
    assert [state_of(row) for row in rows] == ["withdrawn", "declined", "offered"]
    service.decline_offer(teachers[2].actor, rows[2].id)
    assert db.session.get_one(Run, offering.id).taken == 0
    assert kinds(teachers[1].person_id).count("enrolment.offered") == 1


def test_an_offer_expires_in_working_hours_and_passes_on(offering, teachers, clock):
    clock.set(datetime(2026, 9, 11, 12, tzinfo=UTC))  # Friday, 17:00 in Tashkent
    rows = [service.enrol_self(each.actor, offering.code) for each in teachers[:3]]
    service.withdraw(teachers[0].actor, rows[0].id)
    db.session.expire_all()
    until = db.session.get_one(Enrolment, rows[1].id).offer_expires_at
    assert until == datetime(2026, 9, 14, 10, tzinfo=UTC)  # 1 + 9 hours till Saturday's end, then 6 of Monday
    clock.set(until)
    with pytest.raises(Refused) as refused:
        service.accept_offer(teachers[1].actor, rows[1].id)
    assert codes(refused) == ["offer-over"]
    assert service.end_what_is_due() == 1
    assert [state_of(row) for row in rows] == ["withdrawn", "expired", "offered"]
    sums_are_right(offering)


def test_too_late_for_an_answer_the_place_is_given_at_once(offering, teachers, clock):
    rows = [service.enrol_self(each.actor, offering.code) for each in teachers[:2]]
    clock.set(offering.enrolment_closes - timedelta(minutes=30))
    service.withdraw(teachers[0].actor, rows[0].id)
    assert state_of(rows[1]) == "enrolled"


def test_nobody_offers_somebody_elses_place_away(offering, teachers):
    rows = [service.enrol_self(each.actor, offering.code) for each in teachers[:2]]
    service.withdraw(teachers[0].actor, rows[0].id)
    for deal in (service.accept_offer, service.decline_offer):
        with pytest.raises(Forbidden):
            deal(teachers[2].actor, rows[1].id)


# -- conditions and cut-off


def test_conditions_of_the_course_refuse_all_at_once(make_run, teachers, coordinator):
    run = make_run()
    row = db.session.get_one(Run, run.id)
    row.policy = {**row.policy, "conditions": {"staff_kinds": ["head"], "years_from": 3}}
    teacher = db.session.get_one(Teacher, teachers[0].teacher_id)
    teacher.teaching_since = date(2025, 9, 1)
    db.session.commit()
    for come in (
        lambda: service.enrol_self(teachers[0].actor, run.code),
        lambda: service.enrol(coordinator.actor, run.code, teachers[0].teacher_id),
    ):
        with pytest.raises(Refused) as refused:
            come()
        assert codes(refused) == ["other-staff-kind", "service-too-short"]


def test_a_place_is_given_up_until_the_cut_off(make_run, teachers, clock):
    run = make_run(terms=replace(USUAL, withdraw_days=3))
    row = service.enrol_self(teachers[0].actor, run.code)
    clock.set(datetime(2026, 9, 18, 20, tzinfo=UTC))  # already the 19th in Tashkent, two days before
    with pytest.raises(Refused) as refused:
        service.withdraw(teachers[0].actor, row.id)
    assert codes(refused) == ["withdraw-too-late"]
    clock.set(datetime(2026, 9, 18, 10, tzinfo=UTC))
    service.withdraw(teachers[0].actor, row.id)
    assert queries.own_enrolment(teachers[0].person_id, run.code).state is State.WITHDRAWN
