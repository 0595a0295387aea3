"""The pages of orders and papers, gathered on their blueprint."""

from retrain.orders import paper_pages, register_pages, sheet_pages, signing_pages
from retrain.orders.door import bp

__all__ = ["bp", "paper_pages", "register_pages", "sheet_pages", "signing_pages"]
