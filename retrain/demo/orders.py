"""The rector's orders: rows now, what they say once the people they name are in the database."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import update

from retrain import clock
from retrain.catalogue.models import Run
from retrain.demo.country import Country, moment
from retrain.demo.rows import Row
from retrain.demo.runs import Held
from retrain.enrolment import order_lists
from retrain.enrolment.models import OfficialOrder
from retrain.enrolment.states import OrderKind, OrderState
from retrain.extensions import db
from retrain.people.states import RoleKind

ORDER_BEFORE = timedelta(days=3)


def order(country: Country, held: Held, kind: OrderKind, on: date, effective: date) -> Row:
    """A registered order under the next number of its provider, kind and year."""
    signer = country.actors[held.provider, RoleKind.SIGNATORY]["person"]
    clerk = country.actors[held.provider, RoleKind.COORDINATOR]
    row = country.rows.add(
        OfficialOrder, run_id=held.row["id"], provider_id=held.row["provider_id"], kind=kind,
        state=OrderState.REGISTERED, number="", year=on.year, registered_on=on, effective_on=effective,
        signer_id=signer["id"], signer_name=f"{signer['given'][0]}. {signer['family']}",
        signer_post="Rektor" if held.provider[0] == "U" else "Direktor",
        created_at=moment(on - timedelta(days=1), 11), created_by_id=clerk["person"]["id"],
        registered_at=moment(on, 15),
    )  # fmt: skip
    subject, after = ("official_order", row["id"]), {"run": held.code, "kind": kind}
    country.happened(row["created_at"], "order.drafted", subject, clerk, after=after)
    country.happened(
        row["registered_at"], "order.registered", subject, clerk,
        after={**after, "on": on.isoformat(), "effective": effective.isoformat()},
    )  # fmt: skip
    return row


def unregistered(country: Country, row: Row) -> None:
    """The order is with the rector still: sent, without a number."""
    row.update(
        state=OrderState.SENT, number=None, year=None, registered_on=None, effective_on=None, registered_at=None,
        signer_id=None, signer_name=None, signer_post=None,
    )  # fmt: skip
    subject = ("official_order", row["id"])
    country.trail = [
        each for each in country.trail if (each.subject, each.action) != (subject, "order.registered")
    ]


def _registered(country: Country) -> list[Row]:
    rows = [row for row in country.rows.of(OfficialOrder) if row["state"] is OrderState.REGISTERED]
    return sorted(rows, key=lambda row: (row["registered_on"], row["id"]))


def number(country: Country) -> None:
    """Numbers in the order of registration, from 1 in each year."""
    last: dict[tuple[int, str, int], int] = {}
    for row in _registered(country):
        book = (row["provider_id"], row["kind"], row["year"])
        last[book] = last.get(book, 0) + 1
        row["number"] = f"{last[book]}-{'k' if row['kind'] is OrderKind.ENROLMENT else 't'}"


def word(country: Country) -> None:
    """Freeze what each order says, by the program's own hand, on the day it was registered."""
    found: list[Mapping[str, Any]] = []
    for row in _registered(country):
        with clock.at(row["registered_at"]):
            facts = order_lists.order_facts(db.session.get_one(Run, row["run_id"]), row["kind"])
        found.append({"id": row["id"], "facts": facts})
    db.session.execute(update(OfficialOrder), found)
