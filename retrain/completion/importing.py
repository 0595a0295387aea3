"""Results read from a table: which column is which assessment, which row whom; typed into the grid, not saved."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from retrain.audit import Actor
from retrain.completion import grading_rules as rules
from retrain.completion.queries import Member
from retrain.completion.sheets import Grid
from retrain.language.keys import fold_key
from retrain.refusal import Refusal, Refused
from retrain.tabular.read import read_table
from retrain.tabular.table import Row, UnreadableFile

NUMBER = "№"
"""The column of our own sheet that names a person for certain."""

NAMES = ("name", "f.i.sh.", "fish", "ism", "ф.и.о.", "фио", "имя", "исм", "f.i.o.")


@dataclass
class Imported:
    """What a file says, as the grid's fields; and the rows that could not be used, each with the reason."""

    typed: dict[str, str] = field(default_factory=dict)
    rows: int = 0
    problems: list[Refusal] = field(default_factory=list)


def read(content: bytes, filename: str, grid: Grid, members: Sequence[Member], actor: Actor) -> Imported:
    """The results in a file, beside the people of the run; Refused when it is no table of results."""
    try:
        table = read_table(content, filename)
    except UnreadableFile as error:
        raise Refused(Refusal.of(f"file-{error.code}", field="file", **error.facts)) from None
    head, *lines = table.rows
    columns = _columns(head, grid, actor)
    if not columns:
        raise Refused(Refusal.of("results-not-read", field="file"))
    number, name = _found(head, (NUMBER,)), _found(head, NAMES)
    if number is None and name is None:
        raise Refused(Refusal.of("results-no-names", field="file"))
    found, known = Imported(), _Known(members)
    for line in lines:
        _take(line, found, columns, known, number, name)
    return found


class _Known:
    """The people of the run by number and, where it is one person's alone, by name."""

    def __init__(self, members: Sequence[Member]) -> None:
        keys = Counter(fold_key(each.name) for each in members)
        self.by_number = {each.enrolment_id: each.enrolment_id for each in members}
        self.by_name = {
            fold_key(each.name): each.enrolment_id for each in members if keys[fold_key(each.name)] == 1
        }
        self.twice = {key for key, count in keys.items() if count > 1}


def _columns(head: Row, grid: Grid, actor: Actor) -> dict[int, tuple[int, int, set[int] | None]]:
    """column → assessment, examiner's place, and who may sit it (None: all)."""
    found = {}
    titles = {
        fold_key(title): row for row in grid.assessments for title in row.titles.values() if title.strip()
    }
    for at, text in enumerate(head.texts()):
        row = titles.get(fold_key(text)) if text else None
        sheet = grid.sheet(row, actor) if row else None
        if row is not None and sheet is not None and sheet.is_open and sheet.mine:
            place = min(sheet.mine)
            found[at] = (row.id, place, None if sheet.sitting is None else set(sheet.sitting))
    return found


def _found(head: Row, names: Sequence[str]) -> int | None:
    wanted = {fold_key(name) or name for name in names}
    for at, text in enumerate(head.texts()):
        if text and (text.strip() in names or fold_key(text) in wanted):
            return at
    return None


def _take(
    line: Row, found: Imported, columns: dict[int, tuple[int, int, set[int] | None]], known: _Known,
    number: int | None, name: int | None,
) -> None:  # fmt: skip
    named = line.cell(name).text if name is not None else ""
    digits = line.cell(number).text if number is not None else ""
    who = (
        known.by_number.get(int(digits))
        if digits.isascii() and digits.isdecimal() and len(digits) < 10
        else None
    )
    if who is None and not digits:
        who = known.by_name.get(fold_key(named))
    if who is None:
        code = "row-name-twice" if fold_key(named) in known.twice and not digits else "row-of-nobody"
        found.problems.append(Refusal.of(code, row=line.number, name=named or digits))
        return
    found.rows += 1
    for at, (assessment_id, place, sitting) in columns.items():
        text = line.cell(at).text
        if not text:
            continue
        if sitting is not None and who not in sitting:
            found.problems.append(Refusal.of("row-not-sitting", row=line.number, name=named))
            continue
        found.typed[rules.field_of((assessment_id, who, place))] = text[:20]
