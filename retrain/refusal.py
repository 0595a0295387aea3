"""How the program says no: a code and its facts inside, a sentence in the reader's language at the edge."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Refusal:
    """One reason why something can't be done. *field* names the form field it belongs to, if any."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)
    field: str | None = None

    @classmethod
    def of(cls, code: str, /, field: str | None = None, **facts: Any) -> "Refusal":
        """A refusal with its facts written as keywords."""
        return cls(code, facts, field)


class Refused(Exception):
    """A use case was asked for something its rules do not allow; carries every reason, not the first."""

    def __init__(self, why: Iterable[Refusal] | Refusal) -> None:
        self.why: list[Refusal] = [why] if isinstance(why, Refusal) else list(why)
        super().__init__(", ".join(refusal.code for refusal in self.why))


class TooMany(Refused):
    """Refused for now: later the same may be done (HTTP 429)."""


class Forbidden(Exception):
    """The actor's role does not reach this action on this object (HTTP 403)."""


class NotThere(Exception):
    """No such object, or none that this actor may know of (HTTP 404)."""


class ChangedMeanwhile(Exception):
    """Somebody else saved the same object first; carries field → (theirs, yours)."""

    def __init__(self, differences: dict[str, tuple[Any, Any]], by: str = "") -> None:
        self.differences = differences
        self.by = by
        super().__init__(", ".join(differences))
