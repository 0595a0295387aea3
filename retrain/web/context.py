"""What every template may rely on."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, g, request, url_for
from flask_login import current_user

from retrain.audit.actor import Actor
from retrain.language import pick
from retrain.language.transliteration import in_letters_of
from retrain.web import work
from retrain.web.language import LANGUAGES, current_language

MENUS = "retrain.menus"


@dataclass(frozen=True)
class Destination:
    """A menu item with its address."""

    label: str
    url: str
    current: bool


def init_app(app: Flask) -> None:
    app.context_processor(_context)
    app.template_filter("asked_alike")(asked_alike)
    app.template_filter("in_letters")(lambda text: in_letters_of(text or "", current_language()))
    app.template_filter("pick")(lambda texts: pick(texts, current_language()))


def _context() -> dict[str, Any]:
    language = current_language()
    user = current_user._get_current_object()  # found once, and not at every mention
    signed_in = bool(user and user.is_authenticated)
    return {
        "html_lang": language,
        "languages": tuple(
            (code, name, in_language(code), code == language) for code, name in LANGUAGES.items()
        ),
        "menu": _menu() if signed_in else (),
        "signed_in": signed_in,
        "acting": getattr(user, "acting", None),
        "unread": getattr(user, "unread", 0),
        "public_url": current_app.config["RETRAIN"].public_url,
    }


def in_language(code: str) -> str:
    """This same address in another language, relative: what a visitor typed names no endpoint."""
    arguments = {**request.args.to_dict(flat=False), "lang": code}
    return f"?{urlencode(arguments, doseq=True)}"


def asked_alike(address: str) -> str:
    """An address of ours with the filters this page was asked with.

    As text behind it, for a filter may be called what an address has of its own: a code, an endpoint, a scheme.
    """
    query = urlencode(request.args.to_dict(flat=False), doseq=True)
    return f"{address}?{query}" if query else address


def _menu() -> tuple[Destination, ...]:
    """The destinations of the role acted in, put together once: they hang on nothing else of the actor."""
    if "actor" not in g:
        return ()
    known: dict[Hashable, tuple[Destination, ...]] = current_app.extensions.setdefault(MENUS, {})
    key = (g.actor.role, request.endpoint, current_language(), request.script_root)
    if key not in known:
        nobody_in_particular = Actor(person_id=g.actor.person_id, role=g.actor.role)
        known[key] = tuple(
            Destination(item.label, url_for(item.endpoint, **item.values), item.endpoint == request.endpoint)
            for item in work.gather("menu", nobody_in_particular)
        )
    return known[key]
