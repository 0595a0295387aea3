"""A college sends a colleague in somebody's place: the place stays the college's, in the same quota, for an order to say."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from retrain.catalogue.models import Run
from retrain.enrolment import change_rules, quota_rules, service
from retrain.enrolment.models import Enrolment, EnrolmentChange, Quota
from retrain.enrolment.quota_rules import Taking
from retrain.enrolment.states import QuotaSort, Source, State
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.orders import service as order_service
from retrain.orders.registering import Registration
from retrain.orders.states import OrderKind
from retrain.people.models import Organisation
from retrain.refusal import Forbidden, Refused
from tests.enrolment.test_quota_places import PEOPLE, runs
from tests.harness.actors import somebody

TYPED = Registration("12-k", date(2026, 9, 7), date(2026, 9, 21), "Rahimov A. A.", "rektor")
NOW = datetime(2026, 9, 7, 5, tzinfo=UTC)


@pytest.fixture
def colleague(make_teacher):
    return make_teacher("Karimov")


def codes(refused) -> list[str]:
    return [why.code for why in refused.value.why]


def test_the_place_stays_the_colleges(run, rows, office, teachers, colleague, standings):
    page = office.browser.get(f"/runs/{run.code}/nominate").text
    assert page.count("Send a colleague instead") == 2
    url = f"/enrolments/{rows[0].id}/substitute"
    page = office.browser.get(url).text
    assert "The place of Aliyev Anvar stays your college" in page
    assert f'value="{colleague.teacher_id}" id="teacher-{colleague.teacher_id}">' in page
    assert f"Already on the waiting list of run {run.code}." in page
    page = office.browser.post(url, data={}).text
    assert "Choose at least one person." in page
    page = office.browser.post(
        url, data={"teacher": colleague.teacher_id, "reason": "Kasal"}, follow_redirects=True
    ).text
    assert "Your colleague has the place now." in page
    assert standings(run) == [
        ("Aliyev", "substituted"), ("Boboyev", "enrolled"), ("Dadayev", "waitlisted"),
        ("Ergashev", "waitlisted"), ("Fayziyev", "waitlisted"), ("Karimov", "enrolled"),
    ]  # fmt: skip
    new = db.session.scalars(select(Enrolment).where(Enrolment.source == Source.SUBSTITUTION)).one()
    assert new.instead_of_id == rows[0].id
    assert db.session.get_one(Run, run.id).taken == 2
    kinds = {row.person_id: row for row in db.session.scalars(select(Message).order_by(Message.id))}
    gone, came = kinds[teachers[0].person_id], kinds[colleague.person_id]
    assert (gone.kind, gone.calendar["method"]) == ("enrolment.substituted", "CANCEL")
    assert (came.kind, came.calendar["method"]) == ("enrolment.substitute", "REQUEST")
    assert gone.facts["by"] == "Karimov Anvar"


def test_pressed_twice_it_happens_once(run, rows, office, colleague):
    first = service.substitute(office.actor, rows[0].id, colleague.teacher_id)
    assert service.substitute(office.actor, rows[0].id, colleague.teacher_id).id == first.id


def test_the_order_of_a_changed_list_says_it(run, rows, office, coordinator, colleague):
    order_service.register_order(coordinator.actor, run.code, OrderKind.ENROLMENT, TYPED)
    new = service.substitute(office.actor, rows[0].id, colleague.teacher_id, "Kasal")
    page = coordinator.browser.get(f"/manage/runs/{run.code}/orders").text
    assert "1 person came after the list was ordered, 1 was replaced." in page
    order = order_service.register_order(
        coordinator.actor, run.code, OrderKind.CHANGE, replace(TYPED, number="13-k")
    )
    assert [line["enrolment"] for line in order.facts["removed"]] == [rows[0].id]
    assert [line["enrolment"] for line in order.facts["added"]] == [new.id]
    assert order.facts["removed"][0]["note"]["why"] == "Kasal"
    change = db.session.scalars(
        select(EnrolmentChange).where(EnrolmentChange.enrolment_id == rows[0].id)
    ).one()
    assert (change.after, change.order_id) == (State.SUBSTITUTED, order.id)


def test_the_same_checks_as_for_everybody(
    run, rows, make_run, office, colleague, make_teacher, other_college
):
    busy = make_run(starts_on=run.starts_on, ends_on=run.ends_on)
    service.enrol_self(colleague.actor, busy.code)
    stranger = make_teacher("Begonayev", other_college)
    with pytest.raises(Refused) as refused:
        service.substitute(office.actor, rows[0].id, colleague.teacher_id)
    assert codes(refused) == ["overlaps"]
    with pytest.raises(Refused) as refused:
        service.substitute(office.actor, rows[0].id, stranger.teacher_id)
    assert codes(refused) == ["not-of-your-college"]
    with pytest.raises(Refused) as refused:
        service.substitute(office.actor, rows[2].id, colleague.teacher_id)
    assert codes(refused) == ["nobody-to-substitute"]


def test_not_once_the_run_has_begun(run, rows, office, colleague, clock):
    clock.set(datetime(2026, 9, 21, 5, tzinfo=UTC))
    with pytest.raises(Refused) as refused:
        service.substitute(office.actor, rows[0].id, colleague.teacher_id)
    assert codes(refused) == ["run-started"]
    assert "Send a colleague" not in office.browser.get(f"/runs/{run.code}/nominate").text


def test_only_the_college_whose_place_it_is(app, run, rows, other_college, make_teacher, coordinator):
    there = somebody(app, "college_hr", other_college)
    stranger = make_teacher("Begonayev", other_college)
    for actor in (there.actor, coordinator.actor):
        with pytest.raises(Forbidden):
            service.substitute(actor, rows[0].id, stranger.teacher_id)
    assert there.browser.get(f"/enrolments/{rows[0].id}/substitute").status_code == 403


def test_a_place_of_a_quota_stays_in_it(make_run, teachers, office, coordinator, college, colleague):
    run = make_run(places=2)
    quota = service.set_quota(coordinator.actor, run.code, QuotaSort.SET_ASIDE, f"college:{college}", 1)
    row = service.enrol_self(teachers[0].actor, run.code)
    assert row.taken_from == [quota.id]
    new = service.substitute(office.actor, row.id, colleague.teacher_id)
    db.session.expire_all()
    assert (new.taken_from, db.session.get_one(Quota, quota.id).taken) == ([quota.id], 1)
    assert db.session.get_one(Run, run.id).taken == 1


def test_a_quota_the_colleague_is_not_of_is_not_filled_by_them(
    make_run, teachers, office, coordinator, college, colleague, standings
):
    """The college has moved to another region since."""
    run = make_run(places=2)
    service.set_quota(coordinator.actor, run.code, QuotaSort.SET_ASIDE, "region:UZ-BU", 1)
    row = service.enrol_self(teachers[0].actor, run.code)
    db.session.get_one(Organisation, college).region = "UZ-NW"
    db.session.commit()
    with pytest.raises(Refused) as refused:
        service.substitute(office.actor, row.id, colleague.teacher_id)
    assert codes(refused) == ["substitute-outside-quota"]
    assert standings(run) == [("Aliyev", "enrolled")]


@given(runs(), st.sampled_from(PEOPLE), st.lists(st.sampled_from(PEOPLE), max_size=8))
def test_a_substitution_never_changes_a_sum(state, person, crowd):
    for each in crowd:
        taking = quota_rules.take(state, each, NOW)
        state = quota_rules.after(state, taking) if isinstance(taking, Taking) else state
    taking = quota_rules.take(state, person, NOW)
    if not isinstance(taking, Taking):
        return
    full = quota_rules.after(state, taking)
    for later in (NOW, NOW + timedelta(days=3)):
        same = change_rules.same_place(state, taking.quotas, person, later)
        assert isinstance(same, Taking)
        assert quota_rules.after(state, same) == full
