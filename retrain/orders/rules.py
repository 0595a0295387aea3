"""Whom an order names; when it may be sent, signed and registered. Plain values in, why out."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from retrain.enrolment.rules import RunFacts
from retrain.enrolment.states import IN_GROUP, State
from retrain.orders.states import OrderKind, OrderState
from retrain.refusal import Refusal

LEFT = frozenset({State.EXCLUDED, State.WITHDRAWN})
"""Whom an order of exclusion takes off the list."""
REPLACED = frozenset({State.SUBSTITUTED, State.TRANSFERRED})
"""Whom an order of a changed list takes off it: their place went to somebody else, or they to another run."""
LISTS = frozenset({OrderKind.ENROLMENT, OrderKind.CHANGE})
"""Orders that say who is in the group."""
PARTS = ("people", "not_completed", "added", "removed")
"""The lists of an order: the columns of ``Named``, and the names that frozen facts give them."""


@dataclass(frozen=True)
class Ordered:
    """What the orders registered so far say of a run's people, as numbers of enrolments."""

    listed: frozenset[int] | None = None
    """Whom the last list names; None while no order of enrolment is registered."""
    excluded: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Named:
    """Whom an order would name now, as numbers of enrolments in the order of the list."""

    people: Sequence[int] = ()
    not_completed: Sequence[int] = ()
    added: Sequence[int] = ()
    removed: Sequence[int] = ()

    @property
    def everyone(self) -> int:
        """How many the order is about."""
        return len(self.people) + len(self.not_completed)

    @property
    def mentioned(self) -> frozenset[int]:
        """Everybody who stands in any of the lists."""
        return frozenset().union(*(getattr(self, part) for part in PARTS))


def ordered_by(registered: Iterable[tuple[OrderKind, Named]]) -> Ordered:
    """What registered orders say of a run's people together, given from the first to the last."""
    listed: frozenset[int] | None = None
    excluded: set[int] = set()
    for kind, names in registered:
        if kind in LISTS:
            listed = frozenset(names.people)
        elif kind is OrderKind.EXCLUSION:
            excluded.update(names.people)
    return Ordered(listed, frozenset(excluded))


def named(kind: OrderKind, states: dict[int, State], ordered: Ordered) -> Named:
    """Whom an order of *kind* names, out of where everybody stands (*states* by enrolment, in the list's order)."""
    match kind:
        case OrderKind.COMPLETION:
            return Named(_in(states, {State.COMPLETED}), _in(states, {State.NOT_COMPLETED}))
        case OrderKind.EXCLUSION:
            return Named(_to_exclude(states, ordered))
        case OrderKind.CHANGE:
            return _changed(states, ordered)
        case OrderKind.COMMISSION:
            return Named()  # its members are no listeners
    return Named(_in(states, IN_GROUP))


def _in(states: dict[int, State], wanted: Collection[State]) -> list[int]:
    return [number for number, state in states.items() if state in wanted]


def _to_exclude(states: dict[int, State], ordered: Ordered) -> list[int]:
    """Who left the group and is not excluded by an order yet.

    Who withdrew before any order named them was never in the group officially; who was taken off after the
    classes began was there, even when the order of enrolment is still on its way.
    """
    listed = ordered.listed or frozenset()
    return [
        number
        for number in _in(states, LEFT)
        if number not in ordered.excluded and (number in listed or states[number] is State.EXCLUDED)
    ]


def _changed(states: dict[int, State], ordered: Ordered) -> Named:
    """Who came after the list was ordered, who was replaced, and the list as it is then."""
    if ordered.listed is None:
        return Named()
    added = [number for number in _in(states, IN_GROUP) if number not in ordered.listed]
    removed = [number for number in _in(states, REPLACED) if number in ordered.listed]
    gone = {*removed, *ordered.excluded}
    people = [
        number for number in states if number in added or (number in ordered.listed and number not in gone)
    ]
    return Named(people, added=added, removed=removed)


def completed_since(now: Named, last: Named) -> list[int]:
    """Who has completed by now and stands in the *last* order of completion otherwise, or not at all."""
    return [number for number in now.people if number not in last.people]


@dataclass(frozen=True)
class OrderFacts:
    """What is typed when an order is registered, and whom it names."""

    kind: OrderKind
    state: OrderState
    number: str
    registered_on: date | None
    effective_on: date | None
    signer_name: str
    named: Named = field(default_factory=Named)
    own_number: bool = False
    enrolled_from: date | None = None
    """From when the order of enrolment holds, once it is registered."""
    members: int = 0
    """How many an order of a commission's composition names."""


def register_refusals(order: OrderFacts, run: RunFacts, undecided: int, now: datetime) -> list[Refusal]:
    """Why an order can't be registered. It may come late: its effective date may lie before its number's."""
    if order.state is OrderState.REGISTERED:
        return [Refusal.of("order-registered", number=order.number)]
    found = []
    if not order.number.strip() and not order.own_number:
        found.append(Refusal.of("order-number-missing", field="number"))
    if order.number.strip() and order.own_number:
        found.append(Refusal.of("order-two-numbers", field="number"))
    if order.registered_on is None:
        found.append(Refusal.of("order-date-missing", field="registered_on"))
    elif order.registered_on > run.day(now):
        found.append(Refusal.of("order-date-ahead", field="registered_on", on=order.registered_on))
    if order.effective_on is None:
        found.append(Refusal.of("order-effective-missing", field="effective_on"))
    else:
        found += _effective_refusals(order, run)
    if not order.signer_name.strip():
        found.append(Refusal.of("order-signer-missing", field="signer"))
    return [*found, *content_refusals(order.kind, order.named, run, undecided, order.members)]


def _effective_refusals(order: OrderFacts, run: RunFacts) -> list[Refusal]:
    on, first = order.effective_on, order.enrolled_from
    if on is None or order.kind in (OrderKind.COMPLETION, OrderKind.COMMISSION):
        return []
    if on > run.ends_on:
        return [Refusal.of("order-effective-late", field="effective_on", ends=run.ends_on)]
    if first is not None and on < first and order.kind in (OrderKind.EXCLUSION, OrderKind.CHANGE):
        return [Refusal.of("order-effective-early", field="effective_on", first=first)]
    return []


def content_refusals(
    kind: OrderKind, names: Named, run: RunFacts, undecided: int, members: int = 0
) -> list[Refusal]:
    """Why an order has nothing to say yet; *undecided* are those in the group whose end is not decided."""
    found = []
    if kind is OrderKind.COMMISSION:
        found += [] if members else [Refusal.of("order-commission-empty")]
    elif kind is OrderKind.COMPLETION and undecided:
        found.append(Refusal.of("order-run-not-closed", run=run.code))
    elif kind is OrderKind.CHANGE and not (names.added or names.removed):
        found.append(Refusal.of("order-changes-nothing"))
    elif kind is OrderKind.EXCLUSION and not names.people:
        found.append(Refusal.of("order-excludes-nobody"))
    elif not names.everyone and kind is not OrderKind.CHANGE:
        found.append(Refusal.of("order-names-nobody"))
    if run.state in ("draft", "cancelled"):
        found.append(Refusal.of("order-run-state", run=run.code))
    return found


@dataclass(frozen=True)
class Sending:
    """An order on its way: its state, to whom it was sent, who signed it off, and which sending a person saw."""

    state: OrderState
    addressee_id: int | None
    signed_by_id: int | None
    sent_at: datetime | None
    seen: datetime | None = None


def answer_refusals(order: Sending, person_id: int | None, stands_in_for: int | None) -> list[Refusal]:
    """Why a person may not sign the order off or send it back: it must wait for them, as they have seen it."""
    if order.state is not OrderState.SENT:
        return [Refusal.of("order-not-sent")]
    if order.seen is not None and order.seen != order.sent_at:
        return [Refusal.of("order-sent-anew")]
    if order.addressee_id not in (None, person_id, stands_in_for):
        return [Refusal.of("order-for-another")]
    if order.signed_by_id is not None:
        return [Refusal.of("order-signed")]
    return []
