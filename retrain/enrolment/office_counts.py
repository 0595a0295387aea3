"""What of a provider's runs waits for its office, whichever package knows of it: counted by one query for all.

A package declares its question once; the first that wants its answer asks for all of them.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from flask import g, has_request_context
from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from retrain.catalogue.models import Run
from retrain.extensions import db


class Waiting(NamedTuple):
    """So many things of a run."""

    code: str
    number: int
    first: int | None
    """Where the first of them is."""
    by: date | None
    """When the first of them is due."""


Question = Callable[[int, int], Select[Any]]
"""Given the provider and who asks: the query, from the runs on, begun with :func:`per_run`."""

_QUESTIONS: dict[str, Question] = {}


def declare(what: str) -> Callable[[Question], Question]:
    """Name a question, so that it is asked with all others."""

    def keep(question: Question) -> Question:
        _QUESTIONS[what] = question
        return question

    return keep


def per_run(
    provider_id: int, first: ColumnElement[Any] | None = None, by: ColumnElement[Any] | None = None
) -> Select[Any]:
    """A provider's runs each with how many rows are joined to it; what is counted, the package joins."""
    return (
        select(
            Run.code.label("code"),
            func.count().label("number"),
            cast(null(), Integer).label("first") if first is None else first.label("first"),
            cast(null(), Date).label("by") if by is None else by.label("by"),
        )
        .select_from(Run)
        .where(Run.provider_id == provider_id)
        .group_by(Run.code)
    )


def of(what: str, provider_id: int, person_id: int) -> list[Waiting]:
    """The answer to one question, by the codes of the runs; on one page all are asked together once."""
    if not has_request_context():
        return _ask(provider_id, person_id).get(what, [])
    kept: dict[tuple[int, int], dict[str, list[Waiting]]] = g.setdefault("office_counts", {})
    if (provider_id, person_id) not in kept:
        kept[provider_id, person_id] = _ask(provider_id, person_id)
    return kept[provider_id, person_id].get(what, [])


def _ask(provider_id: int, person_id: int) -> dict[str, list[Waiting]]:
    parts = [
        question(provider_id, person_id).add_columns(cast(literal(what), String).label("what"))
        for what, question in _QUESTIONS.items()
    ]
    found: dict[str, list[Waiting]] = {}
    for code, number, first, by, what in db.session.execute(union_all(*parts)).tuples():
        found.setdefault(what, []).append(Waiting(code, number, first, by))
    return {what: sorted(rows, key=lambda row: row.code) for what, rows in found.items()}
