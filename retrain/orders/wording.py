"""Orders in words: kinds, lists, refusals, messages."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from retrain import messages
from retrain.orders.rules import Named, completed_since
from retrain.orders.states import OrderKind

ORDER_KINDS = {
    OrderKind.ENROLMENT: _l("Order of enrolment"),
    OrderKind.COMMISSION: _l("Order of the commission"),
    OrderKind.COMPLETION: _l("Order of completion"),
    OrderKind.EXCLUSION: _l("Order of exclusion"),
    OrderKind.CHANGE: _l("Order of a changed list"),
}
ORDER_LISTS = {
    "people": _l("People the order names"),
    "not_completed": _l("Did not complete"),
    "added": _l("Put on the list"),
    "removed": _l("Taken off the list"),
}

REFUSALS = {
    "order-commission-empty": _l(
        "No commission is composed yet. Compose it first; the order takes its members over."
    ),
    "order-registered": _l("Order %(number)s is registered. Only another order can change it."),
    "order-number-missing": _l("Write the order's number, or take our next one."),
    "order-two-numbers": _l("Either write the chancellery's number, or take our next one."),
    "order-number-taken": _l("Number %(number)s is taken by another order of this kind and year."),
    "order-date-missing": _l("Write the date of the order."),
    "order-date-ahead": _l("%(on)s has not come yet. An order bears the day it was registered."),
    "order-effective-missing": _l("Write the day from which the order holds."),
    "order-effective-late": _l("The run ends on %(ends)s; the order must hold before that."),
    "order-effective-early": _l("The order of enrolment holds from %(first)s; this one can't hold earlier."),
    "order-signer-missing": _l("Choose or write who signed the order."),
    "order-names-nobody": _l("Nobody has a place on the run yet, so the order would name nobody."),
    "order-excludes-nobody": _l(
        "Nobody has left the group since the last order, so nobody is to be excluded."
    ),
    "order-changes-nothing": _l("The group is as the last order says, so there is nothing to change."),
    "order-run-not-closed": _l(
        "Run %(run)s is not closed yet: who completed it is decided first, under Completion."
    ),
    "order-run-state": _l("Run %(run)s is not published, so no order can be registered for it."),
    "order-has-scan": _l("Order %(number)s has its scan already."),
    "order-sent": _l("The order is out for signature. Take it back first."),
    "order-not-sent": _l("This order does not wait for a signature any more."),
    "order-sent-anew": _l("The order was sent once more after you opened this page. Read it again."),
    "order-for-another": _l("The order was sent to another signatory."),
    "order-signed": _l("The order is signed off already."),
    "order-no-signatory": _l("Choose somebody who holds the role of signatory now."),
    "order-return-reason-missing": _l("Write what is to be put right: the coordinator will read it."),
}


def _kind(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {**facts, "order": ORDER_KINDS[OrderKind(facts["kind"])]}


MESSAGES = {
    "order.sent": messages.Kind(
        subject=lambda facts: _("%(order)s of run %(run)s waits for your signature", **_kind(facts)),
        body=lambda facts: _(
            "%(order)s of run %(run)s, “%(course)s”, was sent to you. Read it, then sign it off or send it back.",
            **_kind(facts),
        ),
    ),
    "order.signed": messages.Kind(
        subject=lambda facts: _("%(order)s of run %(run)s is signed off", **_kind(facts)),
        body=lambda facts: _(
            "%(order)s of run %(run)s, “%(course)s”, is signed off. Enter its number, or take one of ours.",
            **_kind(facts),
        ),
    ),
    "order.returned": messages.Kind(
        subject=lambda facts: _("%(order)s of run %(run)s came back unsigned", **_kind(facts)),
        body=lambda facts: _(
            "%(order)s of run %(run)s, “%(course)s”, came back from the signatory. To be put right: %(why)s",
            **_kind(facts),
        ),
    ),
}


def order_pending(kind: OrderKind, named: Named, last: Named | None) -> str:
    """What an order of the kind would be about now that the *last* registered one doesn't say; mostly nothing."""
    if kind is OrderKind.COMPLETION:
        return _completed_since(len(completed_since(named, last))) if last else ""
    if kind is OrderKind.EXCLUSION:
        if not named.people:
            return _("Nobody has left the group without an order.")
        return ngettext(
            "%(num)s person has left the group and is not excluded by an order yet.",
            "%(num)s people have left the group and are not excluded by an order yet.",
            len(named.people),
        )
    if kind is not OrderKind.CHANGE:
        return ""
    if not (named.added or named.removed):
        return _("The group is as the last order says.") if last else ""
    came = ngettext(
        "%(num)s person came after the list was ordered", "%(num)s people came after the list was ordered",
        len(named.added),
    )  # fmt: skip
    gone = ngettext("%(num)s was replaced", "%(num)s were replaced", len(named.removed))
    return f"{came}, {gone}." if named.removed else f"{came}."


def _completed_since(number: int) -> str:
    if not number:
        return ""
    return ngettext(
        "%(num)s person has completed the course and the order doesn’t say so. An order that changes it is needed.",
        "%(num)s people have completed the course and the order doesn’t say so. An order that changes it is needed.",
        number,
    )
