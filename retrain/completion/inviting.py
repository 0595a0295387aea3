"""Sessions of a commission called, moved and called off: those it is to hear and its members are told.

Each gets a message with an entry for the calendar; who has no account gets it at their mailbox, in their language.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from retrain import audit, clock, messages
from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.completion import commission_queries, commissions, queries
from retrain.completion import commission_rules as rules
from retrain.completion.commission_models import Commission, Invitation
from retrain.completion.commission_rules import Member
from retrain.completion.commission_wording import session_entry
from retrain.completion.states import Purpose
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import queries as people
from retrain.refusal import NotThere, Refused


@dataclass(frozen=True)
class _Called:
    """An invitation with the kinds of messages it sends and what all of them say."""

    row: Invitation
    purpose: Purpose
    facts: dict[str, Any]
    entry: dict[str, Any]

    def key(self, whom: str) -> str:
        """Who was told once in this state of the invitation is not told again."""
        state = "off" if self.row.called_off_at else self.row.sequence
        return f"commission.session:{self.row.id}:{state}:{whom}"


@use_case
def invite(
    actor: Actor, run_code: str, purpose: Purpose, at: datetime, place: str, invitation_id: int | None = None
) -> int:
    """Call whoever the commission has to hear, and its members; how many were told who had not been told the same.

    *at* is read on the provider's clock. With *invitation_id* that session is moved: everybody called to it is told.
    """
    run, commission = _held(actor, run_code, purpose)
    moment = at.replace(tzinfo=people.zone_of(run.provider_id))
    to_hear = _to_hear(run, purpose)
    if why := rules.invitation_refusals(moment, clock.now(), place, len(to_hear)):
        raise Refused(why)
    known = commission_queries.invitations(commission.id)
    row = next((each for each in known if each.at == moment), None)
    if invitation_id:
        row = commission_queries.invitation(commission.id, invitation_id)
    if row is not None and any(each.at == moment for each in known if each is not row):
        raise Refused(rules.same_hour())
    before = None
    if row is None:
        row = Invitation(commission_id=commission.id, enrolments=[], members=[])
        db.session.add(row)
    elif (row.at, row.place) != (moment, place.strip()):
        before, row.sequence = row.at, row.sequence + 1
    row.at, row.place, row.sent_at, row.sent_by_id = moment, place.strip(), clock.now(), actor.person_id
    row.enrolments = sorted({*row.enrolments, *to_hear})
    seats = commission_queries.members(commission)
    row.members = _together(row.members, [_told(each) for each in seats if each.email or each.person_id])
    db.session.flush()
    told = _tell(actor, _called(run, row, purpose, before), f"session_{purpose.value}", "sits")
    audit.record(
        actor, "commission.invited", row, before={"at": before} if before else None,
        after={"run": run_code, "purpose": purpose, "at": moment, "place": row.place, "told": told},
    )  # fmt: skip
    return told


@use_case
def call_off(actor: Actor, run_code: str, purpose: Purpose, invitation_id: int) -> int:
    """The session is not held then: everybody who was called to it is told; how many."""
    run, commission = _held(actor, run_code, purpose)
    row = commission_queries.invitation(commission.id, invitation_id)
    row.called_off_at, row.sequence = clock.now(), row.sequence + 1
    db.session.flush()
    told = _tell(actor, _called(run, row, purpose, None), "called_off", "called_off")
    audit.record(actor, "commission.called_off", row, after={"run": run_code, "at": row.at, "told": told})
    return told


def _held(actor: Actor, run_code: str, purpose: Purpose) -> tuple[Run, Commission]:
    """The run and its commission, which waits for whoever calls it now."""
    run = commissions.managed_run(actor, run_code, purpose)
    wait = select(Commission).where(Commission.run_id == run.id, Commission.purpose == purpose)
    row = db.session.scalar(wait.with_for_update())
    if row is None:
        raise NotThere
    return run, row


def _to_hear(run: Run, purpose: Purpose) -> set[int]:
    to_hear = commissions.who_may_be_heard(run, purpose)
    return to_hear - set(commission_queries.heard(run.id, purpose)) if purpose is Purpose.FINAL else to_hear


def _told(member: Member) -> dict[str, Any]:
    """A member as an invitation keeps them."""
    return {
        "name": member.name, "seat": member.seat.value, "email": member.email, "language": member.language,
        "person_id": member.person_id,
    }  # fmt: skip


def _whom(member: dict[str, Any]) -> str:
    """What tells one member from another."""
    return f"p{member['person_id']}" if member["person_id"] else str(member["email"])


def _together(earlier: list[dict[str, Any]], now: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Who sits there now, and who was called before they were replaced: they are told of changes, too."""
    return list(({_whom(each): each for each in earlier} | {_whom(each): each for each in now}).values())


def _called(run: Run, row: Invitation, purpose: Purpose, before: datetime | None) -> _Called:
    zone = people.zone_of(run.provider_id)
    facts = {
        "run": run.code, "title": run.version.titles, "at": row.at.astimezone(zone).isoformat(), "place": row.place,
        "zone": str(zone), "purpose": purpose.value, "people": len(row.enrolments),
        "before": before.astimezone(zone).isoformat() if before else "",
    }  # fmt: skip
    return _Called(row, purpose, facts, {
        "uid": f"commission-{row.id}@retrain", "sequence": row.sequence,
        "method": "CANCEL" if row.called_off_at else "REQUEST", "starts": row.at.isoformat(),
        "ends": (row.at + rules.SESSION_LASTS).isoformat(), "zone": str(zone),
        "summary": session_entry(purpose, run.version.titles), "location": row.place,
    })  # fmt: skip


def _tell(actor: Actor, called: _Called, to_teachers: str, to_members: str) -> int:
    about = ("commission_invitation", called.row.id)
    persons = queries.persons_of(called.row.enrolments)
    told = messages.later_each(f"commission.{to_teachers}", [
        messages.Said(
            person_id, called.facts | {"path": "/mine"}, called.key(str(number)), about, called.entry
        )
        for number, person_id in persons.items()
    ])  # fmt: skip
    for member in called.row.members:
        told += _tell_member(actor, called, f"commission.{to_members}", member, about)
    return told


def _tell_member(
    actor: Actor, called: _Called, kind: str, member: dict[str, Any], about: tuple[str, Any]
) -> int:
    facts, key = called.facts | {"seat": member["seat"]}, called.key(_whom(member))
    if member["person_id"]:
        said = messages.Said(member["person_id"], facts, key, about, called.entry)
        return messages.later_each(kind, [said])
    outsider = messages.Outsider(member["name"], member["language"], member["email"])
    return messages.later_outside(
        actor.person_id or 0, outsider, kind, facts, key=key, about=about, calendar=called.entry
    )
