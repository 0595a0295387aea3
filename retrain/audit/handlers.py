"""Makes the sealer one of the worker's chores."""

from retrain.audit.sealing import seal_all

__all__ = ["seal_all"]
