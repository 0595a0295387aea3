"""The door of every route: ``@allow("action")`` or ``@public``; a route with neither is closed to all."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Flask, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.routing import Map

from retrain.audit.actor import NOBODY
from retrain.people.acting import current_actor
from retrain.people.permissions import GRANTS, scope
from retrain.people.queries import zone_of
from retrain.refusal import Forbidden
from retrain.web.language import READERS_CLOCKS

View = TypeVar("View", bound=Callable[..., Any])

OPEN_ENDPOINTS = {"static", "bootstrap.static"}
"""Files that say nothing about anybody."""


def allow(action: str) -> Callable[[View], View]:
    """Opens a route to the roles that the permission table gives *action*; an unknown action stops the start."""
    if action not in GRANTS:
        raise LookupError(f"permissions.csv has no row for {action!r}")

    def mark(view: View) -> View:
        view.action = action  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Opens a route to anyone; the same as the table's ``public`` row."""
    return allow("public")(view)


def action_of(app: Flask, endpoint: str) -> str | None:
    """The action a route is opened by; None for one that nobody opened."""
    return getattr(app.view_functions[endpoint], "action", None)


def reachable(url: str | None) -> bool:
    """Whether the present actor's role opens the page behind an address of ours."""
    if not url:
        return False
    action = action_of(current_app, _endpoint(current_app.url_map, url.split("?")[0]))
    return action is not None and scope(g.actor, action) is not None


@lru_cache(maxsize=8192)
def _endpoint(pages: Map, path: str) -> str:
    """What answers at *path*; kept, because a board asks for hundreds of links and asks again."""
    endpoint, _ = pages.bind("").match(path, method="GET")
    return str(endpoint)


def init_app(app: Flask) -> None:
    app.before_request(_guard)
    app.extensions[READERS_CLOCKS] = lambda: zone_of(current_actor().organisation_id)


def _guard() -> Any:
    user = current_user._get_current_object()  # found once, and not at every mention
    g.actor = user.actor if user and user.is_authenticated else NOBODY
    endpoint = request.endpoint
    if endpoint is None or endpoint in OPEN_ENDPOINTS:
        return None
    action = action_of(current_app, endpoint)
    if action is None:
        raise Forbidden(endpoint)
    if scope(g.actor, action) is not None:
        return None
    if g.actor.person_id is None and request.method == "GET" and not request.path.endswith(".json"):
        query = request.query_string.decode(errors="replace")
        here = request.path + (f"?{query}" if query else "")
        return redirect(url_for("people.sign_in") + "?" + urlencode({"next": here}))
    raise Forbidden(action)
