"""Makes sweeping the store the worker's chore."""

from retrain.files.sweeping import sweep

__all__ = ["sweep"]
