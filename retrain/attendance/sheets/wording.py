"""Printed journals and statements in words."""

from flask_babel import lazy_gettext as _l

from retrain.attendance.sheets.states import SheetKind
from retrain.attendance.states import MarkKind

SHEETS = {
    SheetKind.JOURNAL: _l("Group journal"),
    SheetKind.MONTH: _l("Month sheet"),
    SheetKind.STATEMENT: _l("Attendance statement"),
    SheetKind.HOURS: _l("Lecturer’s statement of hours"),
}

COLUMN_NAMES = {
    "marks": _l("Marks, people by classes"),
    "n": _l("No."),
    "date": _l("Date"),
    "time": _l("Time"),
    "module": _l("Module"),
    "topic": _l("Topic"),
    "kind": _l("Kind"),
    "hours": _l("Hours"),
    "lecturer": _l("Lecturer"),
    "present": _l("Present"),
    "absent": _l("Absent"),
    "signature": _l("Signature"),
    "name": _l("Name"),
    "workplace": _l("Workplace"),
    "days": _l("Days of the month"),
    "missed": _l("Missed"),
    "excused": _l("Excused"),
    "due": _l("Hours due"),
    "attended": _l("Attended"),
    "evidenced": _l("Without a class"),
    "share": _l("Attended, %"),
    "run": _l("Run"),
    "planned": _l("Planned"),
    "held": _l("Held"),
    "difference": _l("Difference"),
    "why": _l("Why it differs"),
}

USUAL_SIGNERS = {
    SheetKind.JOURNAL: (_l("Curator of the group"),),
    SheetKind.MONTH: (_l("Responsible officer"),),
    SheetKind.STATEMENT: (_l("Responsible officer"),),
    SheetKind.HOURS: (_l("Lecturer"), _l("Head of the department")),
}
"""Who signs a sheet for which a provider has no template of its own."""

SIGNS = {
    MarkKind.PRESENT: "+",
    MarkKind.ABSENT: "−",
    MarkKind.LATE: _l("l"),
    MarkKind.LEFT_EARLY: _l("le"),
    MarkKind.EXCUSED: _l("e"),
    MarkKind.NOT_DUE: "·",
}
"""What stands in a cell of a journal; the legend below says what each means."""

REFUSALS = {
    "sheet-needs-name": _l("Give the template a name."),
    "sheet-needs-columns": _l("Give at least one column a place."),
    "sheet-name-taken": _l("There is a template of that name already."),
}
