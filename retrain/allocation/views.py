"""The pages of rounds, gathered on their blueprint."""

from retrain.allocation import college_pages, coordinator_pages, teacher_pages
from retrain.allocation.door import bp

__all__ = ["bp", "college_pages", "coordinator_pages", "teacher_pages"]
