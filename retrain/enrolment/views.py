"""The pages of enrolment, gathered on their blueprint."""

from retrain.enrolment import (
    answer_pages,
    change_pages,
    consent_pages,
    funding_pages,
    letter_pages,
    nominating_pages,
    own_pages,
    people_pages,
    report_pages,
    terms_pages,
)
from retrain.enrolment.door import bp

__all__ = [
    "answer_pages",
    "bp",
    "change_pages",
    "consent_pages",
    "funding_pages",
    "letter_pages",
    "nominating_pages",
    "own_pages",
    "people_pages",
    "report_pages",
    "terms_pages",
]
