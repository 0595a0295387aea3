"""Numbered paper of the main provider: a delivery of each kind, what was printed on it, what a jam spoiled, the acts."""

from collections.abc import Sequence
from datetime import date, timedelta

from retrain.catalogue.states import DocumentType
from retrain.certificates.models import Blank, BlankAct, BlankEntry, Certificate, PrintedSheet, Printing
from retrain.certificates.paper.blank_rules import ranges
from retrain.certificates.states import LIVING, ActState, BlankState, Entry, Fate, PrintingState
from retrain.demo.country import Country, moment
from retrain.demo.documents import issue_moment
from retrain.demo.habits import MAIN
from retrain.demo.rows import Row
from retrain.demo.runs import Held
from retrain.people.states import RoleKind

KIND = DocumentType.ADVANCED_TRAINING_CERTIFICATE
DELIVERIES = {
    KIND: ("MO", 214_001, 240),
    DocumentType.RETRAINING_DIPLOMA: ("QT", 30_501, 60),
    DocumentType.PARTICIPATION: ("IS", 7_001, 80),
}
"""Series, first number and count of what came from the printing works."""
JAM = "Printerda qog‘oz qisilib qoldi"
LOST = "Omborni ko‘chirishda yo‘qolgan, dalolatnoma tuzilgan"
MEMBERS = "Mamatova N.\nXoliqov S.\nYusupova D."
JAMMED = 3
"""Which document of a stack spoiled its sheet."""


def make(country: Country, runs: Sequence[Held]) -> None:
    """Documents of two runs stand on blanks; the act of the first one's spoiled sheet is signed, the other's drafted."""
    stacks = _stacks(country, runs)
    stock = _received(country, stacks[0][0].last)
    for place in sorted({0, len(stacks) - 1}):
        _printed(country, stock, *stacks[place], is_signed=place == 0)
    lost = stock[-2:]
    for blank in lost:
        blank["state"] = BlankState.LOST
    _enter(country, Entry.LOST, lost, country.today - timedelta(days=20), LOST, giver=_officer(country))


def _officer(country: Country) -> int:
    number: int = country.actors[MAIN, RoleKind.HR_OFFICER]["person"]["id"]
    return number


def _stacks(country: Country, runs: Sequence[Held]) -> list[tuple[Held, list[Row]]]:
    """The main provider's runs that have documents of that kind, in the order of time, and those that are valid."""
    living: dict[int, list[Row]] = {}
    for row in country.rows.of(Certificate):
        if row["state"] in LIVING and row["document_type"] is KIND:
            living.setdefault(row["run_id"], []).append(row)
    mine = [held for held in runs if held.provider == MAIN and held.row["id"] in living]
    return [(held, living[held.row["id"]]) for held in sorted(mine, key=lambda each: each.last)]


def _received(country: Country, before: date) -> list[Row]:
    """What came in and is kept by the officer; the sheets of the kind that is printed."""
    provider, officer = country.organisations[MAIN]["id"], _officer(country)
    on, found = before - timedelta(days=30), []
    for kind, (series, first, count) in DELIVERIES.items():
        blanks = [
            country.rows.add(
                Blank, provider_id=provider, document_type=kind, series=series, number=number,
                state=BlankState.UNUSED, holder_id=officer,
            )
            for number in range(first, first + count)
        ]  # fmt: skip
        _enter(country, Entry.RECEIVED, blanks, on, "Yuk xati № 17", taker=officer)
        found += blanks if kind is KIND else []
    return found


def _printed(
    country: Country, stock: list[Row], held: Held, documents: Sequence[Row], *, is_signed: bool
) -> None:
    """The whole stack, of which one sheet is spoiled by a jam; then that document alone on the next blank."""
    tray = [row for row in stock if row["state"] is BlankState.UNUSED]
    on = issue_moment(held).date() + timedelta(days=1)
    act = _act(country, on, is_signed)
    ruined = min(JAMMED, len(documents)) - 1
    stacks = [list(documents), [documents[ruined]]]
    for place, stack in enumerate(stacks):
        sheets, tray = tray[: len(stack)], tray[len(stack) :]
        spoiled = [sheets[ruined]] if place == 0 else []
        _stack(country, held, on, list(zip(stack, sheets, strict=True)), spoiled)
        used = [row for row in sheets if row["state"] is BlankState.USED]
        _enter(country, Entry.USED, used, on, held.code, giver=_officer(country))
        for blank in spoiled:
            blank.update(state=BlankState.SPOILED, act_id=act["id"])
            _enter(country, Entry.SPOILED, [blank], on, JAM, giver=_officer(country))


def _stack(
    country: Country, held: Held, on: date, pairs: Sequence[tuple[Row, Row]], spoiled: Sequence[Row]
) -> None:
    """One stack sent to the printer and told about afterwards."""
    officer = country.actors[MAIN, RoleKind.HR_OFFICER]
    begun, settled = moment(on, 10), moment(on, 10, 20)
    printing = country.rows.add(
        Printing, provider_id=country.organisations[MAIN]["id"], run_id=held.row["id"], officer_id=_officer(country),
        state=PrintingState.SETTLED, begun_at=begun, settled_at=settled, right_mm=0.0, down_mm=0.0,
    )  # fmt: skip
    for position, (document, blank) in enumerate(pairs, 1):
        is_good = blank not in spoiled
        country.rows.add(
            PrintedSheet, printing_id=printing["id"], position=position, certificate_id=document["id"],
            blank_id=blank["id"], fate=Fate.GOOD if is_good else Fate.SPOILED,
        )  # fmt: skip
        if is_good:
            blank.update(state=BlankState.USED, certificate_id=document["id"])
    subject, first = ("printing", printing["id"]), f"{pairs[0][1]['series']} {pairs[0][1]['number']:07d}"
    told = {"run": held.code, "documents": len(pairs), "first": first}
    country.happened(begun, "printing.begun", subject, officer, after=told)
    came_out = {"good": len(pairs) - len(spoiled), "spoiled": len(spoiled), "not_printed": 0}
    country.happened(
        settled, "printing.settled", subject, officer, after=came_out, why=JAM if spoiled else None
    )


def _act(country: Country, on: date, is_signed: bool) -> Row:
    signed_on = on + timedelta(days=2)
    told = {"number": "1", "on_date": signed_on, "members": MEMBERS} if is_signed else {}
    act = country.rows.add(
        BlankAct, provider_id=country.organisations[MAIN]["id"], made_at=moment(on, 10, 20),
        made_by_id=_officer(country), state=ActState.SIGNED if is_signed else ActState.DRAFT, **told,
    )  # fmt: skip
    if is_signed:
        country.happened(
            moment(signed_on, 12), "blank_act.signed", ("blank_act", act["id"]),
            country.actors[MAIN, RoleKind.HR_OFFICER],
            after={"number": "1", "on": signed_on.isoformat(), "blanks": 1},
        )  # fmt: skip
    return act


def _enter(
    country: Country,
    what: Entry,
    blanks: Sequence[Row],
    on: date,
    note: str,
    *,
    giver: int | None = None,
    taker: int | None = None,
) -> None:
    """Lines of the book of blanks, and of the trail, as the service writes them."""
    officer, at = country.actors[MAIN, RoleKind.HR_OFFICER], moment(on, 10, 20)
    provider, kind = country.organisations[MAIN]["id"], blanks[0]["document_type"]
    found = ranges((row["series"], row["number"]) for row in blanks)
    for each in found:
        country.rows.add(
            BlankEntry, provider_id=provider, document_type=kind, kind=what, series=each.series,
            first_number=each.first, last_number=each.last, on_date=on, giver_id=giver, taker_id=taker, note=note,
            recorded_at=at, recorded_by_id=_officer(country),
        )  # fmt: skip
    told = {"type": kind, "ranges": [[each.series, each.first, each.last] for each in found]}
    country.happened(at, f"blanks.{what}", ("organisation", provider), officer, after=told, why=note)
