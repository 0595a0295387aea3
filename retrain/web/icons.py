"""Pictures from our own sprite; a page shows some twenty."""

from functools import lru_cache

from flask import Flask
from markupsafe import Markup

from retrain.web.addresses import address


def init_app(app: Flask) -> None:
    app.jinja_env.globals["icon"] = icon


def icon(name: str, label: str = "") -> Markup:
    """The picture *name*. Beside a word it is silent; alone it needs a *label*."""
    return _drawn(address("static", filename="icons.svg"), name, str(label))


@lru_cache(maxsize=1000)
def _drawn(sprite: str, name: str, label: str) -> Markup:
    said = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon icon-{0}" {1} focusable="false"><use href="{2}#{0}"></use></svg>').format(
        name, said, sprite
    )
