"""Accounts as the administrator sees them: found, closed, opened; requests to be erased."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain.people import lists, permissions, privacy, queries, service
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.forms.admin import AnswerForm, WhyForm
from retrain.people.privacy_keeping import what_is_kept
from retrain.people.privacy_wording import kept_words
from retrain.people.views import bp
from retrain.web.forms import page_before, submit
from retrain.web.requests import asked_page


@bp.get("/admin/accounts")
@allow("person.manage")
def account_list() -> Any:
    """Everybody who has an account."""
    page = lists.accounts(request.args, asked_page())
    filters = [
        {"name": "q", "label": _("Name, e-mail or telephone"), "kind": "search"},
        {
            "name": "state",
            "label": _("Account"),
            "kind": "select",
            "choices": [("open", _("open")), ("closed", _("closed"))],
        },
    ]
    may_reset = permissions.scope(current_actor(), "second_step.reset") is not None
    return render_template("people/accounts.html", page=page, filters=filters, may_reset=may_reset)


@bp.post("/admin/accounts/<int:person_id>/close")
@allow("person.manage")
def close_account(person_id: int) -> Any:
    """Close or open an account."""
    closed = request.form.get("closed") == "1"
    service.close_account(current_actor(), person_id, closed, request.form.get("why", ""))
    flash(_("The account is closed.") if closed else _("The account is open again."), "done")
    return redirect(page_before(url_for("people.account_list")), 303)


@bp.route("/admin/accounts/<int:person_id>/second-step", methods=["GET", "POST"])
@allow("second_step.reset")
def reset_second_step(person_id: int) -> Any:
    """Take away the second step of somebody who lost their telephone."""
    form = WhyForm()

    def reset() -> bool:
        service.reset_second_step(current_actor(), person_id, form.why.data or "")
        return True

    if submit(form, reset):
        flash(_("The second step is taken away. They sign in with the password alone."), "done")
        return redirect(url_for("people.account_list"), 303)
    name = queries.display_names([person_id]).get(person_id) or abort(404)
    page = render_template(
        "people/form.html", form=form, title=_("Take away the second step"), intro=name,
        label=_("Take it away"), back=url_for("people.account_list"),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@bp.get("/admin/erasure")
@allow("person.manage")
def erasure_requests() -> Any:
    """Who asks to be erased."""
    rows = privacy.open_requests()
    names = queries.display_names([row.person_id for row in rows])
    return render_template("people/erasure_requests.html", rows=rows, names=names)


@bp.route("/admin/erasure/<int:request_id>", methods=["GET", "POST"])
@allow("person.manage")
def answer_erasure(request_id: int) -> Any:
    """Erase, keeping what must be kept, or say why not."""
    row = privacy.request_by_id(request_id)
    form = AnswerForm()
    erase_it = "erase" in request.form
    answered = submit(
        form, lambda: service.answer_request(current_actor(), request_id, erase_it, form.answer.data or "")
    )
    if answered is None:
        page = render_template(
            "people/erasure.html", form=form, row=row, kept=kept_words(what_is_kept(row.person_id)),
            name=queries.display_names([row.person_id]).get(row.person_id, ""),
        )  # fmt: skip
        return page, 422 if form.is_submitted() else 200
    flash(_("The person is erased.") if erase_it else _("The answer is sent."), "done")
    return redirect(url_for("people.erasure_requests"), 303)
