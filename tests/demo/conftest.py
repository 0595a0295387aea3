"""The country, made once on each database for a whole run; every file of tests gets a copy of its own."""

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

import retrain.clock
from retrain.demo.commands import demo
from retrain.demo.country import moment
from tests.harness.apps import release
from tests.harness.databases import fill

TODAY = date(2026, 11, 24)
SEED = 7


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def country(request: pytest.FixtureRequest, house: Any) -> Iterator[Flask]:
    """The app on a database that holds the country, its context pushed; it is the country's morning.

    What is looked at in it is the same on both databases, so on PostgreSQL most of it waits for `make test-all`.
    """
    opened, app = house.database(request.param), house.app(request.param)

    def make() -> None:
        arguments = ["--today", TODAY.isoformat(), "--seed", str(SEED)]
        CliRunner().invoke(demo, arguments, catch_exceptions=False)
        release(app)

    with app.app_context(), retrain.clock.at(moment(TODAY, 11)):
        release(app)
        fill(opened, "country", house.instance, make)
        yield app
        release(app)
    opened.renew()
    shutil.rmtree(house.instance)
    house.instance.mkdir()


@pytest.fixture
def accounts(country: Flask) -> dict[str, dict[str, str]]:
    """role → its sign-in."""
    written = json.loads((Path(country.config["RETRAIN"].instance) / "demo.json").read_text())
    return {row["role"]: row for row in written["accounts"]}
