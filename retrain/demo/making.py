"""Puts the country together, stage after stage in the order of the flow, and writes it in one transaction."""

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any

from retrain.database.use_case import use_case
from retrain.demo import (
    courses,
    endings,
    enrolling,
    habits,
    marker,
    orders,
    places,
    registers,
    runs,
    staff,
    teachers,
    trail,
    weeks,
)
from retrain.demo.country import PASSWORD, Country
from retrain.people import passwords
from retrain.people.states import RoleKind


def make(today: date, seed: int, tell: Callable[[str], None]) -> list[dict[str, Any]]:
    """The country as of *today*: the same for the same seed. The accounts to sign in with."""
    country = Country(today, seed, tell)
    country.password_hash = passwords.digest(PASSWORD, hashlib.sha256(f"demo {seed}".encode()).digest()[:16])
    places.make(country)
    staff.make(country)
    habits.make(country)
    offered = courses.make(country)
    people = teachers.make(country)
    account = teachers.account(country, people)
    held = runs.make(country, offered)
    enrolling.make(country, held, enrolling.Pool(country, people), account)
    weeks.make(country, held)
    registers.make(country, held)
    endings.make(country, held)
    orders.number(country)
    _write(country)
    return accounts(country)


@use_case
def _write(country: Country) -> None:
    marker.empty(country.tell)
    trail.make(country)
    marker.mark(country)
    rows = country.rows.write(country.tell)
    orders.word(country)
    country.tell(f"{rows:>7} rows in all")


def accounts(country: Country) -> list[dict[str, Any]]:
    """One sign-in for each role."""
    return [
        {"role": str(role), "email": row["email"], "password": PASSWORD}
        for role in RoleKind
        if (row := country.accounts.get(role))
    ]
