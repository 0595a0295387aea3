"""Conditions, outcomes and refusals of completion in words and hours."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from retrain import messages
from retrain.catalogue.states import HourKind
from retrain.catalogue.wording import HOUR_KINDS
from retrain.completion import commission_wording
from retrain.completion.states import AssessmentKind, Outcome, OverrideState
from retrain.language import pick
from retrain.web.language import current_language, shown_number

OUTCOMES = {
    Outcome.COMPLETED: (_l("completed"), "done"),
    Outcome.NOT_COMPLETED: (_l("not completed"), "problem"),
}

KINDS = {AssessmentKind.MODULE: _l("of a module"), AssessmentKind.FINAL: _l("final")}

OVERRIDES = {
    OverrideState.PROPOSED: (_l("waits for a second person"), "waiting"),
    OverrideState.CONFIRMED: (_l("confirmed"), "done"),
    OverrideState.REFUSED: (_l("not confirmed"), "problem"),
}


def hours(value: float) -> str:
    """Hours without needless decimals."""
    return shown_number(value)


def counted(value: float) -> int:
    """The number that chooses the plural: half an hour more is said as two hours are, in each of our languages."""
    return int(value) if float(value).is_integer() else 2


Titles = Mapping[int, Mapping[str, str]]
"""assessment → what it is called, in each language."""


def condition(code: str, held: bool, facts: Mapping[str, Any], titles: Titles) -> str:
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
        case "kind-hours":
            return _(
                "%(kind)s: %(hours)s of the %(needed)s hours that are needed.",
                kind=HOUR_KINDS[HourKind(facts["kind"])], hours=hours(facts["hours"]), needed=hours(facts["needed"]),
            )  # fmt: skip
        case "final" | "module":
            return _points(code, facts, titles)
    return _MORE[code](facts) if code in _MORE else code


def told(reasons: Sequence[Mapping[str, Any]], titles: Titles) -> list[tuple[bool, str]]:
    """Every condition as (held, sentence)."""
    return [(each["held"], condition(each["code"], each["held"], each["facts"], titles)) for each in reasons]


def _commission(facts: Mapping[str, Any]) -> str:
    numbers = {
        "yes": facts["votes_for"], "no": facts["votes_against"], "silent": facts["abstained"],
        "protocol": facts["protocol"],
    }  # fmt: skip
    return _(
        "The commission: %(yes)s for, %(no)s against, %(silent)s abstained (protocol No. %(protocol)s).",
        **numbers,
    )


def _debts(facts: Mapping[str, Any]) -> str:
    owes = facts["owes"]
    if owes is None:
        return _("The course is paid for, or nothing is to be paid.")
    if not owes:
        return _("The course is not paid for.")
    return _("The course is not paid for: %(sum)s so‘m are owed.", sum=shown_number(owes))


def _by_people(code: str, facts: Mapping[str, Any]) -> str:
    if code == "appeal":
        return _("The appeal was upheld (protocol No. %(protocol)s).", protocol=facts.get("protocol", ""))
    return _(
        "Decided otherwise than by the rules, by two people. The reason: %(why)s", why=facts.get("why", "")
    )


_MORE: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "final-missing": lambda facts: _("No final assessment was held; the rules ask for one."),
    "commission-missing": lambda facts: _(
        "No commission has decided on the final work; the rules ask for one."
    ),
    "commission": _commission,
    "debts": _debts,
    "appeal": lambda facts: _by_people("appeal", facts),
    "override": lambda facts: _by_people("override", facts),
}
"""The sentences of the conditions that are not hours or points."""


def grade(words: Sequence[Mapping[str, Any]], points: int | None, language: str | None = None) -> str:
    """What points are called, by a provider's words; nothing where there are none."""
    if points is None:
        return ""
    fitting = [row for row in words if row["from"] <= points]
    row = max(fitting, key=lambda each: each["from"], default=None)
    return pick(row["words"], language or current_language()) if row else ""


def _points(code: str, facts: Mapping[str, Any], titles: Titles) -> str:
    points, needed = facts["points"], facts["needed"]
    if code == "final":
        if points is None:
            return _("No result in the final assessment; %(needed)s points are needed.", needed=needed)
        return _(
            "%(points)s points in the final assessment; %(needed)s are needed.", points=points, needed=needed
        )
    # One of several: without its title nobody would know which one is meant.
    title = pick(titles.get(facts["assessment"], {}), current_language()) or str(KINDS[AssessmentKind.MODULE])
    if points is None:
        return _("No result in “%(title)s”; %(needed)s points are needed.", title=title, needed=needed)
    return _(
        "%(points)s points in “%(title)s”; %(needed)s are needed.", points=points, title=title, needed=needed
    )


REFUSALS = {
    **commission_wording.REFUSALS,
    "final-exists": _l("The run has a final assessment already."),
    "assessment-twice": _l("The run has an assessment of this title already. Give it another one."),
    "override-of-oneself": _l("What is decided on yourself is for others to propose and to confirm."),
    "not-of-this-run": _l("This person or assessment is not of this run. Open the page again."),
    "points-out-of-scale": _l("%(points)s is not on the scale. Give 0 to 100 points, or leave it empty."),
    "weight-range": _l("Give a weight from 1 to %(most)s."),
    "attempts-range": _l("Give 1 to %(most)s attempts, the first one included."),
    "module-of-another-course": _l("The module is of another course. Open the page again."),
    "first-examiner-missing": _l("Name the first examiner too; the second one comes beside them."),
    "examiners-the-same": _l("The second examiner is another person than the first."),
    "examiner-unknown": _l("The examiner is no lecturer of this provider. Choose one from the list."),
    "examined-already": _l("Results are entered already: one examiner or two can't be changed any more."),
    "statement-closed": _l(
        "The statement of this assessment is closed. Results change by a correction with a reason."
    ),
    "statement-open": _l("The statement is not closed yet: change the result in the grid."),
    "statement-empty": _l("Nobody has a result yet: there is nothing to close."),
    "examiner-silent": _l(
        "%(count)s results lack the points of one examiner. Enter them, then close the statement."
    ),
    "no-retake-needed": _l("This person does not sit the retake: they have passed, or its last day is over."),
    "own-result": _l("Your own result is for another examiner or the office to give."),
    "another-examiners": _l("These points are given by another examiner."),
    "result-changed-meanwhile": _l(
        "%(by)s entered %(points)s while you were typing. Save again to put yours in its place, or take theirs over."
    ),
    "result-taken-back-meanwhile": _l(
        "The result was taken back while you were typing. Save again to enter yours."
    ),
    "correction-reason-missing": _l("Say why the result is corrected; it stays beside the old one."),
    "correction-changes-nothing": _l("The result is %(points)s already."),
    "results-not-read": _l(
        "No column of this file is an assessment of the run. The first row holds their titles."
    ),
    "results-no-names": _l(
        "No column of this file names the people. Take the sheet from this page and fill it in."
    ),
    "row-of-nobody": _l("Row %(row)s, %(name)s: nobody of this run. Nothing is taken from it."),
    "row-name-twice": _l(
        "Row %(row)s, %(name)s: two people of this run have that name. Use the sheet with numbers."
    ),
    "row-not-sitting": _l("Row %(row)s, %(name)s: does not sit this retake. The points are left out."),
    "run-not-over": _l("The run lasts until %(ends)s. It can be closed from that day on."),
    "registers-unsigned": _l(
        "%(count)s registers are not signed. Ask the lecturers to sign, or sign them yourself."
    ),
    "enrolment-order-missing": _l(
        "The order of enrolment is not registered. The rules of this run ask for one."
    ),
    "override-reason-missing": _l("Say why the rules should not decide here; a second person reads it."),
    "override-refusal-reason-missing": _l("Say why you do not confirm it."),
    "override-there-already": _l(
        "Something other than the rules is proposed or confirmed for this person already."
    ),
    "override-changes-nothing": _l("The rules come to the same: there is nothing to decide otherwise."),
    "override-answered": _l("Somebody has answered this proposal already."),
    "override-own": _l("You proposed it yourself. Another person has to confirm it."),
    "completion-stays": _l(
        "The run is closed: a completion is not taken back here, for a document may rest on it."
    ),
    "exclusion-of-who-completes": _l("Who completes the course is not excluded."),
    "exclusion-while-appeal-waits": _l("An appeal waits for its decision. Exclude nobody before it."),
    "exclusion-before-appeal-term": _l(
        "An appeal may be filed until %(last)s. Exclude nobody before that day is over."
    ),
    "exclusion-reason-missing": _l("Say why they are excluded."),
}

MESSAGES = {
    **commission_wording.MESSAGES,
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
