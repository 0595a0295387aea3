"""`retrain demo`: the same again from the same arguments, and never over somebody's data."""

import pytest
from click.testing import CliRunner
from flask import Flask

import retrain.clock
from retrain.database import digest
from retrain.demo import making
from retrain.demo.commands import demo
from retrain.demo.country import moment
from retrain.extensions import db
from retrain.people.models import Person
from tests.demo.conftest import SEED, TODAY


def content() -> dict[str, str]:
    db.session.rollback()
    with db.engine.connect() as connection:
        return digest.of_tables(connection)


def make(seed: int, hour: int) -> dict[str, str]:
    with retrain.clock.at(moment(TODAY, hour)):
        making.make(TODAY, seed, lambda _line: None)
    return content()


@pytest.mark.slow
def test_the_same_day_and_seed_make_the_same_country_whenever_they_are_asked(app: Flask) -> None:
    first = make(SEED, 11)
    assert make(SEED, 17) == first
    other = make(SEED + 1, 11)
    assert other["person"] != first["person"]
    assert other["mark"] != first["mark"]


def test_a_database_with_other_people_is_left_alone(app: Flask) -> None:
    db.session.add(
        Person(family="Karimova", given="Aziza", sort_key="k", search_key="k", created_at=retrain.clock.now())
    )
    db.session.commit()
    before = content()
    refused = CliRunner().invoke(demo, ["--today", TODAY.isoformat()], obj=None)
    assert refused.exit_code == 1
    assert "holds data (1 people who are not of a demo)" in refused.output
    assert CliRunner().invoke(demo, ["--if-empty"]).exit_code == 0
    assert content() == before
