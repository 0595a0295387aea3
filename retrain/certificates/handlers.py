"""Makes sealing documents and publishing heads the worker's chores, and their files its work."""

from retrain.certificates.log.public_log import publish_daily, seal_all
from retrain.certificates.making import make

__all__ = ["make", "publish_daily", "seal_all"]
