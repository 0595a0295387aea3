"""Who did what, when, from what to what, and why; written in the same transaction as the change."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from flask import current_app

from retrain import clock
from retrain.audit import authentic
from retrain.audit.actor import NOBODY, SYSTEM, Actor
from retrain.extensions import db

__all__ = ["NOBODY", "SYSTEM", "Actor", "record", "record_many"]


def record(
    actor: Actor,
    action: str,
    subject: Any,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    why: str | None = None,
) -> None:
    """Write down that *actor* did *action* (``noun.verb-ed``) to *subject*, a row or a ``(type, id)`` pair.

    *before* and *after* hold only what changed. Never put a PINFL, a password or a code in them.
    """
    kind, number = _named(subject)
    _write([_entry(actor, action, kind, number, before, after, why)])


def record_many(actor: Actor, action: str, done: Iterable[tuple[tuple[str, Any], dict[str, Any]]]) -> None:
    """The same for many ``(type, id)`` pairs at once, each with what it is after; one entry for each."""
    rows = [_entry(actor, action, kind, str(number), None, after, None) for (kind, number), after in done]
    if rows:
        _write(rows)


def _write(rows: list[dict[str, Any]]) -> None:
    from retrain.audit.models import AuditEntry
    from retrain.database import hot

    hot.execute(AuditEntry.__table__.insert(), rows if len(rows) > 1 else rows[0])


def _entry(
    actor: Actor, action: str, kind: str, number: str, before: dict[str, Any] | None,
    after: dict[str, Any] | None, why: str | None,
) -> dict[str, Any]:  # fmt: skip
    key = authentic.key_of(current_app.config["SECRET_KEY"])
    values: dict[str, Any] = {
        "uid": authentic.new_uid(key),
        "at": clock.now(),
        "actor_id": actor.person_id,
        "role": actor.role,
        "organisation_id": actor.organisation_id,
        "delegated_by": actor.delegated_by,
        "action": action,
        "subject_type": kind,
        "subject_id": number,
        "before": _plain(before),
        "after": _plain(after),
        "why": why,
    }
    return {**values, "mac": authentic.mac(key, values)}


def _named(subject: Any) -> tuple[str, str]:
    if isinstance(subject, tuple):
        return str(subject[0]), str(subject[1])
    if subject.id is None:
        db.session.flush()
    return subject.__tablename__, str(subject.id)


def _plain(values: dict[str, Any] | None) -> dict[str, Any] | None:
    """*values* as JSON holds them, so that what is read back authenticates like what was written."""
    return json.loads(json.dumps(values, default=_written)) if values is not None else None  # type: ignore[no-any-return]


def _written(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
