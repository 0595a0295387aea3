"""Who is acting in this request."""

from flask import g

from retrain.audit.actor import NOBODY, Actor


def current_actor() -> Actor:
    """The signed-in person in the role they act in, or nobody."""
    return getattr(g, "actor", NOBODY)
