"""Publishing what the machine made is one action: guarded, told in few statements, and taken back as a whole."""

from datetime import date

import pytest
from sqlalchemy import select

from retrain import jobs
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.refusal import Refusal, Refused
from retrain.timetable import changing, guards, publishing, queries, service, solving, undoing
from retrain.timetable.models import Scenario, TimetableChange
from retrain.timetable.states import ChangeSort, ChangeState, Keep, ScenarioState, SessionState
from retrain.timetable.terms import Ask
from tests import scenario
from tests.harness.statements import counted

MONDAY = date(2026, 9, 14)
SATURDAY = date(2026, 9, 19)


@pytest.fixture
def country(made_once, clock):
    return made_once(scenario.beginning, MONDAY)


def placed(run_id: int) -> list[tuple[object, ...]]:
    return [
        (row.id, row.on_date, row.pair, row.room_id, row.topic_id, row.state)
        for row in queries.sessions(run_id)
    ]


def made(country) -> int:
    """The number of a whole scenario; what of the country was read is read again by number."""
    run_id, coordinator = country.run.id, country.coordinator
    ask = Ask(country.provider.id, MONDAY, SATURDAY, (run_id,), Keep.PINNED, MONDAY)
    number = solving.want(coordinator, ask, seconds=1, steps=20_000).id
    jobs.run_waiting()
    assert db.session.get_one(Scenario, number).state is ScenarioState.READY
    return number


def crowded(country) -> None:
    """Classes by hand where the machine would not put them: late, each in a room of its own day."""
    for number, day in enumerate(scenario.days(MONDAY, 4)):
        place = country.place(day, pair=6, topic=number // 2, room=number % 2)
        service.add_session(country.coordinator, country.run.code, place)
    service.publish_timetable(country.coordinator, country.run.code)


def test_a_class_that_is_held_fast_is_not_moved(country, monkeypatch):
    crowded(country)
    run_id = country.run.id
    before, number = placed(run_id), made(country)
    signed = Refusal.of("class-has-register", day=MONDAY, pair=6)
    monkeypatch.setattr(guards, "_GUARDS", [lambda numbers: dict.fromkeys(numbers, signed)])
    with pytest.raises(Refused) as refused:
        publishing.publish(country.coordinator, number)
    assert {why.code for why in refused.value.why} == {"class-has-register"}
    db.session.rollback()
    assert placed(run_id) == before
    assert db.session.get_one(Scenario, number).state is ScenarioState.READY


def test_todays_classes_stay_for_people_are_on_their_way(country, clock):
    crowded(country)
    run_id, coordinator = country.run.id, country.coordinator
    clock.set(clock.now().replace(year=2026, month=9, day=14, hour=4))
    first = placed(run_id)[0]
    publishing.publish(coordinator, made(country))
    after = placed(run_id)
    assert first in after
    assert [row[1] for row in after].count(MONDAY) == 1


def test_a_publication_is_taken_back_as_a_whole_and_done_again(country, app):
    crowded(country)
    run_id, provider, coordinator = country.run.id, country.provider.id, country.coordinator
    before, number = placed(run_id), made(country)
    publishing.publish(coordinator, number)
    after = placed(run_id)
    assert after != before
    change = db.session.scalars(select(TimetableChange)).one()
    assert (change.sort, len(change.classes)) == (ChangeSort.PUBLICATION, 4)
    client = scenario.signed_in(app, coordinator)
    address = f"/timetable/scenarios/{number}"
    assert "Take the publication back" in client.get(f"{address}?lang=en").text
    assert client.post(f"{address}/take-back").status_code == 303
    assert placed(run_id) == before
    assert "Publish it again" in client.get(f"{address}?lang=en").text
    assert undoing.redo(coordinator, provider).state is ChangeState.DONE
    assert placed(run_id) == after


def test_what_the_machine_put_in_is_out_of_the_week_again(country):
    run_id, provider, coordinator = country.run.id, country.provider.id, country.coordinator
    publishing.publish(coordinator, made(country))
    assert {row[-1] for row in placed(run_id)} == {SessionState.PUBLISHED}
    undoing.undo(coordinator, provider)
    assert placed(run_id) == []


def test_it_is_not_taken_back_over_what_was_changed_since(country, app):
    crowded(country)
    run_id, coordinator, code = country.run.id, country.coordinator, country.run.code
    number = made(country)
    publishing.publish(coordinator, number)
    row = queries.sessions(run_id)[0]
    changing.cancel(coordinator, row.id, "Suv yo‘q")
    before = placed(run_id)
    client = scenario.signed_in(app, coordinator)
    page = client.post(f"/timetable/scenarios/{number}/take-back?lang=en", follow_redirects=True).text
    assert f"The class of {code} on 1" in page or "changed" in page
    assert placed(run_id) == before


def test_many_people_are_told_in_as_few_statements_as_one(made_once, clock):
    country = made_once(scenario.beginning, MONDAY, 9)
    coordinator, number = country.coordinator, made(country)
    with counted() as sent:
        publishing.publish(coordinator, number)
    told = db.session.scalars(select(Message.kind)).all()
    assert (told.count("timetable.published"), told.count("timetable.lectures")) == (9, 1)
    assert sum("INSERT INTO message" in each for each in sent) == 2
