"""The register book, a national register and documents from before, in words."""

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from retrain.certificates.states import RegistryState

REGISTRY = {
    None: (_l("not sent"), "idle"),
    RegistryState.SENT: (_l("sent"), "waiting"),
    RegistryState.ACCEPTED: (_l("accepted"), "done"),
    RegistryState.ERROR: (_l("error"), "problem"),
}

REGISTRY_FIELDS = {
    "registration": _l("Registration number"),
    "series": _l("Series"),
    "number": _l("Number"),
    "blank": _l("Blank"),
    "document": _l("Kind of document"),
    "name": _l("Name"),
    "workplace": _l("Place of work"),
    "post": _l("Post"),
    "course": _l("Course"),
    "title": _l("Course, whole title"),
    "hours": _l("Hours"),
    "period": _l("From – to"),
    "starts_on": _l("First day"),
    "ends_on": _l("Last day"),
    "issued_on": _l("Issued on"),
    "order": _l("Number of the order"),
    "order_on": _l("Day of the order"),
    "protocol_number": _l("Number of the protocol"),
    "group": _l("Group"),
    "state": _l("State"),
    "check": _l("Address of the check page"),
}

REFUSALS = {
    "note-missing": _l("Write the note."),
    "registry-nothing": _l("The register knows every document of this book already."),
    "registry-no-number": _l(
        "Choose a column with the registration number, or one with the series and one with the number: without them no"
        " answer can be matched."
    ),
    "registry-no-columns": _l(
        "The file has no header with these columns: %(wanted)s. Look at their names under “How the file looks”."
    ),
    "registry-row-unknown": _l("Row %(row)s: no document of this number was sent."),
    "old-columns-missing": _l("The list has no header with these columns: %(columns)s."),
    "old-cell-empty": _l("%(column)s is empty."),
    "old-cell-long": _l("%(column)s has more than %(most)s characters."),
    "old-not-whole": _l("%(column)s is not a whole number: %(said)s."),
    "old-no-day": _l("%(column)s is no day: %(said)s. Write it like 31.12.2020."),
    "old-ahead": _l("The day of issue, %(said)s, is still to come."),
    "old-known": _l("%(number)s is in the register book already."),
    "old-twice": _l("%(number)s stands in row %(row)s already."),
    "old-rows-wrong": lambda rows: ngettext(
        "%(num)s row is wrong. Put it right in the file and send it again; nothing was entered.",
        "%(num)s rows are wrong. Put them right in the file and send it again; nothing was entered.", rows,
    ),
}  # fmt: skip
