"""Everything that writes rounds, wishes and outcomes: a function a use case, each one transaction."""

from retrain.allocation.giving import (
    confirm_round,
    do_round,
    leave_round,
    reckon_round,
    tell_closed,
    want_closing,
    want_trial,
)
from retrain.allocation.making import (
    RoundPlan,
    add_runs,
    cancel_round,
    change_round,
    create_round,
    publish_round,
    remove_run,
)
from retrain.allocation.ranking import order, rank

__all__ = [
    "RoundPlan",
    "add_runs",
    "cancel_round",
    "change_round",
    "confirm_round",
    "create_round",
    "do_round",
    "leave_round",
    "order",
    "publish_round",
    "rank",
    "reckon_round",
    "remove_run",
    "tell_closed",
    "want_closing",
    "want_trial",
]
