"""Commissions, their sessions and appeals in words: seats, refusals, and what people are told."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from retrain import messages
from retrain.completion.states import AppealState, Purpose, Seat
from retrain.language import CODES, pick
from retrain.web.language import written_in

PURPOSES = {Purpose.FINAL: _l("Commission of final works"), Purpose.APPEAL: _l("Commission of appeals")}

SEATS = {
    Seat.CHAIR: _l("chair"),
    Seat.DEPUTY: _l("deputy chair"),
    Seat.MEMBER: _l("member"),
    Seat.SECRETARY: _l("secretary"),
}

APPEALS = {
    AppealState.FILED: (_l("filed, waits for the commission"), "waiting"),
    AppealState.WITHDRAWN: (_l("taken back"), "idle"),
    AppealState.UPHELD: (_l("upheld"), "done"),
    AppealState.REJECTED: (_l("rejected"), "problem"),
}

REFUSALS = {
    "member-twice": _l("%(name)s stands there twice."),
    "invitation-too-late": _l("This moment is over. Choose one that is still to come."),
    "invitation-same-hour": _l("The commission is called to another session at this hour."),
    "member-email-wrong": _l("%(name)s: “%(email)s” is no e-mail address."),
    "invitation-without-place": _l("Say where the commission sits."),
    "nobody-to-hear": _l("The commission has nobody to hear now."),
    "commission-needs-chair": _l("A commission has one chair."),
    "commission-too-small": _l("%(there)s members vote; the rules of the provider ask for %(needed)s."),
    "appeal-heard-by-decider": _l(
        "%(name)s sat in the commission of final works and can't decide on an appeal against it."
    ),
    "no-quorum": _l("No quorum: %(came)s of %(all)s members came, %(needed)s are needed. Nobody can decide."),
    "nobody-chairs": _l("Neither the chair nor the deputy came: nobody leads the session."),
    "votes-dont-add-up": _l("%(votes)s votes are counted, but %(came)s members who vote came."),
    "work-title-missing": _l("Write the title of the final work."),
    "appeal-answer-missing": _l("Write what the commission answers; the teacher reads it."),
    "sitting-closed": _l("The protocol of this session is closed and changes no more."),
    "sitting-ahead": _l("%(on)s is still to come."),
    "commission-not-ordered": _l(
        "The commission as it is composed now stands in no registered order. Register the order first."
    ),
    "protocol-empty": _l("Nobody was heard in this session: there is nothing to close."),
    "not-decided-yet": _l("Nothing is decided yet that could be appealed against."),
    "nothing-to-appeal": _l("You have completed the course: there is nothing to appeal against."),
    "appeal-under-way": _l("Your appeal is under way already."),
    "appeal-decided-already": _l("The commission has decided on your appeal; its decision is final here."),
    "appeal-too-late": _l("Appeals could be filed until %(last)s."),
    "appeal-reason-missing": _l("Say what you think is wrong, and why."),
    "appeal-undecided": _l("The commission has not decided on this appeal yet."),
    "no-appeal": _l("There is no appeal that could be taken back."),
}


def _sits(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a session with the commission and the reader's seat in words."""
    return {**facts, "commission": PURPOSES[Purpose(facts["purpose"])], "seat": SEATS[Seat(facts["seat"])]}


def _or_moved(body: Any) -> Callable[[dict[str, Any]], str]:
    """The body of a session's message; of one that was moved it says when it was to be."""

    def said(facts: dict[str, Any]) -> str:
        text = str(body(facts)) if callable(body) else str(body) % facts
        if not facts.get("before"):
            return text
        return text + " " + _("It was to be on %(before)s.", before=facts["before"])

    return said


def session_entry(purpose: Purpose, titles: Mapping[str, str]) -> dict[str, str]:
    """What a session is called in a calendar, in each language."""
    found = {}
    for code in CODES:
        with written_in(code):
            found[code] = f"{PURPOSES[purpose]}: {pick(titles, code)}"
    return found


MESSAGES = {
    "commission.session_final": messages.Kind(
        subject=_l("The commission hears your final work on %(run)s"),
        body=_or_moved(
            _l(
                "“%(title)s”: the commission of final works sits on %(at)s. Place: %(place)s. Please come in time."
            )
        ),
    ),
    "commission.session_appeal": messages.Kind(
        subject=_l("The commission hears your appeal on %(run)s"),
        body=_or_moved(
            _l(
                "“%(title)s”: the commission of appeals sits on %(at)s. Place: %(place)s. You may come and be heard."
            )
        ),
    ),
    "commission.sits": messages.Kind(
        subject=lambda facts: _("%(commission)s, run %(run)s: session on %(at)s", **_sits(facts)),
        body=_or_moved(
            lambda facts: _(
                "“%(title)s”: you sit in this commission (%(seat)s). The session begins on %(at)s. "
                "Place: %(place)s. People to be heard: %(people)s.",
                **_sits(facts),
            )
        ),
    ),
    "commission.called_off": messages.Kind(
        subject=lambda facts: _(
            "%(commission)s, run %(run)s: no session on %(at)s", **_sits(facts | {"seat": "member"})
        ),
        body=_l(
            "“%(title)s”: the session of the commission on %(at)s is called off. You are told when it is held."
        ),
    ),
    "appeal.filed": messages.Kind(
        subject=_l("An appeal was filed on run %(run)s"),
        body=_l("“%(title)s”: a teacher appeals against the decision. The commission decides by %(by)s."),
    ),
    "appeal.upheld": messages.Kind(
        subject=_l("Your appeal on %(run)s was upheld"),
        body=_l("“%(title)s”: the commission of appeals agrees with you. Its answer: %(why)s"),
    ),
    "appeal.rejected": messages.Kind(
        subject=_l("Your appeal on %(run)s was rejected"),
        body=_l("“%(title)s”: the commission of appeals does not agree with you. Its answer: %(why)s"),
    ),
}
