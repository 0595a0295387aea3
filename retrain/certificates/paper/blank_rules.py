"""What became of numbered paper: ranges of it, and what came out of a printer. Pure.

Paper of strict account is received, kept by named people and written off by number, so every sheet must be
accounted for, the ones a printer swallowed too.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from retrain.refusal import Refusal

MOST_AT_ONCE = 20_000
"""Blanks in one delivery: a slip of the finger in a range would otherwise make millions."""


def sheet_name(series: str, number: int) -> str:
    """Series and number as they stand on a sheet."""
    return f"{series} {number:07d}"


@dataclass(frozen=True, order=True)
class Range:
    """Blanks of one series whose numbers follow one another."""

    series: str
    first: int
    last: int

    @property
    def count(self) -> int:
        """How many sheets."""
        return self.last - self.first + 1

    @property
    def name(self) -> str:
        """Its first sheet, and its last when there are several."""
        first = sheet_name(self.series, self.first)
        return f"{first}–{self.last:07d}" if self.count > 1 else first


def ranges(numbers: Iterable[tuple[str, int]]) -> list[Range]:
    """Series and numbers, in order, as few ranges."""
    found: list[Range] = []
    for series, number in sorted(numbers):
        before = found[-1] if found else None
        if before and before.series == series and before.last + 1 == number:
            found[-1] = Range(series, before.first, number)
        else:
            found.append(Range(series, number, number))
    return found


def refusals_to_range(series: str, first: int, last: int) -> list[Refusal]:
    """Why that is no range of blanks."""
    found = []
    if not series.strip():
        found.append(Refusal.of("series-missing", field="series"))
    if last < first:
        found.append(Refusal.of("range-backwards", field="last", first=first))
    elif last - first + 1 > MOST_AT_ONCE:
        found.append(Refusal.of("range-too-long", field="last", most=MOST_AT_ONCE))
    return found


@dataclass(frozen=True)
class CameOut:
    """What the officer says of the sheets in their hand.

    *spoiled*: documents, counted from 1, whose sheet is spoiled. From document *passed_from* on the printer had let
    *passed* sheets through empty, so each stands on a later blank than planned; the empty ones are *passed_clean*
    or spoiled too. *went_on*: the tray held more blanks, and the last documents stand on these.
    """

    spoiled: frozenset[int] = frozenset()
    passed_from: int = 0
    passed: int = 0
    passed_clean: bool = True
    went_on: bool = False


@dataclass(frozen=True)
class Settled:
    """Where each document stands, by the places of documents and sheets counted from 0."""

    good: dict[int, int]
    """document → sheet"""
    spoiled: dict[int, int]
    """document → the sheet it spoiled"""
    wasted: tuple[int, ...]
    """Sheets that came out empty and can't be used any more."""

    @property
    def ruined(self) -> list[int]:
        """Every sheet to be written off."""
        return sorted([*self.spoiled.values(), *self.wasted])


def refusals_to_settle(documents: int, said: CameOut, beyond: int) -> list[Refusal]:
    """Why that can't be what came out. *beyond*: blanks the officer has left after those of the tray."""
    found = []
    if wrong := sorted(number for number in said.spoiled if not 1 <= number <= documents):
        found.append(Refusal.of("no-such-sheet", field="spoiled", number=wrong[0], documents=documents))
    if said.passed and not 1 <= said.passed_from <= documents:
        found.append(
            Refusal.of("no-such-sheet", field="passed_from", number=said.passed_from, documents=documents)
        )
    if said.passed and said.went_on and beyond < said.passed:
        found.append(Refusal.of("not-so-many-blanks", field="passed", left=beyond))
    return found


def settle(documents: int, said: CameOut) -> Settled:
    """What the officer's words mean for every document and every sheet.

    The sheets are those set aside, one a document, and when the printer *went on*, as many after them as it passed.
    """
    sheets = documents + (said.passed if said.went_on else 0)
    good: dict[int, int] = {}
    spoiled: dict[int, int] = {}
    for document in range(documents):
        shifted = said.passed if said.passed and document + 1 >= said.passed_from else 0
        sheet = document + shifted
        if sheet >= sheets:
            continue
        (spoiled if document + 1 in said.spoiled else good)[document] = sheet
    empty = (
        range(said.passed_from - 1, min(said.passed_from - 1 + said.passed, sheets)) if said.passed else ()
    )
    return Settled(good, spoiled, () if said.passed_clean else tuple(empty))


@dataclass(frozen=True)
class Balance:
    """A kind of blank counted: received must equal the rest together."""

    received: int
    at_hand: int
    used: int
    spoiled: int
    lost: int
    returned: int

    @property
    def adds_up(self) -> bool:
        """Whether every sheet received is accounted for."""
        return self.received == self.at_hand + self.used + self.spoiled + self.lost + self.returned


def refusals_to_print(
    wanted: int, held: int, unsettled: Sequence[int], chosen: Collection[int]
) -> list[Refusal]:
    """Why a printing can't begin: too few blanks, or an earlier one that nobody has settled."""
    found = []
    if not chosen:
        found.append(Refusal.of("nobody-to-print"))
    if wanted > held:
        found.append(Refusal.of("too-few-blanks", field="first", wanted=wanted, held=held))
    if unsettled:
        found.append(Refusal.of("printing-unsettled"))
    return found
