"""The country, made once for all tests of a file on each database."""

import shutil
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask

import retrain.clock
from retrain.demo import making
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
        app.extensions["retrain.demo.accounts"] = making.make(TODAY, SEED, lambda _line: None)
        yield app
        release(app)
    opened.reset()
    shutil.rmtree(house.instance)
    house.instance.mkdir()


@pytest.fixture
def accounts(country: Flask) -> dict[str, dict[str, str]]:
    """role → its sign-in."""
    return {row["role"]: row for row in country.extensions["retrain.demo.accounts"]}
