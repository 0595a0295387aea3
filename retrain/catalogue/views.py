"""The pages of courses and runs, gathered on their blueprint."""

from retrain.catalogue import board_page, course_pages, public_pages, run_pages
from retrain.catalogue.door import bp

__all__ = ["board_page", "bp", "course_pages", "public_pages", "run_pages"]
