"""A holiday is declared in the middle of a published term: its classes find places, or are cancelled; all are told once."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from retrain.extensions import db
from retrain.messages.models import Message
from retrain.people.models import Setting
from retrain.timetable import changing, service
from retrain.timetable.models import ClassSession, Occupancy
from retrain.timetable.states import SessionState
from tests import scenario
from tests.scenario import LONG_AGO, Country
from tests.timetable.agreeing import agreed

MONDAY = date(2026, 9, 14)
TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
PAGE = "/manage/timetable/days-off"


@pytest.fixture
def country(made_once, clock) -> Country:
    return made_once(scenario.beginning, MONDAY)


@pytest.fixture
def week(country) -> list[ClassSession]:
    """Four public classes, two on Tuesday, two on Wednesday."""
    found = [
        service.add_session(country.coordinator, country.run.code, country.place(day, pair, topic))
        for day, pair, topic in ((TUESDAY, 1, 0), (TUESDAY, 2, 0), (WEDNESDAY, 1, 1), (WEDNESDAY, 2, 1))
    ]
    service.publish_timetable(country.coordinator, country.run.code)
    return found


@pytest.fixture
def holiday(country, week) -> None:
    value = [{"on": TUESDAY.isoformat(), "working": False, "name": "Bayram"}]
    db.session.add(
        Setting(organisation_id=country.provider.id, key="holidays", valid_from=LONG_AGO, value=value,
                created_at=country.run.created_at)
    )  # fmt: skip
    db.session.commit()


@pytest.fixture
def desk(country, app):
    return scenario.signed_in(app, country.coordinator)


def proposed(page: str) -> dict[str, str]:
    """What the form would send as it stands."""
    chosen = re.findall(r'name="(class-\d+)".*?<option value="([^"]*)" selected', page, re.S)
    return dict(chosen) | dict(re.findall(r'name="(lock-\d+)" value="(\d+)"', page))


def told(kind: str) -> list[int]:
    return sorted(db.session.scalars(select(Message.person_id).where(Message.kind == kind)))


def stands(*classes: ClassSession) -> list[tuple[date, int]]:
    db.session.expire_all()
    return [(row.on_date, row.pair) for row in classes]


def test_the_first_page_leads_to_the_classes_and_each_has_free_places(country, week, holiday, desk):
    assert "2 classes fall on a day off" in desk.get("/?lang=en", follow_redirects=True).text
    page = desk.get(f"{PAGE}?lang=en").text
    assert "2 classes fall on a day off." in page
    for words in (country.run.code, "Nodirov Bek", "Hold the whole day on another"):
        assert words in page
    first, second = (proposed(page)[f"class-{row.id}"] for row in week[:2])
    room = country.rooms[0].id
    assert first == f"{WEDNESDAY} 3 {room}", (
        "the next day that is worked, in the nearest pair, in its own room"
    )
    assert second == f"{WEDNESDAY} 4 {room}", "the proposals fit together"


def test_what_was_proposed_is_bound_and_everybody_told_once(country, week, holiday, desk):
    data = proposed(desk.get(f"{PAGE}?day={TUESDAY}&lang=en").text)
    page = desk.post(f"{PAGE}?day={TUESDAY}&lang=en", data=data).text
    assert "2 classes are public. 3 people of" in page
    assert stands(*week[:2]) == [(TUESDAY, 1), (TUESDAY, 2)], "asked first"
    agreed(desk, f"{PAGE}?day={TUESDAY}", data)
    assert stands(*week) == [(WEDNESDAY, 3), (WEDNESDAY, 4), (WEDNESDAY, 1), (WEDNESDAY, 2)]
    everybody = sorted([*(one.person_id for one in country.teachers), country.lecturer.person_id])
    assert told("timetable.rearranged") == everybody
    assert "No class falls on a day off" in desk.get(f"{PAGE}?lang=en").text
    agreed(desk, f"/manage/runs/{country.run.code}/timetable/undo")
    assert stands(*week[:2]) == [(WEDNESDAY, 3), (WEDNESDAY, 4)], "a day off takes nothing back"


def test_one_is_held_and_one_is_cancelled_for_a_reason(country, week, holiday, desk):
    data = proposed(desk.get(f"{PAGE}?lang=en").text) | {f"class-{week[1].id}": "cancel"}
    page = desk.post(f"{PAGE}?lang=en", data=data)
    assert page.status_code == 422
    assert "Write why, in a few words" in page.text
    agreed(desk, PAGE, data | {"reason": "Bayram"})
    assert stands(week[0]) == [(WEDNESDAY, 3)]
    assert (week[1].state, week[1].cancel_reason) == (SessionState.CANCELLED, "Bayram")
    assert db.session.scalar(select(func.count()).select_from(Occupancy)) == 3 * 4 * 18


def test_a_place_taken_meanwhile_is_named_and_nothing_moves(country, week, holiday, desk):
    data = proposed(desk.get(f"{PAGE}?lang=en").text)
    changing.move(country.coordinator, week[2].id, country.place(WEDNESDAY, 3, 1), lock=0)
    page = desk.post(f"{PAGE}?lang=en", data=data)
    assert page.status_code == 422
    assert "Room 101 is taken then" in page.text
    assert stands(*week[:2]) == [(TUESDAY, 1), (TUESDAY, 2)]


def test_a_class_changed_meanwhile_is_left_to_the_other(country, week, holiday, desk):
    data = proposed(desk.get(f"{PAGE}?lang=en").text)
    changing.move(country.coordinator, week[0].id, country.place(MONDAY, 5, 0), lock=0)
    page = desk.post(f"{PAGE}?lang=en", data=data)
    assert page.status_code == 422
    assert "Rahimov Aziz changed one of these classes meanwhile" in page.text
    assert stands(*week[:2]) == [(MONDAY, 5), (TUESDAY, 2)]


@pytest.mark.parametrize("data", [{}, {"class-1": "x"}, {"class-x": "2026-09-14 1 1"}, {"class-1": ""}])
def test_nothing_decided_changes_nothing(country, week, holiday, desk, data):
    assert "Nothing was decided" in desk.post(f"{PAGE}?lang=en", data=data).text
    assert stands(*week[:2]) == [(TUESDAY, 1), (TUESDAY, 2)]
