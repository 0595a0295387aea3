"""Which orders wait for a signatory, and which came back to who sent them."""

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import or_, select

from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.enrolment.models import OfficialOrder
from retrain.enrolment.order_wording import ORDER_KINDS
from retrain.enrolment.states import OrderKind, OrderState
from retrain.extensions import db
from retrain.web.work import WorkItem

MOST = 50


def to_sign(actor: Actor) -> list[WorkItem]:
    """Orders sent to the signatory who acts, or to the one they stand in for, the oldest first."""
    found = (
        select(Run.code, OfficialOrder.kind)
        .join(OfficialOrder, OfficialOrder.run_id == Run.id)
        .where(OfficialOrder.provider_id == actor.organisation_id, OfficialOrder.state == OrderState.SENT)
        .where(OfficialOrder.signed_at.is_(None))
        .where(
            or_(
                OfficialOrder.signer_id.is_(None),
                OfficialOrder.signer_id.in_([actor.person_id, actor.delegated_by]),
            )
        )
        .order_by(OfficialOrder.created_at, OfficialOrder.id)
        .limit(MOST)
    )
    return [
        WorkItem(
            _("Sign: %(order)s, run %(run)s", order=ORDER_KINDS[kind], run=code),
            url_for("enrolment.sign_order", code=code, kind=kind), order=10,
        )
        for code, kind in db.session.execute(found).tuples()
    ]  # fmt: skip


def answered(provider_id: int) -> list[WorkItem]:
    """Orders that came back: signed ones want a number, the others are to be put right."""
    found = (
        select(Run.code, OfficialOrder.kind, OfficialOrder.state)
        .join(OfficialOrder, OfficialOrder.run_id == Run.id)
        .where(OfficialOrder.provider_id == provider_id, OfficialOrder.state != OrderState.REGISTERED)
        .where(or_(OfficialOrder.signed_at.is_not(None), OfficialOrder.returned_at.is_not(None)))
        .order_by(OfficialOrder.created_at, OfficialOrder.id)
        .limit(MOST)
    )
    return [_answer(code, kind, state) for code, kind, state in db.session.execute(found).tuples()]


def _answer(code: str, kind: OrderKind, state: OrderState) -> WorkItem:
    name = ORDER_KINDS[kind]
    if state is OrderState.SENT:
        words = _("%(order)s, run %(run)s, is signed: give it its number", order=name, run=code)
        return WorkItem(words, url_for("enrolment.register_order", code=code, kind=kind), order=15)
    words = _("%(order)s, run %(run)s, came back unsigned", order=name, run=code)
    return WorkItem(words, url_for("enrolment.orders", code=code), tone="problem", order=15)
