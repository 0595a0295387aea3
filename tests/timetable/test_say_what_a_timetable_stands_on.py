"""A coordinator says what there is to teach with: rooms, ways, lecturers' time, and what modules need."""

from datetime import date

import pytest
from sqlalchemy import select

from retrain.audit.models import AuditEntry
from retrain.catalogue.states import HourKind
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.refusal import Forbidden, Refused
from retrain.timetable import availability, facts, premises, service, teaching_needs
from retrain.timetable.availability import Days, Limits, WeekTime
from retrain.timetable.models import Availability, Lecturer, MayTeach, Room, Travel
from retrain.timetable.premises import RoomPlan
from retrain.timetable.states import Stance, Standing
from retrain.timetable.teaching_needs import NeedPlan, OrderPlan
from tests import scenario
from tests.scenario import Country

MONDAY = date(2026, 9, 14)
LECTURE = HourKind.LECTURE


@pytest.fixture
def country(made_once, clock) -> Country:
    return made_once(scenario.beginning, MONDAY)


@pytest.fixture
def browser(app, country):
    return scenario.signed_in(app, country.coordinator)


@pytest.fixture
def lecturer(country) -> Lecturer:
    return db.session.scalars(select(Lecturer)).one()


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {why.code for why in refused.value.why}


def done(action: str) -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


# --- rooms ---


def test_a_room_is_added_with_what_is_in_it(country, browser):
    answer = browser.post(
        "/rooms?lang=en",
        data={
            "room-name": "Ustaxona", "room-capacity": "12", "room-site": "B",
            "room-equipment": " Lathe, lathe,  Welding  post ",
        },
        follow_redirects=True,
    )  # fmt: skip
    assert "The room was added." in answer.text
    room = db.session.scalars(select(Room).where(Room.name == "Ustaxona")).one()
    assert (room.site, room.equipment) == ("B", ["lathe", "welding post"])


def test_a_room_is_changed_and_who_saves_second_is_told(country, browser):
    room = country.rooms[0]
    data = {"name": "101", "capacity": "24", "site": "A", "equipment": "projector", "lock": "0"}
    browser.post(f"/rooms/{room.id}", data=data)
    assert (room.capacity, room.site, room.equipment, room.lock) == (24, "A", ["projector"], 1)
    assert done("room.changed")[0].before == {"site": "", "capacity": 30, "equipment": []}
    late = browser.post(f"/rooms/{room.id}?lang=en", data=data | {"capacity": "25"})
    assert late.status_code == 409
    assert room.capacity == 24


def test_two_rooms_of_one_name_at_one_site_are_refused_and_the_form_keeps_what_was_typed(country, browser):
    page = browser.post(
        f"/rooms/{country.rooms[0].id}?lang=en", data={"name": "102", "capacity": "77", "lock": "0"}
    )
    assert "There is a room called 102 at this site already." in page.text
    assert 'value="77"' in page.text


def test_a_room_closes_when_its_classes_are_elsewhere(country, browser):
    service.add_session(country.coordinator, country.run.code, country.place(MONDAY))
    room = country.rooms[0]
    page = browser.post(f"/rooms/{room.id}/close?lang=en", data={"closed_on": "2026-09-14"})
    assert "Room 101 still has classes from that day on: 1, the last on" in page.text
    browser.post(f"/rooms/{room.id}/close", data={"closed_on": "2026-09-15"})
    assert room.closed_on == date(2026, 9, 15)
    with pytest.raises(Refused) as refused:
        service.add_session(country.coordinator, country.run.code, country.place(date(2026, 9, 16)))
    assert codes(refused) == {"room-closed"}
    browser.post(f"/rooms/{room.id}/open")
    assert room.closed_on is None
    service.add_session(country.coordinator, country.run.code, country.place(date(2026, 9, 16)))


# --- ways ---


@pytest.fixture
def two_sites(country) -> None:
    for room, site in zip(country.rooms, ("Sharq", "G‘arb"), strict=True):
        premises.edit_room(country.coordinator, room.id, RoomPlan(room.name, site, 30, ()), 0)


def test_the_way_between_two_sites_is_said_once_and_holds_both_ways(country, browser, two_sites):
    page = browser.get("/rooms/travel?lang=en").text
    assert "G‘arb – Sharq" in page
    browser.post("/rooms/travel", data={"way-0": "40"})
    assert [(row.one_site, row.other_site, row.minutes) for row in db.session.scalars(select(Travel))] == [
        ("G‘arb", "Sharq", 40)
    ]
    assert facts.travel(country.provider.id) == {("G‘arb", "Sharq"): 40, ("Sharq", "G‘arb"): 40}
    browser.post("/rooms/travel", data={"way-0": ""})
    assert facts.travel(country.provider.id) == {}
    assert len(done("travel.changed")) == 2


def test_a_way_that_is_no_number_is_refused_and_kept(country, browser, two_sites):
    page = browser.post("/rooms/travel?lang=en", data={"way-0": "half an hour"})
    assert page.status_code == 422
    assert "whole minutes" in page.text
    assert 'value="half an hour"' in page.text


def test_group_and_lecturer_are_given_time_for_the_way(country, two_sites):
    premises.set_travel(country.coordinator, country.provider.id, {("Sharq", "G‘arb"): 40})
    service.add_session(country.coordinator, country.run.code, country.place(MONDAY, pair=1))
    with pytest.raises(Refused) as refused:
        service.add_session(country.coordinator, country.run.code, country.place(MONDAY, pair=2, room=1))
    assert codes(refused) == {"group-on-the-way", "lecturer-on-the-way"}
    assert refused.value.why[0].facts["spare"] == 10
    service.add_session(country.coordinator, country.run.code, country.place(MONDAY, pair=3, room=1))


# --- lecturers ---


def test_limits_are_kept_and_hold(country, browser, lecturer):
    browser.post(
        f"/lecturers/{lecturer.id}/limits", data={"pairs_a_day": "1", "pairs_a_week": "2", "lock": "0"}
    )
    assert (lecturer.pairs_a_day, lecturer.pairs_a_week, lecturer.hours_a_year) == (1, 2, None)
    service.add_session(country.coordinator, country.run.code, country.place(MONDAY))
    with pytest.raises(Refused) as refused:
        service.add_session(country.coordinator, country.run.code, country.place(MONDAY, pair=2))
    assert codes(refused) == {"lecturer-day-full"}
    service.add_session(country.coordinator, country.run.code, country.place(date(2026, 9, 15)))
    with pytest.raises(Refused) as refused:
        service.add_session(country.coordinator, country.run.code, country.place(date(2026, 9, 16), topic=1))
    assert codes(refused) == {"lecturer-week-full"}


def test_limits_that_fight_each_other_are_refused_at_their_field(country, browser, lecturer):
    page = browser.post(
        f"/lecturers/{lecturer.id}/limits?lang=en",
        data={"pairs_a_day": "5", "pairs_a_week": "4", "lock": "0"},
    )
    assert "5 pairs a day are more than 4 a week." in page.text
    assert page.status_code == 422


def cell(weekday: int, minute: int) -> str:
    return f"at-{weekday}-{minute}"


FIRST, SECOND = 8 * 60 + 30, 10 * 60 + 10  # the default bells


def test_a_week_is_filled_in_and_holds(country, browser, lecturer):
    data = {cell(1, FIRST): "unavailable", cell(2, SECOND): "wished", "lock": "0"}
    browser.post(f"/lecturers/{lecturer.id}/week", data=data)
    rows = {
        (row.weekday, row.from_minute, row.to_minute, row.stance)
        for row in db.session.scalars(select(Availability))
    }
    assert rows == {(1, FIRST, FIRST + 90, Stance.UNAVAILABLE), (2, SECOND, SECOND + 90, Stance.WISHED)}
    page = browser.get(f"/lecturers/{lecturer.id}?lang=en").text
    assert "35 free pairs a week." in page
    with pytest.raises(Refused) as refused:
        service.add_session(country.coordinator, country.run.code, country.place(MONDAY))
    assert codes(refused) == {"lecturer-unavailable"}
    service.add_session(country.coordinator, country.run.code, country.place(MONDAY, pair=2))


def test_two_who_fill_in_one_week_do_not_overwrite_each_other(country, browser, lecturer):
    browser.post(f"/lecturers/{lecturer.id}/week", data={cell(1, FIRST): "wished", "lock": "0"})
    late = browser.post(
        f"/lecturers/{lecturer.id}/week?lang=en", data={cell(3, FIRST): "unwished", "lock": "0"}
    )
    assert "Somebody changed this week while it was open here." in late.text
    assert [row.weekday for row in db.session.scalars(select(Availability))] == [1]


def test_a_lecturer_says_wishes_and_asks_to_be_free(app, country, browser, lecturer):
    mine = scenario.signed_in(app, country.lecturer)
    assert mine.get("/my-time").location.endswith(f"/lecturers/{lecturer.id}")
    mine.post(
        f"/lecturers/{lecturer.id}/week",
        data={cell(1, FIRST): "unavailable", cell(1, SECOND): "unwished", "lock": "0"},
    )
    standing = {row.stance: row.standing for row in db.session.scalars(select(Availability))}
    assert standing == {Stance.UNAVAILABLE: Standing.PROPOSED, Stance.UNWISHED: Standing.AGREED}
    first = service.add_session(country.coordinator, country.run.code, country.place(MONDAY))
    service.cancel_session(country.coordinator, first.id, "x")
    asked = db.session.scalars(select(Availability).where(Availability.standing == Standing.PROPOSED)).one()
    page = browser.get(f"/lecturers/{lecturer.id}?lang=en").text
    assert "Monday, 08:30–10:00" in page
    browser.post(f"/lecturers/time/{asked.id}/answer", data={"agree": "yes"})
    with pytest.raises(Refused):
        service.add_session(country.coordinator, country.run.code, country.place(MONDAY))
    told = db.session.scalars(select(Message).where(Message.kind == "timetable.free_time_agreed")).all()
    assert [row.person_id for row in told] == [country.lecturer.person_id]
    mine.post(
        f"/lecturers/{lecturer.id}/week",
        data={cell(1, FIRST): "unavailable", cell(1, SECOND): "unavailable", "lock": str(lecturer.lock)},
    )
    standing_of = {row.from_minute: row.standing for row in db.session.scalars(select(Availability))}
    assert standing_of == {FIRST: Standing.AGREED, SECOND: Standing.PROPOSED}


def test_a_lecturer_decides_nothing_alone(country, lecturer):
    with pytest.raises(Forbidden):
        availability.set_limits(country.lecturer, lecturer.id, Limits("", 1, None, None), 0)
    row = availability.add_days(country.lecturer, lecturer.id, Days(Stance.UNAVAILABLE, MONDAY, MONDAY))
    with pytest.raises(Forbidden):
        availability.answer(country.lecturer, row.id, True)
    service.add_session(country.coordinator, country.run.code, country.place(MONDAY))


def test_days_away_hold_for_the_coordinator_at_once_and_are_taken_back(country, browser, lecturer):
    browser.post(
        f"/lecturers/{lecturer.id}/days",
        data={
            "first_on": "2026-09-14",
            "last_on": "2026-09-16",
            "stance": "unavailable",
            "note": "konferensiya",
        },
    )
    with pytest.raises(Refused) as refused:
        service.add_session(country.coordinator, country.run.code, country.place(date(2026, 9, 16)))
    assert codes(refused) == {"lecturer-unavailable"}
    row = db.session.scalars(select(Availability)).one()
    browser.post(f"/lecturers/time/{row.id}/take-back")
    service.add_session(country.coordinator, country.run.code, country.place(date(2026, 9, 16)))


def test_days_the_wrong_way_round_are_refused_at_the_field(country, browser, lecturer):
    page = browser.post(
        f"/lecturers/{lecturer.id}/days?lang=en",
        data={"first_on": "2026-09-16", "last_on": "2026-09-14", "stance": "wished"},
    )
    assert "The last day is before the first." in page.text
    assert 'value="2026-09-16"' in page.text


def test_a_lecturer_without_a_free_pair_is_named_everywhere_it_matters(country, browser, lecturer):
    hours = [WeekTime(weekday, 0, 1440, Stance.UNAVAILABLE) for weekday in range(1, 7)]
    availability.set_week(country.coordinator, lecturer.id, hours, 0)
    assert "can’t come in any pair of the week" in browser.get(
        f"/lecturers/{lecturer.id}?lang=en"
    ).text.replace("&#39;", "’")
    assert "no free pair" in browser.get("/lecturers?lang=en").text
    needs = browser.get(f"/needs/{country.run.version.course.code}?lang=en").text
    assert "None of those who may give these hours has a free pair in the week: Nodirov Bek." in needs


# --- what modules need ---


@pytest.fixture
def module(country):
    return country.run.version.modules[0]


def test_nothing_said_is_every_lecturer_in_any_room(country, browser):
    page = browser.get(f"/needs/{country.run.version.course.code}?lang=en").text
    assert "every lecturer" in page
    assert "any room" in page
    assert "can be taught" in browser.get("/needs?lang=en").text


def test_what_hours_need_is_said_and_holds(country, browser, lecturer, module):
    other = scenario.person("Karimov", "Jamshid")
    second = service.add_lecturer(country.coordinator, country.provider.id, other.id)
    room = country.rooms[1]
    premises.edit_room(country.coordinator, room.id, RoomPlan("102", "", 30, ("lathe",)), 0)
    browser.post(
        f"/needs/module/{module.id}/lecture",
        data={"lecturers": [str(second.id)], "equipment": ["lathe"], "site": ""},
    )
    assert db.session.scalars(select(MayTeach.lecturer_id)).all() == [second.id]
    with pytest.raises(Refused) as refused:
        service.add_session(country.coordinator, country.run.code, country.place(MONDAY))
    assert codes(refused) == {"may-not-teach", "room-lacks"}
    assert len(done("module.needs_changed")) == 1


def test_a_thing_no_room_has_and_a_room_too_small_for_every_run_are_said(country, browser, module):
    teaching_needs.set_need(country.coordinator, module.id, LECTURE, NeedPlan(equipment=("furnace",)))
    page = browser.get(f"/needs/module/{module.id}/lecture?lang=en").text
    assert "No open room has all that these hours need: furnace." in page
    premises.edit_room(country.coordinator, country.rooms[0].id, RoomPlan("101", "", 5, ("furnace",)), 0)
    page = browser.get(f"/needs/{country.run.version.course.code}?lang=en").text
    assert (
        f"The largest room that fits is 101 with 5 seats, and 10 people come in {country.run.code}." in page
    )
    split = NeedPlan(equipment=("furnace",), in_halves=True)
    teaching_needs.set_need(country.coordinator, module.id, LECTURE, split)
    assert "The largest room" not in browser.get(f"/needs/{country.run.version.course.code}?lang=en").text


def test_somebody_elses_lecturer_is_refused(country, module):
    with pytest.raises(Refused) as refused:
        teaching_needs.set_need(country.coordinator, module.id, LECTURE, NeedPlan(frozenset({999})))
    assert codes(refused) == {"lecturer-unknown"}


def test_an_order_that_is_not_kept_is_advice_beside_a_class_that_stands(country, browser):
    service.add_session(country.coordinator, country.run.code, country.place(date(2026, 9, 15)))
    page = browser.post(
        f"/manage/runs/{country.run.code}/timetable?lang=en",
        data={"topic_id": country.topics[1], "on_date": "2026-09-14", "pair": 1, "hours": "2",
              "room_id": country.rooms[0].id, "lecturer_id": country.lecturer.person_id},
        follow_redirects=True,
    ).text  # fmt: skip
    assert "The class is in the week." in page
    assert "A practical of “Birinchi modul” stands before one of its lectures." in page
    browser.post(f"/needs/{country.run.version.course.code}", data={"last_module_last": "y", "lock": "0"})
    assert (
        facts.orders([country.run.course_version_id])[country.run.course_version_id].lectures_first is False
    )


def test_an_order_that_goes_round_is_refused(country):
    version = country.run.version
    first = version.modules[0].id
    with pytest.raises(Refused) as refused:
        teaching_needs.set_order(
            country.coordinator, version.id, OrderPlan(True, True, {first: frozenset({first})}), 0
        )
    assert codes(refused) == {"order-goes-round"}


def test_publishing_waits_for_rooms(country):
    for number, day in enumerate(scenario.days(MONDAY, 4)):
        place = country.place(day, topic=min(number // 2, 1), room=0 if number else None)
        service.add_session(country.coordinator, country.run.code, place)
    with pytest.raises(Refused) as refused:
        service.publish_timetable(country.coordinator, country.run.code)
    assert [(why.code, why.facts["count"]) for why in refused.value.why] == [("rooms-not-chosen", 1)]
