"""The stock of numbered paper: received, handed on, lost, returned, spoiled, and written off by an act."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import insert, select, update

from retrain import audit, clock
from retrain.audit import Actor
from retrain.catalogue.states import DocumentType
from retrain.certificates import queries
from retrain.certificates.models import Blank, BlankAct, BlankEntry
from retrain.certificates.paper import blank_queries
from retrain.certificates.paper.blank_rules import Range, ranges, refusals_to_range, sheet_name
from retrain.certificates.states import WRITTEN_OFF, ActState, BlankState, Entry
from retrain.database import dialect
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import permissions
from retrain.people.permissions import Target
from retrain.refusal import Refusal, Refused


@use_case
def receive(
    actor: Actor, provider_id: int, kind: DocumentType, wanted: Range, on_date: date, note: str
) -> None:
    """Blanks came in: they are kept by whoever records it. A number that is in the book already is refused."""
    _may(actor, provider_id)
    if why := refusals_to_range(wanted.series, wanted.first, wanted.last):
        raise Refused(why)
    if taken := blank_queries.of_range(provider_id, wanted):
        raise Refused(Refusal.of("blanks-known", field="first", number=taken[0].name))
    shared = {
        "provider_id": provider_id, "document_type": kind, "series": wanted.series,
        "state": BlankState.UNUSED, "holder_id": actor.person_id,
    }  # fmt: skip
    rows = [{**shared, "number": number} for number in range(wanted.first, wanted.last + 1)]
    if dialect.insert_ignoring(db.session(), Blank.__table__, rows) != wanted.count:
        raise Refused(Refusal.of("blanks-known", field="first", number=f"{wanted.series} {wanted.first}"))
    enter(actor, provider_id, kind, Entry.RECEIVED, [wanted], on_date, note, taker=actor.person_id)


@use_case
def hand(actor: Actor, provider_id: int, wanted: Range, to_person_id: int, on_date: date) -> None:
    """Blanks pass from one keeper to another: only whole ranges that one person holds unused."""
    _may(actor, provider_id)
    rows = _unused(provider_id, wanted)
    giver = rows[0].holder_id
    if to_person_id not in blank_queries.keepers(provider_id):
        raise Refused(Refusal.of("no-keeper", field="to"))
    if to_person_id == giver:
        raise Refused(Refusal.of("holds-them-already", field="to"))
    _change(rows, BlankState.UNUSED, holder_id=to_person_id)
    kind = rows[0].document_type
    enter(actor, provider_id, kind, Entry.HANDED, [wanted], on_date, "", giver=giver, taker=to_person_id)


@use_case
def write_off(
    actor: Actor, provider_id: int, wanted: Range, state: BlankState, on_date: date, reason: str
) -> None:
    """Unused blanks are lost, returned to who issued them, or spoiled; each with the reason."""
    _may(actor, provider_id)
    if state not in WRITTEN_OFF:
        raise ValueError(f"an unused blank doesn't become {state} by hand")
    if not reason.strip():
        raise Refused(Refusal.of("reason-missing", field="reason"))
    rows = _unused(provider_id, wanted)
    act_id = draft_act(actor, provider_id).id if state is BlankState.SPOILED else None
    _change(rows, state, act_id=act_id)
    enter(
        actor, provider_id, rows[0].document_type, Entry(state.value), [wanted], on_date, reason,
        giver=rows[0].holder_id,
    )  # fmt: skip


@use_case
def spoil_paper(actor: Actor, certificate_id: int, reason: str) -> None:
    """The sheet a document stands on turned out to be spoiled: it goes on the act, the document waits for another.

    The document itself, its number and what its check page says stay as they were.
    """
    row = queries.certificate(certificate_id, for_update=True)
    permissions.require(actor, "blanks.keep", Target(provider_id=row.provider_id))
    if not reason.strip():
        raise Refused(Refusal.of("reason-missing", field="reason"))
    blank = db.session.scalar(select(Blank).where(Blank.certificate_id == row.id).with_for_update())
    if blank is None:
        raise Refused(Refusal.of("on-no-blank"))
    act = draft_act(actor, row.provider_id)
    _change([blank], BlankState.SPOILED, before=BlankState.USED, certificate_id=None, act_id=act.id)
    enter(
        actor, row.provider_id, blank.document_type, Entry.SPOILED, [_range(blank)],
        clock.today(), reason, giver=blank.holder_id,
    )  # fmt: skip


def draft_act(actor: Actor, provider_id: int) -> BlankAct:
    """The provider's open act of spoiled blanks; begun when there is none."""
    found = blank_queries.drafted_act(provider_id, for_update=True)
    if found is None:
        found = BlankAct(
            provider_id=provider_id, state=ActState.DRAFT, made_at=clock.now(), made_by_id=actor.person_id
        )
        db.session.add(found)
        db.session.flush()
    return found


@use_case
def sign_act(actor: Actor, act_id: int, number: str, on_date: date, members: str) -> BlankAct:
    """The commission signed the act: it takes its number, and what is spoiled next goes on another one."""
    act = blank_queries.act(act_id, for_update=True)
    _may(actor, act.provider_id)
    why = []
    if act.state is ActState.SIGNED:
        why.append(Refusal.of("act-signed"))
    if not number.strip():
        why.append(Refusal.of("act-number-missing", field="number"))
    if not members.strip():
        why.append(Refusal.of("act-members-missing", field="members"))
    if on_date > clock.today():
        why.append(Refusal.of("act-ahead", field="on_date"))
    if why:
        raise Refused(why)
    act.state, act.number, act.on_date, act.members = (
        ActState.SIGNED,
        number.strip(),
        on_date,
        members.strip(),
    )
    audit.record(
        actor, "blank_act.signed", act,
        after={"number": act.number, "on": on_date, "blanks": len(blank_queries.on_act(act.id))},
    )  # fmt: skip
    return act


def enter(
    actor: Actor,
    provider_id: int,
    kind: DocumentType,
    what: Entry,
    found: Sequence[Range],
    on_date: date,
    note: str,
    *,
    giver: int | None = None,
    taker: int | None = None,
) -> None:
    """Lines of the book of blanks, and of the audit, one a range."""
    shared = {
        "provider_id": provider_id, "document_type": kind, "kind": what, "on_date": on_date, "note": note.strip(),
        "giver_id": giver, "taker_id": taker, "recorded_at": clock.now(), "recorded_by_id": actor.person_id,
    }  # fmt: skip
    db.session.execute(
        insert(BlankEntry),
        [
            {**shared, "series": each.series, "first_number": each.first, "last_number": each.last}
            for each in found
        ],
    )
    audit.record(
        actor, f"blanks.{what}", ("organisation", provider_id),
        after={"type": kind, "ranges": [[each.series, each.first, each.last] for each in found]},
        why=note.strip() or None,
    )  # fmt: skip


def _may(actor: Actor, provider_id: int) -> None:
    permissions.require(actor, "blanks.keep", Target(provider_id=provider_id))


def _unused(provider_id: int, wanted: Range) -> list[Blank]:
    """Every blank of the range, locked: all there, unused, of one kind and with one keeper."""
    if why := refusals_to_range(wanted.series, wanted.first, wanted.last):
        raise Refused(why)
    rows = blank_queries.of_range(provider_id, wanted, for_update=True)
    if len(rows) != wanted.count:
        there = {row.number for row in rows}
        gone = next(number for number in range(wanted.first, wanted.last + 1) if number not in there)
        raise Refused(Refusal.of("blank-unknown", field="first", number=sheet_name(wanted.series, gone)))
    if busy := [row for row in rows if row.state is not BlankState.UNUSED]:
        raise Refused(Refusal.of("blank-not-unused", field="first", number=busy[0].name, state=busy[0].state))
    if len({(row.holder_id, row.document_type) for row in rows}) > 1:
        raise Refused(Refusal.of("blanks-of-several", field="last"))
    return rows


def _change(
    rows: Collection[Blank], state: BlankState, *, before: BlankState = BlankState.UNUSED, **values: object
) -> None:
    db.session.execute(
        update(Blank)
        .where(Blank.id.in_([row.id for row in rows]), Blank.state == before)
        .values(state=state, **values)
        .execution_options(synchronize_session="fetch")
    )


def _range(blank: Blank) -> Range:
    return ranges([(blank.series, blank.number)])[0]
