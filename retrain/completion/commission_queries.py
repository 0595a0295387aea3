"""What is read of commissions, their protocols and appeals."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from retrain.catalogue.models import Run
from retrain.completion import commission_rules as rules
from retrain.completion.commission_models import Appeal, Commission, Invitation, ProtocolLine, Sitting
from retrain.completion.commission_rules import Member
from retrain.completion.rules import Vote
from retrain.completion.states import AppealState, Outcome, Purpose, Seat
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.orders import lists as order_lists
from retrain.orders import queries as orders
from retrain.orders.states import OrderKind
from retrain.people import queries as people
from retrain.people import settings
from retrain.refusal import NotThere

TERMS = {Purpose.FINAL: "commission_terms", Purpose.APPEAL: "appeal_terms"}
"""The setting that a commission's terms stand in."""


def terms_of(provider_id: int, purpose: Purpose, on: Any = None) -> rules.Terms:
    """A provider's terms on a day."""
    return rules.Terms.of(settings.get(provider_id, TERMS[purpose], on))


def commission(run_id: int, purpose: Purpose) -> Commission | None:
    """The run's commission for a purpose, if it is composed."""
    found = select(Commission).where(Commission.run_id == run_id, Commission.purpose == purpose)
    return db.session.scalar(found)


def members(row: Commission | None) -> list[Member]:
    """The seats of a commission, the chair first and the secretary last."""
    seats = list(Seat)
    found = [
        Member(
            each.seat, each.name, each.post, each.workplace, email=each.email, language=each.language,
            person_id=each.person_id,
        )
        for each in (row.members if row else ())
    ]  # fmt: skip
    return sorted(found, key=lambda each: seats.index(each.seat))


def colleagues(provider_id: int) -> list[rules.Colleague]:
    """Who has a role at the provider now: any of them may sit in its commissions."""
    return [
        rules.Colleague(person.id, person.full_name, person.email or "")
        for person in people.holders(provider_id)
    ]


def invitations(commission_id: int) -> list[Invitation]:
    """The sessions that a commission was called to and that were not called off, the next one first."""
    found = select(Invitation).where(
        Invitation.commission_id == commission_id, Invitation.called_off_at.is_(None)
    )
    return list(db.session.scalars(found.order_by(Invitation.at)))


def invitation(commission_id: int, number: int) -> Invitation:
    """One of them. Raises NotThere."""
    found = next((each for each in invitations(commission_id) if each.id == number), None)
    if found is None:
        raise NotThere(number)
    return found


def is_ordered(run: Run, purpose: Purpose) -> bool:
    """Whether the last registered order names the commission as it is composed now."""
    order = orders.order_of(run, OrderKind.COMMISSION)
    named = [
        (row["seat"], row["name"])
        for row in (order.facts.get("members", ()) if order else ())
        if row["purpose"] == purpose
    ]
    now = [(each.seat.value, each.name) for each in members(commission(run.id, purpose))]
    return bool(now) and sorted(named) == sorted(now)


def sittings(run_id: int, purpose: Purpose) -> list[Sitting]:
    """The sessions of a run's commission, the first one first."""
    found = (
        select(Sitting)
        .join(Commission, Commission.id == Sitting.commission_id)
        .where(Commission.run_id == run_id, Commission.purpose == purpose)
        .order_by(Sitting.held_on, Sitting.id)
    )
    return list(db.session.scalars(found))


def sat(row: Sitting) -> list[Member]:
    """Who sat in a session, as it was written down."""
    return [
        Member(Seat(each["seat"]), each["name"], each["post"], each["workplace"], each["present"])
        for each in row.members
    ]


def said_of(run: Run, row: Sitting) -> dict[int, dict[str, Any]]:
    """enrolment → name and college of each person whom a session heard: as its protocol was closed, else as now."""
    if row.heard is not None:
        return {int(number): said for number, said in row.heard.items()}
    wanted = select(Enrolment).where(Enrolment.id.in_([line.enrolment_id for line in row.lines]))
    return order_lists.lines(run, list(db.session.scalars(wanted)))


def heard(run_id: int, purpose: Purpose) -> dict[int, str]:
    """protocol by enrolment: those on whom a closed session of that commission decided."""
    return {line.enrolment_id: protocol_of(sitting) for line, sitting in _closed_lines(run_id, purpose)}


def _closed_lines(run_id: int, purpose: Purpose) -> Iterable[tuple[ProtocolLine, Sitting]]:
    return db.session.execute(
        select(ProtocolLine, Sitting)
        .join(Sitting, Sitting.id == ProtocolLine.sitting_id)
        .join(Commission, Commission.id == Sitting.commission_id)
        .where(Commission.run_id == run_id, Commission.purpose == purpose, Sitting.closed_at.is_not(None))
        .order_by(Sitting.closed_at, Sitting.id)
    ).tuples()


def protocol_of(row: Sitting) -> str:
    """The number of a protocol as people write it."""
    return f"{row.number}/{row.year}" if row.number else ""


def votes(run_id: int) -> dict[int, Vote]:
    """enrolment → what was voted last on somebody's work: by the commission of final works, or in its place by that
    of appeals where it gave points."""
    return {number: vote_of(line, sitting) for number, (line, sitting) in _deciding(run_id).items()}


def protocols(run_id: int) -> dict[int, tuple[str, date]]:
    """enrolment → number and day of the protocol in which the points of somebody's final work stand."""
    return {
        number: (protocol_of(sitting), sitting.held_on)
        for number, (_line, sitting) in _deciding(run_id).items()
    }


def _deciding(run_id: int) -> dict[int, tuple[ProtocolLine, Sitting]]:
    found = {line.enrolment_id: (line, sitting) for line, sitting in _closed_lines(run_id, Purpose.FINAL)}
    for line, sitting in _closed_lines(run_id, Purpose.APPEAL):
        if line.points is not None and vote_of(line, sitting).carried and line.enrolment_id in found:
            found[line.enrolment_id] = (line, sitting)
    return found


def vote_of(line: ProtocolLine, sitting: Sitting) -> Vote:
    """One line's votes as the rules count them."""
    return Vote(line.votes_for, line.votes_against, line.abstained, line.chair_for, protocol_of(sitting))


def order_of(run: Run, by: datetime | None = None) -> tuple[str, date] | None:
    """Number and day of the order that composes the run's commissions, or did when a protocol was closed."""
    order = orders.order_of(run, OrderKind.COMMISSION, by)
    return (order.number or "", order.registered_on) if order and order.registered_on else None


def upheld(run_id: int) -> dict[int, dict[str, Any]]:
    """enrolment → the appeal that decided the outcome itself; one that gave new points decides by them."""
    rows = db.session.execute(
        select(Appeal, Sitting, ProtocolLine.points)
        .join(Enrolment, Enrolment.id == Appeal.enrolment_id)
        .join(Sitting, Sitting.id == Appeal.sitting_id)
        .join(
            ProtocolLine,
            (ProtocolLine.sitting_id == Sitting.id) & (ProtocolLine.enrolment_id == Appeal.enrolment_id),
        )
        .where(Enrolment.run_id == run_id, Appeal.state == AppealState.UPHELD)
    ).tuples()
    return {
        appeal.enrolment_id: {"outcome": Outcome.COMPLETED.value, "protocol": protocol_of(sitting)}
        for appeal, sitting, points in rows
        if points is None
    }


def appeals(run_id: int) -> list[Appeal]:
    """The appeals of a run, the first one first."""
    found = select(Appeal).join(Enrolment, Enrolment.id == Appeal.enrolment_id)
    return list(db.session.scalars(found.where(Enrolment.run_id == run_id).order_by(Appeal.id)))


def appeals_of(enrolment_id: int) -> list[Appeal]:
    """Somebody's appeals on a run, the first one first."""
    found = select(Appeal).where(Appeal.enrolment_id == enrolment_id).order_by(Appeal.id)
    return list(db.session.scalars(found))
