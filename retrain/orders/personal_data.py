"""What orders hold about a person: the frozen lists that name them, and the sheets that bear their signature."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from flask import g, has_request_context
from sqlalchemy import or_, select, update

from retrain import clock
from retrain.audit import Actor
from retrain.database import dialect
from retrain.enrolment.models import Enrolment
from retrain.enrolment.personal_data import day_at, places
from retrain.enrolment.states import State
from retrain.extensions import db
from retrain.orders import lists, sheets
from retrain.orders.models import OfficialOrder
from retrain.orders.rules import PARTS
from retrain.orders.states import OrderState
from retrain.people import holdings
from retrain.people.merging import Pair, mover
from retrain.people.models import Person, Role, Setting
from retrain.people.privacy import exporter
from retrain.people.privacy_keeping import Kept, end_of, keeper
from retrain.people.states import RoleKind

holdings.did(OfficialOrder.created_by_id, OfficialOrder.sent_by_id, OfficialOrder.signed_by_id)
holdings.apart(OfficialOrder.signer_id)


@mover
def pass_on(_actor: Actor, pair: Pair) -> None:
    """Who stays signs what still waits for the one who goes."""
    db.session.execute(
        update(OfficialOrder)
        .where(OfficialOrder.signer_id == pair.gone_person_id, OfficialOrder.state != OrderState.REGISTERED)
        .values(signer_id=pair.kept_person_id)
        .execution_options(synchronize_session=False)
    )


def orders_naming(teacher_id: int | None) -> dict[int, list[OfficialOrder]]:
    """By enrolment of a teacher: the orders, sent or registered, in whose frozen lists it stands.

    A page that shows what is kept asks from three stages; it is read once, unless somebody is writing.
    """
    if dialect.writing.get() or not has_request_context():
        return _read_naming(teacher_id)
    read: dict[int | None, dict[int, list[OfficialOrder]]] = g.setdefault("orders_naming", {})
    if teacher_id not in read:
        read[teacher_id] = _read_naming(teacher_id)
    return read[teacher_id]


def _read_naming(teacher_id: int | None) -> dict[int, list[OfficialOrder]]:
    return _naming(db.session.scalars(select(Enrolment.id).where(Enrolment.teacher_id == teacher_id)).all())


@holdings.rests("enrolment")
def named(numbers: Collection[int]) -> set[int]:
    """Which of the enrolments stand in the frozen lists of an order."""
    return set(_naming(numbers))


def _naming(numbers: Collection[int]) -> dict[int, list[OfficialOrder]]:
    asked = set(numbers)
    orders = select(OfficialOrder).where(
        OfficialOrder.run_id.in_(select(Enrolment.run_id).where(Enrolment.id.in_(asked))),
        OfficialOrder.state != OrderState.DRAFT,
    )
    found = defaultdict(list)
    for order in db.session.scalars(orders.order_by(OfficialOrder.id)):
        for number in asked & lists.names_in(order.facts).mentioned:
            found[number].append(order)
    return found


@exporter
def held(_person_id: int, teacher_id: int | None) -> dict[str, Any]:
    """What each order says of the teacher, and nothing of the others in it."""
    return {
        "official_order": [
            {
                "id": order.id,
                "kind": order.kind.value,
                "number": order.number,
                "registered_on": holdings.plain(order.registered_on),
                "lines": [
                    {"part": part, **line}
                    for part in PARTS
                    for line in order.facts.get(part, ())
                    if line["enrolment"] == number
                ],
            }
            for number, orders in sorted(orders_naming(teacher_id).items())
            for order in orders
        ]
    }


@keeper
def kept(person_id: int, teacher_id: int | None) -> list[Kept]:
    """Orders stay as they were frozen, and so do the places they name; one of a course that is not over, by name."""
    signed = db.session.scalars(
        select(OfficialOrder).where(
            or_(OfficialOrder.signer_id == person_id, OfficialOrder.signed_by_id == person_id),
            OfficialOrder.state != OrderState.DRAFT,
        )
    )
    found, naming = [Kept("orders", _end(order)) for order in signed], orders_naming(teacher_id)
    for row, run in places(teacher_id):
        orders = naming.get(row.id, [])
        found += [Kept(code, _end(order)) for order in orders for code in ("orders", "enrolments")]
        if orders and row.state is State.ENROLLED:
            found.append(Kept("place", max(run.ends_on, day_at(run)), named=True))
    return found


@keeper
def among_signatories(person_id: int, _teacher_id: int | None) -> list[Kept]:
    """An organisation's signatories stay in its settings, for the days on which they signed."""
    held = select(Role.organisation_id).where(Role.person_id == person_id, Role.kind == RoleKind.SIGNATORY)
    person = db.session.get_one(Person, person_id)
    rows = db.session.scalars(
        select(Setting.value).where(Setting.key == "signatories", Setting.organisation_id.in_(held))
    )
    named = any(
        sheets.is_named(person.family, each) for value in rows for each in sheets.as_signatories(value)
    )
    return [Kept("signatory")] if named else []


def _end(order: OfficialOrder) -> date:
    return end_of("archive_years", order.registered_on or clock.today())
