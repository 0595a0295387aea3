"""A coordinator asks the machine for a term, looks at what it made, and publishes it in one step."""

from datetime import date

import pytest
from sqlalchemy import func, select

from retrain import jobs
from retrain.catalogue.models import Run
from retrain.extensions import db
from retrain.jobs import runner
from retrain.messages.models import Message
from retrain.people import configuring
from retrain.people.models import Organisation
from retrain.refusal import Forbidden, Refused
from retrain.timetable import publishing, queries, service, solving
from retrain.timetable.models import ClassSession, Occupancy, Room, Scenario, ScenarioClass
from retrain.timetable.states import Keep, ScenarioState, SessionState
from retrain.timetable.terms import Ask
from tests import scenario

MONDAY = date(2026, 9, 14)
SATURDAY = date(2026, 9, 19)


@pytest.fixture
def country(made_once, clock):
    return made_once(scenario.beginning, MONDAY)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {why.code for why in refused.value.why}


def asked(country, keep: Keep = Keep.PINNED) -> Ask:
    return Ask(country.provider.id, MONDAY, SATURDAY, (country.run.id,), keep, MONDAY)


def work(country) -> None:
    """Do what waits; the worker closes the session it worked in, so that what was read is read again."""
    provider, run, rooms = country.provider.id, country.run.id, [row.id for row in country.rooms]
    jobs.run_waiting()
    country.provider, country.run = db.session.get_one(Organisation, provider), db.session.get_one(Run, run)
    country.rooms = [db.session.get_one(Room, number) for number in rooms]


def made(country, **values) -> Scenario:
    number = solving.want(country.coordinator, asked(country, **values), seconds=1, steps=20_000).id
    work(country)
    return db.session.get_one(Scenario, number)


def standing(country) -> list[tuple[object, ...]]:
    """The run's classes as everybody sees them."""
    db.session.expire_all()
    return [
        (row.id, row.on_date, row.pair, row.room_id, row.state) for row in queries.sessions(country.run.id)
    ]


def test_the_machine_places_every_hour_and_occupies_nothing(country):
    found = made(country)
    assert found.state is ScenarioState.READY
    rows = publishing.classes_of(found.id)
    assert [(row.kind.value, row.minutes) for row in rows] == [
        ("lecture", 90), ("lecture", 90), ("practical", 90), ("practical", 90),
    ]  # fmt: skip
    assert {row.lecturer_id for row in rows} == {country.lecturer.person_id}
    assert db.session.scalar(select(func.count()).select_from(Occupancy)) == 0


def test_publishing_makes_it_the_timetable_in_one_step(country):
    found = made(country)
    publishing.publish(country.coordinator, found.id)
    rows = queries.sessions(country.run.id)
    assert [row.state for row in rows] == [SessionState.PUBLISHED] * 4
    assert [row.topic_id for row in rows] == [country.topics[0]] * 2 + [country.topics[1]] * 2
    assert db.session.scalar(select(func.count()).select_from(Occupancy)) == 4 * 4 * 18


def test_the_same_seed_and_steps_give_the_same_timetable(country):
    places = []
    for _ in range(2):
        rows = publishing.classes_of(made(country).id)
        places.append([(row.on_date, row.pair, row.room_id) for row in rows])
    assert places[0] == places[1]


def test_the_coordinators_way_from_the_button_to_the_published_week(country, app):
    client = scenario.signed_in(app, country.coordinator)
    page = client.get(f"/timetable/plan?lang=en&first_on={MONDAY}&last_on={SATURDAY}").text
    assert country.run.code in page
    answer = client.post(
        "/timetable/plan",
        data={
            "first_on": MONDAY,
            "last_on": SATURDAY,
            "run_ids": [country.run.id],
            "keep": "pinned",
            "seconds": 10,
        },
    )
    assert answer.status_code == 303
    address = answer.headers["Location"]
    assert "data-live" in client.get(address).text
    number = db.session.scalar(select(Scenario.id))
    solving.stop(country.coordinator, number)
    work(country)
    page = client.get(f"{address}?lang=en").text
    assert "4 of 4 classes placed" in page
    assert "Publish this timetable" in page
    assert client.get(f"{address}/runs/{country.run.code}?lang=en").status_code == 200
    assert "Stand elsewhere" in client.get(f"{address}/compare?lang=en").text
    assert client.post(f"{address}/publish").status_code == 303
    assert [row.state for row in queries.sessions(country.run.id)] == [SessionState.PUBLISHED] * 4
    told = db.session.scalars(select(Message.kind).order_by(Message.kind)).all()
    assert told.count("timetable.published") == 3
    assert told.count("timetable.lectures") == 1


def test_what_is_pinned_stays_and_the_rest_is_placed_round_it(country):
    first, *_ = country.timetable(*scenario.days(MONDAY, 4))
    first.pinned, pinned = True, first.id
    db.session.commit()
    found = made(country)
    assert found.wanted == 3
    change = publishing.publish(country.coordinator, found.id)
    assert pinned not in {row.id for row in change.touched}
    assert len(queries.sessions(country.run.id)) == 4


def test_what_was_published_is_moved_and_not_made_twice(country):
    before = {row.id for row in country.timetable(*scenario.days(MONDAY, 4))}
    found = made(country)
    publishing.publish(country.coordinator, found.id)
    assert {row.id for row in queries.sessions(country.run.id)} == before


def test_only_the_open_part_is_made_when_all_that_is_placed_is_kept(country):
    number = service.add_session(country.coordinator, country.run.code, country.place(MONDAY)).id
    found = made(country, keep=Keep.PLACED)
    assert found.wanted == 3
    publishing.publish(country.coordinator, found.id)
    assert db.session.get_one(ClassSession, number).state is SessionState.PUBLISHED


def test_a_result_that_comes_after_a_change_by_hand_is_compared_first(country, app):
    found = made(country)
    service.add_session(country.coordinator, country.run.code, country.place(MONDAY))
    with pytest.raises(Refused) as refused:
        publishing.publish(country.coordinator, found.id)
    assert codes(refused) == {"term-changed-meanwhile"}
    client = scenario.signed_in(app, country.coordinator)
    address = f"/timetable/scenarios/{found.id}"
    assert "Somebody changed the term" in client.get(f"{address}?lang=en").text
    stale = publishing.is_stale(db.session.get_one(Scenario, found.id))
    db.session.rollback()
    assert stale
    assert stale in client.get(f"{address}/compare").text
    assert client.post(f"{address}/publish", data={"compared": stale}).status_code == 303
    assert len(queries.sessions(country.run.id)) == 4


def test_what_no_longer_fits_is_not_published_even_when_compared(country):
    found = made(country)
    for room in db.session.scalars(select(Room)):
        room.closed_on = MONDAY
    db.session.commit()
    stale = publishing.is_stale(found)
    with pytest.raises(Refused) as refused:
        publishing.publish(country.coordinator, found.id, stale)
    assert codes(refused) == {"scenario-no-longer-fits"}
    assert queries.sessions(country.run.id) == []


def test_a_result_that_comes_after_a_holiday_was_declared_leaves_the_published_whole(country, app):
    country.timetable(*scenario.days(MONDAY, 4))
    found, before = made(country), standing(country)
    holiday = publishing.classes_of(found.id)[0].on_date
    value = [{"on": holiday.isoformat(), "working": False, "name": "Bayram"}]
    configuring.set_setting(country.coordinator, country.provider.id, "holidays", MONDAY, value)
    client = scenario.signed_in(app, country.coordinator)
    address = f"/timetable/scenarios/{found.id}"
    assert "Somebody changed the term" in client.get(f"{address}?lang=en").text
    client.post(f"{address}/publish", data={"compared": publishing.is_stale(found)})
    assert "no longer fits" in client.get(f"{address}?lang=en").text
    assert standing(country) == before


def test_thrown_away_it_is_gone_and_the_timetable_is_as_it_was(country, app):
    country.timetable(*scenario.days(MONDAY, 4))
    found = made(country)
    client = scenario.signed_in(app, country.coordinator)
    assert client.post(f"/timetable/scenarios/{found.id}/drop").status_code == 303
    assert client.get(f"/timetable/scenarios/{found.id}").status_code == 404
    assert db.session.scalar(select(func.count()).select_from(ScenarioClass)) == 0
    assert len(queries.sessions(country.run.id)) == 4


def test_whoever_did_not_make_the_term_may_not_publish_it(country):
    found = made(country)
    with pytest.raises(Forbidden):
        publishing.publish(country.lecturer, found.id)


def test_a_machine_killed_half_way_begins_anew_and_leaves_no_half(country, monkeypatch):
    found = solving.want(country.coordinator, asked(country), seconds=1, steps=20_000)
    number = found.id

    def killed(*_args, **_values):
        raise runner.Stopped

    with monkeypatch.context() as patch:
        patch.setattr("retrain.timetable.solver.solve.solve", killed)
        runner.run(found.job_id)
    assert db.session.scalar(select(func.count()).select_from(ScenarioClass)) == 0
    assert db.session.get_one(Scenario, number).state is ScenarioState.WORKING
    jobs.run_waiting()
    assert db.session.get_one(Scenario, number, populate_existing=True).state is ScenarioState.READY
    assert len(publishing.classes_of(number)) == 4
