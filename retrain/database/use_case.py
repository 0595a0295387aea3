"""``@use_case``: one function, one transaction, retried when it lost a race."""

import functools
import random
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError

from retrain.database import dialect
from retrain.extensions import db

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS = 3
_AFTER = "retrain.after_commit"


def use_case(function: Callable[P, R]) -> Callable[P, R]:
    """Run *function* in one write transaction of its own, or in the outer use case's if there is one.

    A deadlock, serialisation failure or busy database is retried up to three times, so the function
    must have no effect outside the database; what has one goes through :func:`after_commit`.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if dialect.writing.get():
            return function(*args, **kwargs)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return _once(function, *args, **kwargs)
            except DBAPIError as error:
                if attempt == ATTEMPTS or not dialect.may_retry(error):
                    raise
                time.sleep(random.uniform(0.005, 0.05) * attempt)  # noqa: S311 (no secret: it keeps two losers apart)
        raise AssertionError("unreachable")

    return run


def _once(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    session = db.session()
    # Ends the read transaction that signing-in began, and forgets what it had read.
    session.rollback()
    session.info[_AFTER] = []
    token = dialect.writing.set(True)
    try:
        result = function(*args, **kwargs)
        session.commit()
    except BaseException:
        session.rollback()
        session.info[_AFTER] = []
        raise
    finally:
        dialect.writing.reset(token)
    for effect in session.info.pop(_AFTER, []):
        effect()
    return result


def after_commit(effect: Callable[[], None]) -> None:
    """Call *effect* once the running use case has committed; not at all if it fails."""
    db.session().info.setdefault(_AFTER, []).append(effect)
