"""When documents may be issued and handed over, and from what a number is made. Pure."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from retrain.certificates.states import LIVING, CertificateState, Ground, Part, ReceivedBy
from retrain.refusal import Refusal


@dataclass(frozen=True)
class RunFacts:
    """A run as issuing sees it; *grounds* are what its policy asks for before a document."""

    closed: bool
    completed: int
    grounds: Collection[str]
    registered: Collection[str]
    """Kinds of orders that are registered."""
    has_signatory: bool
    numbers_held: bool = False
    """Nobody has confirmed the last numbers since a restore."""
    issued_later: datetime | None = None
    """When the last document of the series was issued, if the clock stands before that."""
    emblem_lost: bool = False
    """The provider's own emblem is not among the kept files any more."""


_GROUNDS = {
    "enrolment_order": ("enrolment", "enrolment-order-not-registered"),
    "completion_order": ("completion", "order-missing"),
}


def refusals_to_issue(run: RunFacts) -> list[Refusal]:
    """Every ground that is missing; empty when documents may be issued."""
    found = []
    if not run.closed:
        found.append(Refusal.of("run-not-finished"))
    elif not run.completed:
        found.append(Refusal.of("nobody-completed"))
    for ground in run.grounds:
        kind, code = _GROUNDS[ground]
        if kind not in run.registered:
            found.append(Refusal.of(code))
    if not run.has_signatory:
        found.append(Refusal.of("signatory-missing"))
    if run.numbers_held:
        found.append(Refusal.of("numbers-held"))
    if run.issued_later:
        found.append(Refusal.of("clock-behind", at=run.issued_later))
    if run.emblem_lost:
        found.append(Refusal.of("emblem-lost"))
    return found


def legible(text: str) -> str:
    """*text* for a sentence: what shows nothing, or would turn the sentence round, is told by its number."""
    return "".join(
        sign if unicodedata.category(sign)[0] not in "CM" else f"U+{ord(sign):04X}"
        for sign in unicodedata.normalize("NFC", text)
    )


CLOCKS_DIFFER = timedelta(minutes=5)
"""So much may the clocks of two servers differ."""


def later_than(now: datetime, last: datetime | None) -> datetime | None:
    """When the last document was issued, if that is yet to come: then the clock is wrong, and days would be too."""
    return last if last is not None and last > now + CLOCKS_DIFFER else None


FURTHEST_AHEAD = timedelta(days=60)
"""So far ahead a document may be dated: long enough for a ceremony, too short to be forgotten."""


def refusals_to_date(day: date, today: date) -> list[Refusal]:
    """Why documents can't bear *day*. An earlier day than today's would be a lie, and the log would show it."""
    if day < today:
        return [Refusal.of("dated-back", field="day", today=today)]
    if day > today + FURTHEST_AHEAD:
        return [Refusal.of("dated-too-far", field="day", last=today + FURTHEST_AHEAD)]
    return []


def unpaid(people: int) -> Refusal:
    """That the documents of so many wait until the course is paid for."""
    return Refusal.of("unpaid", people=people)


def held_back(
    waiting: Collection[int], unpaid_by: Collection[int], unordered: Collection[int]
) -> list[Refusal]:
    """Why some of those *waiting* for a document don't get it now: not paid for, or the order says otherwise."""
    found = [unpaid(len(those))] if (those := set(waiting) & set(unpaid_by)) else []
    if those := set(waiting) & set(unordered):
        found.append(Refusal.of("completed-after-order", people=len(those)))
    return found


def refusals_to_revoke(
    state: CertificateState, reason: str, order: str, order_on: date | None, today: date
) -> list[Refusal]:
    """Why a document can't be revoked like this. An order may come later or not at all, but never by half."""
    found = []
    if not reason.strip():
        found.append(Refusal.of("reason-missing", field="reason"))
    if state not in LIVING:
        found.append(Refusal.of("ended-already"))
    if order.strip() and order_on is None:
        found.append(Refusal.of("order-without-day", field="order_on"))
    if order_on is not None and not order.strip():
        found.append(Refusal.of("order-without-number", field="order"))
    if order_on is not None and order_on > today:
        found.append(Refusal.of("order-to-come", field="order_on"))
    return found


@dataclass(frozen=True)
class Standing:
    """A document that somebody wants another one for."""

    state: CertificateState
    was_replaced: bool
    numbers_held: bool
    has_reason: bool
    issued_later: datetime | None = None


def put_right(ground: Ground, parts: Collection[Part]) -> frozenset[Part]:
    """What the new document says otherwise than the old one: nothing but what its ground is about."""
    if ground is Ground.NAME_CHANGED:
        return frozenset({Part.NAME})
    return frozenset(parts) if ground is Ground.MISTAKE else frozenset()


def refusals_to_replace(of: Standing, ground: Ground, parts: Collection[Part]) -> list[Refusal]:
    """Why no other document may be issued in its place. A revoked one may be followed by another, once.

    The mistake may have been the revocation itself: then nothing need be put right.
    """
    found = []
    if of.was_replaced or of.state not in (*LIVING, CertificateState.REVOKED):
        found.append(Refusal.of("replaced-already"))
    if of.state is CertificateState.PREPARED:
        found.append(Refusal.of("not-issued-yet"))
    if not of.has_reason:
        found.append(Refusal.of("reason-missing", field="reason"))
    if ground is Ground.MISTAKE and not parts and of.state is not CertificateState.REVOKED:
        found.append(Refusal.of("nothing-put-right", field="parts"))
    if of.numbers_held:
        found.append(Refusal.of("numbers-held"))
    if of.issued_later:
        found.append(Refusal.of("clock-behind", at=of.issued_later))
    return found


def refusals_to_hand_over(
    state: CertificateState, issued_on: date, on_date: date, received_by: ReceivedBy, who: str
) -> list[Refusal]:
    """Why a document can't be recorded as handed over like this."""
    found = []
    if state is CertificateState.PREPARED:
        return [Refusal.of("prepared-only", on=issued_on)]
    if state is not CertificateState.ISSUED:
        found.append(Refusal.of("certificate-ended"))
    if on_date < issued_on:
        found.append(Refusal.of("hand-over-before-issue", field="on_date", on=issued_on))
    if received_by is not ReceivedBy.SELF and not who.strip():
        found.append(Refusal.of("receiver-missing", field="who"))
    return found


@dataclass(frozen=True)
class Missing:
    """Numbers from *first* to *last* that stand on paper and on no document of the database."""

    first: int
    last: int


def missing(numbers: Collection[int], last: int) -> list[Missing]:
    """Where a register book that counts up to *last* has no document."""
    found, before = [], 0
    for number in (*sorted(numbers), last + 1):
        if number > before + 1:
            found.append(Missing(before + 1, number - 1))
        before = number
    return found


def registration_number(series: str, year: int, number: int) -> str:
    """As the register book counts: series, number in six digits, year."""
    return f"{series} {number:06d}/{year}"
