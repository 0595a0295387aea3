"""Rounds in words: states, refusals, messages, and why a teacher got what they got."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from retrain import messages
from retrain.allocation.round_rules import RoundFacts
from retrain.allocation.states import RoundState
from retrain.enrolment.match import Grade
from retrain.enrolment.quota_rules import Group
from retrain.people.wording import KINDS, REGIONS
from retrain.refusal import Refusal
from retrain.web.language import shown_date, shown_moment
from retrain.web.words import say

SORTS_OF_GROUP = {
    "region": _l("regions"),
    "college": _l("colleges"),
    "kind": _l("kinds of organisation"),
    "reserved:rural": _l("rural colleges"),
}
GRADES = {
    Grade.EXACT: _l("the same"),
    Grade.RELATED: _l("a related one"),
    Grade.BY_DIPLOMA: _l("one by a diploma of retraining"),
    Grade.NONE: _l("another one"),
}
"""How well a speciality fits, after “speciality:”."""


def group_name(group: Group, colleges: Mapping[int, str] | None = None) -> str:
    """Whom a quota is for; a college without a name among *colleges* is the reader's own."""
    sort, _colon, rest = group.partition(":")
    match sort:
        case "region":
            return str(REGIONS.get(rest, rest))
        case "kind":
            return str({str(kind): words for kind, words in KINDS.items()}.get(rest, rest))
        case "college":
            return (colleges or {}).get(int(rest)) or _("your college")
    return str(SORTS_OF_GROUP.get(group, rest))


def _crossing(first: str, second: str, run: str = "") -> str:
    names = {"first": _sort_name(first), "second": _sort_name(second), "run": run}
    if run:
        return _(
            "Run %(run)s limits both %(first)s and %(second)s, and the two cross. A round can’t keep both "
            "fairly: set places aside for one of the two instead of limiting it.",
            **names,
        )
    return _(
        "The limits for %(first)s and %(second)s cross. A round can’t keep both fairly: set places aside for "
        "one of the two instead of limiting it.",
        **names,
    )


def _sort_name(group: str) -> str:
    return str(SORTS_OF_GROUP[group]) if group in SORTS_OF_GROUP else group_name(group)


REFUSALS = {
    "round-title-missing": _l("Give the round a name in at least one language."),
    "round-title-long": _l("A name has at most %(most)s letters."),
    "round-window": _l("The close must come after the opening."),
    "round-closes-in-past": _l("The close must lie ahead."),
    "round-draft": _l("Round %(round)s is not published yet."),
    "round-published": _l("Round %(round)s is published already."),
    "round-done": _l("The places of round %(round)s have been given."),
    "round-cancelled": _l("Round %(round)s was called off."),
    "round-closed": _l("Round %(round)s closed on %(closes)s."),
    "round-open-already": _l("Teachers have been ranking since %(opens)s, so the opening stays."),
    "round-not-draft": _l("Round %(round)s is published, so its runs are settled. A run leaves it only when cancelled."),
    "round-no-run-chosen": _l("Choose at least one run."),
    "round-other-provider": _l("Run %(run)s is given by another organisation."),
    "run-in-other-round": _l("Run %(run)s is in round %(round)s; a run is in one round at most."),
    "round-run-over": _l("Run %(run)s is cancelled or has begun, so no round can give its places."),
    "round-run-draft": _l("Run %(run)s is not published yet. Publish it first, or take it out of the round."),
    "round-run-asks-consent": _l(
        "Run %(run)s asks for the consent of colleges. In a round a college says whom it wants by ranking its "
        "teachers: set the run not to ask colleges first."
    ),
    "round-run-has-waiting": _l(
        "People wait for run %(run)s, or wait for an answer. Decide about them first; then a round can give its places."
    ),
    "round-run-window": _l(
        "Enrolment in run %(run)s is open from %(opens)s to %(closes)s. It must be open when the round closes, so "
        "that places that are left can be taken."
    ),
    "round-without-runs": _l("Put at least one run into the round."),
    "round-reason-missing": _l("Write the reason: whoever ranked runs will read it."),
    "round-not-open": _l("Ranking opens on %(opens)s."),
    "round-still-open": _l("Teachers may rank until %(closes)s. Places can be given after that."),
    "round-changed": _l(
        "Something has changed since this outcome was reckoned, so nothing was given. Reckon round %(round)s "
        "again and look at the new outcome."
    ),
    "round-place-not-given": _l("Run %(run)s gave no place, so nothing of the round was done. Look at its terms."),
    "too-many-wishes": _l("Rank at most %(most)s runs; these are %(wanted)s."),
    "wished-twice": _l("Run %(run)s stands twice in the list."),
    "run-not-in-round": _l("Run %(run)s is not in this round, or was cancelled."),
    "wish-not-allowed": lambda run, why: f"{run}: {say(why)}",
    "order-out-of-range": _l("Use the numbers from 1 to %(most)s."),
    "order-twice": _l("Number %(rank)s is given twice. Each number is given once."),
    "order-not-yours": _l("One of these teachers does not work at your college, or does not want this run any more."),
    "quotas-cross": _crossing,
}  # fmt: skip

MESSAGES = {
    "round.given": messages.Kind(
        subject=_l("You have a place: %(course)s"),
        body=_l(
            "In the round “%(title)s” you got your wish number %(wish)s: run %(run)s, “%(course)s”, from "
            "%(starts)s to %(ends)s. If you can’t come, withdraw, so that the next one gets the place."
        ),
    ),
    "round.none": messages.Kind(
        subject=_l("No place for you in the round “%(title)s”"),
        body=_l(
            "The places of the round “%(title)s” have been given, and none of the runs you ranked had one for "
            "you. Read for each of them why. You may still join their waiting lists."
        ),
    ),
    "round.closed": messages.Kind(
        subject=_l("Look and confirm: %(title)s"),
        body=_l(
            "The round “%(title)s” closed on %(closes)s. %(teachers)s teachers ranked runs, and %(given)s of "
            "them would get a place. Look at the outcome and confirm it; nobody has been told yet."
        ),
    ),
    "round.cancelled": messages.Kind(
        subject=_l("The round “%(title)s” was called off"),
        body=_l(
            "The round “%(title)s”, in which you ranked runs, was called off. The reason: %(reason)s Places of its "
            "runs go to those who come first now."
        ),
    ),
    "round.run_gone": messages.Kind(
        subject=_l("A run you ranked was cancelled: %(course)s"),
        body=_l(
            "Run %(run)s, “%(course)s”, which you ranked in the round “%(title)s”, was cancelled. The reason: "
            "%(reason)s You may rank another run until %(closes)s."
        ),
    ),
    "round.college": messages.Kind(
        subject=_l("Your teachers in the round “%(title)s”"),
        body=_l(
            "The places of the round “%(title)s” have been given. Of your teachers, %(given)s got a place and "
            "%(none)s got none. Each of them can read why."
        ),
    ),
}

JOBS = {
    "allocation.trial": lambda payload: _("Trial of round %(round)s", round=payload["round"]),
    "allocation.closed": lambda payload: _("Outcome of round %(round)s", round=payload["round"]),
    "allocation.do": lambda payload: _("Places of round %(round)s", round=payload["round"]),
}


JOBS_UNDER_WAY = {
    "allocation.do": _l("The places are being given, all at once: until the work is done nobody has one."),
}


def _counted(result: Mapping[str, Any]) -> str:
    return ngettext(
        "%(num)s teacher took part; %(given)s would get a place.",
        "%(num)s teachers took part; %(given)s would get a place.",
        result["teachers"],
        given=result["given"],
    )


JOB_RESULTS = {
    "allocation.trial": _counted,
    "allocation.closed": _counted,
    "allocation.do": lambda _result: _("The places are given, and everybody has been told."),
}


def standing(found: RoundFacts, now: datetime) -> tuple[str, str]:
    """How a round stands: tone, and a word."""
    match found.state:
        case RoundState.DRAFT:
            return "idle", _("draft")
        case RoundState.DONE:
            return "done", _("places given")
        case RoundState.CANCELLED:
            return "idle", _("called off")
    if now < found.opens:
        return "waiting", _("opens later")
    return ("waiting", _("open for wishes")) if now < found.closes else ("problem", _("to be confirmed"))


def sentence(found: RoundFacts, now: datetime) -> str:
    """The same in a sentence."""
    match found.state:
        case RoundState.DRAFT:
            return _("A draft: nobody but you and your colleagues sees it yet.")
        case RoundState.DONE:
            return _("The places have been given, and everybody has been told.")
        case RoundState.CANCELLED:
            return _("This round was called off.")
    if now < found.opens:
        return _(
            "Teachers rank runs from %(opens)s to %(closes)s.",
            opens=_at(found.opens),
            closes=_at(found.closes),
        )
    if now < found.closes:
        return _("Teachers rank runs until %(closes)s.", closes=_at(found.closes))
    return _("Ranking closed on %(closes)s. The outcome waits to be confirmed.", closes=_at(found.closes))


def _at(moment: datetime) -> str:
    return shown_moment(moment)


def wish_number(number: int) -> str:
    """Which wish somebody got, in a table."""
    return _("wish %(number)s", number=number)


def reason(told: Mapping[str, Any]) -> str:
    """Why one wish came out as it did, to the teacher; *told* as the outcome keeps it."""
    facts = told["facts"]
    match told["code"]:
        case "given":
            if facts.get("pool", "open") == "open":
                return _("This place is yours.")
            return _("This place is yours. It was set aside for: %(group)s.", group=group_name(facts["pool"]))
        case "not-needed":
            return _("Not looked at, for you got your wish number %(given)s.", given=facts["given"])
        case "run-full":
            full = ngettext(
                "The one place open to you went to somebody who comes first by the published order.",
                "All %(num)s places open to you went to others who come first by the published order.",
                facts["places"],
            )
            return f"{full} {decided(facts)}"
        case "quota-full":
            full = ngettext(
                "Only %(num)s place of this run may go to %(group)s, and somebody else comes first.",
                "Only %(num)s places of this run may go to %(group)s, and others come first.",
                facts["places"],
                group=group_name(facts["quota"]),
            )
            return f"{full} {decided(facts)}"
        case "quota-closed" if facts.get("quota"):
            return _("No open place of this run may go to %(group)s.", group=group_name(facts["quota"]))
        case "not-in-round":
            return _("This run left the round before places were given.")
        case "not-allowed":
            why = " ".join(say(Refusal(each["code"], restored(each["facts"]))) for each in facts["why"])
            return _("When places were given, you could not have this one: %(why)s", why=why)
    return _("This run had no place that was open to you.")


def decided(facts: Mapping[str, Any]) -> str:
    """What stood between the last one admitted and this teacher."""
    last, yours = facts.get("last"), facts.get("yours")
    match facts["by"]:
        case "due" if yours is None:
            return _(
                "The last one admitted was due on %(last)s; for you no date is known, so you come after all who have one.",
                last=_day(last),
            )
        case "due":
            return _(
                "The last one admitted was due on %(last)s, you on %(yours)s.",
                last=_day(last),
                yours=_day(yours),
            )
        case "match":
            return _(
                "The speciality of the last one admitted fits better. Theirs: %(last)s; yours: %(yours)s.",
                last=GRADES[Grade(int(last or 0))], yours=GRADES[Grade(int(yours or 0))],
            )  # fmt: skip
        case "college" if yours is None:
            return _(
                "You were due on the same day. The last one admitted was ranked %(last)s by their college; yours "
                "did not rank you.",
                last=_place(last),
            )
        case "college":
            return _(
                "You were due on the same day. Your college ranked you %(yours)s; the last one admitted was ranked "
                "%(last)s by theirs.",
                last=_place(last), yours=_place(yours),
            )  # fmt: skip
    return _(
        "You were equal in everything before, so the lottery decided: the last one admitted drew %(last)s, you "
        "drew %(yours)s, and the smaller comes first.",
        last=last, yours=yours,
    )  # fmt: skip


def _place(rank: Any) -> str:
    return _("number %(rank)s", rank=rank)


def _day(text: Any) -> str:
    return shown_date(date.fromisoformat(str(text)))


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def restored(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts read from JSON, their days and moments made such again."""
    return {name: _restored(value) for name, value in facts.items()}


def _restored(value: Any) -> Any:
    if isinstance(value, str) and _DAY.match(value):
        return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    return value


def ranked(number: int) -> str:
    """How many runs somebody has ranked."""
    return ngettext("You ranked %(num)s run.", "You ranked %(num)s runs.", number)
