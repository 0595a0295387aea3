"""Slips with one-time codes, for teachers without a mailbox of their own; links for those who have one."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain.documents import pdf  # fmt: skip
from retrain.documents import slips as sheets
from retrain.language import pick
from retrain.people import lists, queries, service
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.views import bp
from retrain.refusal import Refusal, Refused
from retrain.web.downloads import made_file
from retrain.web.language import current_language, readers_zone
from retrain.web.requests import asked_page
from retrain.web.requests import chosen as picked

MOST = 200
"""Slips in one printing: a page a person can cut and hand out the same day."""


@bp.get("/staff/slips")
@allow("slips.print")
def slips() -> Any:
    """Choose for whom."""
    filters = {"account": "none", **request.args.to_dict()}
    page = lists.staff(current_actor(), filters, asked_page(), per_page=MOST)
    return render_template("people/slips.html", page=page, most=MOST)


@bp.post("/staff/slips")
@allow("slips.print")
def print_slips() -> Any:
    """Fresh codes for the chosen, as one PDF; as a page to print where no PDF can be made."""
    chosen = picked("teachers", request.form)[:MOST]
    if not chosen:
        raise Refused(Refusal.of("nobody-chosen"))
    made = service.make_slips(current_actor(), chosen)
    lang = current_language()
    colleges = queries.employers_on([slip.teacher_id for slip in made])
    names = queries.organisation_names(set(colleges.values()))
    address = current_app.config["RETRAIN"].public_url + url_for("people.activate")
    ready = [
        sheets.Slip(
            name=slip.name,
            college=pick(names.get(colleges.get(slip.teacher_id, 0)), slip.language),
            sign_in_name=slip.login,
            code=slip.code,
            valid_until=slip.valid_until.astimezone(readers_zone()).date(),
            lang=slip.language,
        )
        for slip in made
    ]
    try:
        document = sheets.slips_pdf(ready, address=address, lang=lang)
    except pdf.PrintingUnavailable:
        return render_template("people/slips_print.html", slips=ready, address=address)
    answer = made_file(document, "slips.pdf", "application/pdf", shown=True)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/staff/links")
@allow("slips.print")
def mail_links() -> Any:
    """Mail a link to activate to those of the chosen who have a mailbox of their own."""
    chosen = picked("teachers", request.form)[:MOST]
    if not chosen:
        raise Refused(Refusal.of("nobody-chosen"))
    people = [queries.teacher(number).person_id for number in chosen]
    sent = service.send_links(current_actor(), people)
    flash(
        _(
            "%(sent)s of %(all)s got a link by e-mail; print slips for the others.",
            sent=sent,
            all=len(people),
        ),
        "done",
    )
    return redirect(url_for("people.slips"), 303)
