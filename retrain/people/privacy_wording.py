"""What stays of somebody who is erased, why and until when, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from retrain.people.privacy_rules import Kept, last_day, needing_the_name
from retrain.web.language import shown_date

KEPT = {
    "enrolments": (
        _l("the places on courses that an order or a register names"),
        _l("The order or register would be of no use without them."),
    ),
    "place": (
        _l("the place on a course that is not over"),
        _l("The group's list and its registers need the name."),
    ),
    "certificates": (
        _l("the documents issued, with the name and number they bear, and their lines in the register book"),
        _l("Whoever is shown one must be able to check it."),
    ),
    "orders": (
        _l("the orders that bear the name"),
        _l("An order is changed only by another order, and is kept as it is for the archive."),
    ),
    "attendance": (
        _l("the marks in registers of classes, without the reasons written beside them"),
        _l("Hours, decisions and documents rest on them."),
    ),
    "decisions": (
        _l("the results and what the commission decided"),
        _l("Orders of completion and documents rest on them."),
    ),
    "teaching": (
        _l("the classes taught and the registers signed"),
        _l("The hours of those who were there rest on them."),
    ),
    "messages": (
        _l("the name in messages to others who were written to or lent a role"),
        _l("A message is its reader’s, and goes when all messages of its age do."),
    ),
    "signatory": (
        _l("the name among an organisation’s signatories"),
        _l(
            "It must stay known who signed on which day. For what is signed from now on, the organisation names another."
        ),
    ),
    "audit": (
        _l("the log of what was done, with the names that changed"),
        _l("It is sealed, so that nobody can alter unseen what happened."),
    ),
}
"""What stays of somebody who is erased, and why."""


@dataclass(frozen=True)
class KeptWords:
    """What must be kept, why and until when, line by line; and what becomes of the name."""

    lines: list[dict[str, str]]
    name: str


def kept_words(kept: Sequence[Kept]) -> KeptWords:
    """What must be kept, in words."""
    lines = [
        {"what": str(KEPT[each.code][0]), "why": str(KEPT[each.code][1]), "until": _until(each.until)}
        for each in kept
    ]
    return KeptWords(lines, _name_words(needing_the_name(kept)))


def _until(day: date | None) -> str:
    return _("Until %(day)s.", day=shown_date(day)) if day else _("For good.")


def _name_words(needing: Sequence[Kept]) -> str:
    if not needing:
        return _(
            "The name is erased from the account; it stays only where a document, an order or the log bears it."
        )
    day = last_day(needing)
    if day is None:
        return _("The name stays, because some of this is of no use without it.")
    return _(
        "The name stays until %(day)s, because some of this is of no use without it. Then it is erased too.",
        day=shown_date(day),
    )
