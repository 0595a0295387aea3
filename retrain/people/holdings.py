"""Which columns of the house point at a person, and what a merge and a copy of one's data make of each.

Every package says so in its room ``personal_data.py``; a test finds the column that nobody spoke for.
"""

from typing import Any

from sqlalchemy import Column, update
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


def belongs(*links: Link, without: tuple[str, ...] = ()) -> None:
    """Rows with these columns are the person's own."""
    BELONGS.update((column(link), without) for link in links)


def did(*links: Link) -> None:
    """These columns say who did it then."""
    DID.update(map(column, links))


def apart(*links: Link) -> None:
    """These columns have use cases of their own."""
    APART.update(map(column, links))


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
        plainly = link.name in ("person_id", "teacher_id")
        found[link.table.name if plainly else f"{link.table.name}.{link.name}"] = rows(
            db.select(link.table).where(link == number), without
        )
    return found


def rows(query: Any, without: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """What a query finds, as plain JSON."""
    return [
        {name: plain(value) for name, value in row.items() if name not in without}
        for row in db.session.execute(query).mappings()
    ]


def plain(value: Any) -> Any:
    """A cell as JSON can hold it."""
    return value.isoformat() if hasattr(value, "isoformat") else value
