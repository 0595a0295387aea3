"""What the book of blanks, the printer's tray and the acts read."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from retrain.catalogue.states import DocumentType
from retrain.certificates.models import Blank, BlankAct, BlankEntry, Certificate, PrintedSheet, Printing
from retrain.certificates.paper.blank_rules import Balance, Range, ranges
from retrain.certificates.states import LIVING, ActState, BlankState, Entry, Fate, PrintingState
from retrain.database.rows import only
from retrain.extensions import db
from retrain.people import queries as people
from retrain.people.states import RoleKind


def of_range(provider_id: int, wanted: Range, *, for_update: bool = False) -> list[Blank]:
    """The provider's blanks with these numbers, in order."""
    query = (
        select(Blank)
        .where(
            Blank.provider_id == provider_id,
            Blank.series == wanted.series,
            Blank.number.between(wanted.first, wanted.last),
        )
        .order_by(Blank.number)
    )
    return list(db.session.scalars(_locked(query) if for_update else query))


def _locked(query: Select[tuple[Blank]]) -> Select[tuple[Blank]]:
    return query.with_for_update().execution_options(populate_existing=True)


def in_tray(
    officer_id: int,
    kind: DocumentType,
    count: int,
    after: tuple[str, int] = ("", -1),
    *,
    for_update: bool = False,
) -> list[Blank]:
    """The officer's next *count* unused blanks of that kind whose series and number come after *after*."""
    query = (
        select(Blank)
        .where(*_at_hand(officer_id, kind), tuple_(Blank.series, Blank.number) > after)
        .order_by(Blank.series, Blank.number)
        .limit(count)
    )
    return list(db.session.scalars(_locked(query) if for_update else query))


def held(officer_id: int, kind: DocumentType, after: tuple[str, int] = ("", -1)) -> int:
    """How many unused blanks of that kind the officer keeps, from *after* on."""
    query = select(func.count()).where(
        *_at_hand(officer_id, kind), tuple_(Blank.series, Blank.number) > after
    )
    return db.session.scalar(query) or 0


def _at_hand(officer_id: int, kind: DocumentType) -> tuple[ColumnElement[bool], ...]:
    return Blank.holder_id == officer_id, Blank.document_type == kind, Blank.state == BlankState.UNUSED


def keepers(provider_id: int) -> dict[int, str]:
    """Who may keep the provider's blanks: its HR officers, by name."""
    return {row.id: row.full_name for row in people.holders(provider_id, RoleKind.HR_OFFICER)}


def balances(provider_id: int) -> dict[DocumentType, Balance]:
    """Each kind of blank counted: what the book says came in against where every sheet is."""
    where: dict[DocumentType, Counter[BlankState]] = defaultdict(Counter)
    counted = (
        select(Blank.document_type, Blank.state, func.count())
        .where(Blank.provider_id == provider_id)
        .group_by(Blank.document_type, Blank.state)
    )
    for kind, state, count in db.session.execute(counted).tuples():
        where[kind][state] = count
    book = (
        select(BlankEntry.document_type, func.sum(BlankEntry.last_number - BlankEntry.first_number + 1))
        .where(BlankEntry.provider_id == provider_id, BlankEntry.kind == Entry.RECEIVED)
        .group_by(BlankEntry.document_type)
    )
    return {
        kind: Balance(
            received=int(received),
            at_hand=where[kind][BlankState.UNUSED] + where[kind][BlankState.SET_ASIDE],
            used=where[kind][BlankState.USED],
            spoiled=where[kind][BlankState.SPOILED],
            lost=where[kind][BlankState.LOST],
            returned=where[kind][BlankState.RETURNED],
        )
        for kind, received in db.session.execute(book).tuples()
    }


def at_hand(provider_id: int) -> list[tuple[DocumentType, int, Range]]:
    """Unused blanks as ranges: of what kind, who keeps them."""
    rows = db.session.execute(
        select(Blank.document_type, Blank.holder_id, Blank.series, Blank.number)
        .where(Blank.provider_id == provider_id, Blank.state == BlankState.UNUSED)
        .order_by(Blank.document_type, Blank.holder_id)
    ).tuples()
    kept: dict[tuple[DocumentType, int], list[tuple[str, int]]] = defaultdict(list)
    for kind, holder, series, number in rows:
        kept[kind, holder].append((series, number))
    return [(*key, each) for key, numbers in kept.items() for each in ranges(numbers)]


def book(provider_id: int, limit: int = 200) -> list[BlankEntry]:
    """The latest lines of the book of blanks, the newest first."""
    query = select(BlankEntry).where(BlankEntry.provider_id == provider_id)
    return list(db.session.scalars(query.order_by(BlankEntry.id.desc()).limit(limit)))


def drafted_act(provider_id: int, *, for_update: bool = False) -> BlankAct | None:
    """The provider's act that is not signed yet."""
    query = select(BlankAct).where(BlankAct.provider_id == provider_id, BlankAct.state == ActState.DRAFT)
    return db.session.scalar(query.with_for_update() if for_update else query)


def acts(provider_id: int) -> list[tuple[BlankAct, int]]:
    """Acts of spoiled blanks and how many stand on each, the newest first."""
    rows = db.session.execute(
        select(BlankAct, func.count(Blank.id))
        .join(Blank, Blank.act_id == BlankAct.id)
        .where(BlankAct.provider_id == provider_id)
        .group_by(BlankAct.id)
        .order_by(BlankAct.id.desc())
    )
    return [(act, count) for act, count in rows]


def act(act_id: int, *, for_update: bool = False) -> BlankAct:
    """The act, or :class:`NotThere`."""
    return only(select(BlankAct).where(BlankAct.id == act_id), act_id, for_update=for_update)


def on_act(act_id: int) -> list[Blank]:
    """The blanks an act writes off, in order."""
    query = select(Blank).where(Blank.act_id == act_id).order_by(Blank.series, Blank.number)
    return list(db.session.scalars(query))


def notes_of(blanks: Sequence[Blank]) -> dict[int, str]:
    """blank id → the reason written when it was spoiled."""
    if not blanks:
        return {}
    lines = db.session.scalars(
        select(BlankEntry)
        .where(
            BlankEntry.provider_id == blanks[0].provider_id,
            BlankEntry.kind == Entry.SPOILED,
            or_(
                *(
                    and_(
                        BlankEntry.series == each.series,
                        BlankEntry.first_number <= each.last,
                        BlankEntry.last_number >= each.first,
                    )
                    for each in ranges((row.series, row.number) for row in blanks)
                )
            ),
        )
        .order_by(BlankEntry.id)
    ).all()
    return {
        row.id: line.note
        for line in lines
        for row in blanks
        if row.series == line.series and line.first_number <= row.number <= line.last_number
    }


def printing(printing_id: int, *, for_update: bool = False) -> Printing:
    """The printing, or :class:`NotThere`."""
    return only(select(Printing).where(Printing.id == printing_id), printing_id, for_update=for_update)


def printings(run_id: int) -> list[Printing]:
    """Printings of a run, the newest first."""
    return list(
        db.session.scalars(select(Printing).where(Printing.run_id == run_id).order_by(Printing.id.desc()))
    )


def unsettled(officer_id: int) -> list[Printing]:
    """Printings of the officer that wait to be told what came out."""
    query = select(Printing).options(joinedload(Printing.run))
    return list(
        db.session.scalars(
            query.where(Printing.officer_id == officer_id, Printing.state == PrintingState.OPEN).order_by(
                Printing.id
            )
        )
    )


def sheets(printing_id: int) -> list[PrintedSheet]:
    """What was sent to the printer, in the order of the sheets."""
    return list(
        db.session.scalars(
            select(PrintedSheet)
            .options(joinedload(PrintedSheet.certificate), joinedload(PrintedSheet.blank))
            .where(PrintedSheet.printing_id == printing_id)
            .order_by(PrintedSheet.position)
        )
    )


def blanks_of(certificate_ids: Collection[int]) -> dict[int, str]:
    """certificate id → series and number of the blank it stands on."""
    query = select(Blank).where(Blank.certificate_id.in_(certificate_ids))
    return {row.certificate_id or 0: row.name for row in db.session.scalars(query)}


def to_print(run_id: int) -> list[Certificate]:
    """Living documents of a run on no blank and in no open printing, in the order of their numbers."""
    on_paper = select(Blank.id).where(Blank.certificate_id == Certificate.id)
    waiting = select(PrintedSheet.position).where(
        PrintedSheet.certificate_id == Certificate.id, PrintedSheet.fate == Fate.WAITING
    )
    return list(
        db.session.scalars(
            select(Certificate)
            .where(
                Certificate.run_id == run_id,
                Certificate.state.in_(LIVING),
                ~on_paper.exists(),
                ~waiting.exists(),
            )
            .order_by(Certificate.series, Certificate.year, Certificate.number)
        )
    )
