"""The country, made once for all tests of a file on each database."""

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
from tests.harness.databases import KINDS

TODAY = date(2026, 11, 24)
SEED = 7


@pytest.fixture(scope="module", params=KINDS)
def country(request: pytest.FixtureRequest, house: Any) -> Iterator[Flask]:
    """The app on a database that holds the country, its context pushed; it is the country's morning."""
    opened, app = house.database(request.param), house.app(request.param)
    with app.app_context(), retrain.clock.at(moment(TODAY, 11)):
        arguments = ["--today", TODAY.isoformat(), "--seed", str(SEED)]
        CliRunner().invoke(demo, arguments, catch_exceptions=False)
        yield app
        release(app)
    opened.reset()
    shutil.rmtree(house.instance)
    house.instance.mkdir()


@pytest.fixture
def accounts(country: Flask) -> dict[str, dict[str, str]]:
    """role → its sign-in."""
    written = json.loads((Path(country.config["RETRAIN"].instance) / "demo.json").read_text())
    return {row["role"]: row for row in written["accounts"]}
