"""A coordinator works in the week grid: free places are marked, clashes named, what is dropped is saved or refused."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from retrain.calendar.bells import NoSuchPair
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.refusal import Refusal
from retrain.timetable import placing, service, spots, surroundings, times
from retrain.timetable.models import ClassSession
from tests import scenario
from tests.harness.statements import counted
from tests.scenario import Country

MONDAY = date(2026, 9, 14)
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def country(made_once, clock) -> Country:
    return made_once(scenario.beginning, MONDAY)


@pytest.fixture
def first(country) -> ClassSession:
    return service.add_session(country.coordinator, country.run.code, country.place(MONDAY))


@pytest.fixture
def desk(country, app):
    return scenario.signed_in(app, country.coordinator)


def base(country: Country) -> str:
    return f"/manage/runs/{country.run.code}/timetable"


def drop(desk, country, **data):
    return desk.post(f"{base(country)}/drop.json?lang=en", data=data)


def test_the_grid_shows_topic_lecturer_and_room_and_what_is_left(country, first, desk):
    page = desk.get(f"{base(country)}?week={MONDAY}&lang=en").text
    for words in ("Kirish", "Nodirov Bek", ">101<", "2 / 4", "4 / 4", 'data-day="2026-09-14" data-pair="1"'):
        assert words in page
    assert "35 pairs: " in page, "one of the 36 pairs of six days is taken"


def test_a_room_and_a_lecturer_have_their_week_too(country, first, desk):
    for of in (f"rooms/{country.rooms[0].id}", f"lecturers/{country.lecturer.person_id}"):
        page = desk.get(f"/manage/timetable/{of}?week={MONDAY}&lang=en").text
        assert "1 class in the week of" in page
        assert country.run.code in page
    sent = desk.get(f"/manage/timetable?of=room-{country.rooms[1].id}&week={MONDAY}")
    assert sent.location.endswith(f"/manage/timetable/rooms/{country.rooms[1].id}?week={MONDAY}")


def test_every_cell_is_free_or_says_why_not(country, first, desk):
    answer = desk.get(f"{base(country)}/places.json?lang=en&session={first.id}&week={MONDAY}").json
    assert len(answer["cells"]) == 36
    assert answer["cells"][f"{MONDAY} 1"] == [], "where it stands it is not in its own way"
    other = {"topic": country.topics[1], "room": country.rooms[0].id, "lecturer": country.lecturer.person_id}
    other |= {"week": MONDAY, "lang": "en"}
    cells = desk.get(f"{base(country)}/places.json", query_string=other).json["cells"]
    assert cells[f"{MONDAY} 2"] == []
    told = " ".join(cells[f"{MONDAY} 1"])
    assert "Room 101 is taken then: " in told
    assert "Nodirov Bek teaches then" in told
    assert "The group already has a class then" in told


def test_what_the_grid_says_is_what_saving_says(country, first, desk):
    """Two readers of one rule: each cell of three weeks by the grid and by the use case that saves."""
    second = service.add_session(
        country.coordinator, country.run.code, country.place(TUESDAY, pair=3, topic=1)
    )
    for monday in (MONDAY - timedelta(days=7), MONDAY, MONDAY + timedelta(days=7)):
        days = [monday + timedelta(days=number) for number in range(7)]
        spot = spots.spot(second)
        around = surroundings.around(
            country.provider.id, [spot], [spots.moved(spot, on_date=day) for day in days]
        )
        around.take_up(spot)
        for day in days:
            for pair in (1, 3, 6, 9):
                said = around.refusals(spots.moved(spot, on_date=day, pair=pair))
                assert said == saving(second, day, pair)


def saving(meeting: ClassSession, day: date, pair: int) -> list[Refusal]:
    """What the use case would refuse."""
    try:
        bell = times.bells(meeting.run.provider_id, day).pair(pair)
    except NoSuchPair:
        return [Refusal.of("no-such-pair", field="pair", pair=pair)]
    return placing.refusals(replace(placing.of_session(meeting), on_date=day, pair=bell))


def test_what_is_dropped_is_saved_and_frees_its_old_place(country, first, desk):
    answer = drop(desk, country, session=first.id, lock=0, day=TUESDAY, pair=2)
    assert (answer.status_code, answer.json["session"]) == (200, first.id)
    assert (first.on_date, first.pair, first.lock) == (TUESDAY, 2, 1)


def test_a_topic_from_the_list_becomes_a_class(country, desk):
    answer = drop(
        desk, country, topic=country.topics[0], day=MONDAY, pair=3, hours=2,
        room=country.rooms[1].id, lecturer=country.lecturer.person_id,
    )  # fmt: skip
    made = db.session.get(ClassSession, answer.json["session"])
    assert (made.pair, made.room_id, made.minutes) == (3, country.rooms[1].id, 90)


def test_a_clash_is_refused_in_words_and_nothing_moves(country, first, desk):
    service.add_session(country.coordinator, country.run.code, country.place(TUESDAY, topic=1))
    answer = drop(desk, country, session=first.id, lock=0, day=TUESDAY, pair=1)
    assert answer.status_code == 409
    assert any("Room 101 is taken then" in sentence for sentence in answer.json["refused"])
    assert first.on_date == MONDAY


def test_who_drops_second_is_told_what_changed(country, first, desk):
    drop(desk, country, session=first.id, lock=0, day=TUESDAY, pair=2)
    answer = drop(desk, country, session=first.id, lock=0, day=TUESDAY, pair=3)
    assert answer.status_code == 409
    assert "Rahimov Aziz" in answer.json["refused"][0]
    assert "15 September 2026, pair 2" in answer.json["refused"][0]
    assert first.pair == 2


def test_a_public_class_asks_first_and_tells_everyone_once(country, desk):
    classes = country.timetable(*scenario.days(MONDAY, 4))
    answer = drop(desk, country, session=classes[0].id, lock=0, day=MONDAY, pair=2)
    assert answer.json["ask"] == (
        f"1 class is public. 3 people of {country.run.code} will be told, and Nodirov Bek."
    )
    assert classes[0].pair == 1
    asked = drop(desk, country, session=classes[0].id, lock=0, day=MONDAY, pair=2, agreed="another")
    assert asked.json == answer.json, "a yes to something else is none"
    drop(desk, country, session=classes[0].id, lock=0, day=MONDAY, pair=2, agreed=answer.json["agreed"])
    told = db.session.scalars(select(Message.person_id).where(Message.kind == "timetable.moved")).all()
    assert sorted(told) == sorted([*(one.person_id for one in country.teachers), country.lecturer.person_id])


@pytest.mark.parametrize(
    "data",
    [{}, {"day": "x"}, {"day": "2026-09-14", "pair": "x"}, {"session": "x", "day": "2026-09-14"},
     {"topic": "0", "day": "2026-09-14", "pair": "1", "hours": "nan"}],
)  # fmt: skip
def test_odd_drops_change_nothing(country, first, desk, data):
    assert drop(desk, country, **data).status_code in (404, 409)
    assert first.lock == 0


def test_the_page_asks_at_most_twelve_times(country, first, desk):
    for address in (
        f"{base(country)}?week={MONDAY}",
        f"/manage/timetable/rooms/{country.rooms[0].id}?week={MONDAY}",
        f"/manage/timetable/lecturers/{country.lecturer.person_id}?week={MONDAY}",
    ):
        desk.get(address)
        with counted() as sent:
            assert desk.get(address).status_code == 200
        assert len(sent) <= 12, "\n".join(sent)


def test_a_drag_asks_once_and_as_often_for_one_place_as_for_all(country, first, desk):
    service.add_session(country.coordinator, country.run.code, country.place(TUESDAY, topic=1))
    address = f"{base(country)}/places.json?session={first.id}"
    desk.get(address)
    with counted() as sent:
        assert len(desk.get(address).json["cells"]) == 36
    assert len(sent) <= 20, "\n".join(sent)
