"""The opening minute against the program's own processes, over HTTP, one of them killed in the middle of it.

Every place goes to one person, the list is in the order in which the server took it, and a press that was sent
twice, or again because the connection broke, counts once. What is looked at is in ``harness/rush.py``.
"""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from retrain.enrolment.models import Enrolment, Quota
from retrain.extensions import db
from tests.harness import rush
from tests.harness.databases import Database
from tests.harness.deadline import waiting

TWICE = 0.1
pytestmark = pytest.mark.race


@pytest.fixture(autouse=True)
def now() -> None:
    """The servers go by the real clock, so the test does too."""


def race(
    app: Flask, database: Database, instance: Path, *, teachers: int, places: int, runs: int, connections: int,
    worker: bool, quotas: bool = False,
) -> tuple[rush.Rush, rush.Outcome]:  # fmt: skip
    """Let them all press; a web process, and one of the worker's, go when a tenth has been served."""
    scene = rush.prepare(app, teachers=teachers, places=places, runs=runs, quotas=quotas)
    db.session.remove()
    with rush.at_work(database.url, instance, scene.secret, worker=worker) as house:
        load = rush.begin(scene, house, connections, TWICE)
        for _ in waiting(300, "the race did not come to its kill"):
            db.session.rollback()
            assert load.poll() is None, "the race was over before its kill"
            if (db.session.scalar(select(func.count()).select_from(Enrolment)) or 0) >= teachers // 10:
                break
        rush.kill_one_of(house.web)
        if house.worker is not None:
            rush.kill_one_of(house.worker)
        seen = rush.outcome(load)
    return scene, seen


def held(scene: rush.Rush, seen: rush.Outcome, teachers: int) -> None:
    """Nothing of what must not happen has happened."""
    assert seen.errors == []
    assert seen.broken, "nobody noticed the kill: it came too late"
    found = rush.truth(scene)
    assert found.faults == []
    assert found.given + found.waiting == teachers
    # Which places quotas keep from whom is played again by the pure rules in ``truth``.
    assert found.given == scene.places or db.session.scalar(select(Quota.id).limit(1)) is not None


def test_a_hundred_with_quotas_while_a_server_is_killed(app: Flask, database: Database, tmp_path: Path):
    scene, seen = race(
        app, database, tmp_path / "at-work", teachers=100, places=30, runs=2, connections=16, worker=False,
        quotas=True,
    )  # fmt: skip
    held(scene, seen, 100)


@pytest.mark.slow
def test_a_hundred_for_thirty(app: Flask, database: Database, tmp_path: Path):
    scene, seen = race(
        app, database, tmp_path / "at-work", teachers=100, places=30, runs=2, connections=16, worker=False
    )
    held(scene, seen, 100)


@pytest.mark.slow
def test_two_thousand_for_six_hundred(app: Flask, database: Database, tmp_path: Path):
    scene, seen = race(
        app, database, tmp_path / "at-work", teachers=2000, places=600, runs=20, connections=32, worker=True
    )
    held(scene, seen, 2000)
