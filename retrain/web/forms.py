"""A form posted, checked, carried out, and refused with everything that was typed still in it."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import request
from flask_wtf import FlaskForm

from retrain.refusal import Refused
from retrain.web.words import say

R = TypeVar("R")


class Form(FlaskForm):  # type: ignore[misc]
    """The base of every form. *problems* are refusals that belong to no single field."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        locales = ("en",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problems: list[str] = []


def submit(form: Form, call: Callable[[], R]) -> R | None:
    """The result of *call* when the form was posted and holds; else None, with every reason in the form."""
    if not form.validate_on_submit():
        return None
    try:
        return call()
    except Refused as refused:
        put_refusals(form, refused)
        return None


def put_refusals(form: Form, refused: Refused) -> None:
    """Word each refusal at its field, or above the form when it has none."""
    for refusal in refused.why:
        if refusal.field and refusal.field in form._fields:
            form._fields[refusal.field].errors = [*form._fields[refusal.field].errors, say(refusal)]
        else:
            form.problems.append(say(refusal))


def local_target(target: str | None, otherwise: str) -> str:
    """*target* when it is an address on this site, else *otherwise*: never a way out to another site."""
    if not target or "\\" in target or not target.startswith("/") or target.startswith("//"):
        return otherwise
    parts = urlsplit(target)
    return otherwise if parts.scheme or parts.netloc else target


def page_before(otherwise: str) -> str:
    """The page of ours that the request came from."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return otherwise
    return local_target(parts.path + (f"?{parts.query}" if parts.query else ""), otherwise)
