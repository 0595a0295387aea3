"""Marks, registers and refusals in words."""

from flask_babel import lazy_gettext as _l

from retrain import messages
from retrain.attendance.absences import wording as absence_wording
from retrain.attendance.checkin import wording as checkin_wording
from retrain.attendance.evidence import wording as evidence_wording
from retrain.attendance.sheets import wording as sheet_wording
from retrain.attendance.states import GuestState, MarkKind, RegisterState

MARKS = {
    MarkKind.PRESENT: _l("present"),
    MarkKind.LATE: _l("late"),
    MarkKind.LEFT_EARLY: _l("left early"),
    MarkKind.ABSENT: _l("absent"),
    MarkKind.EXCUSED: _l("excused"),
    MarkKind.NOT_DUE: _l("not due"),
}

REGISTERS = {
    RegisterState.OPEN: (_l("not signed yet"), "waiting"),
    RegisterState.SIGNED: (_l("signed"), "done"),
    RegisterState.CORRECTED: (_l("corrected and signed again"), "done"),
}

GUESTS = {
    GuestState.WAITING: (_l("waits for the coordinator"), "waiting"),
    GuestState.TAKEN: (_l("was somebody of the group"), "done"),
    GuestState.DISMISSED: (_l("has no mark"), "idle"),
}

MESSAGES = {
    "attendance.substitute": messages.Kind(
        subject=_l("You take a class of %(run)s"),
        body=_l(
            "“%(title)s”: you take the class on %(starts)s. Its register is yours on %(day)s; sign it then."
        ),
    ),
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
    "session-moved": _l(
        "This class was moved and is now on %(now)s. Look whether the marks are of this class before you send them."
    ),
    "devices-disagree": _l("%(count)s marks differ between two devices. Choose which holds, then sign."),
    "correction-too-late": _l(
        "The lecturer could correct this register until %(until)s. Ask the coordinator to do it now."
    ),
    "no-mark-to-undo": _l("There is nothing of yours to take back in this register."),
    "not-due-by-dates": _l("Who is not due follows from the dates in the group and from its halves."),
    "paper-needs-excuse": _l("A paper belongs to an excused absence. Mark the person excused first."),
    "guest-needs-name": _l("Write the guest’s name."),
    "guest-was-there": _l("A guest is in the room: present, late or left early."),
    "guest-settled": _l("This guest was settled already."),
    "refused-mark-can-not-be-taken": _l(
        "This mark was turned away and can’t be taken. Mark the person anew."
    ),
    "signing-not-yours": _l(
        "The marks are kept, but this register is signed by its lecturer or the coordinator."
    ),
    "substitute-not-lecturer": _l("Choose somebody who may teach here."),
    "substitute-is-lecturer": _l("This class is theirs already."),
    "sending-unreadable": _l(
        "What the device sent can’t be read. Open the register again; the marks stay on the device."
    ),
    "not-your-marks": _l(
        "These marks were made by somebody else on this device. They stay there until that person signs in."
    ),
    "not-all-marked": _l("%(count)s people have no mark yet. Mark everyone, then sign."),
}

REFUSALS |= (
    absence_wording.REFUSALS | checkin_wording.REFUSALS | evidence_wording.REFUSALS | sheet_wording.REFUSALS
)
MESSAGES |= absence_wording.MESSAGES | evidence_wording.MESSAGES
