"""A coordinator puts classes into the week by hand; a clash is refused by a sentence that names it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from retrain.extensions import db
from retrain.refusal import ChangedMeanwhile, Forbidden, Refused
from retrain.timetable import service
from retrain.timetable.models import Occupancy
from retrain.timetable.states import SessionState
from tests import scenario
from tests.scenario import Country

MONDAY = date(2026, 9, 14)


@pytest.fixture
def country(made_once, clock) -> Country:
    return made_once(scenario.beginning, MONDAY)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {why.code for why in refused.value.why}


def test_a_class_occupies_room_lecturer_and_group(country):
    service.add_session(country.coordinator, country.run.code, country.place(MONDAY))
    kinds = db.session.execute(
        select(Occupancy.resource_kind, func.count()).group_by(Occupancy.resource_kind)
    ).all()
    assert {(kind.value, count) for kind, count in kinds} == {
        ("room", 18), ("lecturer", 18), ("first_half", 18), ("second_half", 18),
    }  # fmt: skip


def test_a_taken_hour_is_refused_for_group_room_and_lecturer_at_once(country):
    service.add_session(country.coordinator, country.run.code, country.place(MONDAY))
    with pytest.raises(Refused) as refused:
        service.add_session(country.coordinator, country.run.code, country.place(MONDAY, topic=1))
    assert codes(refused) == {"room-taken", "lecturer-taken", "run-taken"}
    assert refused.value.why[0].facts["run"] == country.run.code


def test_the_page_says_what_clashes_and_keeps_what_was_typed(country, app):
    service.add_session(country.coordinator, country.run.code, country.place(MONDAY))
    page = scenario.signed_in(app, country.coordinator).post(
        f"/manage/runs/{country.run.code}/timetable?lang=en",
        data={
            "topic_id": country.topics[1], "on_date": MONDAY.isoformat(), "pair": 1, "hours": "2",
            "room_id": country.rooms[0].id, "lecturer_id": country.lecturer.person_id,
        },
    ).text  # fmt: skip
    assert "Room 101 is taken then: " in page
    assert "Nodirov Bek teaches then" in page
    assert 'value="2026-09-14"' in page


def test_another_room_and_lecturer_do_not_help_the_group(country):
    service.add_session(country.coordinator, country.run.code, country.place(MONDAY))
    place = replace(country.place(MONDAY, topic=1, room=1), lecturer_id=None)
    with pytest.raises(Refused) as refused:
        service.add_session(country.coordinator, country.run.code, place)
    assert codes(refused) == {"run-taken"}


@pytest.mark.parametrize(
    ("day", "pair", "hours", "code"),
    [
        (MONDAY + timedelta(days=30), 1, 2, "outside-run"),
        (MONDAY + timedelta(days=-1), 1, 2, "outside-run"),
        (MONDAY, 9, 2, "no-such-pair"),
        (MONDAY, 1, 3, "longer-than-pair"),
    ],
)
def test_what_the_calendar_does_not_allow(country, day, pair, hours, code):
    with pytest.raises(Refused) as refused:
        service.add_session(country.coordinator, country.run.code, country.place(day, pair, hours=hours))
    assert code in codes(refused)


def test_more_hours_than_the_plan_are_refused_with_what_is_left(country):
    for day in scenario.days(MONDAY, 2):
        service.add_session(country.coordinator, country.run.code, country.place(day))
    with pytest.raises(Refused) as refused:
        service.add_session(country.coordinator, country.run.code, country.place(MONDAY + timedelta(days=2)))
    assert [(why.code, why.facts) for why in refused.value.why] == [("more-than-planned", {"left": 0.0})]


def test_half_hours_make_up_the_plan(country):
    for number, hours in enumerate((2, 0.5, 0.5, 1)):
        place = country.place(MONDAY + timedelta(days=number), hours=hours)
        service.add_session(country.coordinator, country.run.code, place)
    with pytest.raises(Refused) as refused:
        service.publish_timetable(country.coordinator, country.run.code)
    assert [why.facts["kind"] for why in refused.value.why] == ["practical"]


def test_half_hours_fill_a_day_to_its_brim(country):
    for pair, (topic, hours) in enumerate(((0, 2), (0, 1.5), (0, 0.5), (1, 2), (1, 1.5), (1, 0.5)), 1):
        place = country.place(MONDAY, pair=pair, topic=topic, hours=hours)
        service.add_session(country.coordinator, country.run.code, place)
    assert service.publish_timetable(country.coordinator, country.run.code) == 6


def test_a_moved_class_frees_its_old_hour(country):
    first = service.add_session(country.coordinator, country.run.code, country.place(MONDAY))
    service.move_session(country.coordinator, first.id, country.place(MONDAY, pair=2), lock=0)
    service.add_session(country.coordinator, country.run.code, country.place(MONDAY, topic=1))
    assert db.session.scalar(select(func.count()).select_from(Occupancy)) == 144


def test_who_saves_second_is_told(country):
    first = service.add_session(country.coordinator, country.run.code, country.place(MONDAY))
    service.move_session(country.coordinator, first.id, country.place(MONDAY, pair=2), lock=0)
    with pytest.raises(ChangedMeanwhile):
        service.move_session(country.coordinator, first.id, country.place(MONDAY, pair=3), lock=0)


def test_a_cancelled_class_occupies_nothing(country):
    first = service.add_session(country.coordinator, country.run.code, country.place(MONDAY))
    service.cancel_session(country.coordinator, first.id, "the room is flooded")
    assert first.state is SessionState.CANCELLED
    assert db.session.scalar(select(func.count()).select_from(Occupancy)) == 0


def test_publishing_waits_for_every_planned_hour(country):
    service.add_session(country.coordinator, country.run.code, country.place(MONDAY))
    with pytest.raises(Refused) as refused:
        service.publish_timetable(country.coordinator, country.run.code)
    assert [(why.facts["kind"], why.facts["left"]) for why in refused.value.why] == [
        ("lecture", 2.0),
        ("practical", 4.0),
    ]


def test_a_published_timetable_is_in_the_lecturers_week(country, app, clock):
    country.timetable(*scenario.days(MONDAY, 4))
    page = scenario.signed_in(app, country.lecturer).get(f"/week?week={MONDAY}&lang=en").text
    assert page.count(country.run.code) == 4
    assert "Kirish" in page


def test_a_lecturer_does_not_make_timetables(country, app):
    with pytest.raises(Forbidden):
        service.add_session(country.lecturer, country.run.code, country.place(MONDAY))
    answer = scenario.signed_in(app, country.lecturer).get(f"/manage/runs/{country.run.code}/timetable")
    assert answer.status_code == 403
