"""Marks, registers and refusals in words."""

from flask_babel import lazy_gettext as _l

from retrain.attendance.states import MarkKind, RegisterState

MARKS = {
    MarkKind.PRESENT: _l("present"),
    MarkKind.LATE: _l("late"),
    MarkKind.ABSENT: _l("absent"),
    MarkKind.EXCUSED: _l("excused"),
    MarkKind.NOT_DUE: _l("not due"),
}

REGISTERS = {
    RegisterState.OPEN: (_l("not signed yet"), "waiting"),
    RegisterState.SIGNED: (_l("signed"), "done"),
    RegisterState.CORRECTED: (_l("corrected and signed again"), "done"),
}

REFUSALS = {
    "class-has-register": _l(
        "The register of the class on %(day)s, pair %(pair)s, is signed, so the class stays as it was."
    ),
    "session-not-published": _l(
        "This class is not published yet. Its register opens when the timetable is published."
    ),
    "session-not-begun": _l("This class begins on %(starts)s. Its register opens then."),
    "register-signed": _l("The register is signed. Correct single marks with a reason."),
    "register-not-signed": _l("The register is not signed yet, so marks are simply changed."),
    "not-in-group": _l(
        "This person is not in the group on %(on)s. Their dates are on the list of the group."
    ),
    "late-hours-wrong": _l("Give the hours missed: more than none and fewer than the class has."),
    "excuse-needs-reason": _l("Write the reason of the excuse, for example “medical certificate 14”."),
    "not-all-marked": _l("%(count)s people have no mark yet. Mark everyone, then sign."),
}
