"""Every way a request can fail, as a page that says what to do next; never a stack trace."""

from dataclasses import dataclass
from typing import Any

import structlog
from flask import Flask, Response, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from retrain.database import dialect
from retrain.extensions import db, login
from retrain.refusal import ChangedMeanwhile, Forbidden, NotThere, Refused
from retrain.web.forms import page_before
from retrain.web.words import say

log = structlog.get_logger()


@dataclass(frozen=True)
class Problem:
    """What an error page says."""

    status: int
    title: str
    sentence: str
    advice: str


def init_app(app: Flask) -> None:
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Forbidden, lambda _error: page(403))
    app.register_error_handler(NotThere, lambda _error: page(404))
    app.register_error_handler(ChangedMeanwhile, _changed_meanwhile)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, lambda error: page(error.code or 500, error))
    app.register_error_handler(Exception, _unexpected)


def problem(status: int) -> Problem:
    """The words for *status* in the reader's language."""
    known = {
        400: (_("This request can't be read"), _("Something in the address or the form is not as it should be."),
              _("Go back, check what you typed, and try again.")),
        403: (_("This page is not open to you"), _("Your present role does not reach it."),
              _("If you hold another role, switch to it in the bar above, or ask your administrator.")),
        404: (_("Nothing is here"), _("The address may be mistyped, or the thing was moved."),
              _("Start from the first page, or search.")),
        405: (_("This address only takes forms"), _("Opening it directly does nothing."),
              _("Go back to the page with the button.")),
        409: (_("Somebody else was quicker"), _("What you were changing has been changed meanwhile."),
              _("Look at the difference and decide.")),
        413: (_("This file is too big"), _("Files of up to 10 MB are taken."),
              _("Make the file smaller, or send it in parts.")),
        429: (_("Too many tries"), _("To protect the account, we wait a little before the next one."),
              _("Try again in a few minutes.")),
        500: (_("This went wrong on our side"), _("Nothing of what you did was half-done; it was either saved or not."),
              _("Try again in a moment. If it happens again, tell your administrator the time shown here.")),
        503: (_("There is no room to save this"),
              _("The server's disk is full. What you did was not saved, not even a part of it."),
              _("Tell your administrator, who has to make room; then send it again.")),
    }  # fmt: skip
    status = status if status in known else (400 if status < 500 else 500)
    return Problem(status, *known[status])


def page(status: int, error: HTTPException | None = None, **context: Any) -> Any:
    """The error page, or a problem document (RFC 9457) for a program."""
    if error is not None and status < 400:
        return error  # a redirect
    words = problem(status)
    if wants_json():
        body = jsonify(type="about:blank", title=words.title, status=status, detail=words.sentence)
        body.content_type = "application/problem+json"
        return body, status
    template = "errors/standalone.html" if status >= 500 else "errors/problem.html"
    return render_template(template, problem=words, **context), status


def wants_json() -> bool:
    """Whether the client is a program."""
    return request.path.endswith(".json") or request.accept_mimetypes.best == "application/json"


def _refused(refused: Refused) -> Any:
    sentences = [say(refusal) for refusal in refused.why]
    if wants_json():
        body = jsonify(
            type="about:blank", title=problem(409).title, status=409, detail=" ".join(sentences),
            codes=[refusal.code for refusal in refused.why],
        )  # fmt: skip
        body.content_type = "application/problem+json"
        return body, 409
    for sentence in sentences:
        flash(sentence, "problem")
    return redirect(page_before(url_for("web.home")), 303)


def _changed_meanwhile(error: ChangedMeanwhile) -> Any:
    return page(409, differences=error.differences, by=error.by)


def _stale_form(_error: CSRFError) -> Any:
    flash(
        _("This form was opened before you signed in, or in another window. Please send it again."), "problem"
    )
    return redirect(page_before(url_for("web.home")), 303) if request.method == "POST" else page(400)


def _unexpected(error: Exception) -> Response | Any:
    db.session.rollback()
    if "_login_user" not in g:
        # Who it is could not be found out; the page must not ask again.
        g._login_user = login.anonymous_user()
    if dialect.has_no_room(error):
        log.error("the disk is full", path=request.path, kind=type(error).__name__)
        return page(503)
    log.exception("request failed", path=request.path, kind=type(error).__name__)
    return page(400 if dialect.can_not_hold(error) else 500)
