"""Which orders a run has, and which runs lack one."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import case, func, literal, null, or_, select, union_all

from retrain.catalogue.models import Run
from retrain.catalogue.states import ON_OFFER, RunState
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import IN_GROUP
from retrain.extensions import db
from retrain.orders.models import OfficialOrder
from retrain.orders.states import OrderKind, OrderState


def order_of(run: Run, kind: OrderKind, by: datetime | None = None) -> OfficialOrder | None:
    """The order of that kind that holds for the run, or held at a moment: the last one registered."""
    return db.session.scalars(
        select(OfficialOrder)
        .where(
            OfficialOrder.run_id == run.id,
            OfficialOrder.kind == kind,
            OfficialOrder.state == OrderState.REGISTERED,
            *([OfficialOrder.registered_at <= by] if by else []),
        )
        .order_by(OfficialOrder.id.desc())
        .limit(1)
    ).first()


def not_in_order(run: Run, completed: Collection[int]) -> frozenset[int]:
    """Who of those who *completed* stands otherwise in the order of completion that holds; nobody while there is none."""
    order = order_of(run, OrderKind.COMPLETION)
    if order is None or "people" not in order.facts:
        return frozenset()
    return frozenset(completed) - {line["enrolment"] for line in order.facts["people"]}


def orders(run_id: int) -> list[OfficialOrder]:
    """All orders of a run, the first one first."""
    found = select(OfficialOrder).where(OfficialOrder.run_id == run_id).order_by(OfficialOrder.id)
    return list(db.session.scalars(found))


def registered_kinds(run_ids: Iterable[int]) -> dict[int, set[OrderKind]]:
    """Which kinds of orders each run has registered."""
    found = select(OfficialOrder.run_id, OfficialOrder.kind).where(
        OfficialOrder.run_id.in_(list(run_ids)), OfficialOrder.state == OrderState.REGISTERED
    )
    kinds: dict[int, set[OrderKind]] = defaultdict(set)
    for run_id, kind in db.session.execute(found).tuples():
        kinds[run_id].add(kind)
    return kinds


def to_see_to(provider_id: int, starting_by: date) -> list[tuple[str, OrderKind | None, OrderState | None]]:
    """What a provider's coordinators see to: orders that were signed or came back, by run, kind and state; and runs
    alone that begin by a day, or have begun, and whose order of enrolment nobody has begun. In one query.

    A run whose order is sent, or came back, waits in its own words.
    """
    came_back = (
        select(
            Run.code, OfficialOrder.kind, OfficialOrder.state, literal(0).label("after"),
            func.row_number().over(order_by=(OfficialOrder.created_at, OfficialOrder.id)).label("place"),
        )
        .join(OfficialOrder, OfficialOrder.run_id == Run.id)
        .where(OfficialOrder.provider_id == provider_id, OfficialOrder.state != OrderState.REGISTERED)
        .where(or_(OfficialOrder.signed_at.is_not(None), OfficialOrder.returned_at.is_not(None)))
    )  # fmt: skip
    ordered = select(OfficialOrder.run_id).where(
        OfficialOrder.kind == OrderKind.ENROLMENT,
        or_(OfficialOrder.state != OrderState.DRAFT, OfficialOrder.returned_at.is_not(None)),
    )
    without = (
        select(
            Run.code, null(), null(), literal(1),
            func.row_number().over(order_by=(Run.starts_on, Run.id)),
        )
        .where(Run.provider_id == provider_id, Run.state.in_((RunState.PUBLISHED, RunState.RUNNING)))
        .where(Run.starts_on <= starting_by, Run.taken > 0, Run.id.not_in(ordered))
    )  # fmt: skip
    both = union_all(came_back, without).subquery()
    most = case((both.c.after == 0, 50), else_=20)
    rows = select(both.c.code, both.c.kind, both.c.state).where(both.c.place <= most)
    return list(db.session.execute(rows.order_by(both.c.after, both.c.place)).tuples())


def groups_without_order(person_id: int, today: date, starting_by: date) -> list[tuple[str, int]]:
    """A curator's groups that are not over and begin by a day, with no order of enrolment, and how many are in each."""
    ordered = select(OfficialOrder.id).where(
        OfficialOrder.run_id == Run.id,
        OfficialOrder.kind == OrderKind.ENROLMENT,
        OfficialOrder.state == OrderState.REGISTERED,
    )
    found = (
        select(Run.code, func.count())
        .join(Enrolment, (Enrolment.run_id == Run.id) & Enrolment.state.in_(IN_GROUP))
        .where(Run.curator_id == person_id, Run.state.in_(ON_OFFER))
        .where(Run.ends_on >= today, Run.starts_on <= starting_by, ~ordered.exists())
        .group_by(Run.id, Run.code, Run.starts_on)
        .order_by(Run.starts_on, Run.code)
    )
    return [(code, number) for code, number in db.session.execute(found).tuples()]
