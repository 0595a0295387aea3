"""Changes of a place and who pays for it in words: refusals, messages, funding."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from retrain import messages
from retrain.enrolment.states import Funding
from retrain.language import pick
from retrain.language.dates import date_range
from retrain.web.language import current_language

FUNDING = {
    Funding.BUDGET: _l("the state budget"),
    Funding.COLLEGE: _l("the college"),
    Funding.OWN: _l("the teacher"),
}

REFUSALS = {
    "transfer-same-run": _l("They are on run %(run)s already. Choose another run."),
    "not-transferable": _l("Only who has a place on run %(run)s or waits for one can be moved."),
    "transfer-reason-missing": _l("Write the reason: the person will read it."),
    "free-for-those-who-wait": _l(
        "The free places of run %(run)s are for those who wait for them. Nobody was moved."
    ),
    "nobody-to-substitute": _l("There is no place on run %(run)s to give to a colleague."),
    "substitute-outside-quota": _l(
        "This place of run %(run)s is one of %(places)s kept for a group that the colleague is not of."
    ),
    "second-attempt-too-late": _l("Run %(run)s was not completed. A second attempt had to begin by %(by)s."),
    "paid-ahead": _l("A payment can't be dated ahead."),
    "paid-by-nobody": _l(
        "What the state budget pays has no day of payment. Leave it out, or change who pays."
    ),
}


def changed(facts: Mapping[str, Any]) -> str:
    """The days and the place that hold now."""
    named = {name: facts.get(name, "…") for name in ("run", "course", "starts", "ends", "place")}
    text = _("Run %(run)s, “%(course)s”, is now from %(starts)s to %(ends)s.", **named)
    if not facts.get("place"):
        return text
    return " ".join([text, _("The place: %(place)s.", **named)])


MESSAGES = {
    "enrolment.transferred": messages.Kind(
        subject=_l("You were moved to another run: %(course)s"),
        body=_l(
            "You are no longer on run %(run)s, “%(course)s”, from %(starts)s to %(ends)s: you were moved to run"
            " %(new_run)s. The reason: %(reason)s"
        ),
    ),
    "enrolment.changed": messages.Kind(
        subject=_l("The run has changed: %(course)s"),
        body=changed,
    ),
    "enrolment.moved": messages.Kind(
        subject=_l("You have a place: %(course)s"),
        body=_l(
            "You were moved to run %(run)s, “%(course)s”, from %(starts)s to %(ends)s, and have a place on it."
        ),
    ),
    "enrolment.moved_waiting": messages.Kind(
        subject=_l("You are number %(number)s on the waiting list: %(course)s"),
        body=_l(
            "You were moved to the waiting list of run %(run)s, “%(course)s”, from %(starts)s to %(ends)s. You are "
            "number %(number)s on it. If a place becomes free, it passes on in the order of the list."
        ),
    ),
    "enrolment.substituted": messages.Kind(
        subject=_l("A colleague goes in your place: %(course)s"),
        body=_l(
            "Your college gave your place on run %(run)s, “%(course)s”, from %(starts)s to %(ends)s, to %(by)s."
        ),
    ),
    "enrolment.substitute": messages.Kind(
        subject=_l("You go in a colleague’s place: %(course)s"),
        body=_l(
            "Your college gave you a colleague’s place on run %(run)s, “%(course)s”, from %(starts)s to %(ends)s."
        ),
    ),
}


def cancelled(facts: Mapping[str, Any]) -> str:
    """That a run was called off, why, and which other runs fit, each with its address."""
    text = _(
        "Run %(run)s, “%(course)s”, from %(starts)s to %(ends)s, was cancelled. The reason: %(reason)s",
        **{name: facts.get(name, "…") for name in ("run", "course", "starts", "ends", "reason")},
    )
    if not (named := facts.get("others")):
        return text
    return "\n".join([text, "", _("These runs fit you and have free places:"), *map(_line, named)])


def _line(other: Mapping[str, Any]) -> str:
    language, url = current_language(), current_app.config["RETRAIN"].public_url
    days = date_range(date.fromisoformat(other["starts"]), date.fromisoformat(other["ends"]), language)
    return f"{other['run']} · {pick(other['course'], language)} · {days}: {url}/runs/{other['run']}"
