"""The desk: where a place is given, offered, passed on or taken back while the run's row is locked.

Every door leads here, so that each person meets the same checks in the same order. Nothing here asks who
acts: the use cases do, before they come.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from retrain import audit, clock
from retrain.audit import Actor
from retrain.catalogue import service as catalogue
from retrain.database import hot
from retrain.enrolment import counters, offers, queries, quota_rules, reading_people, rules
from retrain.enrolment.eligibility import judge
from retrain.enrolment.models import Enrolment, EnrolmentChange
from retrain.enrolment.offers import OfferTerms, Waiting
from retrain.enrolment.quota_rules import Taking
from retrain.enrolment.reading_people import TeacherAtDesk
from retrain.enrolment.reading_runs import RunAtDesk
from retrain.enrolment.states import HOLDS_PLACE, Side, Source, State, may_move
from retrain.enrolment.telling import tell
from retrain.enrolment.working_time import hours_of, request_lapses
from retrain.extensions import db
from retrain.people.models import Teacher
from retrain.refusal import Refusal, Refused

IMPLIED = {
    Source.NOMINATION: frozenset({Side.COLLEGE}),
    Source.COORDINATOR: frozenset({Side.PROVIDER}),
    Source.TRANSFER: frozenset(Side),
    Source.SUBSTITUTION: frozenset(Side),
    Source.ROUND: frozenset({Side.PROVIDER}),
}
"""Who puts somebody forward consents by it; a transfer or a substitution was agreed on already."""


def admit(
    actor: Actor, run: RunAtDesk, teacher: TeacherAtDesk, source: Source, nomination_id: int | None = None,
    instead_of_id: int | None = None, held: Taking | None = None,
) -> Enrolment:  # fmt: skip
    """Give *teacher* a place on *run*, the next spot on its list, or a request; Refused with every reason.

    *held* is a place that was given back for them a moment ago and passes to nobody else.
    """
    if why := against(run, teacher, source):
        raise Refused(why)
    now = clock.now()
    row = Enrolment(
        nomination_id=nomination_id, instead_of_id=instead_of_id, **arrival(run, teacher, source, now),
        **_standing(actor, run, teacher, source, now, held),
    )  # fmt: skip
    hot.add(row)
    run.waiting += row.state is State.WAITLISTED
    audit.record(actor, "enrolment.created", row, after=trace(run, row.state, row.position, source))
    number = run.waiting if row.state is State.WAITLISTED else None
    tell(run, row, teacher.person_id, _news(row.state, source), 0, number=number)
    return row


def arrival(run: RunAtDesk, teacher: TeacherAtDesk, source: Source, now: datetime) -> dict[str, Any]:
    """What an enrolment says of how somebody came, whatever state they come in with."""
    before = rules.repeat_of(run.facts, teacher.facts)
    return {
        "run_id": run.id, "teacher_id": teacher.id, "organisation_id": teacher.college_id, "source": source,
        "requested_at": now, "changed_at": now, "attempt": before.attempt + 1 if before else 1,
        "repeat_of_id": before.enrolment_id if before else None, "funding": run.terms.funding,
        "price": run.terms.price,
    }  # fmt: skip


def trace(run: RunAtDesk, state: State, position: int | None, source: Source) -> dict[str, Any]:
    """What the audit keeps of a new enrolment."""
    return {"run": run.facts.code, "state": state, "position": position, "source": source}


def against(run: RunAtDesk, teacher: TeacherAtDesk, source: Source) -> list[Refusal]:
    """Every reason why *teacher* may not come onto *run* now by this way."""
    now = clock.now()
    if teacher.candidate is None:
        found = rules.refusals(run.facts, teacher.facts, now, source)
    else:
        judged = judge(run.conditions, run.facts, run.form, teacher.candidate, now, by=source)
        found = judged.refusals
    missing = missing_sides(run, teacher, source)
    return found + [each for each in missing if isinstance(each, Refusal)]


def missing_sides(run: RunAtDesk, teacher: TeacherAtDesk, source: Source) -> Sequence[Side | Refusal]:
    """Whose consent is still missing for this way in; or that a side said no."""
    return rules.missing_consents(run.terms.consent.sides, teacher.consents, IMPLIED.get(source, ()))


def _standing(
    actor: Actor, run: RunAtDesk, teacher: TeacherAtDesk, source: Source, now: datetime, held: Taking | None
) -> dict[str, Any]:
    """The state somebody comes in with, and what belongs to it."""
    if missing := [each for each in missing_sides(run, teacher, source) if isinstance(each, Side)]:
        counters.ask(run.id, teacher.id, missing, now)
        return {"state": State.REQUESTED, "lapses_at": request_lapses(run, now)}
    if taking := _held(run, held) if held else place_for(actor, run, teacher):
        return {"state": State.ENROLLED, "since": run.facts.day(now), "taken_from": list(taking.quotas)}
    return {"state": State.WAITLISTED, "position": catalogue.next_waiting(run.id)}


def _held(run: RunAtDesk, held: Taking) -> Taking | None:
    return held if counters.take(run, held) else None


def _news(state: State, source: Source) -> str:
    """The message that says how somebody came."""
    own = source is Source.SELF
    match source:
        case Source.TRANSFER:
            return "enrolment.moved_waiting" if state is State.WAITLISTED else "enrolment.moved"
        case Source.SUBSTITUTION:
            return "enrolment.substitute"
    match state:
        case State.REQUESTED:
            return "enrolment.requested"
        case State.WAITLISTED:
            return "enrolment.waiting" if own else "enrolment.nominated_waiting"
    return "enrolment.enrolled" if own else "enrolment.nominated"


def place_for(actor: Actor, run: RunAtDesk, teacher: TeacherAtDesk) -> Taking | None:
    """Take a place for a newcomer; None when there is none left after those who wait."""
    now = clock.now()
    taking = quota_rules.take(run.places, teacher.groups, now)
    if isinstance(taking, Taking) and run.waiting and pass_on(actor, run):
        taking = quota_rules.take(run.places, teacher.groups, now)  # no newcomer goes past those who wait
    return taking if isinstance(taking, Taking) and counters.take(run, taking) else None


def settle(actor: Actor, run: RunAtDesk, row: Enrolment, teacher: TeacherAtDesk) -> None:
    """Turn a request that everybody consented to into a place or a spot on the list."""
    if why := rules.promotion_refusals(run.facts, teacher.facts):
        raise Refused(why)
    if taking := place_for(actor, run, teacher):
        row.taken_from = list(taking.quotas)
        move(actor, run, row, State.ENROLLED, kind="enrolment.approved")
        return
    row.position = catalogue.next_waiting(run.id)
    run.waiting += 1
    move(actor, run, row, State.WAITLISTED, kind="enrolment.waiting", number=run.waiting)


def move(
    actor: Actor, run: RunAtDesk, row: Enrolment, to: State, *, why: str | None = None,
    kind: str | None = None, order_id: int | None = None, **facts: Any,
) -> None:  # fmt: skip
    """Put an enrolment into another state, keep what it was, and tell the person."""
    if not may_move(row.state, to):
        raise AssertionError(f"an enrolment can't go from {row.state} to {to}")
    now, before = clock.now(), row.state
    change = EnrolmentChange(
        enrolment_id=row.id, at=now, by_id=actor.person_id, before=before, after=to, reason=why,
        order_id=order_id,
    )  # fmt: skip
    db.session.add(change)
    row.state, row.changed_at = to, now
    row.lapses_at = row.offer_expires_at = row.reminded_at = None
    if to is State.OFFERED:
        row.offer_expires_at = facts["expires"]
    if to is State.ENROLLED:
        row.since = run.facts.day(now)
    elif to not in HOLDS_PLACE and row.since is not None:
        row.until = max(run.facts.day(now), row.since)
    if before in HOLDS_PLACE and to not in HOLDS_PLACE:
        counters.give_back(run, Taking(None, tuple(row.taken_from)))
        row.taken_from = []
    audit.record(actor, "enrolment.moved", row, before={"state": before}, after={"state": to}, why=why)
    if kind:
        person_id = db.session.scalar(select(Teacher.person_id).where(Teacher.id == row.teacher_id))
        tell(run, row, person_id or 0, kind, queries.steps(row.id), reason=why or "", **facts)


def move_many(actor: Actor, moves: Sequence[tuple[Enrolment, State]]) -> None:
    """The same for everybody whose run ends at once: their places stay theirs, and another stage tells them."""
    now = clock.now()
    changes, done = [], []
    for row, to in moves:
        if not may_move(row.state, to) or to not in HOLDS_PLACE:
            raise AssertionError(f"many enrolments can't go from {row.state} to {to}")
        changes.append(
            {"enrolment_id": row.id, "at": now, "by_id": actor.person_id, "before": row.state, "after": to}
        )
        done.append((("enrolment", row.id), {"state": to, "was": row.state}))
        row.state, row.changed_at = to, now
    if changes:
        db.session.execute(insert(EnrolmentChange), changes)
    audit.record_many(actor, "enrolment.moved", done)


def pass_on(actor: Actor, run: RunAtDesk, *, by_hand: bool = False) -> list[Enrolment]:
    """Offer free places to those who wait, in their order; who can't have one now keeps their spot.

    *by_hand*, where the run makes no offers, and when it is too late for an answer, the place is given at once.
    """
    if not (run.free and run.waiting):
        return []
    now, expires = clock.now(), None
    if run.terms.offer_hours is not None and not by_hand:
        expires = offers.expires(_offer_terms(run), now, run.facts.closes, run.facts.starts_on)
    rows = {row.id: row for row in queries.waiting_in_order(run.id)}
    found = []
    for each in offers.all_next(_waiting(run, list(rows.values())), run.places, now):
        row, taking = rows[each.enrolment_id or 0], each.taking
        if taking is None or not counters.take(run, taking):
            break
        row.taken_from = list(taking.quotas)
        if expires is None:
            move(actor, run, row, State.ENROLLED, kind="enrolment.promoted")
        else:
            move(actor, run, row, State.OFFERED, kind="enrolment.offered", expires=expires)
        run.waiting -= 1
        found.append(row)
    return found


def _offer_terms(run: RunAtDesk) -> OfferTerms:
    return hours_of(run.provider_id, run.facts.timezone, clock.now(), run.terms.offer_hours or 0)


def _waiting(run: RunAtDesk, rows: Sequence[Enrolment]) -> list[Waiting]:
    people = reading_people.teachers_at_desk([row.teacher_id for row in rows])
    reading_people.read_standings(people, replace(run))
    by_id = {person.id: person for person in people}
    return [
        Waiting(
            row.id, row.position or 0, by_id[row.teacher_id].groups,
            refusals=rules.promotion_refusals(run.facts, by_id[row.teacher_id].facts),
        )
        for row in rows
    ]  # fmt: skip
