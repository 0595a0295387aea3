"""What each order says, frozen by the program's own hand once the people it names are in the database."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update

from retrain import clock
from retrain.catalogue.models import Run
from retrain.demo.country import Country
from retrain.demo.rows import Row
from retrain.enrolment.models import Enrolment, EnrolmentChange
from retrain.enrolment.states import State
from retrain.extensions import db
from retrain.orders import lists as order_lists
from retrain.orders import rules as order_rules
from retrain.orders.models import OfficialOrder
from retrain.orders.rules import Named, Ordered
from retrain.orders.states import OrderKind, OrderState
from retrain.people.models import Person, Teacher


@dataclass
class Past:
    """Where everybody stood at any moment, out of the changes that are kept."""

    rows: dict[int, Row]
    changes: dict[int, list[Row]]
    lists: dict[int, list[int]]
    orders: dict[int, list[tuple[Row, Named]]] = field(default_factory=lambda: defaultdict(list))
    """By run: the orders frozen so far, and whom each names."""

    def states(self, run_id: int, at: datetime) -> dict[int, State]:
        """By enrolment: the state of everybody who had come by then, in the order of the alphabet."""
        return {
            number: self._state(number, at)
            for number in self.lists.get(run_id, ())
            if self.rows[number]["requested_at"] <= at
        }

    def _state(self, number: int, at: datetime) -> State:
        later = (each["before"] for each in self.changes[number] if each["at"] > at)
        return State(next(later, self.rows[number]["state"]))

    def ordered(self, run_id: int, at: datetime) -> Ordered:
        """What the orders registered by then said."""
        return order_rules.ordered_by((row["kind"], names) for row, names in self.registered(run_id, at))

    def registered(self, run_id: int, at: datetime) -> list[tuple[Row, Named]]:
        """The orders of a run that had their numbers by then."""
        return [each for each in self.orders[run_id] if (each[0]["registered_at"] or at) < at]


def freeze(country: Country) -> None:
    """Write what every order says that was sent or registered, the earlier ones first."""
    past = _past(country)
    found = [
        {"id": row["id"], "facts": _facts(past, row)}
        for row in sorted(country.rows.of(OfficialOrder), key=lambda row: (_frozen_at(row), row["id"]))
        if row["state"] is not OrderState.DRAFT
    ]
    db.session.execute(update(OfficialOrder), found)


def _past(country: Country) -> Past:
    changes = defaultdict(list)
    for change in country.rows.of(EnrolmentChange):
        changes[change["enrolment_id"]].append(change)
    lists = defaultdict(list)
    ordered = (
        select(Enrolment.run_id, Enrolment.id)
        .join(Teacher, Teacher.id == Enrolment.teacher_id)
        .join(Person, Person.id == Teacher.person_id)
        .where(Enrolment.since.is_not(None))
        .order_by(Person.sort_key, Enrolment.id)
    )
    for run_id, number in db.session.execute(ordered).tuples():
        lists[run_id].append(number)
    return Past({row["id"]: row for row in country.rows.of(Enrolment)}, changes, lists)


def _frozen_at(row: Row) -> datetime:
    """When an order was sent; one that went round on paper was frozen when it was registered."""
    at: datetime = row["sent_at"] or row["registered_at"] or row["created_at"]
    return at


def _facts(past: Past, row: Row) -> Row:
    at, run_id = _frozen_at(row), row["run_id"]
    names = order_rules.named(row["kind"], past.states(run_id, at), past.ordered(run_id, at))
    if not names.mentioned and row["kind"] is not OrderKind.COMMISSION:  # whose members are no listeners
        raise AssertionError(f"order {row['id']} names nobody")
    with clock.at(at):
        facts = order_lists.order_facts(db.session.get_one(Run, run_id), row["kind"], names)
    earlier = {(each["kind"], each["number"]) for each, _names in past.registered(run_id, at)}
    facts["basis"] = [each for each in facts["basis"] if (each["kind"], each["number"]) in earlier]
    past.orders[run_id].append((row, names))
    return facts
