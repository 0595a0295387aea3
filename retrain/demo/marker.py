"""What is in the database already: nothing, a demo country, or something that must not be touched."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import delete, func, select

from retrain.demo.country import Country
from retrain.extensions import db
from retrain.people.models import Organisation, Person, Setting

KEY = "demo"


@dataclass(frozen=True)
class Holding:
    """What the database holds."""

    is_empty: bool
    is_demo: bool
    others: int
    """How many people in it are not of the demo."""


def holding() -> Holding:
    """What a demo country would come upon."""
    people = db.session.scalar(select(func.count(Person.id))) or 0
    others = db.session.scalar(select(func.count(Person.id)).where(Person.is_demo.is_(False))) or 0
    organisations = db.session.scalar(select(func.count(Organisation.id))) or 0
    marked = db.session.scalar(select(Setting.id).where(Setting.key == KEY).limit(1)) is not None
    return Holding(not people and not organisations, marked and not others, others)


def mark(country: Country) -> None:
    """Leave the sign by which the next one knows a demo country, with what it was made from."""
    country.rows.add(
        Setting, organisation_id=None, key=KEY, valid_from=country.today, created_at=country.now,
        value={"today": country.today.isoformat(), "seed": country.seed},
    )  # fmt: skip


def empty(tell: Callable[[str], None]) -> None:
    """Take the demo country out that is there; nothing else is ever deleted (see ``commands``)."""
    if holding().is_empty:
        return
    tell("taking out the demo country that is there")
    for table in reversed(db.metadata.sorted_tables):
        db.session.execute(delete(table))
