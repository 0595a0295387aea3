"""A teacher's record in words."""

from typing import Any

from flask_babel import lazy_gettext as _l

from retrain.record.states import CreditKind

KINDS = {
    CreditKind.ADVANCED_TRAINING: _l("advanced training"),
    CreditKind.RETRAINING: _l("retraining"),
    CreditKind.EVENT: _l("event"),
    CreditKind.EXTERNAL: _l("recognised from elsewhere"),
}

REFUSALS: dict[str, Any] = {
    "credit-hours": _l("Hours can't be fewer than none."),
    "credit-without-source": _l("It is not said what the hours were earned by."),
    "credit-in-future": _l("%(on)s is still to come. Hours are added when they are earned."),
}
