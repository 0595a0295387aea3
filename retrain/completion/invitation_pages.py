"""A session that a commission is called to: the invitation, and what becomes of it."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import ngettext

from retrain.completion import commission_queries, service
from retrain.completion.commission_pages import asked, shown_of
from retrain.completion.door import bp
from retrain.completion.forms import InvitationForm
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.refusal import NotThere
from retrain.web.forms import submit


@bp.route("/manage/runs/<code>/commissions/<purpose>/invitation", methods=["GET", "POST"])
@allow("commission.manage")
def invite(code: str, purpose: str) -> Any:
    """Call the commission and those it hears to a session."""
    return _page(code, purpose, None)


@bp.route("/manage/runs/<code>/commissions/<purpose>/invitation/<int:invitation_id>", methods=["GET", "POST"])
@allow("commission.manage")
def move_session(code: str, purpose: str, invitation_id: int) -> Any:
    """Another hour or place for a session, or the same for who came to the run since."""
    return _page(code, purpose, invitation_id)


def _page(code: str, purpose: str, invitation_id: int | None) -> Any:
    run, which = asked(code, purpose)
    commission = commission_queries.commission(run.id, which)
    if commission is None:
        raise NotThere
    row = commission_queries.invitation(commission.id, invitation_id) if invitation_id is not None else None
    zone = people.zone_of(run.provider_id)
    form = InvitationForm(
        at=row.at.astimezone(zone).replace(tzinfo=None) if row else None, place=row.place if row else ""
    )
    told = submit(
        form,
        lambda: service.invite(
            current_actor(), code, which, form.at.data, form.place.data or "", invitation_id
        ),
    )
    if told is not None:
        flash(ngettext("%(num)s person was invited.", "%(num)s people were invited.", told), "done")
        return redirect(url_for(".commission", code=code, purpose=which.value), 303)
    by_hand = [each for each in commission_queries.members(commission) if not (each.email or each.person_id)]
    return render_template(
        "completion/invitation.html", form=form, row=row, by_hand=by_hand, **shown_of(run, which)
    )


@bp.post("/manage/runs/<code>/commissions/<purpose>/invitation/<int:invitation_id>/call-off")
@allow("commission.manage")
def call_off(code: str, purpose: str, invitation_id: int) -> Any:
    """The session is not held then."""
    _run, which = asked(code, purpose)
    told = service.call_off(current_actor(), code, which, invitation_id)
    flash(
        ngettext(
            "The session is called off; %(num)s person is told.",
            "The session is called off; %(num)s people are told.",
            told,
        ),
        "done",
    )
    return redirect(url_for(".commission", code=code, purpose=which.value), 303)
