"""What would come of each row of a roster, given whom we know. Pure.

A row is accepted (a new teacher), merged (one we know, perhaps with something new) or refused, with
every reason as a code and its facts.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from retrain.language.keys import fold_key
from retrain.language.names import name_key
from retrain.people.roster_line import Line, Outcome, Reading, Verdict, read_line, refused
from retrain.refusal import Refusal
from retrain.tabular.table import Row


@dataclass(frozen=True, slots=True)
class Known:
    """A teacher we have, as far as a roster can touch them."""

    teacher_id: int
    names: frozenset[str]
    organisation_id: int | None
    birth_date: date | None = None
    email: str | None = None
    phone: str | None = None
    post: str = ""
    specialities: tuple[str, ...] = ()
    category: str = ""
    since: date | None = None


def preview(
    rows: Sequence[Row], reading: Reading, known: Callable[[Sequence[str]], Mapping[str, Known]]
) -> list[Verdict]:
    """What would come of each row, in order. *known* finds teachers by their keys, many at once."""
    lines = [read_line(row, reading) for row in without_footer(rows, reading.columns)]
    people = known([line.key for line in lines if isinstance(line, Line)])
    earlier: dict[str, Line] = {}
    return [judge(line, people, earlier) for line in lines]


def without_footer(rows: Sequence[Row], columns: Mapping[str, int]) -> Sequence[Row]:
    """The rows up to the last that can be a person: below a list stand a date, a signature, a seal."""
    end = len(rows)
    while end and _is_footer(rows[end - 1], columns):
        end -= 1
    return rows[:end]


def _is_footer(row: Row, columns: Mapping[str, int]) -> bool:
    """No number before it and nothing in any column but names."""
    filled = {name for name, at in columns.items() if row.cell(at)}
    numbered = 0 not in columns.values() and row.cell(0).text.rstrip(".").isdecimal()
    return not numbered and filled <= {"name", "family", "given", "patronymic"}


def judge(line: "Line | Verdict", people: Mapping[str, Known], earlier: dict[str, Line]) -> Verdict:
    """The verdict on one line, given whom we know and the rows before it."""
    if isinstance(line, Verdict):
        return line
    if (before := earlier.get(line.key)) is not None:
        if not is_named(line, {before.full_name}):
            return refused(line.row, line.full_name, Refusal.of("pinfl-of-earlier-row", earlier=before.row))
        return Verdict(line.row, Outcome.MERGED, line, changes=_news(line, before), name=line.full_name)
    person = people.get(line.key)
    if person is not None and not is_named(line, person.names):
        return refused(line.row, line.full_name, Refusal.of("pinfl-of-another"))
    earlier[line.key] = line
    if person is None:
        return Verdict(line.row, Outcome.ACCEPTED, line, name=line.full_name)
    moves = person.organisation_id if person.organisation_id != line.organisation_id else None
    return Verdict(
        line.row, Outcome.MERGED, line, (), changes_to(person, line), person.teacher_id, moves, line.full_name
    )


def changes_to(person: Known, line: Line) -> tuple[str, ...]:
    """What *line* adds to a teacher we know. A contact is never overwritten: it may be their login."""
    found = []
    if person.organisation_id != line.organisation_id:
        found.append("college")
    elif line.post and line.post != person.post:
        found.append("post")
    if line.email and not person.email:
        found.append("email")
    if line.phone and not person.phone:
        found.append("phone")
    if line.speciality and not is_among(line.speciality, person.specialities):
        found.append("speciality")
    if line.category and not person.category:
        found.append("category")
    return tuple(found)


def is_among(speciality: str, specialities: Collection[str]) -> bool:
    """Whether a speciality is one of these, however it is written."""
    return speciality in specialities or fold_key(speciality) in map(fold_key, specialities)


def is_named(line: Line, names: Collection[str]) -> bool:
    """Whether the line's name is one of *names*; a patronymic that only one side has doesn't count."""
    if line.full_name in names:  # the common case, and the keys cost more than all the rest
        return True
    keys = set(map(name_key, names))
    whole, short = name_key(line.full_name), name_key(f"{line.family} {line.given}")
    if whole in keys or short in keys:
        return True
    return not line.patronymic and any(key.startswith(f"{short} ") for key in keys)


def _news(line: Line, before: Line) -> tuple[str, ...]:
    """What a row adds to an earlier one of the same person; where they differ, the earlier one stands."""
    return tuple(
        name
        for name in ("email", "phone", "post", "speciality")
        if getattr(line, name) and not getattr(before, name)
    )
