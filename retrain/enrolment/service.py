"""Everything that writes enrolments, quotas, consents and terms: a function a use case, each one transaction."""

from retrain.enrolment.agreeing import copy_terms, set_terms, set_way, set_ways
from retrain.enrolment.changing import cancel_and_move, substitute, transfer, transfer_many
from retrain.enrolment.coming import enrol, enrol_self, nominate
from retrain.enrolment.consents import answer, ask_ahead
from retrain.enrolment.funding import set_funding
from retrain.enrolment.going import (
    after_change,
    cancel_run,
    change_places,
    close_what_is_open,
    complete_after_all,
    end_waiting,
    exclude_after_all,
    finish_enrolment,
    finish_enrolments,
    promote,
    remove,
    remove_many,
    tell_of_change,
    withdraw,
)
from retrain.enrolment.lodging import answer_lodging, ask_lodging
from retrain.enrolment.offering import accept_offer, decline_offer, end_what_is_due, remind
from retrain.enrolment.outcomes import Outcome
from retrain.enrolment.quotas import release_due, remove_quota, set_quota

__all__ = [
    "Outcome",
    "accept_offer",
    "after_change",
    "answer",
    "answer_lodging",
    "ask_ahead",
    "ask_lodging",
    "cancel_and_move",
    "cancel_run",
    "change_places",
    "close_what_is_open",
    "complete_after_all",
    "copy_terms",
    "decline_offer",
    "end_waiting",
    "end_what_is_due",
    "enrol",
    "enrol_self",
    "exclude_after_all",
    "finish_enrolment",
    "finish_enrolments",
    "nominate",
    "promote",
    "release_due",
    "remind",
    "remove",
    "remove_many",
    "remove_quota",
    "set_funding",
    "set_quota",
    "set_terms",
    "set_way",
    "set_ways",
    "substitute",
    "tell_of_change",
    "transfer",
    "transfer_many",
    "withdraw",
]
