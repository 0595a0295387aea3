"""The pages of enrolment, gathered on their blueprint."""

from retrain.enrolment import (
    change_pages,
    funding_pages,
    letter_pages,
    nominating_pages,
    own_pages,
    people_pages,
)
from retrain.enrolment.door import bp

__all__ = [
    "bp",
    "change_pages",
    "funding_pages",
    "letter_pages",
    "nominating_pages",
    "own_pages",
    "people_pages",
]
