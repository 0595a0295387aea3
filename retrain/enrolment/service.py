"""Everything that writes enrolments, nominations and orders: a function a use case, each one transaction."""

from retrain.enrolment.coming import Outcome, enrol, enrol_self, nominate
from retrain.enrolment.going import (
    after_change,
    cancel_run,
    change_places,
    close_what_is_open,
    end_waiting,
    finish_enrolment,
    promote,
    remove,
    remove_many,
    withdraw,
)
from retrain.enrolment.ordering import attach_scan, delete_draft, draft_order, register_order
from retrain.enrolment.queries import order_of
from retrain.enrolment.signing import send_back, send_order, sign_off, take_back

__all__ = [
    "Outcome",
    "after_change",
    "attach_scan",
    "cancel_run",
    "change_places",
    "close_what_is_open",
    "delete_draft",
    "draft_order",
    "end_waiting",
    "enrol",
    "enrol_self",
    "finish_enrolment",
    "nominate",
    "order_of",
    "promote",
    "register_order",
    "remove",
    "remove_many",
    "send_back",
    "send_order",
    "sign_off",
    "take_back",
    "withdraw",
]
