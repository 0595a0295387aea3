"""Whether somebody who has not completed may be excluded. Pure."""

from collections.abc import Collection
from datetime import date

from retrain.completion.states import DECIDED, AppealState
from retrain.refusal import Refusal


def refusals(
    completes: bool, appeal_by: date | None, today: date, appeals: Collection[AppealState], why: str
) -> list[Refusal]:
    """Why not: they complete, an appeal waits or may still be filed, or nobody says why.

    *appeal_by* is the last day for an appeal, None while nothing is decided.
    """
    if completes:
        return [Refusal.of("exclusion-of-who-completes")]
    found = []
    if AppealState.FILED in appeals:
        found.append(Refusal.of("exclusion-while-appeal-waits"))
    elif appeal_by is not None and today <= appeal_by and not set(DECIDED) & set(appeals):
        found.append(Refusal.of("exclusion-before-appeal-term", last=appeal_by))
    if not why.strip():
        found.append(Refusal.of("exclusion-reason-missing", field="reason"))
    return found
