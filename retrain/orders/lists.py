"""What an order says of its run and of the people it names, out of the data as it is now."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from retrain.catalogue.models import Run
from retrain.enrolment.models import Enrolment, EnrolmentChange
from retrain.enrolment.queries import employed
from retrain.enrolment.states import IN_GROUP, State
from retrain.extensions import db
from retrain.orders import rules
from retrain.orders.models import OfficialOrder
from retrain.orders.rules import LEFT, LISTS, PARTS, REPLACED, Named, Ordered
from retrain.orders.states import OrderKind, OrderState
from retrain.people import queries as people
from retrain.people.models import Employment, Person, Teacher
from retrain.people.states import Script

Facts = dict[str, Any]
Note = Callable[[Run], dict[int, Facts]]
"""By enrolment: what an order's list says beside a name, as facts that the printed page words."""

_NOTES: dict[OrderKind, Note] = {}


def noted(kind: OrderKind) -> Callable[[Note], Note]:
    """Declare who knows what stands beside the names in orders of a kind: results come from a later stage."""

    def declare(note: Note) -> Note:
        _NOTES[kind] = note
        return note

    return declare


Grounds = Callable[[Run], list[Facts]]
_GROUNDS: dict[OrderKind, Grounds] = {}


def grounded(kind: OrderKind) -> Callable[[Grounds], Grounds]:
    """Declare who knows the papers of other kinds that orders of a kind rest on: each with kind, number and day."""

    def declare(ask: Grounds) -> Grounds:
        _GROUNDS[kind] = ask
        return ask

    return declare


Composed = Callable[[Run], list[Facts]]
_MEMBERS: list[Composed] = []


def composing(ask: Composed) -> Composed:
    """Declare who knows the members of a run's commissions: each with seat, name, post, workplace and purpose."""
    _MEMBERS.append(ask)
    return ask


def order_facts(run: Run, kind: OrderKind, names: Named | None = None) -> Facts:
    """What an order of *kind* says as it is now; frozen when the order is sent or registered.

    It names whom it would name now, unless *names* are given.
    """
    rows = _rows(run.id)
    names = names or rules.named(kind, {row.id: row.state for row in rows}, ordered(run.id))
    mentioned = names.mentioned
    composed = (
        {"members": [row for ask in _MEMBERS for row in ask(run)]} if kind is OrderKind.COMMISSION else {}
    )
    found = lines(run, [row for row in rows if row.id in mentioned], _notes(run, kind))
    return {
        "course": run.version.titles,
        "training": run.kind,
        "group": run.group_name,
        "hours": run.hours,
        "form": run.form,
        "starts": run.starts_on.isoformat(),
        "ends": run.ends_on.isoformat(),
        "curator": people.display_names([run.curator_id]).get(run.curator_id or 0, ""),
        "basis": [*_basis(run.id, kind), *(_GROUNDS[kind](run) if kind in _GROUNDS else ())],
        **{part: [found[number] for number in numbers] for part, numbers in parts(kind, names).items()},
        **composed,
    }


def parts(kind: OrderKind, names: Named) -> dict[str, list[int]]:
    """The lists of an order by the names its facts give them."""
    found = {"people": list(names.people), "not_completed": list(names.not_completed)}
    if kind is OrderKind.CHANGE:
        found |= {"added": list(names.added), "removed": list(names.removed)}
    return found


def names_in(facts: Facts) -> Named:
    """Whom frozen facts name."""
    return Named(**{part: [line["enrolment"] for line in facts.get(part, ())] for part in PARTS})


def named_now(run_id: int, kind: OrderKind) -> Named:
    """Whom an order of *kind* would name."""
    return rules.named(kind, {row.id: row.state for row in _rows(run_id)}, ordered(run_id))


def undecided(run_id: int) -> int:
    """How many of the group are not decided on yet."""
    found = select(func.count()).where(Enrolment.run_id == run_id, Enrolment.state == State.ENROLLED)
    return db.session.scalar(found) or 0


def ordered(run_id: int) -> Ordered:
    """What the registered orders of a run say of its people."""
    found = select(OfficialOrder.kind, OfficialOrder.facts).where(
        OfficialOrder.run_id == run_id, OfficialOrder.state == OrderState.REGISTERED,
        OfficialOrder.kind.in_((*LISTS, OrderKind.EXCLUSION)),
    )  # fmt: skip
    rows = db.session.execute(found.order_by(OfficialOrder.registered_at, OfficialOrder.id)).tuples()
    return rules.ordered_by((kind, names_in(facts)) for kind, facts in rows)


def _rows(run_id: int) -> list[Enrolment]:
    """Everybody who is or was in the group, by name."""
    found = (
        select(Enrolment)
        .join(Teacher, Teacher.id == Enrolment.teacher_id)
        .join(Person, Person.id == Teacher.person_id)
        .where(Enrolment.run_id == run_id, Enrolment.since.is_not(None))
        .where(Enrolment.state.in_(IN_GROUP | LEFT | REPLACED))
        .order_by(Person.sort_key, Enrolment.id)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(found))


def lines(run: Run, rows: Sequence[Enrolment], notes: Mapping[int, Facts] | None = None) -> dict[int, Facts]:
    """By enrolment: the name in each script, the names of the college, the post, what is noted."""
    found = (
        select(Enrolment.id, Person, Employment.post)
        .join(Teacher, Teacher.id == Enrolment.teacher_id)
        .join(Person, Person.id == Teacher.person_id)
        .outerjoin(
            Employment,
            (Employment.teacher_id == Teacher.id)
            & (Employment.organisation_id == Enrolment.organisation_id)
            & employed(run.starts_on),
        )
        .where(Enrolment.id.in_([row.id for row in rows]))
        .order_by(Employment.since)
    )
    known = {number: (person, post) for number, person, post in db.session.execute(found).tuples()}
    persons = [person for person, _post in known.values()]
    scripts = {script: people.names_of(persons, script) for script in Script}
    workplaces = people.organisation_names({row.organisation_id for row in rows})
    return {
        row.id: {
            "enrolment": row.id,
            "names": {
                script.value: " ".join(filter(None, scripts[script][known[row.id][0].id]))
                for script in Script
            },
            "workplaces": workplaces.get(row.organisation_id, {}),
            "post": known[row.id][1] or "",
            "note": (notes or {}).get(row.id, {}),
        }
        for row in rows
    }


def _notes(run: Run, kind: OrderKind) -> dict[int, Facts]:
    if kind in (OrderKind.EXCLUSION, OrderKind.CHANGE):
        return _leavings(run.id)
    return _NOTES[kind](run) if kind in _NOTES else {}


def _leavings(run_id: int) -> dict[int, Facts]:
    """By enrolment: since when and for what reason somebody is no longer in the group."""
    found = (
        select(Enrolment.id, Enrolment.until, EnrolmentChange.reason)
        .join(EnrolmentChange, EnrolmentChange.enrolment_id == Enrolment.id)
        .where(Enrolment.run_id == run_id, EnrolmentChange.after.in_(LEFT | REPLACED))
        .order_by(EnrolmentChange.id)
    )
    return {
        number: {"left": until.isoformat() if until else None, "why": reason or ""}
        for number, until, reason in db.session.execute(found).tuples()
    }


def _basis(run_id: int, kind: OrderKind) -> list[Facts]:
    """The registered order that an order rests on, for all but the first."""
    if kind is OrderKind.ENROLMENT:
        return []
    found = (
        select(OfficialOrder.kind, OfficialOrder.number, OfficialOrder.registered_on)
        .where(OfficialOrder.run_id == run_id, OfficialOrder.kind.in_(LISTS))
        .where(OfficialOrder.state == OrderState.REGISTERED)
        .order_by(OfficialOrder.registered_at, OfficialOrder.id)
    )
    return [
        {"kind": each, "number": number, "on": on.isoformat()}
        for each, number, on in db.session.execute(found).tuples()
        if on is not None
    ]


def close_changes(order: OfficialOrder, numbers: Iterable[int]) -> None:
    """Write the order beside the moves it makes official."""
    found = select(EnrolmentChange).where(
        EnrolmentChange.enrolment_id.in_(list(numbers)), EnrolmentChange.after.in_(LEFT | REPLACED),
        EnrolmentChange.order_id.is_(None),
    )  # fmt: skip
    for change in db.session.scalars(found):
        change.order_id = order.id
