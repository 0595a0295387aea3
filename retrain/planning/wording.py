"""Annual plans in words: how due somebody is, how provided for, what a line came to, refusals."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from retrain.planning.fitting import Fit
from retrain.planning.outcomes import Changed, Copied
from retrain.planning.states import Due, Fact, Standing

DUE = {
    Due.OVERDUE: _l("overdue"),
    Due.SOON: _l("due within six months"),
    Due.LATER: _l("not due yet"),
    Due.UNKNOWN: _l("nothing to count from"),
}
DUE_TONES = {Due.OVERDUE: "problem", Due.SOON: "waiting", Due.LATER: "done", Due.UNKNOWN: "idle"}

STANDINGS = {
    Standing.GOING: _l("on a run"),
    Standing.PLANNED: _l("in the plan"),
    Standing.MISSING: _l("missing"),
    Standing.FREE: _l("nothing to do"),
}
STANDING_TONES = {
    Standing.GOING: "done", Standing.PLANNED: "waiting", Standing.MISSING: "problem", Standing.FREE: "idle",
}  # fmt: skip

FACTS = {
    Fact.PLANNED: _l("planned"),
    Fact.NOMINATED: _l("nominated"),
    Fact.ON_RUN: _l("on a run"),
    Fact.COMPLETED: _l("completed"),
    Fact.MISSED: _l("missed"),
}
FACT_TONES = {
    Fact.PLANNED: "idle", Fact.NOMINATED: "waiting", Fact.ON_RUN: "done", Fact.COMPLETED: "done",
    Fact.MISSED: "problem",
}  # fmt: skip

REFUSALS = {
    "plan-no-month": _l("Choose a month."),
    "plan-month-over": _l("That month of %(year)s has passed. Choose this one or a later one."),
    "plan-too-far": _l("A plan can be made up to %(last)s."),
    "plan-no-course": _l("Choose a course that is given."),
    "plan-note-long": _l("A note has at most %(most)s characters."),
    "plan-nobody": _l("Choose at least one person."),
    "plan-there": _l("Is in the plan of %(year)s for this course already."),
    "plan-no-lines": _l("Choose at least one line of the plan."),
    "plan-no-open-lines": _l("Everybody chosen is on a run already, or waits for one."),
    "plan-no-run": _l("Choose a run for at least one course."),
    "plan-nothing-to-copy": _l("There is nothing to copy from the plan of %(year)s."),
    "plan-too-many": _l("%(chosen)s people are chosen. Choose at most %(most)s for one run."),
}

_MATCHES = {
    "exact": _l("your speciality"),
    "related": _l("close to your speciality"),
    "by-diploma": _l("your diploma of retraining"),
    "for-everyone": _l("for every speciality"),
}


def because(fit: Fit) -> str:
    """Why a run is shown to a teacher."""
    reasons = [str(_MATCHES[fit.choice.match.code])]
    if fit.in_region:
        reasons.append(_("in your region"))
    if fit.in_time:
        reasons.append(_("ends before you are due"))
    return _("because: %(reasons)s", reasons=", ".join(reasons))


def moved(changed: Changed) -> str:
    """What came of moving lines."""
    words = ngettext("%(num)s line was moved.", "%(num)s lines were moved.", changed.done)
    return f"{words} {_kept(changed.kept)}".strip()


def removed(changed: Changed) -> str:
    """What came of removing lines."""
    words = ngettext("%(num)s line was removed.", "%(num)s lines were removed.", changed.done)
    return f"{words} {_kept(changed.kept)}".strip()


def _kept(number: int) -> str:
    if not number:
        return ""
    return ngettext(
        "%(num)s line stays, because its teacher is on a run by it or waits for one.",
        "%(num)s lines stay, because their teachers are on a run by them or wait for one.",
        number,
    )


def copied(of: Copied) -> str:
    """What came of copying a plan, and why lines were left out."""
    words = ngettext("%(num)s line was copied.", "%(num)s lines were copied.", of.made)
    why = []
    if of.gone:
        why.append(_("no longer at the college: %(number)s", number=of.gone))
    if of.ended:
        why.append(_("course no longer given: %(number)s", number=of.ended))
    if of.there:
        why.append(_("in the plan already: %(number)s", number=of.there))
    if not why:
        return words
    left = _("Left out: %(reasons)s.", reasons="; ".join(why))
    return f"{words} {left}"
