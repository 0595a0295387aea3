"""Orders as they are printed for signature: who comes, leaves, completes; with the lists as annex."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from retrain.documents import dates, pdf, sheets
from retrain.documents.wording import ORDER


class OrderKind(StrEnum):
    """What the order makes official."""

    ENROLMENT = "enrolment"
    COMPLETION = "completion"
    EXCLUSION = "exclusion"
    CHANGE = "change"
    COMMISSION = "commission"


class Training(StrEnum):
    """Which of the two kinds of course; it names the course and the document in the text."""

    ADVANCED_TRAINING = "advanced_training"
    RETRAINING = "retraining"


@dataclass(frozen=True)
class Listed:
    """A line of the annex. *note* is a result, or the reason why not; *last_day* the last one in the group."""

    name: str
    workplace: str
    post: str = ""
    note: str = ""
    last_day: date | None = None


@dataclass(frozen=True)
class Annex:
    """One list of the annex: its title, and what the columns beside the posts are called."""

    title: str
    people: tuple[Listed, ...]
    note: str = ""
    last_day: str = ""


@dataclass(frozen=True)
class Signer:
    """Who signs or agrees: the post, and the name as it stands beside the signature."""

    post: str
    name: str


@dataclass(frozen=True)
class OrderSheet:
    """Everything an order says. Without number and day it is printed with lines to fill in by hand.

    *people* are those the order is about; in an order of a changed list, the list as it is afterwards.
    """

    kind: OrderKind
    training: Training
    organisation: str
    course: str
    group: str
    starts: date
    ends: date
    hours: int
    people: tuple[Listed, ...]
    signer: Signer
    number: str = ""
    day: date | None = None
    place: str = ""
    superior: str = ""
    basis: str = ""
    form: str = ""
    funding: str = ""
    curator: str = ""
    controller: str = ""
    not_completed: tuple[Listed, ...] = ()
    added: tuple[Listed, ...] = ()
    removed: tuple[Listed, ...] = ()
    members: tuple[Listed, ...] = ()
    appeal_members: tuple[Listed, ...] = ()
    effective: date | None = None
    changes: tuple[str, date] | None = None
    """Number and day of the order that this one changes, by saying its annex anew."""
    agreed: tuple[Signer, ...] = ()


def order_pdf(order: OrderSheet, *, lang: str) -> bytes:
    """The order and its annex as a PDF, in one of the four languages."""
    return pdf.render(order_html(order, lang=lang), title=_title(order, lang), lang=lang)


def order_html(order: OrderSheet, *, lang: str) -> str:
    """The same pages before they become a PDF."""
    words = ORDER[lang]
    facts = [
        (words["course"], order.course),
        (words["group"], order.group),
        (words["period"], dates.period(order.starts, order.ends, lang)),
        (words["volume"], words["hours"].format(n=order.hours)),
        (words["form"], order.form),
        (words["funding"], order.funding),
        (words["effective"], dates.written(order.effective, lang) if order.effective else ""),
    ]
    return sheets.html(
        "order.html",
        lang,
        _title(order, lang),
        words,
        order=order,
        about=words[f"about_{order.kind}"].format(training=words[order.training]),
        facts=[(label, value) for label, value in facts if value],
        points=_points(order, words, lang),
        annexes=_annexes(order, words),
    )


def _points(order: OrderSheet, words: dict[str, str], lang: str) -> list[str]:
    about = order.people or order.members or order.appeal_members
    points = [words[f"decide_{order.kind}"].format(n=len(about))]
    if order.kind is OrderKind.COMPLETION:
        points.append(words["give"].format(document=words[f"document_{order.training}"]))
    if order.not_completed:
        points.append(words["decide_not_completed"].format(n=len(order.not_completed)))
    points += [
        words[f"decide_{part}"].format(n=len(listed), title=words[f"list_{part}"])
        for part, listed in (("removed", order.removed), ("added", order.added))
        if listed
    ]
    if order.kind is OrderKind.CHANGE:
        points.append(words["decide_now"].format(n=len(order.people)))
    if order.changes:
        points.append(
            words["decide_changes"].format(number=order.changes[0], day=dates.written(order.changes[1], lang))
        )
    if order.curator:
        points.append(words["curator"].format(name=order.curator))
    points.append(
        words["control"].format(name=order.controller) if order.controller else words["control_self"]
    )
    return points


def _annexes(order: OrderSheet, words: dict[str, str]) -> list[Annex]:
    reason, last_day = words["reason"], words["last_day"]
    match order.kind:
        case OrderKind.ENROLMENT:
            found = [Annex(words["list_people"], order.people)]
        case OrderKind.COMPLETION:
            found = [
                Annex(words["list_completed"], order.people, words["result"]),
                Annex(words["list_not_completed"], order.not_completed, reason),
            ]
        case OrderKind.EXCLUSION:
            found = [Annex(words["list_excluded"], order.people, reason, last_day)]
        case OrderKind.CHANGE:
            found = [
                Annex(words["list_removed"], order.removed, reason, last_day),
                Annex(words["list_added"], order.added),
                Annex(words["list_now"], order.people),
            ]
        case OrderKind.COMMISSION:
            found = [
                Annex(words["list_commission"], order.members, words["seat"]),
                Annex(words["list_appeals"], order.appeal_members, words["seat"]),
            ]
    return [each for each in found if each.people]


def _title(order: OrderSheet, lang: str) -> str:
    words = ORDER[lang]
    return f"{words['order']} {words['number'].format(number=order.number or '____')}"
