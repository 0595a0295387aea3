"""A teacher's record in words."""

from typing import Any

from flask_babel import lazy_gettext as _l

from retrain import messages
from retrain.record.states import CreditKind, ExternalState

KINDS = {
    CreditKind.ADVANCED_TRAINING: _l("advanced training"),
    CreditKind.RETRAINING: _l("retraining"),
    CreditKind.EVENT: _l("event"),
    CreditKind.EXTERNAL: _l("recognised from elsewhere"),
}

EXTERNAL = {
    ExternalState.SHOWN: (_l("waits for the college"), "waiting"),
    ExternalState.RECOGNISED: (_l("recognised"), "done"),
    ExternalState.REFUSED: (_l("not recognised"), "problem"),
    ExternalState.TAKEN_BACK: (_l("taken back"), "idle"),
}

REFUSALS: dict[str, Any] = {
    "credit-hours": _l("Hours can't be fewer than none."),
    "credit-without-source": _l("It is not said what the hours were earned by."),
    "credit-in-future": _l("%(on)s is still to come. Hours are added when they are earned."),
    "external-title-missing": _l("Write what the course was called."),
    "external-issuer-missing": _l("Write who issued the certificate."),
    "external-day-missing": _l("Write on which day the certificate was issued."),
    "external-day-ahead": _l("%(on)s is still to come. A certificate is shown once it is issued."),
    "external-day-too-early": _l("On that day the teacher was not born yet. Look at the year again."),
    "external-hours-range": _l("Write the hours of the certificate, from 1 to %(most)s."),
    "external-scan-missing": _l("Add a scan or a photograph of the certificate."),
    "external-shown-already": _l("This certificate waits for an answer or is recognised already."),
    "external-no-college": _l("The teacher works at no college today, so that nobody could recognise it."),
    "external-answered": _l("This certificate was answered already, or taken back."),
    "external-own": _l("It is your own certificate. Somebody else of your office has to answer."),
    "external-recognised-range": _l("Recognise from 1 to %(most)s hours: no more than the certificate says."),
    "external-reason-missing": _l("Write the reason; the teacher reads it."),
    "external-not-recognised": _l("This certificate is not recognised, so there is nothing to undo."),
}

MESSAGES = {
    "external.shown": messages.Kind(
        subject=_l("A teacher shows a certificate from elsewhere"),
        body=_l("“%(title)s”: look at the scan, and recognise its hours or say why not."),
    ),
    "external.recognised": messages.Kind(
        subject=_l("Your certificate is recognised: %(title)s"),
        body=_l("Your college has recognised %(hours)s hours of “%(title)s”. The reason: %(why)s"),
    ),
    "external.refused": messages.Kind(
        subject=_l("Your certificate is not recognised: %(title)s"),
        body=_l("Your college does not recognise “%(title)s”. The reason: %(why)s"),
    ),
}
