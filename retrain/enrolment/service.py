"""Everything that writes enrolments and nominations: a function a use case, each one transaction."""

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

__all__ = [
    "Outcome",
    "after_change",
    "cancel_run",
    "change_places",
    "close_what_is_open",
    "end_waiting",
    "enrol",
    "enrol_self",
    "finish_enrolment",
    "nominate",
    "promote",
    "remove",
    "remove_many",
    "withdraw",
]
