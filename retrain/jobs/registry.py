"""What the worker knows how to do: handlers of jobs by kind, and small things done again and again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from retrain.jobs.states import Lane

if TYPE_CHECKING:
    from retrain.jobs.runner import Work

Handle = Callable[["Work"], None]
F = TypeVar("F", bound=Callable[..., None])


@dataclass(frozen=True)
class Handler:
    """How one kind of job is done, and in which lane."""

    kind: str
    lane: Lane
    call: Handle


@dataclass(frozen=True)
class Chore:
    """Something every worker does again and again; several at once must do no harm."""

    name: str
    interval: timedelta
    thread: str
    call: Callable[[], None]


HANDLERS: dict[str, Handler] = {}
CHORES: dict[str, Chore] = {}


def handler(kind: str, lane: Lane = Lane.LIGHT) -> Callable[[F], F]:
    """Declare how jobs of *kind* are done. HEAVY is for what takes more than a few seconds of processor."""

    def declare(function: F) -> F:
        HANDLERS[kind] = Handler(kind, lane, function)
        return function

    return declare


def every(interval: timedelta, thread: str = "chores") -> Callable[[F], F]:
    """Have each worker call the function every *interval*, one after the other within a *thread*.

    Several workers call it at the same time, so it claims what it does, or does it under a lock.
    """

    def declare(function: F) -> F:
        name = f"{function.__module__}.{function.__name__}"
        CHORES[name] = Chore(name, interval, thread, function)
        return function

    return declare
