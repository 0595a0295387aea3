"""Orders of a run: the drafts from the data, and the number that came back or is ours."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from retrain import clock
from retrain.catalogue.models import Run
from retrain.documents import pdf
from retrain.enrolment import queries as enrolment
from retrain.enrolment.door import managed, target_of
from retrain.enrolment.scans import kept_scan
from retrain.orders import lists, numbers, queries, rules, service, sheets, wording
from retrain.orders.door import bp, shared
from retrain.orders.forms import OrderForm
from retrain.orders.models import OfficialOrder
from retrain.orders.registering import Registration
from retrain.orders.rules import Named, Sending
from retrain.orders.sheets import Signatory
from retrain.orders.states import OrderKind, OrderState
from retrain.people import permissions, shown_names
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.refusal import NotThere
from retrain.web.forms import submit
from retrain.web.requests import whole

KINDS = (
    OrderKind.ENROLMENT,
    OrderKind.CHANGE,
    OrderKind.EXCLUSION,
    OrderKind.COMMISSION,
    OrderKind.COMPLETION,
)
"""In the order in which a run meets them."""


def kind_of(text: str) -> OrderKind:
    """The kind of order in an address."""
    if text not in [kind.value for kind in KINDS]:
        raise NotThere
    return OrderKind(text)


def on_its_way(run: Run, kind: OrderKind) -> OfficialOrder | None:
    """The run's draft of that kind, or the order that is out for signature."""
    rows = [row for row in queries.orders(run.id) if row.kind is kind]
    return next((row for row in rows if row.state is not OrderState.REGISTERED), None)


def facts_of(run: Run, kind: OrderKind, order: OfficialOrder | None) -> dict[str, Any]:
    """What an order says: as it was sent, else as the data are now."""
    sent = order is not None and order.state is OrderState.SENT
    return order.facts if order is not None and sent else lists.order_facts(run, kind)


def may_answer(run: Run, order: OfficialOrder | None) -> bool:
    """Whether the order waits for the one who acts to sign it."""
    actor = current_actor()
    if order is None or not permissions.may(actor, "orders.sign", target_of(run)):
        return False
    sending = Sending(order.state, order.signer_id, order.signed_by_id, order.sent_at)
    return not rules.answer_refusals(sending, actor.person_id, actor.delegated_by)


@bp.get("/manage/runs/<code>/orders")
@allow("enrolment.people")
def of_run(code: str) -> Any:
    """All orders of the run: what there is, where it stands, and what to do next."""
    run = managed(code, "enrolment.people")
    rows = queries.orders(run.id)
    signers = {number for row in rows for number in (row.signer_id, row.signed_by_id, row.sent_by_id)}
    return render_template(
        "orders/orders.html",
        parts=[_part(run, kind, [row for row in rows if row.kind is kind]) for kind in KINDS],
        names=shown_names.short(signers), members=len(enrolment.group(run)), can_print=pdf.available(),
        **shared(run),
    )  # fmt: skip


def _part(run: Run, kind: OrderKind, rows: list[OfficialOrder]) -> dict[str, Any]:
    registered = [row for row in rows if row.state is OrderState.REGISTERED]
    draft = next((row for row in rows if row not in registered), None)
    named = lists.named_now(run.id, kind)
    sent = draft is not None and draft.state is OrderState.SENT
    return {
        "kind": kind,
        "name": wording.ORDER_KINDS[kind],
        "registered": registered,
        "draft": draft,
        "sent": sent,
        "changed": draft is not None and sent and lists.names_in(draft.facts) != _whole(named),
        "needed": f"{kind}_order" in (run.policy.get("grounds") or []),
        "named": named,
        "pending": wording.order_pending(
            kind, named, lists.names_in(registered[-1].facts) if registered else None
        ),
        "may_answer": may_answer(run, draft),
    }


def _whole(named: Named) -> Named:
    return Named(list(named.people), list(named.not_completed), list(named.added), list(named.removed))


@bp.post("/manage/runs/<code>/orders/<kind>/draft")
@allow("orders.write")
def draft_order(code: str, kind: str) -> Any:
    """Begin an order out of the data."""
    service.draft_order(current_actor(), code, kind_of(kind))
    flash(_("The draft follows the data until the order is sent or registered."), "done")
    return redirect(url_for(".of_run", code=code), 303)


@bp.post("/manage/runs/<code>/orders/<kind>/drop")
@allow("orders.write")
def drop_draft(code: str, kind: str) -> Any:
    """Do without the draft."""
    service.delete_draft(current_actor(), code, kind_of(kind))
    flash(_("The draft is dropped."), "done")
    return redirect(url_for(".of_run", code=code), 303)


@bp.route("/manage/runs/<code>/orders/<kind>", methods=["GET", "POST"])
@allow("orders.write")
def register_order(code: str, kind: str) -> Any:
    """Enter the number or take ours, the dates, the signer and the scan."""
    run, which = managed(code, "orders.write"), kind_of(kind)
    known, order = sheets.signatories(run.provider_id), on_its_way(run, which)
    today = clock.today(people.zone_of(run.provider_id))
    facts, earlier = facts_of(run, which, order), queries.order_of(run, which)
    form = OrderForm(
        registered_on=today, effective_on=_effective(run, which, order, facts),
        signer=_signer(known, order), signer_name=_other_signer(known, order),
        after=str(earlier.id if earlier else 0),
    )  # fmt: skip
    choices = [(str(at), each.label) for at, each in enumerate(known)]
    form.signer.choices = [*choices, ("", _("somebody else"))]
    done = submit(form, lambda: _registered(code, which, form, known))
    if done:
        name = wording.ORDER_KINDS[which]
        flash(_("%(kind)s No. %(number)s is registered.", kind=name, number=done.number), "done")
        return redirect(url_for(".of_run", code=code), 303)
    return render_template(
        "orders/register.html", form=form, kind=which, name=wording.ORDER_KINDS[which],
        named=lists.names_in(facts), order=order, earlier=earlier,
        next_number=numbers.upcoming(run.provider_id, which, today.year), **shared(run),
    )  # fmt: skip


def _effective(run: Run, kind: OrderKind, order: OfficialOrder | None, facts: dict[str, Any]) -> Any:
    """The day an order is likely to hold from."""
    if order is not None and order.effective_on:
        return order.effective_on
    return sheets.likely_effective(run, kind, facts, clock.today(people.zone_of(run.provider_id)))


def _signer(known: list[Signatory], order: OfficialOrder | None) -> str:
    if order is None or not order.signer_name:
        return "0" if known else ""
    found = (str(at) for at, each in enumerate(known) if each.name == order.signer_name)
    return next(found, "")


def _other_signer(known: list[Signatory], order: OfficialOrder | None) -> str:
    """The signer of a sent order, when the settings do not know them."""
    if order is None or not order.signer_name or any(each.name == order.signer_name for each in known):
        return ""
    return order.signer_name


def _registered(code: str, kind: OrderKind, form: OrderForm, known: list[Signatory]) -> OfficialOrder:
    at = form.signer.data or ""
    signer = known[whole(at)] if at.isdecimal() and whole(at) < len(known) else None
    typed = (form.signer_name.data or "").strip()
    return service.register_order(
        current_actor(), code, kind,
        Registration(
            number=form.number.data or "", registered_on=form.registered_on.data,
            effective_on=form.effective_on.data,
            signer_name=typed or (signer.name if signer else ""),
            signer_post="" if typed or not signer else signer.post,
            signer_id=None if typed or not signer else signer.person_id,
            scan_id=kept_scan(form.scan.data, "order.scan"),
            own_number=form.own_number.data, after=whole(form.after.data or ""),
        ),
    )  # fmt: skip
