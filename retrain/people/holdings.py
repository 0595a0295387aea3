"""Which columns of the house point at a person or at what is theirs, and what a merge and a copy make of each.

Every package says so in its room ``personal_data.py``; a test finds the column that nobody spoke for.
"""

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import Column, ColumnElement, FromClause, Select, false, or_, update
from sqlalchemy.orm import InstrumentedAttribute

from retrain.extensions import db

Link = InstrumentedAttribute[Any]

BELONGS: dict[Column[Any], tuple[str, ...]] = {}
"""Rows that are the person's own: they pass to who stays when two are made one, and go into the copy of one's
data without the columns named here."""

DID: set[Column[Any]] = set()
"""Who did something at the time. History is not rewritten: the row keeps the one who was merged away."""

APART: set[Column[Any]] = set()
"""Dealt with by name in ``merging`` and ``privacy``."""


HANGS: dict[Column[Any], tuple[str, ...]] = {}
"""Rows that hang on a row of the person's own: the marks of an enrolment. They move with it, and go into the copy
without the columns named here."""

BESIDE: set[Column[Any]] = set()
"""Columns that point from one row of the person's own to another, or that are dealt with by name."""


Resting = Callable[[Collection[int]], set[int]]
RESTS: dict[str, list[Resting]] = {}
"""By table: who knows which of its rows something rests on that has no column for it, such as a frozen list."""


def belongs(*links: Link, without: tuple[str, ...] = ()) -> None:
    """Rows with these columns are the person's own."""
    BELONGS.update((column(link), without) for link in links)


def did(*links: Link) -> None:
    """These columns say who did it then."""
    DID.update(map(column, links))


def apart(*links: Link) -> None:
    """These columns have use cases of their own."""
    APART.update(map(column, links))


def hangs(*links: Link, without: tuple[str, ...] = ()) -> None:
    """Rows with these columns are part of a row of the person's own."""
    HANGS.update((column(link), without) for link in links)


def beside(*links: Link) -> None:
    """These columns lead to what is the person's own in any case."""
    BESIDE.update(map(column, links))


def rests(parent: str) -> Callable[[Resting], Resting]:
    """Declare who knows on which rows of table *parent* something rests without a column."""

    def declare(ask: Resting) -> Resting:
        RESTS.setdefault(parent, []).append(ask)
        return ask

    return declare


def column(link: Link) -> Column[Any]:
    """The column of the schema behind a mapped attribute."""
    found: Column[Any] = link.property.columns[0]
    return found


def points_at(link: Column[Any]) -> str:
    """``person`` or ``teacher``."""
    return next(key.column.table.name for key in link.foreign_keys)


def pass_on(kept: dict[str, int | None], gone: dict[str, int | None]) -> dict[str, int]:
    """Give every row of *gone* to *kept*, both as ids by table; how many rows of which table moved."""
    db.session.flush()
    moved: dict[str, int] = {}
    for link in BELONGS:
        old, new = gone[points_at(link)], kept[points_at(link)]
        if old is None or new is None:
            continue
        change = update(link.table).where(link == old).values({link.name: new})
        if count := db.session.execute(change).rowcount:  # type: ignore[attr-defined]
            moved[link.table.name] = moved.get(link.table.name, 0) + count
    db.session.expire_all()
    return moved


def copy_of(ids: dict[str, int | None]) -> dict[str, list[dict[str, Any]]]:
    """Every row that belongs to the person, by table; by table and column where that is not plainly theirs."""
    found = {}
    for link, without in BELONGS.items():
        if (number := ids[points_at(link)]) is None:
            continue
        name = link.table.name if is_plain(link) else f"{link.table.name}.{link.name}"
        found[name] = rows(db.select(link.table).where(link == number), without)
    for link, without in HANGS.items():
        found[link.table.name] = rows(db.select(link.table).where(theirs(link.table, ids)), without)
    return found


def is_plain(link: Column[Any]) -> bool:
    """Whether the rows are the person's own as a whole, and not only in one of their columns."""
    return link.name in ("person_id", "teacher_id")


def theirs(table: FromClause, ids: dict[str, int | None]) -> ColumnElement[bool]:
    """The condition that a row of *table* is the person's own, or hangs on one that is."""
    own = [link == ids[points_at(link)] for link in BELONGS if link.table is table and is_plain(link)]
    return or_(false(), *own, *(link.in_(_parents(link, ids)) for link in HANGS if link.table is table))


def _parents(link: Column[Any], ids: dict[str, int | None]) -> Select[Any]:
    key = next(key.column for key in link.foreign_keys)
    return db.select(key).where(theirs(key.table, ids))


def hanging_on(parent: str, numbers: Collection[int], but: Collection[Link] = ()) -> set[int]:
    """Which of the rows of table *parent* something hangs or rests on, leaving the columns *but* out."""
    hanging = [
        db.select(link).where(link.in_(numbers))
        for link in HANGS.keys() - {column(each) for each in but}
        if next(iter(link.foreign_keys)).column.table.name == parent
    ]
    # One question however many tables: what hangs on an enrolment grows with the house.
    found = set(db.session.scalars(db.union(*hanging))) if hanging and numbers else set()
    return found.union(*(ask(numbers) for ask in RESTS.get(parent, ())))


def rows(query: Any, without: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """What a query finds, as plain JSON."""
    return [
        {name: plain(value) for name, value in row.items() if name not in without}
        for row in db.session.execute(query).mappings()
    ]


def plain(value: Any) -> Any:
    """A cell as JSON can hold it."""
    return value.isoformat() if hasattr(value, "isoformat") else value
