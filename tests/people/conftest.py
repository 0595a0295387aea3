"""Colleges, people in roles, and what they need to sign in."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from retrain.audit import SYSTEM, Actor
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.messages.secrets import unseal
from retrain.people import passwords, service
from retrain.people.models import Organisation, Person
from retrain.people.states import OrganisationKind, RoleKind
from tests import scenario

DATA = Path(__file__).parents[1] / "data"
PASSWORD = "uch tomchi suv"


def imported(_clock: object) -> dict[str, Organisation]:
    """The colleges of the list, by code."""
    service.import_colleges(SYSTEM, json.loads((DATA / "colleges.json").read_text()))
    return {row.code: row for row in db.session.scalars(db.select(Organisation))}


@pytest.fixture(autouse=True)
def _colleges_first(request: pytest.FixtureRequest) -> None:
    """Whoever works there comes after them."""
    if "colleges" in request.fixturenames:
        request.getfixturevalue("colleges")


@pytest.fixture
def colleges(made_once: Callable[..., Any]) -> dict[str, Organisation]:
    return made_once(imported)


@pytest.fixture
def college(colleges: dict[str, Organisation]) -> Organisation:
    return colleges["BU-01"]


@pytest.fixture
def ministry(app: Flask) -> Organisation:
    return scenario.organisation("MIN", OrganisationKind.MINISTRY, "Vazirlik")


@pytest.fixture
def administrator(ministry: Organisation) -> Actor:
    return scenario.role(scenario.person("Boshqaruvchi"), RoleKind.ADMINISTRATOR, ministry)


@pytest.fixture
def hr(college: Organisation) -> Actor:
    """HR of the college in Bukhara."""
    return scenario.role(scenario.person("Saidov", "Olim"), RoleKind.COLLEGE_HR, college)


@pytest.fixture
def as_user(app: Flask) -> Callable[[Actor], Any]:
    """A browser in which somebody is signed in."""
    return lambda actor: scenario.signed_in(app, actor)


@pytest.fixture
def somebody(app: Flask) -> Person:
    """Somebody who signs in with an e-mail, a telephone and PASSWORD."""
    return scenario.person(
        "Karimova",
        "Aziza",
        "aziza@example.uz",
        phone="+998901234567",
        password_hash=passwords.digest(PASSWORD),
    )


@pytest.fixture
def mailed(app: Flask) -> Callable[[str], str]:
    """The address in the latest message of a kind."""

    def find(kind: str) -> str:
        query = db.select(Message).where(Message.kind == kind).order_by(Message.id.desc())
        message = db.session.scalars(query).first()
        assert message is not None
        assert message.secret is not None
        return str(unseal(app.config["SECRET_KEY"], message.secret)["path"])

    return find
