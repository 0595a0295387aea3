"""What each package contributes to pages that belong to no single one: menus, waiting items, board, panels, tabs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from flask import Flask, current_app, request
from flask_babel import gettext as _

from retrain.audit.actor import Actor

STEPS = ("published", "places", "order", "timetable", "registers", "statement", "protocol", "documents")
"""The steps of a run on the term board, in the order of the work."""

STATE_WORDS = {
    "waiting": lambda: _("waits"),
    "problem": lambda: _("needs you"),
    "done": lambda: _("done"),
    "none": lambda: _("later"),
}
"""What a badge says when there is nothing to count."""


@dataclass(frozen=True)
class WorkItem:
    """One thing that waits for a person. *tone* is waiting, problem or done; *count* stands beside it."""

    text: str
    url: str
    count: int | None = None
    tone: str = "waiting"
    order: int = 50
    hint: str = ""

    @property
    def label(self) -> str:
        """The sentence under the name the task list reads."""
        return self.text

    @property
    def state(self) -> str:
        """What the badge says: the number, or that it waits."""
        return str(self.count) if self.count is not None else STATE_WORDS[self.tone]()


@dataclass(frozen=True)
class Advice:
    """What somebody in this role does next when nothing waits: a sentence, and where the button leads."""

    text: str
    url: str
    action: str
    order: int = 50


@dataclass(frozen=True)
class MenuItem:
    """A destination in the bar; lower *order* stands further left."""

    label: str
    endpoint: str
    order: int = 50
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Cell:
    """One cell of the term board. *state* is done, waiting, problem or none."""

    state: str
    text: str
    url: str | None = None


@dataclass(frozen=True)
class Panel:
    """A part of somebody else's page: a template and what it shows."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    order: int = 50


@dataclass(frozen=True)
class OwnLink:
    """A page about one of a person's own enrolments, shown beside it among their courses."""

    enrolment_id: int
    label: str
    url: str
    order: int = 50


@dataclass(frozen=True)
class Tab:
    """One page about a run, in the row of tabs its manage pages share."""

    label: str
    url: str
    endpoint: str
    order: int = 50

    @property
    def current(self) -> bool:
        """Whether this is the page that is being shown."""
        return request.endpoint == self.endpoint


@dataclass(frozen=True)
class BulkAction:
    """Something done to many chosen runs at once; *call* answers one sentence for each."""

    name: str
    label: str
    call: Callable[[Actor, str], str]


def rooms(app: Flask) -> list[ModuleType]:
    """The ``work`` rooms of all packages, earlier stages first."""
    return app.extensions.setdefault("retrain.work", [])  # type: ignore[no-any-return]


def _each(name: str) -> Sequence[Callable[..., Any]]:
    """The functions called *name*, looked up once: every page asks for some of them."""
    furnished = rooms(current_app)
    known: dict[tuple[str, int], Sequence[Callable[..., Any]]]
    known = current_app.extensions.setdefault("retrain.work.functions", {})
    key = (name, len(furnished))  # a room that comes later is looked into as well
    if key not in known:
        known[key] = [getattr(room, name) for room in furnished if hasattr(room, name)]
    return known[key]


def gather(name: str, *arguments: Any) -> list[Any]:
    """The answers of every package's *name* function, put together and ordered."""
    found = [item for function in _each(name) for item in function(*arguments)]
    return sorted(found, key=lambda item: getattr(item, "order", 50))


def board(runs: Sequence[Any]) -> dict[str, dict[int, Cell]]:
    """step → run id → cell; where two packages fill the same cell the later stage's stands."""
    table: dict[str, dict[int, Cell]] = {step: {} for step in STEPS}
    for function in _each("board"):
        for step, cells in function(runs).items():
            table[step].update(cells)
    return table
