"""Lets later stages act when a run changes its state, in the same transaction and unknown to this one.

A later package puts its follower into its ``handlers.py``, which is imported when the app is assembled::

    @moves.follow(RunState.CANCELLED)
    def end_what_is_open(actor: Actor, run: Run, why: str | None) -> None: ...
"""

from collections import defaultdict
from collections.abc import Callable, Collection

from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.catalogue.states import RunState

Follower = Callable[[Actor, Run, str | None], None]

ChangeFollower = Callable[[Actor, Run, Collection[str]], None]

CopyFollower = Callable[[Actor, Run, Run], None]

_followers: dict[RunState, list[Follower]] = defaultdict(list)
_change_followers: list[ChangeFollower] = []
_copy_followers: list[CopyFollower] = []


def follow(to: RunState) -> Callable[[Follower], Follower]:
    """Marks a function to be called after a run has moved to the state *to*; it may refuse by raising."""

    def keep(follower: Follower) -> Follower:
        _followers[to].append(follower)
        return follower

    return keep


def tell(actor: Actor, run: Run, why: str | None) -> None:
    """Call whoever follows the state that *run* has just reached."""
    for follower in _followers[run.state]:
        follower(actor, run, why)


def follow_copies(follower: CopyFollower) -> CopyFollower:
    """Marks a function to be called after a run has been copied, with the earlier run and the new draft."""
    _copy_followers.append(follower)
    return follower


def tell_copied(actor: Actor, run: Run, copy: Run) -> None:
    """Call whoever follows copies of runs."""
    for follower in _copy_followers:
        follower(actor, run, copy)


def follow_changes(follower: ChangeFollower) -> ChangeFollower:
    """Marks a function to be called after what a run says (dates, places) has been changed, with what of it."""
    _change_followers.append(follower)
    return follower


def tell_changed(actor: Actor, run: Run, changed: Collection[str]) -> None:
    """Call whoever follows changes of *run*, of which these columns are *changed*."""
    for follower in _change_followers:
        follower(actor, run, changed)
