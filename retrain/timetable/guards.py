"""Who else has a say when a class is moved or cancelled: later stages register here, for this one does not know them.

@guard
def signed(session_ids): return {7: Refusal.of("register-signed", …)}
"""

from collections.abc import Callable, Collection

from retrain.refusal import Refusal, Refused

Guard = Callable[[Collection[int]], dict[int, Refusal]]

_GUARDS: list[Guard] = []


def guard(function: Guard) -> Guard:
    """*function* is asked which of some classes may no longer be changed, and why."""
    _GUARDS.append(function)
    return function


def held_fast(session_ids: Collection[int]) -> dict[int, Refusal]:
    """Class → why it may no longer be changed; the others are free."""
    found: dict[int, Refusal] = {}
    if session_ids:
        for ask in _GUARDS:
            found = ask(session_ids) | found
    return found


def require_free(session_ids: Collection[int]) -> None:
    """Raise Refused with every reason why one of the classes may no longer be changed."""
    if held := held_fast(session_ids):
        raise Refused(held.values())
