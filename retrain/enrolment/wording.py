"""Enrolments in words: states, refusals, messages, outcomes."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from retrain import messages
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import Source, State

STATES = {
    State.REQUESTED: _l("asked for a place"),
    State.ENROLLED: _l("has a place"),
    State.WAITLISTED: _l("on the waiting list"),
    State.OFFERED: _l("offered a place"),
    State.REJECTED: _l("not accepted"),
    State.LAPSED: _l("ended with the list"),
    State.DECLINED: _l("declined"),
    State.EXPIRED: _l("offer not answered"),
    State.WITHDRAWN: _l("withdrew"),
    State.TRANSFERRED: _l("moved to another run"),
    State.SUBSTITUTED: _l("replaced by a colleague"),
    State.EXCLUDED: _l("taken off the run"),
    State.COMPLETED: _l("completed"),
    State.NOT_COMPLETED: _l("not completed"),
}
TONES = {
    State.REQUESTED: "waiting",
    State.ENROLLED: "done",
    State.WAITLISTED: "waiting",
    State.OFFERED: "waiting",
    State.COMPLETED: "done",
    State.NOT_COMPLETED: "problem",
    State.EXCLUDED: "problem",
}
"""How a state looks; those not named are past and grey."""

SOURCES = {
    Source.SELF: _l("by themselves"),
    Source.NOMINATION: _l("by the college"),
    Source.IMPORT: _l("by import"),
    Source.COORDINATOR: _l("by the coordinator"),
    Source.ROUND: _l("by an allocation round"),
    Source.TRANSFER: _l("from another run"),
    Source.SUBSTITUTION: _l("in a colleague’s place"),
}
REFUSALS = {
    "both-on-one-run": _l("Both are on %(run)s. Withdraw one of the two there; then they can be made one."),
    "both-on-runs-at-once": _l(
        "One is on %(run)s and the other on %(other)s, which are held at the same time. Withdraw one of them"
        " from its run; then they can be made one."
    ),
    "run-not-published": _l("Run %(run)s is not published yet."),
    "run-cancelled": _l("Run %(run)s was cancelled."),
    "run-over": _l("Run %(run)s is over."),
    "enrolment-not-open": _l("Enrolment opens on %(opens)s."),
    "enrolment-closed": _l("Enrolment closed on %(closes)s."),
    "account-closed": _l("This account is closed."),
    "not-employed": _l(
        "No college is entered as the present workplace. The college's HR office can enter it."
    ),
    "not-a-teacher": _l("This account is not entered as a teacher's. The college's HR office can enter it."),
    "already-on-run": _l("Already has a place on run %(run)s."),
    "already-waiting": _l("Already on the waiting list of run %(run)s."),
    "overlaps": _l(
        "Run %(run)s is at the same time, from %(starts)s to %(ends)s. "
        "To choose this one, withdraw from it first."
    ),
    "course-completed": _l("This course was completed in run %(run)s, which ended on %(ended)s."),
    "not-on-run": _l("There is no place and no spot on the waiting list of run %(run)s to give up."),
    "run-started": _l("Run %(run)s began on %(starts)s. Only its coordinator can take somebody off it now."),
    "removal-reason-missing": _l("Write the reason: the person will read it."),
    "places-too-few": _l("A run has at least one place."),
    "places-fewer-than-taken": _l(
        "%(taken)s places are taken, so there can't be only %(wanted)s. Take somebody off the run first."
    ),
    "nobody-nominated": _l("Choose at least one person."),
    "not-of-your-college": _l("Does not work at this college."),
    "letter-subject-missing": _l("Write what the message is about."),
    "letter-text-missing": _l("Write the message."),
    "letter-nobody": _l("Nobody would get this message. Choose other people."),
}

MESSAGES = {
    "enrolment.enrolled": messages.Kind(
        subject=_l("You have a place: %(course)s"),
        body=_l("You have a place on run %(run)s, “%(course)s”, from %(starts)s to %(ends)s."),
    ),
    "enrolment.waiting": messages.Kind(
        subject=_l("You are number %(number)s on the waiting list: %(course)s"),
        body=_l(
            "All places of run %(run)s, “%(course)s”, from %(starts)s to %(ends)s, are taken. You are number "
            "%(number)s on the waiting list. If a place becomes free, it passes on in the order of the list."
        ),
    ),
    "enrolment.promoted": messages.Kind(
        subject=_l("A place became free and is yours: %(course)s"),
        body=_l(
            "You waited for run %(run)s, “%(course)s”, from %(starts)s to %(ends)s. A place became free and "
            "it is yours now. If you can't come, withdraw, so that the next one gets it."
        ),
    ),
    "enrolment.nominated": messages.Kind(
        subject=_l("You were given a place: %(course)s"),
        body=_l(
            "You were put forward for run %(run)s, “%(course)s”, from %(starts)s to %(ends)s, "
            "and have a place."
        ),
    ),
    "enrolment.nominated_waiting": messages.Kind(
        subject=_l("You were put on the waiting list: %(course)s"),
        body=_l(
            "You were put forward for run %(run)s, “%(course)s”, from %(starts)s to %(ends)s. All places are "
            "taken; you are number %(number)s on the waiting list."
        ),
    ),
    "enrolment.withdrawn": messages.Kind(
        subject=_l("You are no longer on the run: %(course)s"),
        body=_l("You withdrew from run %(run)s, “%(course)s”, from %(starts)s to %(ends)s."),
    ),
    "enrolment.removed": messages.Kind(
        subject=_l("You were taken off the run: %(course)s"),
        body=_l(
            "You were taken off run %(run)s, “%(course)s”, from %(starts)s to %(ends)s. "
            "The reason: %(reason)s"
        ),
    ),
    "enrolment.cancelled": messages.Kind(
        subject=_l("The run was cancelled: %(course)s"),
        body=_l(
            "Run %(run)s, “%(course)s”, from %(starts)s to %(ends)s, was cancelled. The reason: %(reason)s"
        ),
    ),
    "enrolment.lapsed": messages.Kind(
        subject=_l("The waiting list is closed: %(course)s"),
        body=_l(
            "Run %(run)s, “%(course)s”, from %(starts)s to %(ends)s, is over, and its waiting list is closed."
        ),
    ),
}


def where_one_stands(row: Enrolment, number: int | None) -> str:
    """A person's standing on a run in one sentence to themself."""
    match row.state:
        case State.ENROLLED:
            return _("You have a place.")
        case State.WAITLISTED:
            return _("You are number %(number)s on the waiting list.", number=number)
        case State.COMPLETED:
            return _("You completed this run.")
        case State.NOT_COMPLETED:
            return _("You did not complete this run. You may try again in another run.")
        case State.WITHDRAWN:
            return _("You withdrew from this run.")
        case State.EXCLUDED:
            return _("You were taken off this run.")
        case State.LAPSED:
            return _("This run or its waiting list ended without you.")
    return str(STATES[row.state])


def promoted(number: int) -> str:
    """How many were promoted, or that nobody was."""
    if not number:
        return _("Nobody moved up from the waiting list.")
    return ngettext(
        "%(num)s person moved up from the waiting list and was told.",
        "%(num)s people moved up from the waiting list and were told.",
        number,
    )


def number_waiting(number: int) -> str:
    """A place on the waiting list, in a table."""
    return _("number %(number)s on the waiting list", number=number)


def refused() -> str:
    """That somebody did not come onto the run, in a table."""
    return _("not put on the run")


def somebody_else() -> str:
    """A person whose name this reader may not know."""
    return _("somebody of another college")
