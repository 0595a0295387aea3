"""Every form that changes what people know of shows first what it touches and how many will be told, then asks."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from retrain.extensions import db
from retrain.messages.models import Message
from retrain.timetable import changing, service
from retrain.timetable.models import ClassSession, TimetableChange
from retrain.timetable.states import SessionState
from tests import scenario
from tests.scenario import Country
from tests.timetable.agreeing import MARK, agreed

MONDAY = date(2026, 9, 14)
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def country(made_once, clock) -> Country:
    return made_once(scenario.beginning, MONDAY)


@pytest.fixture
def week(country) -> list[ClassSession]:
    return country.timetable(*scenario.days(MONDAY, 4))


@pytest.fixture
def desk(country, app):
    return scenario.signed_in(app, country.coordinator)


def base(country) -> str:
    return f"/manage/runs/{country.run.code}/timetable"


def forms(country, week) -> dict[str, dict]:
    """What each form of the page of a class sends."""
    first, other = week[0], scenario.person("Qodirov", "Jasur")
    service.add_lecturer(country.coordinator, country.provider.id, other.id)
    whole = {
        "topic_id": first.topic_id, "on_date": MONDAY, "pair": 3, "room_id": first.room_id,
        "lecturer_id": first.lecturer_id, "hours": 2, "part": "whole", "lock": first.lock,
    }  # fmt: skip
    return {
        f"/{first.id}": whole,
        f"/{first.id}/cancel": {"reason": "flood", "lock": first.lock},
        f"/{first.id}/swap": {"other_id": week[3].id, "lock": first.lock},
        f"/{first.id}/lecturer": {"lecturer_id": other.id, "following": "1", "lock": first.lock},
        f"/{first.id}/following": {"on_date": TUESDAY, "pair": 2, "lock": first.lock},
    }


def changes() -> int:
    return db.session.scalar(select(func.count()).select_from(TimetableChange))


def told() -> int:
    return db.session.scalar(
        select(func.count()).select_from(Message).where(Message.kind.like("timetable.%"))
    )


def test_every_form_asks_and_does_nothing_until_it_is_answered(country, week, desk):
    before, said = changes(), told()
    for address, data in forms(country, week).items():
        page = desk.post(f"{base(country)}{address}?lang=en", data=data)
        assert page.status_code == 200
        assert "Before they are told" in page.text, address
        assert f"3 people of {country.run.code} will be told, and Nodirov Bek" in page.text
        assert "Mon 14 Sep 2026, pair 1 · room 101 · Nodirov Bek" in page.text, "as it is now"
    assert (changes(), told()) == (before, said)
    assert {row.state for row in week} == {SessionState.PUBLISHED}


def test_a_yes_does_it_and_tells_everybody_once(country, week, desk):
    said = told()
    agreed(desk, f"{base(country)}/{week[0].id}/cancel", {"reason": "flood", "lock": 0})
    db.session.expire_all()
    assert week[0].state is SessionState.CANCELLED
    assert told() == said + 4
    page = desk.post(f"{base(country)}/undo?lang=en").text
    assert "Before they are told" in page
    assert ">cancelled<" in page, "taking back what people know of asks too"


def test_a_yes_to_something_else_is_asked_for_again(country, week, desk):
    """Between question and answer another lecturer came: one person more would be told than was agreed to."""
    address, data = f"{base(country)}/{week[0].id}/cancel?lang=en", {"reason": "flood"}
    mark = MARK.search(desk.post(address, data=data).text)[1]
    other = scenario.person("Qodirov", "Jasur")
    service.add_lecturer(country.coordinator, country.provider.id, other.id)
    changing.replace_lecturer(country.coordinator, week[0].id, other.id, following=False)
    page = desk.post(address, data=data | {"agreed": mark}).text
    assert "Qodirov Jasur" in page
    db.session.expire_all()
    assert week[0].state is SessionState.PUBLISHED


def test_who_saw_an_earlier_state_is_told_so(country, week, desk):
    changing.move(country.coordinator, week[0].id, country.place(MONDAY, pair=2), lock=0)
    for action, data in (("cancel", {"reason": "x"}), ("swap", {"other_id": week[1].id})):
        answer = desk.post(f"{base(country)}/{week[0].id}/{action}?lang=en", data=data | {"lock": 0})
        assert answer.status_code == 409
        assert "Rahimov Aziz" in answer.text
    assert week[0].state is SessionState.PUBLISHED


def test_planned_classes_ask_nothing(country, desk):
    first = service.add_session(country.coordinator, country.run.code, country.place(MONDAY))
    answer = desk.post(f"{base(country)}/{first.id}/cancel", data={"reason": "flood"})
    assert answer.status_code == 303
    db.session.expire_all()
    assert first.state is SessionState.CANCELLED
