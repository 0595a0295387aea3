"""Documents sent to a printer with numbered paper in its tray, and what came out of it.

The blank is bound when the officer has the sheets in hand, not before: printers jam. It is no part of what is
frozen, so the document and what its check page says stay as they were whatever happens to paper.
"""

from sqlalchemy import insert, update

from retrain import audit, clock
from retrain.audit import Actor
from retrain.catalogue import queries as catalogue
from retrain.catalogue.states import DocumentType
from retrain.certificates.models import Blank, Certificate, PrintedSheet, Printing
from retrain.certificates.paper import blank_queries, blanks
from retrain.certificates.paper.blank_rules import (
    CameOut,
    Settled,
    ranges,
    refusals_to_print,
    refusals_to_settle,
    settle,
    sheet_name,
)
from retrain.certificates.printing import NOWHERE, Shift, digests
from retrain.certificates.states import BlankState, Entry, Fate, PrintingState, Rendition
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import permissions
from retrain.people.permissions import Target
from retrain.refusal import Refusal, Refused


@use_case
def begin(
    actor: Actor, code: str, certificate_ids: list[int], first: tuple[str, int], shift: Shift = NOWHERE
) -> Printing:
    """Set one blank aside for each of the run's documents, in the order of their numbers.

    *first* is the series and number on top of the officer's tray, *shift* what their printer needs. Refused before
    anything starts when the officer keeps too few blanks from there on, or has a printing nobody has settled.
    """
    run = catalogue.run(code, for_update=True)
    permissions.require(actor, "blanks.keep", Target(provider_id=run.provider_id))
    officer = actor.person_id or 0
    chosen = [row for row in blank_queries.to_print(run.id) if row.id in set(certificate_ids)]
    kind = run.version.document_type
    before = (first[0], first[1] - 1)
    unsettled = [row.id for row in blank_queries.unsettled(officer)]
    tray = blank_queries.in_tray(officer, kind, len(chosen), before, for_update=True) if chosen else []
    if why := refusals_to_print(len(chosen), len(tray), unsettled, chosen):
        raise Refused(why)
    if (tray[0].series, tray[0].number) != first:
        raise Refused(Refusal.of("not-your-blank", field="first", number=sheet_name(*first)))
    printing = Printing(
        provider_id=run.provider_id, run_id=run.id, officer_id=officer, state=PrintingState.OPEN,
        begun_at=clock.now(), right_mm=shift[0], down_mm=shift[1],
    )  # fmt: skip
    db.session.add(printing)
    db.session.flush()
    _set_aside(printing, chosen, tray)
    audit.record(
        actor, "printing.begun", printing,
        after={"run": code, "documents": len(chosen), "first": sheet_name(*first)},
    )  # fmt: skip
    return printing


def _set_aside(printing: Printing, chosen: list[Certificate], tray: list[Blank]) -> None:
    _to(tray, BlankState.SET_ASIDE, printing_id=printing.id)
    db.session.execute(
        insert(PrintedSheet),
        [
            {
                "printing_id": printing.id, "position": number, "certificate_id": row.id,
                "blank_id": blank.id, "fate": Fate.WAITING,
            }
            for number, (row, blank) in enumerate(zip(chosen, tray, strict=True), 1)
        ],
    )  # fmt: skip


@use_case
def came_out(actor: Actor, printing_id: int, said: CameOut, reason: str = "") -> Settled:
    """Bind each document to the blank it really stands on; spoiled sheets go on the act that is being drafted.

    Told twice, the second is refused and changes nothing.
    """
    printing = _open(actor, printing_id)
    sheets = blank_queries.sheets(printing.id)
    last = sheets[-1].blank
    after, kind = (last.series, last.number), last.document_type
    why = refusals_to_settle(len(sheets), said, blank_queries.held(printing.officer_id, kind, after))
    if said.spoiled and not reason.strip():
        why.append(Refusal.of("reason-missing", field="reason"))
    if why:
        raise Refused(why)
    tray = [row.blank for row in sheets]
    if said.passed and said.went_on:
        tray += blank_queries.in_tray(printing.officer_id, kind, said.passed, after, for_update=True)
    found = settle(len(sheets), said)
    _to(tray[: len(sheets)], BlankState.UNUSED, printing_id=None)
    _bind([(tray[sheet], sheets[document].certificate_id) for document, sheet in found.good.items()])
    _keep_digests(printing, [sheets[document].certificate for document in found.good])
    _ruin(actor, printing, [tray[sheet] for sheet in found.ruined], reason)
    _fates(printing, sheets, found)
    _enter(
        actor, printing, kind, Entry.USED, [tray[sheet] for sheet in found.good.values()], printing.run.code
    )
    _close(printing, PrintingState.SETTLED)
    audit.record(
        actor, "printing.settled", printing,
        after={
            "good": len(found.good), "spoiled": len(found.ruined),
            "not_printed": len(sheets) - len(found.good) - len(found.spoiled),
        },
        why=reason.strip() or None,
    )  # fmt: skip
    return found


@use_case
def give_up(actor: Actor, printing_id: int) -> None:
    """Nothing came out: every blank is back in the stock."""
    printing = _open(actor, printing_id)
    sheets = blank_queries.sheets(printing.id)
    _to([row.blank for row in sheets], BlankState.UNUSED, printing_id=None)
    _fates(printing, sheets, Settled({}, {}, ()))
    _close(printing, PrintingState.GIVEN_UP)
    audit.record(actor, "printing.given_up", printing)


def _open(actor: Actor, printing_id: int) -> Printing:
    printing = blank_queries.printing(printing_id, for_update=True)
    permissions.require(actor, "blanks.keep", Target(provider_id=printing.provider_id))
    if printing.state is not PrintingState.OPEN:
        raise Refused(Refusal.of("printing-settled"))
    return printing


def _bind(pairs: list[tuple[Blank, int]]) -> None:
    rows = [{"id": blank.id, "state": BlankState.USED, "certificate_id": number} for blank, number in pairs]
    if rows:
        db.session.execute(update(Blank), rows)


def _keep_digests(printing: Printing, good: list[Certificate]) -> None:
    """Beside the digest of the whole file that of what now stands on the blank: reprinted, it is another."""
    shift = (printing.right_mm, printing.down_mm)
    for row, digest in zip(good, digests(good, Rendition.OVERLAY, shift), strict=True):
        row.overlay_digest = digest


def _ruin(actor: Actor, printing: Printing, spoiled: list[Blank], reason: str) -> None:
    if not spoiled:
        return
    act = blanks.draft_act(actor, printing.provider_id)
    _to(spoiled, BlankState.SPOILED, act_id=act.id)
    _enter(actor, printing, spoiled[0].document_type, Entry.SPOILED, spoiled, reason)


def _enter(
    actor: Actor, printing: Printing, kind: DocumentType, what: Entry, rows: list[Blank], note: str
) -> None:
    found = ranges((row.series, row.number) for row in rows)
    if found:
        blanks.enter(
            actor, printing.provider_id, kind, what, found, clock.today(), note, giver=printing.officer_id
        )


def _fates(printing: Printing, sheets: list[PrintedSheet], found: Settled) -> None:
    for document, row in enumerate(sheets):
        row.fate = (
            Fate.GOOD if document in found.good
            else Fate.SPOILED if document in found.spoiled
            else Fate.NOT_PRINTED
        )  # fmt: skip


def _close(printing: Printing, state: PrintingState) -> None:
    printing.state, printing.settled_at = state, clock.now()


def _to(rows: list[Blank], state: BlankState, **values: object) -> None:
    db.session.execute(
        update(Blank)
        .where(Blank.id.in_([row.id for row in rows]))
        .values(state=state, **values)
        .execution_options(synchronize_session="fetch")
    )
