"""What a teacher's hours can come from."""

from enum import StrEnum


class CreditKind(StrEnum):
    ADVANCED_TRAINING = "advanced_training"
    RETRAINING = "retraining"
    EVENT = "event"
    EXTERNAL = "external"


RENEWING = (CreditKind.ADVANCED_TRAINING, CreditKind.RETRAINING, CreditKind.EXTERNAL)
"""The kinds after which the three years begin anew; hours of an event only add up."""
