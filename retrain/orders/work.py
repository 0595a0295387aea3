"""What orders add to the first page, the term board and the pages of a run."""

from collections.abc import Sequence
from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import or_, select

from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.catalogue.states import RunState
from retrain.enrolment.door import target_of
from retrain.extensions import db
from retrain.orders import queries
from retrain.orders.models import OfficialOrder
from retrain.orders.states import OrderKind, OrderState
from retrain.orders.wording import ORDER_KINDS
from retrain.people import permissions
from retrain.people.permissions import Scope
from retrain.people.states import RoleKind
from retrain.web.language import readers_today
from retrain.web.work import Advice, Cell, Tab, WorkItem

ORDER_DUE = timedelta(days=7)
"""So long before the first day an order of enrolment is due, and so long after it is it late."""

MOST = 50


def waiting(actor: Actor) -> list[WorkItem]:
    """Orders that a coordinator, a curator or a signatory should see to."""
    if permissions.scope(actor, "orders.write"):
        return _to_see_to(actor.organisation_id or 0)
    if permissions.scope(actor, "enrolment.write") is Scope.GROUP and actor.person_id:
        return _unconfirmed(actor.person_id)
    if actor.role == RoleKind.SIGNATORY and actor.organisation_id:
        return to_sign(actor)
    return []


def advice(actor: Actor) -> list[Advice]:
    """What a signatory can look at while nothing waits."""
    if actor.role != RoleKind.SIGNATORY:
        return []
    words = _("Orders appear here when a coordinator sends them for signature. Here is how the runs stand.")
    return [Advice(words, url_for("catalogue.board"), _("Open the term board"))]


def _to_see_to(provider_id: int) -> list[WorkItem]:
    """Orders that came back, signed ones to be numbered and others to be put right; then runs that lack theirs."""
    rows = queries.to_see_to(provider_id, readers_today() + ORDER_DUE)
    return [
        _answer(code, kind, state)
        if kind is not None and state is not None
        else WorkItem(
            _("Run %(run)s has no order of enrolment yet", run=code), url_for("orders.of_run", code=code)
        )
        for code, kind, state in rows
    ]


def _unconfirmed(person_id: int) -> list[WorkItem]:
    """A curator's groups whose places no order confirms, although they are about to begin."""
    today = readers_today()
    return [
        WorkItem(
            ngettext(
                "The place of %(num)s person in %(run)s is not confirmed by an order",
                "The places of %(num)s people in %(run)s are not confirmed by an order",
                members, run=code,
            ),
            url_for("orders.of_run", code=code), members, order=30,
        )
        for code, members in queries.groups_without_order(person_id, today, today + ORDER_DUE)
    ]  # fmt: skip


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
            url_for("orders.sign_order", code=code, kind=kind), order=10,
        )
        for code, kind in db.session.execute(found).tuples()
    ]  # fmt: skip


def _answer(code: str, kind: OrderKind, state: OrderState) -> WorkItem:
    name = ORDER_KINDS[kind]
    if state is OrderState.SENT:
        words = _("%(order)s, run %(run)s, is signed: give it its number", order=name, run=code)
        return WorkItem(words, url_for("orders.register_order", code=code, kind=kind), order=15)
    words = _("%(order)s, run %(run)s, came back unsigned", order=name, run=code)
    return WorkItem(words, url_for("orders.of_run", code=code), tone="problem", order=15)


def board(runs: Sequence[Run]) -> dict[str, dict[int, Cell]]:
    """The orders of all runs, in one query."""
    registered = queries.registered_kinds(run.id for run in runs)
    return {"order": {run.id: _order(run, registered.get(run.id, set())) for run in runs}}


def _order(run: Run, registered: set[OrderKind]) -> Cell:
    url, today = url_for("orders.of_run", code=run.code), readers_today()
    if run.state in (RunState.DRAFT, RunState.CANCELLED):
        return Cell("none", _("not yet"), url)
    if OrderKind.ENROLMENT not in registered:
        if today < run.starts_on - ORDER_DUE:
            return Cell("none", _("not yet due"), url)
        late = today > run.starts_on + ORDER_DUE
        return Cell("problem" if late else "waiting", _("no order of enrolment"), url)
    over = run.state in (RunState.FINISHED, RunState.ARCHIVED) or today > run.ends_on
    if over and OrderKind.COMPLETION not in registered:
        late = today > run.ends_on + ORDER_DUE
        return Cell("problem" if late else "waiting", _("no order of completion"), url)
    return Cell("done", _("both registered") if over else _("enrolment registered"), url)


def run_tabs(run: Run, actor: Actor) -> list[Tab]:
    """Orders among the pages of a run."""
    if not permissions.may(actor, "enrolment.people", target_of(run)):
        return []
    return [Tab(_("Orders"), url_for("orders.of_run", code=run.code), "orders.of_run", 30)]
