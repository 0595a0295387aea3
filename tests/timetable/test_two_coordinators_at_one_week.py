"""Coordinators work on one week at the same time, in processes of their own: one wins a place, nothing is lost."""

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from retrain.extensions import db
from retrain.people.states import RoleKind
from retrain.timetable import service
from retrain.timetable.models import ClassSession, Occupancy, SessionChange
from tests import scenario
from tests.harness.databases import Database
from tests.scenario import Country
from tests.timetable import together

MONDAY = date(2026, 9, 14)
PROCESSES = 4


@pytest.fixture
def country(made_once, clock) -> Country:
    return made_once(scenario.beginning, MONDAY)


@pytest.fixture
def week(country) -> list[ClassSession]:
    """Four classes on Monday to Thursday, of no lecturer."""
    return [
        service.add_session(
            country.coordinator, country.run.code,
            replace(country.place(day, topic=number // 2), lecturer_id=None),
        )
        for number, day in enumerate(scenario.days(MONDAY, 4))
    ]  # fmt: skip


def all_at_once(country: Country, database: Database, folder: Path, orders: list[list]) -> list[list[str]]:
    """What every coordinator is answered; all are ready before the first begins."""
    asked = [
        {
            "actor": [actor.person_id, actor.role, actor.organisation_id, actor.role_id],
            "today": "2026-09-10",
            "orders": each,
        }
        for number, each in enumerate(orders)
        for actor in [
            scenario.role(scenario.person(f"Koordinator{number}"), RoleKind.COORDINATOR, country.provider)
        ]
    ]
    db.session.remove()
    return together.all_at_once("tests.timetable.week_writer", database.url, folder, asked)


def whole(run_id: int) -> list[ClassSession]:
    """The run's classes, once it is sure that each holds exactly its own slots and no two the same place."""
    rows = db.session.scalars(select(ClassSession).where(ClassSession.run_id == run_id)).all()
    held = Counter(db.session.scalars(select(Occupancy.session_id)))
    assert held == {row.id: 18 * 3 for row in rows}, "two halves and a room each"
    assert len({(row.on_date, row.pair) for row in rows}) == len(rows)
    return list(rows)


@pytest.mark.race
def test_one_of_many_drops_into_a_cell(
    app: Flask, database: Database, country: Country, week, tmp_path: Path
):
    """Different classes into one place, and one class to different places."""
    run_id, room = country.run.id, country.rooms[0].id
    same_place = [
        [["move", week[number].id, week[number].topic_id, "2026-09-18", 1, room, 0]] for number in range(4)
    ]
    answers = [one for (one,) in all_at_once(country, database, tmp_path / "place", same_place)]
    assert Counter(answers)["done"] == 1
    assert set(answers) <= {"done", "room-taken,run-taken"}
    moved = next(row for row in whole(run_id) if row.pair == 1 and row.on_date == date(2026, 9, 18))
    same_class = [
        [["move", moved.id, moved.topic_id, "2026-09-18", pair, room, moved.lock]] for pair in (2, 3, 4, 5)
    ]
    answers = [one for (one,) in all_at_once(country, database, tmp_path / "class", same_class)]
    assert Counter(answers) == {"done": 1, "changed-meanwhile": 3}
    assert whole(run_id)


@pytest.mark.race
def test_swaps_and_undos_under_fire(app: Flask, database: Database, country: Country, week, tmp_path: Path):
    run_id, provider_id = country.run.id, country.provider.id
    numbers = [row.id for row in week]
    before = sorted((row.on_date, row.pair) for row in week)
    orders = [
        [
            order
            for turn in range(5)
            for order in (
                ["swap", numbers[(number + turn) % 4], numbers[(number + turn + 1) % 4]],
                ["undo", provider_id],
            )
        ]
        for number in range(PROCESSES)
    ]
    answers = [one for each in all_at_once(country, database, tmp_path, orders) for one in each]
    assert set(answers) <= {"done", "changed-since", "nothing-to-undo"}
    assert answers.count("done") >= PROCESSES * 5, "every swap is done"
    rows = whole(run_id)
    assert sorted((row.on_date, row.pair) for row in rows) == before, "swaps only change who stands where"
    swaps = db.session.scalars(select(SessionChange.change_id)).all()
    assert set(Counter(swaps).values()) == {2}
