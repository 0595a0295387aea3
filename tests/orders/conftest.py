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
    standings,
    teachers,
    university,
)

__all__ = [
    "college",
    "coordinator",
    "make_run",
    "make_teacher",
    "now",
    "office",
    "other_college",
    "provider",
    "rows",
    "run",
    "scene",
    "standings",
    "teachers",
    "university",
]
