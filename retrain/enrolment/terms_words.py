"""Terms, quotas, consents and conditions in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from retrain.catalogue.wording import GROUNDS, REGIONS
from retrain.enrolment.change_wording import FUNDING
from retrain.enrolment.eligibility import Condition
from retrain.enrolment.states import Consent, Lodging, QuotaSort, Side, Way
from retrain.enrolment.terms import TermsFacts
from retrain.language import pick
from retrain.language.transliteration import in_letters_of
from retrain.people import queries as people
from retrain.people.wording import KINDS, STAFF_KINDS
from retrain.web.language import LANGUAGES, current_language, shown_date

CONSENTS = {
    Consent.NONE: _l("nobody’s"),
    Consent.COLLEGE: _l("the college’s"),
    Consent.PROVIDER: _l("ours, the provider’s"),
    Consent.BOTH: _l("the college’s and ours"),
}
"""Whose consent a run asks for, to its coordinator."""
WAYS = {
    Way.FIRST_COME: _l("to the first who come"),
    Way.ROUND: _l("in an allocation round"),
}
SORTS = {
    QuotaSort.SET_ASIDE: _l("kept for them"),
    QuotaSort.CEILING: _l("at most so many of them"),
}
SIDES = {Side.COLLEGE: _l("your college"), Side.PROVIDER: _l("the provider")}
LODGINGS = {
    Lodging.ASKED: _l("asked for a place in the dormitory"),
    Lodging.GIVEN: _l("has a place in the dormitory"),
    Lodging.REFUSED: _l("no place in the dormitory"),
}
RESERVED = {"rural": _l("colleges in villages")}
"""Groups that places may be reserved for."""


def group(of: str, names: Mapping[int, Mapping[str, str]] | None = None) -> str:
    """A group that a quota speaks of; *names* are those of the colleges, when they were read already."""
    sort, _colon, what = of.partition(":")
    match sort:
        case "region":
            return str(REGIONS.get(what, what))
        case "kind":
            return next((str(word) for kind, word in KINDS.items() if kind == what), what)
        case "reserved":
            return str(RESERVED.get(what, what))
    number = int(what) if what.isdecimal() else 0
    found = people.organisation_names({number}) if names is None else names
    return pick(found.get(number), current_language()) or what


def price(sum_: int | None) -> str:
    """A sum in whole so‘m, its thousands apart."""
    return "" if sum_ is None else _("%(sum)s so‘m", sum=f"{sum_:,}".replace(",", "\N{NO-BREAK SPACE}"))


def to_know(terms: TermsFacts) -> list[tuple[str, str]]:
    """What one should know before coming, but the map: names with what they say."""
    found = [
        (_("Places are given"), str(WAYS[terms.way])),
        (
            _("Who pays"),
            ", ".join(part for part in (str(FUNDING[terms.funding]), price(terms.price)) if part),
        ),
        (_("Release from work"), _("yes, for the days of the run") if terms.with_release else _("no")),
        (_("Dormitory"), _("yes, ask for a place once you are on the run") if terms.lodging else _("no")),
    ]
    if terms.consent.sides:
        sides = " + ".join(str(SIDES[side]) for side in sorted(terms.consent.sides))
        found.insert(1, (_("Consent is asked of"), sides))
    if terms.to_bring:
        found.append((_("What to bring"), in_letters_of(terms.to_bring, current_language())))
    return found


def consent_said(side: Side, given: bool | None, asked: bool) -> tuple[str, str]:
    """What one side has said to a teacher's coming: a tone and a sentence."""
    if given is None:
        words = _("not answered yet") if asked else _("not asked yet")
        return ("waiting" if asked else "idle"), f"{SIDES[side]}: {words}"
    return (
        ("done", f"{SIDES[side]}: " + _("consents"))
        if given
        else ("problem", f"{SIDES[side]}: " + _("refuses"))
    )


def yours(condition: Condition) -> str:
    """What the teacher has to set against a condition."""
    facts = condition.facts
    mine: Any = facts.get("yours")
    match condition.code:
        case "other-speciality":
            return match_found(facts)
        case "other-staff-kind":
            return _(
                "You: %(kind)s.", kind=next(str(STAFF_KINDS[kind]) for kind in STAFF_KINDS if kind == mine)
            )
        case "service-too-short" | "service-too-long":
            return _not_entered(mine) or ngettext(
                "You: %(num)s full year.", "You: %(num)s full years.", mine or 0
            )
        case "not-due-yet":
            by = shown_date(facts["by"])
            return _("By %(by)s; you: %(due)s.", by=by, due=_day(mine))
        case "other-language":
            return _not_entered(mine) or _(
                "You: %(what)s.", what=", ".join(LANGUAGES.get(each, each) for each in mine)
            )
        case "no-ground-for-distance":
            return _not_entered(mine) or _(
                "You: %(what)s.", what=", ".join(str(GROUNDS[each]) for each in mine)
            )
    return _not_entered(mine) or _("You: %(what)s.", what=mine)


def _not_entered(mine: Any) -> str:
    if mine in (None, "", [], ()):
        return _("Nothing is entered for you; your college’s HR office can enter it.")
    return ""


def _day(due: date | None) -> str:
    return shown_date(due) if due else _("no date is entered")


def match_found(facts: Mapping[str, Any]) -> str:
    """How far a teacher's specialities fit the course, and by what."""
    match facts["match"]:
        case "exact":
            return _("You: “%(yours)s”, exactly what is asked.", yours=facts["yours"])
        case "related":
            return _(
                "You: “%(yours)s”, which the classifier calls related to “%(wanted)s” (field %(field)s).",
                yours=facts["yours"], wanted=facts["wanted"], field=facts["field"],
            )  # fmt: skip
        case "by-diploma":
            return _(
                "You: earlier retraining as “%(yours)s” (%(document)s), which fits “%(wanted)s”.",
                yours=facts["yours"], wanted=facts["wanted"], document=facts["document"] or "—",
            )  # fmt: skip
    mine = ", ".join(facts.get("yours", ()))
    if not mine:
        return _not_entered(None)
    return _("You: %(yours)s. None of it fits “%(wanted)s”.", yours=mine, wanted=", ".join(facts["wanted"]))
