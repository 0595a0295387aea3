"""What later stages know of a teacher: runs and how they ended, documents issued here.

Each answers through its ``work`` room: ``record_runs(teacher_id, actor)`` and ``record_documents(teacher_id, actor)``.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class RunLine:
    """A run somebody is or was on. *ended* and *word* are said in the language being written."""

    code: str
    titles: dict[str, str]
    provider_id: int
    starts_on: date
    ends_on: date
    ended: Any
    tone: str
    attempt: int = 1
    mark: int | None = None
    word: str = ""
    results: tuple[tuple[dict[str, str], int | None], ...] = ()
    """Each assessment with the points that count."""
    hours: int | None = None
    run_hours: int | None = None
    url: str = ""


@dataclass(frozen=True)
class PaperLine:
    """A document that was issued here."""

    number: str
    titles: dict[str, str]
    kind: Any
    hours: int
    issued_on: date
    stands: Any
    tone: str
    url: str = ""
