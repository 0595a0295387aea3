"""Several processes put classes of the whole group and of its halves into the same pairs at the same time."""

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from retrain.extensions import db
from retrain.refusal import Refused
from retrain.timetable import premises, service
from retrain.timetable.models import ClassSession, Occupancy
from retrain.timetable.states import Part, Resource
from tests import scenario
from tests.harness.databases import Database
from tests.timetable.together import all_at_once

MONDAY = date(2026, 9, 14)
PROCESSES, PAIRS = 6, 4


@pytest.fixture
def country(made_once, clock) -> scenario.Country:
    return made_once(scenario.beginning, MONDAY)


def in_part(country: scenario.Country, part: Part, room: int, pair: int = 1) -> ClassSession:
    place = replace(country.place(MONDAY, pair=pair, room=room), lecturer_id=None, part=part)
    return service.add_session(country.coordinator, country.run.code, place)


def test_two_halves_meet_at_once_and_the_whole_group_then_can_not(country):
    in_part(country, Part.FIRST_HALF, 0)
    in_part(country, Part.SECOND_HALF, 1)
    with pytest.raises(Refused) as refused:
        in_part(country, Part.WHOLE, 0)
    assert {why.code for why in refused.value.why} == {"room-taken", "run-taken"}
    with pytest.raises(Refused) as refused:
        in_part(country, Part.FIRST_HALF, 1)
    assert {why.code for why in refused.value.why} == {"room-taken", "run-taken"}


def test_a_half_has_the_hours_of_the_plan_for_itself(country):
    for pair in (1, 2):
        in_part(country, Part.FIRST_HALF, 0, pair)
    with pytest.raises(Refused) as refused:
        in_part(country, Part.FIRST_HALF, 0, 3)
    assert [(why.code, why.facts["left"]) for why in refused.value.why] == [("more-than-planned", 0.0)]
    with pytest.raises(Refused) as refused:
        in_part(country, Part.WHOLE, 0, 3)
    assert [why.code for why in refused.value.why] == ["more-than-planned"]
    in_part(country, Part.SECOND_HALF, 0, 3)
    with pytest.raises(Refused) as refused:
        service.publish_timetable(country.coordinator, country.run.code)
    assert [(why.facts["kind"], why.facts["left"]) for why in refused.value.why] == [
        ("lecture", 2.0),
        ("practical", 4.0),
    ]


@pytest.mark.race
def test_processes_do_not_put_the_whole_group_beside_its_half(
    app: Flask, database: Database, country: scenario.Country, tmp_path: Path
):
    rooms = [room.id for room in country.rooms] + [
        service.add_room(country.coordinator, country.provider.id, f"2{number}", 30).id for number in range(6)
    ]
    assert premises.own_room(country.coordinator, rooms[0])
    parts = [Part.WHOLE, Part.FIRST_HALF, Part.SECOND_HALF]
    actor = country.coordinator
    orders = [
        {
            "actor": [actor.person_id, actor.role, actor.organisation_id, actor.role_id],
            "run": country.run.code,
            "today": "2026-09-10",
            "places": [
                [
                    country.topics[pair % 2],
                    MONDAY.isoformat(),
                    pair,
                    rooms[number],
                    parts[(number + pair) % 3].value,
                ]
                for pair in range(1, PAIRS + 1)
            ],
        }
        for number in range(PROCESSES)
    ]
    run_id = country.run.id
    db.session.remove()
    answers = all_at_once("tests.timetable.halves_writer", database.url, tmp_path, orders)
    check(run_id, [answer for each in answers for answer in each])


def check(run_id: int, answers: list[list]) -> None:
    """Nobody is in two places, what stands holds its slots, and whoever was refused was told of the group."""
    refused = [why for _part, why in answers if isinstance(why, list)]
    assert len(answers) == PROCESSES * PAIRS
    assert refused
    assert all(set(why) <= {"run-taken", "more-than-planned", "day-too-full"} for why in refused)
    rows = db.session.scalars(select(ClassSession).where(ClassSession.run_id == run_id)).all()
    assert sorted(row.id for row in rows) == sorted(why for _part, why in answers if isinstance(why, int))
    busy = Counter((row.pair, half) for row in rows for half in row.part.halves)
    assert set(busy.values()) == {1}
    held = Counter(db.session.scalars(select(Occupancy.session_id).where(
        Occupancy.resource_id == run_id,
        Occupancy.resource_kind.in_((Resource.FIRST_HALF, Resource.SECOND_HALF)),
    )))  # fmt: skip
    assert held == {row.id: 18 * len(row.part.halves) for row in rows}
