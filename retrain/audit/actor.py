"""Who acts: a person in one of their roles, or the program itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """A person acting in one role for one organisation; all empty for the program itself and for visitors."""

    person_id: int | None = None
    role: str | None = None
    organisation_id: int | None = None
    role_id: int | None = None
    delegated_by: int | None = None
    region: str | None = None


SYSTEM = Actor(role="system")
"""The program acting by itself: sweeps, promotions, command line."""

NOBODY = Actor()
"""A visitor who is not signed in."""
