"""Opening an account, or setting a password anew, by link or slip."""

from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from retrain.people import opening, service
from retrain.people.access import public
from retrain.people.forms.account import ActivateForm, LinkForm, PasswordForm, SlipForm
from retrain.people.states import CodePurpose
from retrain.people.views import bp
from retrain.people.views.signing import browser, go_on
from retrain.refusal import Refused
from retrain.web.forms import submit
from retrain.web.words import say

KEPT_NOWHERE = {"Cache-Control": "no-store"}
"""Pages behind a code name somebody, and are opened on machines that others use too."""


@bp.route("/activate", methods=["GET", "POST"])
@public
def activate() -> Any:
    """Two ways in: the code on a slip, or a link to the mailbox."""
    slip, link = SlipForm(prefix="slip"), LinkForm(prefix="link")
    if request.method == "GET" and request.args.get("code"):
        slip.code.data = request.args["code"]
    if "slip-code" in request.form:
        code = submit(slip, lambda: opening.open_slip(slip.code.data or "", browser()))
        if code is not None:
            session["slip"] = code
            return redirect(url_for("people.activate_with_slip"), 303)
    elif "link-login" in request.form and _asked(link):
        return redirect(url_for("people.link_sent"), 303)
    return render_template(
        "people/activate.html", slip=slip, link=link
    ), 422 if request.method == "POST" else 200


def _asked(form: LinkForm) -> bool:
    def ask() -> bool:
        opening.ask_for_link(form.login.data or "", browser())
        return True

    return bool(submit(form, ask))


@bp.route("/reset", methods=["GET", "POST"])
@public
def reset() -> Any:
    """A new password: a link to the mailbox, or a slip from the college."""
    form = LinkForm()
    if _asked(form):
        return redirect(url_for("people.link_sent"), 303)
    return render_template("people/reset.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/activate/sent")
@public
def link_sent() -> Any:
    """The same for everybody, so that it tells nobody who has an account."""
    return render_template("people/link_sent.html")


@bp.route("/activate/slip", methods=["GET", "POST"])
@public
def activate_with_slip() -> Any:
    """Login and password behind the slip code typed before."""
    code = session.get("slip")
    if not code:
        return redirect(url_for("people.activate"))
    return _open(code)


@bp.route("/activate/<token>", methods=["GET", "POST"])
@public
def activate_with(token: str) -> Any:
    """Login and password behind a mailed link."""
    return _open(token)


@bp.route("/reset/<token>", methods=["GET", "POST"])
@public
def reset_with(token: str) -> Any:
    """A new password behind a mailed link."""
    return _open(token)


def _open(code: str) -> Any:
    try:
        found = opening.look_behind(code)
    except Refused as refused:
        session.pop("slip", None)
        return render_template("people/link_dead.html", sentence=say(refused.why[0])), 410
    is_new = found.purpose is CodePurpose.ACTIVATION
    form = ActivateForm() if is_new else PasswordForm()
    if isinstance(form, ActivateForm) and request.method == "GET":
        form.login.data = found.login
    login = (form.login.data or "") if isinstance(form, ActivateForm) else found.login
    signed = submit(form, lambda: service.open_account(code, login, form.password.data or "", browser()))
    if signed is None:
        status = 422 if form.is_submitted() else 200
        page = render_template("people/choose_password.html", form=form, found=found, is_new=is_new)
        return page, status, KEPT_NOWHERE
    answer = go_on(signed, url_for("web.home"))
    # Said after it: a session that begins forgets what was said before.
    flash(_("Your account is open.") if is_new else _("Your new password holds."), "done")
    return answer


@bp.route("/account/email/<token>", methods=["GET", "POST"])
@public
def confirm_login(token: str) -> Any:
    """Follow the link to a new address or telephone; one press confirms, for mail programs follow links too."""
    if request.method == "GET":
        try:
            found = opening.look_behind(token)
        except Refused as refused:
            return render_template("people/link_dead.html", sentence=say(refused.why[0])), 410
        return render_template("people/confirm_login.html", found=found, token=token), KEPT_NOWHERE
    address = service.confirm_login(token, current_user.session_id if current_user.is_authenticated else None)
    flash(
        _("From now on you sign in with %(address)s. Your other browsers are signed out.", address=address),
        "done",
    )
    return redirect(url_for("web.home"), 303)
