"""The check of names in words."""

from flask_babel import lazy_gettext as _l

from retrain import messages
from retrain.certificates.states import NameCheckState

NAME_CHECKS = {
    None: (_l("not looked at"), "idle"),
    NameCheckState.CONFIRMED: (_l("confirmed"), "done"),
    NameCheckState.ASKED: (_l("asks for a correction"), "waiting"),
    NameCheckState.CORRECTED: (_l("corrected"), "done"),
    NameCheckState.DECLINED: (_l("declined"), "problem"),
}

LINES = {
    "name_latin": _l("Name in Latin letters"),
    "name_cyrillic": _l("Name in Cyrillic letters"),
    "workplace": _l("Place of work"),
    "post": _l("Post"),
    "course": _l("Course"),
}

REFUSALS = {
    "name-request-missing": _l("Write what has to be put right, and how."),
    "name-check-closed": _l("Your document is issued already. Ask the office for another one."),
    "name-lines-changed": _l("The lines changed while you were reading. Look at them once more."),
    "name-not-asked": _l("Nobody asks for a correction here any more."),
    "name-answer-missing": _l("Write the teacher what was done, or why not."),
}

MESSAGES = {
    "names.check": messages.Kind(
        subject=_l("Check the lines of your document"),
        body=_l("“%(title)s”: look at the name and the lines your document will bear, and confirm them."),
    ),
    "names.decided": messages.Kind(
        subject=_l("Your correction was looked at"),
        body=_l("“%(title)s”: %(answer)s Look at the lines of your document once more."),
    ),
}
