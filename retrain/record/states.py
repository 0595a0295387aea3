"""What a teacher's hours can come from."""

from enum import StrEnum


class CreditKind(StrEnum):
    ADVANCED_TRAINING = "advanced_training"
    RETRAINING = "retraining"
    EVENT = "event"
    EXTERNAL = "external"


RENEWING = (CreditKind.ADVANCED_TRAINING, CreditKind.RETRAINING, CreditKind.EXTERNAL)
"""The kinds after which the three years begin anew; hours of an event only add up.

A certificate from elsewhere renews whatever its hours, once the college has recognised it: that decision is what makes
it count as training. The 144 hours that higher education asks of training abroad are no rule for colleges that we know.
"""


class ExternalState(StrEnum):
    """A certificate from elsewhere: shown to the college, recognised by it or not, or taken back before that."""

    SHOWN = "shown"
    RECOGNISED = "recognised"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
