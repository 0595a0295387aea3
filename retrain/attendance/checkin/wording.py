"""Check-in by code and by card in words."""

from flask_babel import lazy_gettext as _l

from retrain.attendance.checkin.states import CheckInState

CHECK_INS = {
    CheckInState.PROPOSED: (_l("you say you are here; the lecturer confirms it"), "waiting"),
    CheckInState.CONFIRMED: (_l("you are marked present"), "done"),
    CheckInState.DISMISSED: (_l("the lecturer did not see you; talk to them"), "problem"),
}

REFUSALS = {
    "checkin-code-old": _l(
        "This code is no longer on the screen. Scan the one that stands there now: a picture that somebody sent "
        "does not help."
    ),
    "checkin-not-open": _l("Check-in opens half an hour before the class, which begins on %(starts)s."),
    "checkin-over": _l(
        "This class ended on %(ended)s. Whoever was there and is not marked tells the lecturer."
    ),
    "checkin-register-signed": _l(
        "The register of this class is signed already. Talk to the lecturer if your mark is wrong."
    ),
    "card-of-other-run": _l("This card is of another run. The class is of %(run)s."),
    "card-unknown": _l(
        "Nobody of this run has these four digits. Read them once more, or mark the person in the register."
    ),
}
