"""Noting who pays for places: under which contract, how much, when it was paid; for one person or many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from retrain import audit, clock
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.enrolment import funding_rules, reading_runs
from retrain.enrolment.funding_rules import Money
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import Funding
from retrain.extensions import db
from retrain.people import permissions
from retrain.people.permissions import Target
from retrain.refusal import Refusal, Refused


@use_case
def set_funding(actor: Actor, run_code: str, enrolment_ids: Sequence[int], change: Mapping[str, Any]) -> int:
    """Note of each what *change* says, and leave what it doesn't name; how many were changed. All or none."""
    run = reading_runs.run_at_desk(run_code, lock=True)
    permissions.require(actor, "enrolment.manage", Target(provider_id=run.provider_id))
    found = select(Enrolment).where(Enrolment.run_id == run.id, Enrolment.id.in_(enrolment_ids))
    rows = db.session.scalars(found.order_by(Enrolment.id).execution_options(populate_existing=True)).all()
    if not rows:
        raise Refused(Refusal.of("nobody-nominated"))
    return sum(_set(actor, row, change, run.facts.day(clock.now())) for row in rows)


def _set(actor: Actor, row: Enrolment, change: Mapping[str, Any], today: Any) -> bool:
    old = money_of(row)
    new = replace(old, **change)
    if why := funding_rules.refusals(new, today):
        raise Refused(why)
    before, after = asdict(old), asdict(new)
    changed = [name for name in after if after[name] != before[name]]
    for name in changed:
        setattr(row, name, after[name])
    if changed:
        audit.record(
            actor, "enrolment.funding_set", row, before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )  # fmt: skip
    return bool(changed)


def money_of(row: Enrolment) -> Money:
    """What is noted of one place."""
    return Money(row.funding, row.contract, row.price, row.paid_on)


def unpaid() -> ColumnElement[bool]:
    """The condition that somebody still has to pay: ``Money.unpaid`` for a list."""
    costs = or_(Enrolment.price.is_(None), Enrolment.price != 0)
    return (Enrolment.funding != Funding.BUDGET) & Enrolment.paid_on.is_(None) & costs
