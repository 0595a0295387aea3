"""Makes sealing documents and publishing heads the worker's chores."""

from retrain.certificates.public_log import publish_daily, seal_all

__all__ = ["publish_daily", "seal_all"]
