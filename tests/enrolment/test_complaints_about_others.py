"""What users of other systems complained of, each made impossible here; the sources are in the names' comments."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from retrain.catalogue import service as catalogue
from retrain.catalogue.models import Run
from retrain.enrolment import queries, service
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import Consent, QuotaSort, Side, Source, State
from retrain.enrolment.terms import USUAL
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.refusal import Refused

ASIDE = QuotaSort.SET_ASIDE


def code_of(refused) -> str:
    return refused.value.why[0].code


def states(*rows) -> list[str]:
    db.session.expire_all()
    return [db.session.get_one(Enrolment, row.id).state.value for row in rows]


def taken(run) -> int:
    db.session.expire_all()
    return db.session.get_one(Run, run.id).taken


def kinds(somebody) -> list[str]:
    found = select(Message.kind).where(Message.person_id == somebody.person_id).order_by(Message.id)
    return list(db.session.scalars(found))


# SparkDevNetwork/Rock#2510
def test_1_places_are_counted_again_when_the_button_is_pressed(make_run, teachers):
    run = make_run(places=1)
    pages = [each.browser.get(f"/runs/{run.code}").text for each in teachers[:2]]
    assert all("Take a place" in page for page in pages)
    for each in teachers[:2]:
        each.browser.post(f"/runs/{run.code}/enrol")
    found = db.session.scalars(select(Enrolment).order_by(Enrolment.id)).all()
    assert states(*found) == ["enrolled", "waitlisted"]


# odoo/odoo PR 252960, learning-unlimited/ESP-Website PR 5033
@pytest.mark.race
def test_2_and_3_the_last_place_is_given_once_through_two_doors(app, make_run, teachers, office, coordinator):
    run = make_run(places=1)
    doors = [
        lambda: service.enrol_self(teachers[0].actor, run.code),
        lambda: service.nominate(office.actor, run.code, [teachers[1].teacher_id]),
        lambda: service.enrol(coordinator.actor, run.code, teachers[2].teacher_id),
    ]
    start = threading.Barrier(len(doors))

    def come(door) -> None:
        with app.app_context():
            start.wait()
            door()

    threads = [threading.Thread(target=come, args=(door,)) for door in doors]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    found = db.session.scalars(select(Enrolment).where(Enrolment.run_id == run.id)).all()
    assert sorted(states(*found)) == ["enrolled", "waitlisted", "waitlisted"]
    assert taken(run) == 1


def test_3_nobody_is_on_a_run_twice_whatever_the_program_does(run, teachers):
    row = service.enrol_self(teachers[0].actor, run.code)
    twin = {
        column.name: getattr(row, column.name)
        for column in Enrolment.__table__.columns
        if column.name != "id"
    }
    with pytest.raises(IntegrityError):
        db.session.execute(Enrolment.__table__.insert(), twin)
    db.session.rollback()


# viszerale-therapie/simple-courses#197
def test_4_the_table_itself_holds_no_29th_person_in_28_places(make_run, teachers):
    run = make_run(places=1)
    service.enrol_self(teachers[0].actor, run.code)
    with pytest.raises(IntegrityError):
        db.session.execute(Run.__table__.update().where(Run.id == run.id).values(taken=2))
    db.session.rollback()


# hitobito/hitobito#3270
def test_5_the_coordinators_hand_meets_the_same_checks(make_run, teachers, coordinator, office):
    run, other = make_run(), make_run()
    service.enrol_self(teachers[0].actor, other.code)
    refused = []
    for door in (
        lambda: service.enrol_self(teachers[0].actor, run.code),
        lambda: service.enrol(coordinator.actor, run.code, teachers[0].teacher_id),
        lambda: service.enrol(coordinator.actor, run.code, teachers[0].teacher_id, source=Source.IMPORT),
    ):
        with pytest.raises(Refused) as caught:
            door()
        refused.append(code_of(caught))
    outcome = service.nominate(office.actor, run.code, [teachers[0].teacher_id])[0]
    assert [*refused, outcome.refusals[0].code] == ["overlaps"] * 4


# hitobito/hitobito#2122
def test_6_a_full_run_confirms_nobody(make_run, teachers):
    run = make_run(places=1)
    for each in teachers[:2]:
        service.enrol_self(each.actor, run.code)
    assert kinds(teachers[1]) == ["enrolment.waiting"]


# hitobito/hitobito#2120
def test_7_where_consent_is_asked_nobody_is_enrolled_without_it(make_run, teachers):
    run = make_run(terms=replace(USUAL, consent=Consent.COLLEGE))
    row = service.enrol_self(teachers[0].actor, run.code)
    assert (states(row), taken(run), kinds(teachers[0])) == (["requested"], 0, ["enrolment.requested"])


# Wunderbyte-GmbH/moodle-mod_booking#899
def test_8_more_places_take_in_only_those_who_were_consented_to(make_run, teachers, coordinator):
    run = make_run(places=1, terms=replace(USUAL, consent=Consent.PROVIDER, offer_hours=None))
    rows = [service.enrol_self(each.actor, run.code) for each in teachers[:3]]
    numbers = [teachers[0].teacher_id, teachers[1].teacher_id]
    service.answer(coordinator.actor, Side.PROVIDER, run.code, numbers, given=True)
    assert states(*rows) == ["enrolled", "waitlisted", "requested"]
    service.change_places(coordinator.actor, run.code, 3)
    assert states(*rows) == ["enrolled", "enrolled", "requested"]


# Wunderbyte-GmbH/moodle-mod_booking#809, #986
def test_9_a_free_place_is_given_and_a_freed_one_is_filled(make_run, teachers):
    run = make_run(places=2)
    rows = [service.enrol_self(each.actor, run.code) for each in teachers[:3]]
    assert states(*rows) == ["enrolled", "enrolled", "waitlisted"]
    service.withdraw(teachers[0].actor, rows[0].id)
    assert states(*rows) == ["withdrawn", "enrolled", "enrolled"]


# pretix/pretix#1163
def test_10_who_gave_an_offer_back_is_not_offered_again_and_blocks_nobody(make_run, teachers):
    run = make_run(places=1, terms=USUAL)
    rows = [service.enrol_self(each.actor, run.code) for each in teachers[:3]]
    service.withdraw(teachers[0].actor, rows[0].id)
    service.accept_offer(teachers[1].actor, rows[1].id)
    service.withdraw(teachers[1].actor, rows[1].id)
    assert states(*rows) == ["withdrawn", "withdrawn", "offered"]
    assert kinds(teachers[1]).count("enrolment.offered") == 1


# pretix/pretix#1031, #681
def test_11_nothing_is_offered_after_the_deadline_or_the_start(make_run, teachers, clock):
    run = make_run(places=1, terms=USUAL)
    rows = [service.enrol_self(each.actor, run.code) for each in teachers[:2]]
    for moment in (run.enrolment_closes, run.enrolment_closes + timedelta(days=5)):
        clock.set(moment)
        if states(rows[0]) == ["enrolled"]:
            service.withdraw(teachers[0].actor, rows[0].id)
        service.release_due()
        service.end_what_is_due()
        assert states(*rows) == ["withdrawn", "waitlisted"]
    assert "enrolment.offered" not in kinds(teachers[1])


# pretix/pretix#1238
def test_12_a_quota_taken_away_gives_no_more_than_there_is(make_run, teachers, coordinator):
    run = make_run(places=3)
    quota = service.set_quota(coordinator.actor, run.code, ASIDE, "region:UZ-NW", 2)
    rows = [service.enrol_self(each.actor, run.code) for each in teachers[:5]]
    service.remove_quota(coordinator.actor, run.code, quota.id)
    assert states(*rows) == ["enrolled", "enrolled", "enrolled", "waitlisted", "waitlisted"]
    assert taken(run) == 3


# indico/indico#3036, #5243
def test_13_there_is_a_waiting_list_with_a_visible_number(make_run, teachers):
    run = make_run(places=1)
    for each in teachers[:3]:
        service.enrol_self(each.actor, run.code)
    assert "You are number 2 on the waiting list." in teachers[2].browser.get("/mine").text


# indico/indico#5264
def test_13_after_the_cut_off_a_change_goes_through_the_coordinator(make_run, teachers, coordinator, clock):
    run = make_run(terms=replace(USUAL, withdraw_days=30))
    row = service.enrol_self(teachers[0].actor, run.code)
    with pytest.raises(Refused) as refused:
        service.withdraw(teachers[0].actor, row.id)
    assert code_of(refused) == "withdraw-too-late"
    assert service.remove(coordinator.actor, row.id, "asked for it").state is State.WITHDRAWN


# fossasia/eventyay#2596
def test_14_many_are_consented_to_at_once_each_with_a_clear_result(make_run, teachers, coordinator):
    run = make_run(places=1, terms=replace(USUAL, consent=Consent.PROVIDER))
    for each in teachers[:2]:
        service.enrol_self(each.actor, run.code)
    numbers = [each.teacher_id for each in teachers[:3]]
    found = service.answer(coordinator.actor, Side.PROVIDER, run.code, numbers, given=True)
    assert [(each.state, each.number) for each in found] == [
        (State.ENROLLED, None), (State.WAITLISTED, 1), (None, None)
    ]  # fmt: skip


# hitobito/hitobito#847
def test_15_a_cancelled_run_is_among_the_past_ones(run, teachers, coordinator):
    service.enrol_self(teachers[0].actor, run.code)
    catalogue.cancel_run(coordinator.actor, run.code, "no lecturer")
    page = teachers[0].browser.get("/mine").text
    assert page.index("Your request, your wait or the run itself has ended.") > 0
    own = queries.own_enrolment(teachers[0].person_id, run.code)
    assert own.state not in (State.ENROLLED, State.WAITLISTED)
