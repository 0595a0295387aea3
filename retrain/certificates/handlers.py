"""Makes issuing what is dated ahead, sealing and publishing heads the worker's chores, and files its work."""

from retrain.certificates.log.public_log import publish_daily, seal_all
from retrain.certificates.making import make
from retrain.certificates.preparing import issue_due

__all__ = ["issue_due", "make", "publish_daily", "seal_all"]
