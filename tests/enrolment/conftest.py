"""A university with runs and two colleges, for every test here."""

from tests.harness.places import (
    college,
    coordinator,
    make_run,
    make_teacher,
    now,
    office,
    other_college,
    provider,
    rows,
    run,
    scene,
    sixty,
    standings,
    teachers,
    university,
)
from tests.messages.conftest import mail

__all__ = [
    "college",
    "coordinator",
    "mail",
    "make_run",
    "make_teacher",
    "now",
    "office",
    "other_college",
    "provider",
    "rows",
    "run",
    "scene",
    "sixty",
    "standings",
    "teachers",
    "university",
]
