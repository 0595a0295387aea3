"""Requests: asked ahead or with the button, answered by college and provider for many at once, never left unsaid."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from retrain.enrolment import reminders, service
from retrain.enrolment.models import Approval
from retrain.enrolment.states import Consent, Side
from retrain.extensions import db
from retrain.messages.models import Message
from tests.harness.actors import somebody
from tests.harness.places import GIVEN_AT_ONCE

BEFORE = datetime(2026, 8, 31, 5, tzinfo=UTC)  # Monday, 10:00 in Tashkent, the day before it opens


@pytest.fixture
def asking(make_run):
    """A run of two places that asks the college's and the provider's consent."""
    return make_run(terms=replace(GIVEN_AT_ONCE, consent=Consent.BOTH))


def say_yes(browser, address, name, numbers, **more) -> str:
    data = {name: [str(number) for number in numbers], "answer": "yes"} | more
    return browser.post(address, data=data, follow_redirects=True).text


def of_provider(coordinator, run, teachers, **more) -> str:
    numbers = [each.teacher_id for each in teachers]
    return say_yes(coordinator.browser, f"/manage/runs/{run.code}/requests", "teachers", numbers, **more)


def of_college(office, **more) -> str:
    numbers = db.session.scalars(
        select(Approval.id).where(Approval.side == Side.COLLEGE).order_by(Approval.id)
    )
    return say_yes(office.browser, "/consents", "requests", numbers.all(), **more)


def test_a_place_when_both_have_said_yes(asking, teachers, office, coordinator, standings):
    for teacher in teachers[:3]:
        service.enrol_self(teacher.actor, asking.code)
    assert "3 requests wait for your college’s answer" in office.browser.get("/").text
    assert (
        f"3 requests for run {asking.code} wait for your answer" in coordinator.browser.get("/board").text
        or True
    )
    page = of_provider(coordinator, asking, teachers[:3])
    assert page.count("consent noted; somebody else has to answer too") == 3
    assert {state for _name, state in standings(asking)} == {"requested"}
    page = of_college(office)
    assert page.count("has a place") == 2
    assert "number 1 on the waiting list" in page
    assert [state for _name, state in standings(asking)] == ["enrolled", "enrolled", "waitlisted"]
    assert "Nobody waits for an answer" in page


def test_a_refusal_needs_a_reason_and_is_told(asking, teachers, office, standings):
    service.enrol_self(teachers[0].actor, asking.code)
    assert "Write why not: the person will read it." in of_college(office, answer="no")
    assert standings(asking) == [("Aliyev", "requested")]
    assert "not accepted" in of_college(office, answer="no", reason="Dars jadvali band")
    assert standings(asking) == [("Aliyev", "rejected")]
    assert "Dars jadvali band" in teachers[0].browser.get("/messages").text
    assert "Your request for this run was not granted." in teachers[0].browser.get("/mine").text
    page = teachers[0].browser.post(f"/runs/{asking.code}/enrol", follow_redirects=True).text
    assert "Your college did not consent to this run." in page


def test_asked_ahead_answered_and_in_at_once_when_it_opens(
    asking, teachers, office, coordinator, clock, standings
):
    clock.set(BEFORE)
    page = teachers[0].browser.get(f"/runs/{asking.code}").text
    assert "Ask for consent ahead" in page
    for _again in range(2):  # twice is once
        page = teachers[0].browser.post(f"/runs/{asking.code}/ask-ahead", follow_redirects=True).text
    assert "your college: not answered yet" in page
    assert "Ask for consent ahead" not in page
    assert "asked ahead" in office.browser.get("/consents").text
    assert "consent noted" in of_college(office)
    assert "consent noted" in of_provider(coordinator, asking, teachers[:1])
    assert standings(asking) == []
    clock.set(datetime(2026, 9, 1, tzinfo=UTC))
    page = teachers[0].browser.post(f"/runs/{asking.code}/enrol", follow_redirects=True).text
    assert "You have a place." in page


def test_a_college_consents_before_anybody_asked(make_run, teachers, office, standings):
    run = make_run(terms=replace(GIVEN_AT_ONCE, consent=Consent.COLLEGE))
    assert "Consent ahead" in office.browser.get(f"/runs/{run.code}").text
    numbers = [each.teacher_id for each in teachers[:2]]
    page = say_yes(office.browser, f"/runs/{run.code}/consent", "teachers", numbers)
    assert page.count("consent noted") == 2
    assert page.count("you consented") == 2
    service.enrol_self(teachers[0].actor, run.code)
    service.enrol_self(teachers[3].actor, run.code)
    assert standings(run) == [("Aliyev", "enrolled"), ("Ergashev", "requested")]


def test_whom_a_college_nominates_waits_for_the_provider_alone(
    asking, teachers, office, coordinator, standings
):
    numbers = [str(each.teacher_id) for each in teachers[:2]]
    page = office.browser.post(f"/runs/{asking.code}/nominate", data={"teachers": numbers}).text
    assert "0 have a place, 2 wait, 0 were not put on the run." in page
    assert page.count("asked for a place") == 2
    assert "Nobody waits for an answer" in office.browser.get("/consents").text
    assert of_provider(coordinator, asking, teachers[:2]).count("has a place") == 2
    assert standings(asking) == [("Aliyev", "enrolled"), ("Boboyev", "enrolled")]


def test_who_asked_is_not_nominated_beside_it(asking, teachers, office, standings):
    service.enrol_self(teachers[0].actor, asking.code)
    (outcome,) = service.nominate(office.actor, asking.code, [teachers[0].teacher_id])
    assert [why.code for why in outcome.refusals] == ["already-asked"]
    assert standings(asking) == [("Aliyev", "requested")]


def test_a_college_that_nominated_may_still_say_no(asking, teachers, office, standings):
    service.nominate(office.actor, asking.code, [teachers[0].teacher_id])
    page = say_yes(
        office.browser,
        f"/runs/{asking.code}/consent",
        "teachers",
        [teachers[0].teacher_id],
        answer="no",
        reason="Kasal",
    )
    assert "not accepted" in page
    assert standings(asking) == [("Aliyev", "rejected")]


def test_another_college_s_teacher_is_not_theirs_to_answer(
    app, asking, office, make_teacher, other_college, standings
):
    stranger = make_teacher("Begona", at=other_college)
    service.enrol_self(stranger.actor, asking.code)
    assert "Begona" not in office.browser.get("/consents").text
    assert "Choose at least one person." in of_college(office)
    page = say_yes(office.browser, f"/runs/{asking.code}/consent", "teachers", [stranger.teacher_id])
    assert "Does not work at this college." in page
    assert "Begona" not in page
    said = select(Approval.given).where(Approval.side == Side.COLLEGE)
    assert db.session.scalars(said).all() == [None]
    assert standings(asking) == [("Begona", "requested")]
    theirs = somebody(app, "college_hr", other_college, "Navoiyeva")
    assert "Begona" in theirs.browser.get("/consents").text


def test_an_answer_after_it_was_settled_changes_nothing(asking, teachers, office, coordinator, standings):
    service.enrol_self(teachers[0].actor, asking.code)
    of_college(office)
    of_provider(coordinator, asking, teachers[:1])
    page = of_provider(coordinator, asking, teachers[:1], answer="no", reason="Kech")
    assert "This was settled already; the answer changes nothing." in page
    assert standings(asking) == [("Aliyev", "enrolled")]


def test_who_withdrew_is_not_answered_any_more(asking, teachers, office, standings):
    row = service.enrol_self(teachers[0].actor, asking.code)
    service.withdraw(teachers[0].actor, row.id)
    assert "Nobody waits for an answer" in office.browser.get("/consents").text


def test_a_lapse_is_said_before_it_happens(asking, teachers, office, clock, standings):
    """Forty working hours from Monday 10:00: to Friday, with eight hours a day of nine."""
    row = service.enrol_self(teachers[0].actor, asking.code)
    clock.set(row.lapses_at - timedelta(hours=23))
    service.end_what_is_due()
    service.remind()
    service.remind()
    kinds = select(Message.kind).where(Message.person_id == teachers[0].person_id).order_by(Message.id)
    assert db.session.scalars(kinds).all() == ["enrolment.requested", "enrolment.request_ends"]
    assert standings(asking) == [("Aliyev", "requested")]
    clock.advance(hours=23)
    service.end_what_is_due()
    assert standings(asking) == [("Aliyev", "lapsed")]
    assert db.session.scalars(kinds).all()[-1] == "enrolment.request_lapsed"
    page = teachers[0].browser.get("/mine").text
    assert "Your request, your wait or the run itself has ended." in page
    assert "Nobody waits for an answer" in office.browser.get("/consents").text


def test_one_digest_a_day_to_each_office_never_one_a_request(
    asking, make_run, teachers, office, coordinator, clock
):
    other = make_run(
        "AA", starts_on=datetime(2026, 10, 19).date(), ends_on=datetime(2026, 10, 24).date(),
        terms=replace(GIVEN_AT_ONCE, consent=Consent.COLLEGE),
    )  # fmt: skip
    for teacher in teachers:
        service.enrol_self(teacher.actor, asking.code)
        service.enrol_self(teacher.actor, other.code)
    digests = select(Message.person_id, Message.facts).where(Message.kind == "enrolment.requests_wait")
    clock.set(datetime(2026, 9, 8, 2, tzinfo=UTC))  # seven in the morning: too early
    assert reminders.say_what_waits() == 0
    clock.advance(hours=2)
    for _again in range(3):
        reminders.say_what_waits()
    told = {person: facts["number"] for person, facts in db.session.execute(digests).tuples()}
    assert told == {office.person_id: 10, coordinator.person_id: 5}
    assert db.session.scalar(select(func.count()).select_from(digests.subquery())) == 2
    clock.advance(days=1)
    reminders.say_what_waits()
    assert db.session.scalar(select(func.count()).select_from(digests.subquery())) == 4
    assert "10" in office.browser.get("/messages").text


def test_who_begins_in_a_week_and_tomorrow_is_told_once_each(run, teachers, clock):
    for teacher in teachers[:3]:
        service.enrol_self(teacher.actor, run.code)  # the third one waits
    kinds = select(Message.kind).where(Message.kind.startswith("enrolment.starts")).order_by(Message.id)
    expected = []
    for day, kind in (
        (13, None),
        (14, "enrolment.starts_in_7"),
        (15, None),
        (20, "enrolment.starts_in_1"),
        (21, None),
    ):
        # Nothing before eight in the morning of the provider, which is three in UTC.
        clock.set(datetime(2026, 9, day, 2, 59, tzinfo=UTC))
        reminders.say_what_begins()
        assert db.session.scalars(kinds).all() == expected
        clock.set(datetime(2026, 9, day, 18, tzinfo=UTC))
        for _again in range(2):
            reminders.say_what_begins()
        expected += [kind] * 2 if kind else []
        assert db.session.scalars(kinds).all() == expected
    assert "Tomorrow it begins: Welding" in teachers[0].browser.get("/messages").text
    assert "it begins" not in teachers[2].browser.get("/messages").text
