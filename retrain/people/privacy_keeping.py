"""What must be kept of a person who asks to be erased, as each package says and the administrator's terms have it."""

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select

from retrain import clock
from retrain.audit.models import AuditEntry
from retrain.extensions import db
from retrain.people import queries
from retrain.people.accounts import retention
from retrain.people.privacy_rules import Kept, each_kind_once, years_after

__all__ = ["KEEPERS", "Kept", "end_of", "keeper", "name_in_messages", "what_is_kept"]

Keep = Callable[[int, int | None], list[Kept]]
KEEPERS: list[Keep] = []
"""(person id, teacher id) → what a package must keep of them."""


def keeper(kept: Keep) -> Keep:
    """Have *kept* asked before anybody is erased."""
    KEEPERS.append(kept)
    return kept


def end_of(term: str, since: date) -> date:
    """The last day of one of the administrator's terms in years, counted from a day."""
    return years_after(since, retention(term))


def name_in_messages(sent: ColumnElement[bool]) -> list[Kept]:
    """A person's name in messages to others, that the trail's entries for which *sent* holds went with.

    A message is its reader's. It goes when all messages of its age do.
    """
    last = db.session.scalar(select(func.max(AuditEntry.at)).where(sent))
    if last is None:
        return []
    goes = last + timedelta(days=retention("message_days"))
    return [Kept("messages", goes.astimezone(clock.COUNTRY).date())]


def what_is_kept(person_id: int) -> list[Kept]:
    """All that must be kept of a person today, each kind once."""
    teacher = queries.teacher_of(person_id)
    teacher_id = teacher.id if teacher else None
    return each_kind_once((each for keep in KEEPERS for each in keep(person_id, teacher_id)), clock.today())
