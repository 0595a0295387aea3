"""Which role may do what in whose organisation: one table, ``permissions.csv``, read at the start.

A row is an action, a column a role, a cell says whose data: empty is no. Everything not in the table is
forbidden. ``own`` the person themself; ``college`` people employed by the actor's organisation;
``provider`` what the actor's organisation gives; ``group`` runs the actor is curator of; ``sessions``
sessions the actor teaches; ``region`` the actor's region; ``all`` everything. The last two columns are no
roles: ``roleless`` is who is signed in and acts in none, ``anyone`` is everybody else too.
"""

import csv
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from retrain.audit.actor import Actor
from retrain.refusal import Forbidden

TABLE = Path(__file__).with_name("permissions.csv")


class Scope(StrEnum):
    """Whose data an action reaches."""

    OWN = "own"
    COLLEGE = "college"
    PROVIDER = "provider"
    GROUP = "group"
    SESSIONS = "sessions"
    REGION = "region"
    ALL = "all"


@dataclass(frozen=True)
class Target:
    """What an action is done to, as far as permission is concerned."""

    person_id: int | None = None
    college_id: int | None = None
    college_ids: Collection[int] = ()
    provider_id: int | None = None
    curator_id: int | None = None
    lecturer_ids: Collection[int] = ()
    region: str | None = None


def read_table(path: Path = TABLE) -> dict[str, dict[str, Scope]]:
    """action → role → scope, as the file says."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        row["action"]: {
            role: Scope(cell) for role, cell in row.items() if cell and role not in ("action", "what")
        }
        for row in rows
    }


GRANTS = read_table()


def scope(actor: Actor, action: str) -> Scope | None:
    """How far *actor* reaches with *action*; None when not at all."""
    row = GRANTS[action]
    if actor.role == "system":
        return Scope.ALL
    role = actor.role or ("anyone" if actor.person_id is None else "roleless")
    return row.get(role) or row.get("anyone")


def may(actor: Actor, action: str, target: Target) -> bool:
    """Whether *actor* may do *action* to *target*."""
    match scope(actor, action):
        case Scope.ALL:
            return True
        case Scope.OWN:
            return actor.person_id is not None and actor.person_id == target.person_id
        case Scope.COLLEGE:
            ours = actor.organisation_id
            return ours is not None and (ours == target.college_id or ours in target.college_ids)
        case Scope.PROVIDER:
            return actor.organisation_id is not None and actor.organisation_id == target.provider_id
        case Scope.GROUP:
            return actor.person_id is not None and actor.person_id == target.curator_id
        case Scope.SESSIONS:
            return actor.person_id is not None and actor.person_id in target.lecturer_ids
        case Scope.REGION:
            return actor.region is not None and actor.region == target.region
        case _:
            return False


def require(actor: Actor, action: str, target: Target) -> None:
    """Raise :class:`Forbidden` unless *actor* may do *action* to *target*."""
    if not may(actor, action, target):
        raise Forbidden(action)
