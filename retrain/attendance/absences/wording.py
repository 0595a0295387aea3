"""Missed hours, warnings and proposals in words."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from retrain.attendance.absences.rules import Risk
from retrain.attendance.absences.states import Answer
from retrain.messages.kinds import Kind
from retrain.web.language import shown_number

RISKS = {
    Risk.NONE: ("", ""),
    Risk.WARNED: (_l("at risk"), "waiting"),
    Risk.LIMIT: (_l("at the limit"), "problem"),
}

ANSWERS = {
    Answer.EXCLUDED: (_l("excluded"), "problem"),
    Answer.KEPT: (_l("stays in the group"), "done"),
}

REFUSALS = {
    "proposal-answered": _l("Somebody has decided on this already. Open the page again to read what."),
}


def _hours(text: Any) -> Callable[[Mapping[str, Any]], str]:
    """A text whose hours are written as the reader writes them, and the limit after it where there is one."""

    def said(facts: Mapping[str, Any]) -> str:
        numbers = {
            name: shown_number(facts[name]) for name in ("missed", "limit") if facts.get(name) is not None
        }
        words = str(text) % {**facts, **numbers}
        return f"{words} " + str(LIMIT) % numbers if "limit" in numbers else words

    return said


LIMIT = _l("The limit is %(limit)s.")

MESSAGES = {
    "absence.warned": Kind(
        subject=_l("Missed hours on %(run)s"),
        body=_hours(
            _l("“%(title)s”: you have missed academic hours of this course, so far %(missed)s in all.")
        ),
    ),
    "absence.told": Kind(
        subject=_l("%(name)s has missed hours on %(run)s"),
        body=_hours(_l("“%(title)s”, %(name)s: academic hours missed so far, %(missed)s in all.")),
    ),
    "absence.proposed": Kind(
        subject=_l("Decide about %(name)s on %(run)s"),
        body=_hours(
            _l(
                "“%(title)s”, %(name)s: the limit of missed hours is reached, %(missed)s in all. Exclusion is "
                "proposed; it is for you to decide."
            )
        ),
    ),
}
