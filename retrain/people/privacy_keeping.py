"""What must be kept of a person who asks to be erased, as each package says and the administrator's terms have it."""

from collections.abc import Callable
from datetime import date

from retrain import clock
from retrain.people import queries
from retrain.people.accounts import retention
from retrain.people.privacy_rules import Kept, each_kind_once, years_after

__all__ = ["KEEPERS", "Kept", "end_of", "keeper", "what_is_kept"]

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


def what_is_kept(person_id: int) -> list[Kept]:
    """All that must be kept of a person today, each kind once."""
    teacher = queries.teacher_of(person_id)
    teacher_id = teacher.id if teacher else None
    return each_kind_once((each for keep in KEEPERS for each in keep(person_id, teacher_id)), clock.today())
