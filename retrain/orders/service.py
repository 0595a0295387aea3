"""Everything that writes orders: a function a use case, each one transaction."""

from retrain.orders.registering import attach_scan, delete_draft, draft_order, register_order
from retrain.orders.signing import send_back, send_order, sign_off, take_back

__all__ = [
    "attach_scan",
    "delete_draft",
    "draft_order",
    "register_order",
    "send_back",
    "send_order",
    "sign_off",
    "take_back",
]
