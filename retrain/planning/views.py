"""The pages of annual plans, gathered."""

from retrain.planning import college_pages, nominating_pages, plan_pages, report_pages
from retrain.planning.door import bp

__all__ = ["bp", "college_pages", "nominating_pages", "plan_pages", "report_pages"]
