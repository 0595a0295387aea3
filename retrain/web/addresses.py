"""Addresses in templates, each put together once: a page asks for some thirty, and the same ones every time."""

from functools import lru_cache
from typing import Any

from flask import Flask, current_app, request, url_for

ADDRESSES = "retrain.addresses"


def init_app(app: Flask) -> None:
    app.extensions[ADDRESSES] = lru_cache(maxsize=20_000)(_built)
    app.jinja_env.globals["url_for"] = address


def address(endpoint: str, **values: Any) -> str:
    """What ``url_for`` gives, remembered; whatever can't be remembered is asked for anew."""
    if endpoint.startswith("."):
        endpoint = f"{request.blueprint}{endpoint}"
    if any(name.startswith("_") for name in values):  # what depends on how one came here
        return url_for(endpoint, **values)
    try:
        found: str = current_app.extensions[ADDRESSES](
            request.script_root, endpoint, tuple(sorted(values.items()))
        )
    except TypeError:  # a list among the values
        return url_for(endpoint, **values)
    return found


def _built(_root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return url_for(endpoint, **dict(values))
