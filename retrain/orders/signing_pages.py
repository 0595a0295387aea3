"""Sending an order for signature, and the page on which the signatory reads and answers it."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain import clock
from retrain.catalogue.models import Run
from retrain.documents import notes, pdf
from retrain.enrolment.door import managed
from retrain.language import pick
from retrain.orders import lists, service, sheets, wording
from retrain.orders.door import bp, shared
from retrain.orders.forms import AnswerForm, SendForm
from retrain.orders.models import OfficialOrder
from retrain.orders.register_pages import facts_of, kind_of, may_answer, on_its_way
from retrain.orders.signing import Sheet
from retrain.orders.states import OrderKind, OrderState
from retrain.people import queries as people
from retrain.people import shown_names
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.states import RoleKind
from retrain.web.fields import options
from retrain.web.forms import submit
from retrain.web.language import current_language


@bp.route("/manage/runs/<code>/orders/<kind>/send", methods=["GET", "POST"])
@allow("orders.write")
def send_order(code: str, kind: str) -> Any:
    """Choose who signs; the order then stands as it is now."""
    run, which = managed(code, "orders.write"), kind_of(kind)
    facts = facts_of(run, which, on_its_way(run, which))
    holders = {person.id: person for person in people.holders(run.provider_id, RoleKind.SIGNATORY)}
    today = clock.today(people.zone_of(run.provider_id))
    form = SendForm(effective_on=sheets.likely_effective(run, which, facts, today))
    form.signatory.choices = options({number: person.full_name for number, person in holders.items()})

    def send() -> OfficialOrder:
        person = holders[form.signatory.data]
        printed = sheets.signer_of((person.family, person.given), sheets.signatories(run.provider_id))
        sheet = Sheet(person.id, printed.name, printed.post, form.effective_on.data)
        return service.send_order(current_actor(), code, which, sheet)

    if submit(form, send):
        flash(_("The order is sent for signature. The signatory was told."), "done")
        return redirect(url_for(".of_run", code=code), 303)
    return render_template(
        "orders/send.html", form=form, kind=which, name=wording.ORDER_KINDS[which],
        nobody=not holders, named=lists.names_in(facts), **shared(run),
    )  # fmt: skip


@bp.post("/manage/runs/<code>/orders/<kind>/take-back")
@allow("orders.write")
def take_back(code: str, kind: str) -> Any:
    """Have the order back as a draft."""
    service.take_back(current_actor(), code, kind_of(kind))
    flash(_("The order is a draft again and follows the data."), "done")
    return redirect(url_for(".of_run", code=code), 303)


@bp.route("/manage/runs/<code>/orders/<kind>/sign", methods=["GET", "POST"])
@allow("orders.sign")
def sign_order(code: str, kind: str) -> Any:
    """Everything the order says; sign it off, or send it back with what is to be put right."""
    run, which = managed(code, "orders.sign"), kind_of(kind)
    order = on_its_way(run, which)
    form = AnswerForm(seen=order.sent_at.isoformat() if order and order.sent_at else "")
    done = submit(form, lambda: _answered(code, which, form))
    if done:
        signed = done.state is OrderState.SENT
        flash(_("The order is signed off.") if signed else _("The order is sent back."), "done")
        return redirect(url_for(".of_run", code=code), 303)
    if order is None or order.state is not OrderState.SENT:
        flash(_("This order does not wait for a signature any more."))
        return redirect(url_for(".of_run", code=code), 303)
    return render_template(
        "orders/sign.html", form=form, kind=which, name=wording.ORDER_KINDS[which], order=order,
        lists=_lists(order.facts), sender=shown_names.short([order.sent_by_id]).get(order.sent_by_id or 0, ""),
        may_answer=may_answer(run, order), can_print=pdf.available(), course=_course(run, order),
        **shared(run),
    )  # fmt: skip


def _answered(code: str, kind: OrderKind, form: AnswerForm) -> OfficialOrder:
    seen = _moment(form.seen.data or "")
    if request.form.get("answer") == "back":
        return service.send_back(current_actor(), code, kind, form.why.data or "", seen)
    return service.sign_off(current_actor(), code, kind, seen)


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _course(run: Run, order: OfficialOrder) -> str:
    return pick(order.facts.get("course") or run.version.titles, current_language())


def _lists(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """The order's lists as the reader's language has them."""
    language = current_language()
    script = people.script_of(language).value
    return [
        {
            "title": wording.ORDER_LISTS[part],
            "rows": [
                {
                    "name": row["names"].get(script) or next(iter(row["names"].values()), ""),
                    "workplace": pick(row["workplaces"], language),
                    "note": notes.worded(row.get("note") or {}, language),
                }
                for row in facts[part]
            ],
        }
        for part in ("removed", "added", "people", "not_completed")
        if facts.get(part)
    ]
