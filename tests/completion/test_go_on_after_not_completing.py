"""Not having completed is a normal end: a second attempt, a reference of hours, or exclusion, each one click away."""

from datetime import timedelta

import pytest

from retrain.audit import Actor
from retrain.catalogue import service as catalogue
from retrain.completion import excluding_rules, queries, service
from retrain.completion.states import AppealState
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import State
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.orders.models import OfficialOrder
from retrain.orders.states import OrderKind
from tests import scenario
from tests.completion.test_close_a_run import before_closing
from tests.documents.paper import text_of
from tests.scenario import Country


@pytest.fixture
def country(made_once, clock) -> Country:
    return made_once(before_closing)


@pytest.fixture
def desk(country, app):
    return scenario.signed_in(app, country.coordinator)


def page(client, number):
    return client.get(f"/enrolments/{number}/outcome?lang=en").text


def exclude(client, number, reason):
    return client.post(
        f"/enrolments/{number}/exclusion?lang=en", data={"reason": reason}, follow_redirects=True
    )


def state(number):
    db.session.expire_all()
    return db.session.get_one(Enrolment, number).state


def drafts(country):
    rows = db.session.scalars(
        db.select(OfficialOrder).where(
            OfficialOrder.run_id == country.run.id, OfficialOrder.kind == OrderKind.EXCLUSION
        )
    )
    return [row.state for row in rows]


def test_who_would_not_complete_is_excluded_by_a_person_with_a_reason_and_an_order(country, app, desk):
    one, two, _three = (row.id for row in country.enrolments)
    assert "Exclude them" not in page(desk, one)
    listed = desk.get(f"/manage/runs/{country.run.code}/completion?lang=en").text
    assert f"/enrolments/{two}/outcome#next" in listed
    assert f"/enrolments/{one}/outcome#next" not in listed
    assert "Exclude them" in page(desk, two)
    assert "Say why they are excluded." in exclude(desk, two, " ").text
    assert "Who completes the course is not excluded." in exclude(desk, one, "a mistake").text
    assert (state(one), state(two), drafts(country)) == (State.ENROLLED, State.ENROLLED, [])
    told = exclude(desk, two, "four hours missed").text
    assert "The order of exclusion is drafted" in told
    assert (state(two), len(drafts(country))) == (State.EXCLUDED, 1)
    exclude(desk, two, "four hours missed")
    assert len(drafts(country)) == 1, "asked twice it is once"
    letter = db.session.scalars(db.select(Message).where(Message.kind == "enrolment.removed")).one()
    assert letter.facts["reason"] == "four hours missed"
    mine = scenario.signed_in(app, Actor(country.teachers[1].person_id, "teacher"))
    assert "taken off the run" in page(mine, two)
    assert "4 of 8" in text_of(mine.get(f"/enrolments/{two}/hours.pdf?in=en").data)


def test_after_the_decision_the_appeal_comes_first(country, app, desk, clock):
    _one, two, three = (row.id for row in country.enrolments)
    service.close_run(country.coordinator, country.run.code)
    assert "Exclude nobody before that day is over." in page(desk, two)
    assert exclude(desk, two, "four hours missed").status_code == 422
    assert state(two) is State.NOT_COMPLETED
    clock.advance(days=11)
    assert "Exclude them" in page(desk, two)
    exclude(desk, two, "four hours missed")
    assert state(two) is State.EXCLUDED
    assert queries.decision_of(two).outcome.value == "not_completed", "what was decided stands"
    assert "4 hours missed; the limit is 4." in page(desk, two)
    mine = scenario.signed_in(app, Actor(country.teachers[1].person_id, "teacher"))
    assert f"/enrolments/{two}/outcome" in mine.get("/mine").text, "a link leads there"
    assert service.replayed(country.run) == []
    country.register_order(OrderKind.EXCLUSION, "9-ch", country.run.ends_on)
    order = db.session.scalars(db.select(OfficialOrder).where(OfficialOrder.number == "9-ch")).one()
    assert [each["enrolment"] for each in order.facts["people"]] == [two]
    assert state(three) is State.NOT_COMPLETED


def test_a_second_attempt_is_a_link_away_for_both_sides(country, app, desk, clock):
    _one, two, _three = (row.id for row in country.enrolments)
    service.close_run(country.coordinator, country.run.code)
    assert "No run of the course with free places is ahead." in page(desk, two)
    plan = scenario.run_plan((clock.now() + timedelta(days=30)).date())
    again = catalogue.open_run(country.coordinator, country.run.version.course.code, plan, publish=True)
    shown = page(desk, two)
    address = shown.partition(f"/manage/runs/{again.code}/people/add?q=")[2].partition('"')[0]
    found = desk.get(f"/manage/runs/{again.code}/people/add?lang=en&q={address}").text
    assert f'value="{country.teachers[1].id}"' in found
    desk.post(f"/manage/runs/{again.code}/people/add", data={"teachers": str(country.teachers[1].id)})
    second = db.session.scalars(db.select(Enrolment).where(Enrolment.repeat_of_id == two)).one()
    assert (second.attempt, second.state) == (2, State.ENROLLED)
    mine = scenario.signed_in(app, Actor(country.teachers[2].person_id, "teacher"))
    own = page(mine, country.enrolments[2].id)
    assert f'href="/runs/{again.code}"' in own
    assert "Exclude them" not in own
    assert mine.get(f"/runs/{again.code}").status_code == 200


def test_an_appeal_that_was_decided_ends_the_waiting():
    last = scenario.LONG_AGO
    refused = [
        excluding_rules.refusals(False, last, last, states, "why")
        for states in ([], [AppealState.FILED], [AppealState.REJECTED], [AppealState.WITHDRAWN])
    ]
    assert [[why.code for why in each] for each in refused] == [
        ["exclusion-before-appeal-term"], ["exclusion-while-appeal-waits"], [], ["exclusion-before-appeal-term"],
    ]  # fmt: skip
