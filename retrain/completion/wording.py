"""Conditions, outcomes and refusals of completion in words and hours."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from retrain import messages
from retrain.completion.states import AssessmentKind, Outcome
from retrain.web.language import shown_number

OUTCOMES = {
    Outcome.COMPLETED: (_l("completed"), "done"),
    Outcome.NOT_COMPLETED: (_l("not completed"), "problem"),
}

KINDS = {AssessmentKind.MODULE: _l("of a module"), AssessmentKind.FINAL: _l("final")}


def hours(value: float) -> str:
    """Hours without needless decimals."""
    return shown_number(value)


def counted(value: float) -> int:
    """The number that chooses the plural: half an hour more is said as two hours are, in each of our languages."""
    return int(value) if float(value).is_integer() else 2


def condition(code: str, held: bool, facts: Mapping[str, Any]) -> str:
    """One condition with its numbers, in the reader's language."""
    match code:
        case "absence":
            missed, limit = hours(facts["missed"]), hours(facts["limit"])
            if held:
                return ngettext(
                    "%(missed)s hour missed, fewer than the limit of %(limit)s.",
                    "%(missed)s hours missed, fewer than the limit of %(limit)s.",
                    counted(facts["missed"]), missed=missed, limit=limit,
                )  # fmt: skip
            return ngettext(
                "%(missed)s hour missed; the limit is %(limit)s.",
                "%(missed)s hours missed; the limit is %(limit)s.",
                counted(facts["missed"]), missed=missed, limit=limit,
            )  # fmt: skip
        case "attendance":
            attended, needed = hours(facts["hours"]), hours(facts["needed"])
            return ngettext(
                "%(hours)s hour attended; %(needed)s are needed.",
                "%(hours)s hours attended; %(needed)s are needed.",
                counted(facts["hours"]), hours=attended, needed=needed,
            )  # fmt: skip
        case "final-missing":
            return _("No final assessment was held; the rules ask for one.")
        case "final" | "module":
            return _points(code, facts)
    return code


def _points(code: str, facts: Mapping[str, Any]) -> str:
    points, needed = facts["points"], facts["needed"]
    if code == "final":
        if points is None:
            return _("No result in the final assessment; %(needed)s points are needed.", needed=needed)
        return _(
            "%(points)s points in the final assessment; %(needed)s are needed.", points=points, needed=needed
        )
    if points is None:
        return _("No result in an assessment of a module; %(needed)s points are needed.", needed=needed)
    return _(
        "%(points)s points in an assessment of a module; %(needed)s are needed.", points=points, needed=needed
    )


REFUSALS = {
    "final-exists": _l("The run has a final assessment already."),
    "not-of-this-run": _l("This person or assessment is not of this run. Open the page again."),
    "points-out-of-scale": _l("%(points)s is not on the scale. Give 0 to 100 points, or leave it empty."),
    "run-not-over": _l("The run lasts until %(ends)s. It can be closed from that day on."),
    "registers-unsigned": _l(
        "%(count)s registers are not signed. Ask the lecturers to sign, or sign them yourself."
    ),
    "enrolment-order-missing": _l(
        "The order of enrolment is not registered. The rules of this run ask for one."
    ),
}

MESSAGES = {
    "completion.completed": messages.Kind(
        subject=_l("You have completed %(run)s"),
        body=_l("“%(title)s”: the run is closed and you have completed it. Your document is being prepared."),
    ),
    "completion.not_completed": messages.Kind(
        subject=_l("%(run)s is closed"),
        body=_l(
            "“%(title)s”: the run is closed and you have not completed it. Open “My courses” to read why."
        ),
    ),
}
