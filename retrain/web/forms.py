"""A form posted, checked, carried out, and refused with everything that was typed still in it."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit

from flask import has_request_context, request
from flask_wtf import FlaskForm

from retrain.refusal import Refused, TooMany
from retrain.web.words import say

R = TypeVar("R")


class Form(FlaskForm):  # type: ignore[misc]
    """The base of every form. *problems* are refusals that belong to no single field; *status* answers a refused one."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        locales = ("en",)

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What a page of ours sent: Flask-WTF would read JSON too, of whatever shape."""
            if has_request_context() and request.is_json and not hasattr(formdata, "getlist"):
                return None
            return super().wrap_formdata(form, formdata)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problems: list[str] = []
        self.status = 422


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
    if isinstance(refused, TooMany):
        form.status = 429
    for refusal in refused.why:
        if refusal.field and refusal.field in form._fields:
            form._fields[refusal.field].errors = [*form._fields[refusal.field].errors, say(refusal)]
        else:
            form.problems.append(say(refusal))


def local_target(target: str | None, otherwise: str) -> str:
    """*target* when it is an address on this site, else *otherwise*: never a way out to another site."""
    # A browser leaves tabs and ends of lines out and takes a backslash for a slash before it looks where to go.
    if not target or not target.isprintable() or "\\" in target or not target.startswith("/"):
        return otherwise
    if target.startswith("//"):
        return otherwise
    parts = _parts(target)
    return otherwise if parts is None or parts.scheme or parts.netloc else target


def page_before(otherwise: str) -> str:
    """The page of ours that the request came from."""
    parts = _parts(request.referrer or "")
    if parts is None or parts.netloc != request.host:
        return otherwise
    return local_target(parts.path + (f"?{parts.query}" if parts.query else ""), otherwise)


def _parts(address: str) -> SplitResult | None:
    """An address taken apart; None for what is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return None
