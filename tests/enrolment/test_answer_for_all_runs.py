"""A coordinator answers the requests of all runs on one page: found, chosen, answered, with a result for each."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from retrain.enrolment import lists, service
from retrain.enrolment.models import Approval, Enrolment
from retrain.enrolment.states import Consent, Side
from retrain.extensions import db
from tests.harness.actors import organisation, somebody
from tests.harness.places import GIVEN_AT_ONCE
from tests.harness.statements import counted

PAGE = "/manage/requests"


@pytest.fixture
def asking(make_run):
    """Two runs that ask the provider: one place, three places."""
    terms = replace(GIVEN_AT_ONCE, consent=Consent.PROVIDER)
    return [
        make_run(terms=terms, places=1),
        make_run(terms=terms, places=3, starts_on=later(5), ends_on=later(6)),
    ]


def later(number):
    return date(2026, 10, number)


def asked(number=None):
    rows = db.session.scalars(select(Approval.id).where(Approval.given.is_(None)).order_by(Approval.id)).all()
    return [str(each) for each in rows[:number]]


def test_requests_of_several_runs_are_answered_together(asking, teachers, coordinator, standings):
    for teacher in teachers[:2]:
        service.enrol_self(teacher.actor, asking[0].code)
    service.enrol_self(teachers[2].actor, asking[1].code)
    page = coordinator.browser.get(PAGE).text
    assert "3 people wait for your answer." in page
    assert f"{asking[0].code} (2)" in page
    answered = coordinator.browser.post(PAGE, data={"requests": asked(), "answer": "yes"}).text
    assert answered.count("has a place") == 2
    assert "number 1 on the waiting list" in answered
    assert "Nobody waits for an answer" in answered
    assert [state for _name, state in standings(asking[0])] == ["enrolled", "waitlisted"]
    assert standings(asking[1]) == [("Dadayev", "enrolled")]


def test_the_list_is_filtered_by_name_run_and_college(
    asking, teachers, coordinator, make_teacher, other_college
):
    for teacher in (*teachers[:2], make_teacher("Navoiyskiy", at=other_college)):
        service.enrol_self(teacher.actor, asking[0].code)
    service.enrol_self(teachers[2].actor, asking[1].code)
    desk = coordinator.browser

    def shown(**asked_for):
        page = desk.get(PAGE, query_string=asked_for).text
        return [name for name in ("Aliyev", "Boboyev", "Dadayev", "Navoiyskiy") if f"<bdi>{name}" in page]

    assert shown() == ["Aliyev", "Boboyev", "Dadayev", "Navoiyskiy"]
    assert shown(q="bobo") == ["Boboyev"]
    assert shown(run=asking[1].code) == ["Dadayev"]
    assert shown(college=other_college) == ["Navoiyskiy"]


def test_a_refusal_needs_a_reason_and_is_kept_for_each(asking, teachers, coordinator):
    for teacher in teachers[:2]:
        service.enrol_self(teacher.actor, asking[0].code)
    desk = coordinator.browser
    desk.post(PAGE, data={"requests": asked(), "answer": "no"})
    assert {row.given for row in db.session.scalars(select(Approval))} == {None}
    db.session.commit()
    desk.post(PAGE, data={"requests": asked(1), "answer": "no", "reason": "Guruh to‘ldi."})
    rows = db.session.scalars(select(Approval).order_by(Approval.id)).all()
    assert [(row.given, row.reason) for row in rows] == [(False, "Guruh to‘ldi."), (None, None)]


def test_another_provider_answers_nothing_here(app, asking, teachers, standings):
    service.enrol_self(teachers[0].actor, asking[0].code)
    stranger = somebody(app, "coordinator", organisation("SDU", "Samarqand davlat universiteti"), "Begonayev")
    page = stranger.browser.post(PAGE, data={"requests": asked(), "answer": "yes"}).text
    assert "Choose at least one person." in page
    assert "Aliyev" not in page
    assert standings(asking[0]) == [("Aliyev", "requested")]


def test_many_are_read_like_few(asking, teachers, coordinator, make_teacher):
    def statements(act):
        with counted() as sent:
            assert act().status_code == 200
        return [each for each in sent if each.lstrip().upper().startswith("SELECT")]

    desk = coordinator.browser
    service.enrol_self(teachers[0].actor, asking[1].code)
    few = len(statements(lambda: desk.get(PAGE)))
    for number in range(8):
        service.enrol_self(make_teacher(f"Karimov{number}").actor, asking[1].code)
    assert len(statements(lambda: desk.get(PAGE))) == few
    assert few <= 15
    of_consents = [
        each
        for each in statements(
            lambda: desk.post(PAGE, data={"requests": asked(), "answer": "no", "reason": "Yo‘q"})
        )
        if "FROM approval" in each and "approval.by_id" in each
    ]
    assert len(of_consents) == 1
    assert {row.state for row in db.session.scalars(select(Enrolment))} == {"rejected"}


def test_the_page_that_cancels_shows_as_many_as_a_page_holds(
    make_run, teachers, coordinator, standings, monkeypatch
):
    monkeypatch.setattr(lists, "PAGE", 2)
    run = make_run(places=4)
    for teacher in teachers[:3]:
        service.enrol_self(teacher.actor, run.code)
    page = coordinator.browser.get(f"/manage/runs/{run.code}/cancel-and-move").text
    assert "3 people are on it or wait." in page
    assert "The first 2 of 3 are shown." in page
    coordinator.browser.post(f"/manage/runs/{run.code}/cancel-and-move", data={"why": "Ta’mirlash"})
    assert {state for _name, state in standings(run)} == {"lapsed"}


def test_sides_are_kept_apart(make_run, teachers, coordinator, office):
    run = make_run(terms=replace(GIVEN_AT_ONCE, consent=Consent.COLLEGE))
    service.enrol_self(teachers[0].actor, run.code)
    assert "Nobody waits for an answer" in coordinator.browser.get(PAGE).text
    assert db.session.scalars(select(Approval.side)).all() == [Side.COLLEGE]
