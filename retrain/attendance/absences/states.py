"""What becomes of somebody whose missed hours have reached the limit."""

from enum import StrEnum


class Answer(StrEnum):
    """What a person decided on a proposal to exclude somebody."""

    EXCLUDED = "excluded"
    KEPT = "kept"
