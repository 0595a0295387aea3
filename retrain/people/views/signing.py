"""Signing in and out."""

from datetime import timedelta
from typing import Any

from flask import (
    Response,
    after_this_request,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from itsdangerous import BadData, URLSafeTimedSerializer

from retrain import clock
from retrain.people import service
from retrain.people.access import public
from retrain.people.forms.account import NumberForm, SignInForm
from retrain.people.views import bp
from retrain.web.forms import local_target, submit

PATIENCE = timedelta(minutes=10)
"""How long a good password waits for its number."""


KNOWN = "known"
KNOWN_FOR = timedelta(days=180)
MOST_KNOWN = 8
"""A cookie that says who has signed in with a browser before, the last few on a machine that many use. It opens
nothing: whoever it names is not made to wait for what others at the same address mistype."""


def browser() -> service.Browser:
    """Where this request comes from."""
    return service.Browser(
        request.remote_addr or "", request.headers.get("User-Agent", ""), frozenset(_known())
    )


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="retrain known browser 1")


def _known() -> list[int]:
    try:
        return list(_signer().loads(request.cookies.get(KNOWN, ""), max_age=int(KNOWN_FOR.total_seconds())))
    except BadData:
        return []


def remember(person_id: int) -> None:
    """The browser that is answered now knows *person_id*."""
    value = _signer().dumps([person_id, *(each for each in _known() if each != person_id)][:MOST_KNOWN])

    @after_this_request
    def put(response: Response) -> Response:
        response.set_cookie(
            KNOWN, value, max_age=KNOWN_FOR, path=url_for("people.sign_in"), httponly=True, samesite="Lax",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )  # fmt: skip
        return response


def begin(person_id: int, token: str) -> None:
    """The cookie of a session that begins; what stood in it before goes, so that nothing is carried over."""
    remember(person_id)
    language = session.get("language")
    session.clear()
    session["_user_id"] = token
    session["_fresh"] = True
    session.permanent = True
    if language:
        session["language"] = language


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Any:
    """Who are you?"""
    form = SignInForm()
    if request.method == "GET":
        form.next.data = request.args.get("next", "")
    target = local_target(form.next.data, url_for("web.home"))
    if current_user.is_authenticated and request.method == "GET":
        return redirect(target)
    signed = submit(form, lambda: service.sign_in(form.login.data or "", form.password.data or "", browser()))
    if signed is None:
        return render_template("people/sign_in.html", form=form), form.status if form.is_submitted() else 200
    return go_on(signed, target)


def go_on(signed: service.Signed, target: str) -> Any:
    """On to *target*, or first to the number that the person's second step asks for."""
    if signed.token is None:
        session["second_step"] = {"person": signed.person_id, "at": clock.now().isoformat(), "next": target}
        return redirect(url_for("people.sign_in_number"), 303)
    begin(signed.person_id, signed.token)
    return redirect(target, 303)


@bp.route("/sign-in/number", methods=["GET", "POST"])
@public
def sign_in_number() -> Any:
    """The second step: a number from the app."""
    from datetime import datetime

    waiting = session.get("second_step")
    if not waiting or clock.now() - datetime.fromisoformat(waiting["at"]) > PATIENCE:
        session.pop("second_step", None)
        return redirect(url_for("people.sign_in"))
    form = NumberForm()
    token = submit(
        form, lambda: service.sign_in_second_step(waiting["person"], form.number.data or "", browser())
    )
    if token is None:
        return render_template(
            "people/sign_in_number.html", form=form
        ), form.status if form.is_submitted() else 200
    begin(waiting["person"], token)
    return redirect(local_target(waiting["next"], url_for("web.home")), 303)


@bp.post("/sign-out")
@public
def sign_out() -> Any:
    """End this browser's session."""
    if current_user.is_authenticated:
        service.end_session(current_user.actor, current_user.session_id)
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    flash(_("You are signed out."), "done")
    response = redirect(url_for("web.home"), 303)
    # What other pages of ours the browser still holds goes too, so that "back" shows nothing.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
