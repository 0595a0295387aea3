"""The page on which it is noted who pays for the chosen people."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain.enrolment import people_pages, service
from retrain.enrolment.change_forms import FundingForm
from retrain.enrolment.change_wording import FUNDING
from retrain.enrolment.door import bp, managed, shared
from retrain.enrolment.lists import Filter
from retrain.enrolment.states import Funding
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.web.fields import options
from retrain.web.forms import submit
from retrain.web.requests import chosen

AS_IT_IS = ""


@bp.route("/manage/runs/<code>/people/funding", methods=["GET", "POST"])
@allow("enrolment.manage")
def set_funding(code: str) -> Any:
    """Who pays for the chosen people. Of one person all is noted; of many what is filled in."""
    run, numbers = managed(code, "enrolment.manage"), chosen("people")
    rows = [row for row in people_pages.rows_of(run, Filter(state="all")) if row["id"] in numbers]
    if not rows:
        flash(_("Choose at least one person."), "problem")
        return redirect(url_for(".run_people", code=code), 303)
    one = rows[0]["money"] if len(rows) == 1 else None
    form = FundingForm(formdata=request.form if "funding" in request.form else None, obj=one)
    if one is None:
        form.funding.choices = [*options({AS_IT_IS: _("as it is")}), *options(FUNDING)]
    picked = [row["id"] for row in rows]
    if "funding" in request.form:
        done = submit(
            form, lambda: service.set_funding(current_actor(), code, picked, _change(form, bool(one)))
        )
        if done is not None:
            flash(_noted(done), "done")
            return redirect(url_for(".run_people", code=code), 303)
    return render_template("enrolment/funding.html", form=form, rows=rows, **shared(run))


def _change(form: FundingForm, whole: bool) -> dict[str, Any]:
    """What is to be noted: everything of one person, of many only what was filled in."""
    typed = {
        "funding": Funding(form.funding.data) if form.funding.data else None,
        "contract": (form.contract.data or "").strip() or None,
        "price": form.price.data,
        "paid_on": form.paid_on.data,
    }
    return {name: value for name, value in typed.items() if whole or value is not None}


def _noted(number: int) -> str:
    return ngettext("It was noted for %(num)s person.", "It was noted for %(num)s people.", number)
