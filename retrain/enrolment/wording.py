"""Enrolments in words: states, refusals, messages, outcomes."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from retrain import messages
from retrain.catalogue.models import Run
from retrain.enrolment import change_wording, terms_words
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
    "already-asked": _l("Already asked for a place on run %(run)s; the request waits for an answer."),
    "already-offered": _l("Already offered a place on run %(run)s."),
    "overlaps": _l(
        "Run %(run)s is at the same time, from %(starts)s to %(ends)s. "
        "To choose this one, withdraw from it first."
    ),
    "course-completed": _l("This course was completed in run %(run)s, which ended on %(ended)s."),
    "run-in-round": _l(
        "The places of run %(run)s are given in an allocation round. Rank it there while the round is open."
    ),
    "college-refused": _l("Your college did not consent to this run."),
    "provider-refused": _l("The provider did not consent to this run."),
    "refusal-reason-missing": _l("Write why not: the person will read it."),
    "answered-too-late": _l("This was settled already; the answer changes nothing."),
    "withdraw-too-late": _l(
        "A place on run %(run)s could be given up until %(last)s. Ask the coordinator to take you off the run."
    ),
    "offer-over": _l("The offer of a place on run %(run)s is over."),
    "offer-declined": _l("An offered place was declined before."),
    "not-approved": _l("Consent is still missing."),
    "run-full": _l("All %(places)s places of run %(run)s are taken."),
    "only-set-aside-left": _l("The %(kept)s places of run %(run)s that are left are kept for others."),
    "quota-full": lambda run, quota, places, **_more: _(
        "All %(places)s places of run %(run)s for %(group)s are taken.",
        run=run,
        places=places,
        group=terms_words.group(quota),
    ),
    "quota-negative": _l("A quota has no fewer than 0 places."),
    "quota-below-taken": _l(
        "%(taken)s places of this quota are taken, so it can't be lowered to %(wanted)s."
    ),
    "quota-in-use": _l("%(taken)s places of this quota are taken. Lower it to that number instead."),
    "set-aside-too-many": _l(
        "No more than %(most)s places can be set aside here; the others are taken or kept."
    ),
    "places-below-quotas": _l(
        "%(taken)s places are taken and %(kept)s are kept by quotas, so the run needs at least %(least)s."
    ),
    "quota-group": _l("Choose one of the groups in the list."),
    "no-lodging": _l("Run %(run)s has no dormitory to ask a place in."),
    "lodging-answered": _l("This was answered already. Ask the coordinator if it has to change."),
    "terms-changed": _l(
        "Somebody else saved these terms meanwhile. Open the page afresh and look before you save yours."
    ),
    "terms-hours": _l("Write a number of working hours from 1 to %(most)s."),
    "terms-days": _l("Write a number of days from 0 to %(most)s."),
    "terms-price": _l("Write the price as a whole number of so‘m, or leave it out."),
    "terms-map": _l("Write a full address that begins with https://."),
    "other-speciality": _l("The course is for another speciality."),
    "other-staff-kind": _l("The course is for another kind of staff."),
    "other-category": _l("The course is for another category."),
    "service-too-short": _l("The course asks at least %(wanted)s years of service."),
    "service-too-long": _l("The course is for those with at most %(wanted)s years of service."),
    "not-due-yet": _l("The course is for those who are due by %(by)s."),
    "other-language": _l("The run is given in a language that is not among those entered for you."),
    "no-ground-for-distance": _l(
        "The distance form is for those with a child under three, a disability, or of pension age."
    ),
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
    **change_wording.REFUSALS,
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
    "enrolment.requested": messages.Kind(
        subject=_l("Your request is on its way: %(course)s"),
        body=_l(
            "You asked for a place on run %(run)s, “%(course)s”, from %(starts)s to %(ends)s. It needs consent; "
            "you will be told as soon as there is an answer."
        ),
    ),
    "enrolment.approved": messages.Kind(
        subject=_l("Your request was granted: %(course)s"),
        body=_l(
            "Your request for run %(run)s, “%(course)s”, from %(starts)s to %(ends)s, was granted. "
            "You have a place."
        ),
    ),
    "enrolment.rejected": messages.Kind(
        subject=_l("Your request was not granted: %(course)s"),
        body=_l(
            "Your request for run %(run)s, “%(course)s”, from %(starts)s to %(ends)s, was not granted. "
            "The reason: %(reason)s"
        ),
    ),
    "enrolment.request_ends": messages.Kind(
        subject=_l("Your request will soon lapse: %(course)s"),
        body=_l(
            "Nobody has answered your request for run %(run)s, “%(course)s”. It lapses on %(until)s. "
            "Ask your college’s HR office or the provider to answer."
        ),
    ),
    "enrolment.request_lapsed": messages.Kind(
        subject=_l("Your request lapsed: %(course)s"),
        body=_l(
            "Nobody answered your request for run %(run)s, “%(course)s”, in time, so it has lapsed. "
            "You may ask again while enrolment is open."
        ),
    ),
    "enrolment.offered": messages.Kind(
        subject=_l("A place became free for you: %(course)s"),
        body=_l(
            "A place on run %(run)s, “%(course)s”, from %(starts)s to %(ends)s, became free and is kept for you "
            "until %(expires)s. Accept it by then, or it passes to the next one who waits."
        ),
    ),
    "enrolment.offer_ends": messages.Kind(
        subject=_l("Your offer ends soon: %(course)s"),
        body=_l(
            "The place on run %(run)s, “%(course)s”, is kept for you until %(until)s. Accept or decline it by then."
        ),
    ),
    "enrolment.accepted": messages.Kind(
        subject=_l("You have a place: %(course)s"),
        body=_l("You accepted a place on run %(run)s, “%(course)s”, from %(starts)s to %(ends)s."),
    ),
    "enrolment.declined": messages.Kind(
        subject=_l("You declined the place: %(course)s"),
        body=_l("You declined a place on run %(run)s, “%(course)s”. It passed to the next one who waits."),
    ),
    "enrolment.expired": messages.Kind(
        subject=_l("The offer was not answered in time: %(course)s"),
        body=_l(
            "The place on run %(run)s, “%(course)s”, that was kept for you was not accepted in time and passed on."
        ),
    ),
    "enrolment.lodging_given": messages.Kind(
        subject=_l("You have a place in the dormitory: %(course)s"),
        body=_l("A place in the dormitory is kept for you during run %(run)s, from %(starts)s to %(ends)s."),
    ),
    "enrolment.lodging_refused": messages.Kind(
        subject=_l("There is no place in the dormitory: %(course)s"),
        body=_l(
            "There is no place in the dormitory for you during run %(run)s, from %(starts)s to %(ends)s. "
            "Your place on the run stays yours."
        ),
    ),
    "enrolment.starts_in_7": messages.Kind(
        subject=_l("In a week it begins: %(course)s"),
        body=_l(
            "Run %(run)s, “%(course)s”, begins on %(starts)s. The place: %(place)s. "
            "If you can't come, withdraw now, so that the next one gets your place."
        ),
    ),
    "enrolment.starts_in_1": messages.Kind(
        subject=_l("Tomorrow it begins: %(course)s"),
        body=_l("Run %(run)s, “%(course)s”, begins tomorrow, %(starts)s. The place: %(place)s."),
    ),
    "enrolment.requests_wait": messages.Kind(
        subject=_l("Requests wait for your answer: %(number)s"),
        body=_l(
            "So many teachers wait for your consent to a run: %(number)s. A request that nobody answers lapses."
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
        body=change_wording.cancelled,
    ),
    "enrolment.lapsed": messages.Kind(
        subject=_l("The waiting list is closed: %(course)s"),
        body=_l(
            "Run %(run)s, “%(course)s”, from %(starts)s to %(ends)s, is over, and its waiting list is closed."
        ),
    ),
    **change_wording.MESSAGES,
}


STANDINGS = {
    State.ENROLLED: _l("You have a place."),
    State.WAITLISTED: _l("You are on the waiting list."),
    State.TRANSFERRED: _l("You moved to another run."),
    State.SUBSTITUTED: _l("A colleague took your place on this run."),
    State.REQUESTED: _l("You asked for a place. It needs consent; you will be told."),
    State.OFFERED: _l("A place is kept for you. Accept or decline it."),
    State.REJECTED: _l("Your request for this run was not granted."),
    State.DECLINED: _l("You declined an offered place on this run."),
    State.EXPIRED: _l("An offered place on this run was not accepted in time."),
    State.COMPLETED: _l("You completed this run."),
    State.NOT_COMPLETED: _l("You did not complete this run. You may try again in another run."),
    State.WITHDRAWN: _l("You withdrew from this run."),
    State.EXCLUDED: _l("You were taken off this run."),
    State.LAPSED: _l("Your request, your wait or the run itself has ended."),
}
"""Each standing in one sentence to the person themself."""


def where_one_stands(row: Enrolment, number: int | None) -> str:
    """A person's standing on a run in one sentence to themself."""
    if row.state is State.WAITLISTED:
        return _("You are number %(number)s on the waiting list.", number=number)
    return str(STANDINGS[row.state])


def place_words(run: Run, waits: int) -> str:
    """How many places of a run are taken, and how many wait."""
    if waits:
        return ngettext(
            "%(taken)s of %(places)s places are taken, and %(num)s person waits.",
            "%(taken)s of %(places)s places are taken, and %(num)s people wait.",
            waits, taken=run.taken, places=run.places,
        )  # fmt: skip
    return _("%(taken)s of %(places)s places are taken.", taken=run.taken, places=run.places)


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


def consent_noted(given: bool, others_silent: bool) -> str:
    """An answer that is kept and changes nothing yet, in a table."""
    if not given:
        return _("refusal noted")
    return _("consent noted; somebody else has to answer too") if others_silent else _("consent noted")


def not_answered() -> str:
    """That an answer was not taken, in a table."""
    return _("not answered")


def refused() -> str:
    """That somebody did not come onto the run, in a table."""
    return _("not put on the run")


def somebody_else() -> str:
    """A person whose name this reader may not know."""
    return _("somebody of another college")
