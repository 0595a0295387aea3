"""Where a term has no timetable the machine says why, in words with numbers, and the published one stays whole."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

from retrain import jobs
from retrain.catalogue.states import HourKind
from retrain.extensions import db
from retrain.people.models import Setting
from retrain.refusal import Refused
from retrain.timetable import publishing, queries, solving
from retrain.timetable.models import Availability, Lecturer, Scenario, TeachingNeed
from retrain.timetable.states import Keep, ScenarioState, Stance, Standing
from retrain.timetable.terms import Ask
from tests import scenario

MONDAY = date(2026, 9, 14)
SATURDAY = date(2026, 9, 19)


@pytest.fixture
def country(made_once, clock):
    return made_once(scenario.beginning, MONDAY)


def asked(country, first: date = MONDAY, last: date = SATURDAY) -> Ask:
    return Ask(country.provider.id, first, last, (country.run.id,), Keep.PINNED, MONDAY)


def why(country, app) -> str:
    """The page of what came of it; nothing was published."""
    db.session.commit()
    run_id, coordinator = country.run.id, country.coordinator
    number = solving.want(coordinator, asked(country), seconds=1, steps=20_000).id
    jobs.run_waiting()
    assert db.session.get_one(Scenario, number).state is ScenarioState.IMPOSSIBLE
    with pytest.raises(Refused):
        publishing.publish(coordinator, number)
    assert queries.sessions(run_id) == []
    return scenario.signed_in(app, coordinator).get(f"/timetable/scenarios/{number}?lang=en").text


def says_it_cannot(country, *weekdays: int) -> None:
    lecturer = db.session.scalars(select(Lecturer)).one()
    db.session.add_all(
        Availability(
            lecturer_id=lecturer.id, stance=Stance.UNAVAILABLE, standing=Standing.AGREED, weekday=each
        )
        for each in weekdays
    )


def holds(country, clock, key: str, value: object) -> None:
    long_ago = date(2020, 1, 1)
    db.session.add(
        Setting(
            organisation_id=country.provider.id,
            key=key,
            valid_from=long_ago,
            value=value,
            created_at=clock.now(),
        )
    )


def needs(country, **values) -> None:
    module = queries.modules(country.run)[0]
    db.session.add(TeachingNeed(module_id=module.id, kind=HourKind.PRACTICAL, **values))


def test_a_module_no_one_can_teach(country, app):
    db.session.execute(delete(Lecturer))
    assert "Nobody can give “Birinchi modul”" in why(country, app)


def test_a_room_too_small_for_every_run(country, app):
    for room in country.rooms:
        room.capacity = 2
    assert "has 3 people for “Birinchi modul”, and the largest room that suits" in why(country, app)


def test_no_room_is_equipped(country, app):
    needs(country, equipment=["tokarlik dastgohi"])
    assert "tokarlik dastgohi" in why(country, app)


def test_a_lecturer_without_a_single_free_pair(country, app):
    says_it_cannot(country, 1, 2, 3, 4, 5, 6)
    assert "Nodirov Bek has no free pair" in why(country, app)


def test_a_lecturer_with_fewer_pairs_than_they_alone_may_give(country, app):
    says_it_cannot(country, 1, 2, 3, 4, 5)
    db.session.scalars(select(Lecturer)).one().pairs_a_day = 3
    assert "4 pairs, and they are free for 3" in why(country, app)


def test_the_only_room_with_a_thing_is_free_for_fewer(country, app, clock):
    holds(country, clock, "bells", [{"pair": 1, "starts": "08:30", "ends": "10:00"}])
    country.rooms[0].equipment, country.rooms[0].closed_on = ["dastgoh"], MONDAY + timedelta(days=1)
    needs(country, equipment=["dastgoh"])
    page = why(country, app)
    assert (
        "Room 101 is the only one with dastgoh, and 2 pairs of “Birinchi modul” and the like need it" in page
    )
    assert "free for 1." in page


def test_a_run_whose_dates_hold_fewer_hours_than_its_course_has(country, app, clock):
    holds(country, clock, "working_days", [1, 2])
    holds(country, clock, "bells", [{"pair": 1, "starts": "08:30", "ends": "10:00"}])
    page = why(country, app)
    assert "needs 8 hours, and its dates from" in page
    assert "hold 4." in page


def test_a_term_of_no_days_is_refused_where_it_is_asked_for(country, app):
    sunday = MONDAY - timedelta(days=1)
    page = scenario.signed_in(app, country.coordinator).post(
        "/timetable/plan?lang=en",
        data={"first_on": sunday, "last_on": sunday, "run_ids": [], "keep": "pinned", "seconds": 10},
    )
    assert page.status_code == 422
    assert "There is no working day from" in page.text
    with pytest.raises(Refused) as refused:
        solving.want(country.coordinator, asked(country, SATURDAY, MONDAY), seconds=1)
    assert refused.value.why[0].code == "term-ends-before-it-begins"


def test_a_holiday_in_a_published_term_moves_what_stood_on_it_when_the_term_is_made_anew(country, clock):
    country.timetable(*scenario.days(MONDAY, 4))
    holiday = MONDAY + timedelta(days=1)
    holds(country, clock, "holidays", [{"on": holiday.isoformat(), "working": False, "name": "Bayram"}])
    db.session.commit()
    run_id, coordinator = country.run.id, country.coordinator
    number = solving.want(coordinator, asked(country), seconds=1, steps=20_000).id
    jobs.run_waiting()
    publishing.publish(coordinator, number)
    days = {row.on_date for row in queries.sessions(run_id)}
    assert len(queries.sessions(run_id)) == 4
    assert holiday not in days


def no_lecturer(country) -> None:
    says_it_cannot(country, 1, 2, 3, 4, 5, 6)


def no_seats(country) -> None:
    for room in country.rooms:
        room.capacity = 2


def no_thing(country) -> None:
    needs(country, equipment=["dastgoh"])


@pytest.mark.parametrize("spoil", [no_lecturer, no_seats, no_thing])
def test_what_is_published_stays_whole_when_nothing_else_is_possible(country, spoil):
    country.timetable(*scenario.days(MONDAY, 4))
    run_id, coordinator = country.run.id, country.coordinator
    before = [(row.id, row.on_date, row.pair, row.lock, row.state) for row in queries.sessions(run_id)]
    spoil(country)
    db.session.commit()
    number = solving.want(coordinator, asked(country), seconds=1, steps=20_000).id
    jobs.run_waiting()
    found = db.session.get_one(Scenario, number)
    assert (found.state, bool(found.why_not)) == (ScenarioState.IMPOSSIBLE, True)
    after = [(row.id, row.on_date, row.pair, row.lock, row.state) for row in queries.sessions(run_id)]
    assert after == before
