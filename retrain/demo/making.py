"""Puts the country together, stage after stage in the order of the flow, and writes it in one transaction."""

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import update

from retrain.certificates.models import Certificate
from retrain.database.use_case import use_case
from retrain.demo import (
    agreements,
    awkward,
    blanks,
    courses,
    documents,
    endings,
    enrolling,
    habits,
    letters,
    lists,
    marker,
    orders,
    places,
    plans,
    registers,
    rounds,
    runs,
    sheets,
    staff,
    teachers,
    trail,
    weeks,
)
from retrain.demo.country import PASSWORD, Country
from retrain.demo.runs import Held
from retrain.demo.staff import HOME
from retrain.extensions import db
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
    teachers.account(country, people)
    pool = enrolling.Pool(country, people)
    pool.keep(country.by_hand["account"])
    awkward.before_enrolment(country, people, pool)
    home = pool.of_college(HOME, 19)
    held = runs.make(country, offered)
    enrolling.make(country, held, pool)
    lists.make(country, held, pool)
    agreements.make(country, held, pool, home)
    rounds.make(country, held, pool)
    weeks.make(country, held)
    registers.make(country, held)
    awkward.after_registers(country, held)
    endings.make(country, held)
    awkward.second_attempt(country, held)
    awkward.moves(country)
    plans.make(country, offered, held, people)
    orders.number(country)
    _write(country, held)
    return accounts(country)


@use_case
def _write(country: Country, held: list[Held]) -> None:
    """All or nothing. What is frozen is read from the database, so it comes in a second wave."""
    marker.empty(country.tell)
    marker.mark(country)
    country.rows.write(country.tell)
    sheets.freeze(country)
    replaced = documents.make(country, held)
    blanks.make(country, held)
    rounds.give(country, held)
    letters.make(country, held)
    trail.make(country)
    country.rows.write(country.tell)
    db.session.execute(update(Certificate), replaced)
    country.tell("        sealing the audit trail")
    trail.seal(country)


def accounts(country: Country) -> list[dict[str, Any]]:
    """One sign-in for each role."""
    return [
        {"role": str(role), "email": row["email"], "password": PASSWORD}
        for role in RoleKind
        if (row := country.accounts.get(role))
    ]
