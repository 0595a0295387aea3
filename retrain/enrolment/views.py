"""The pages of enrolment, gathered on their blueprint."""

from retrain.enrolment import letter_pages, nominating_pages, own_pages, people_pages
from retrain.enrolment.door import bp

__all__ = ["bp", "letter_pages", "nominating_pages", "own_pages", "people_pages"]
