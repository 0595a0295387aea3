"""The pages of enrolment, gathered on their blueprint."""

from retrain.enrolment import (
    letter_pages,
    nominating_pages,
    order_pages,
    order_sheets,
    own_pages,
    paper_pages,
    people_pages,
    signing_pages,
)
from retrain.enrolment.door import bp

__all__ = [
    "bp",
    "letter_pages",
    "nominating_pages",
    "order_pages",
    "order_sheets",
    "own_pages",
    "paper_pages",
    "people_pages",
    "signing_pages",
]
