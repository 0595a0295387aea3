"""Results of a run, what closing it would decide, and closing it; the rooms beside it have pages of their own."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain.completion import (
    assessment_pages,
    commission_pages,
    invitation_pages,
    outcome_pages,
    overriding,
    overview_pages,
    queries,
    result_pages,
    service,
)
from retrain.completion.door import bp, managed, names_of
from retrain.completion.states import Outcome, OverrideState
from retrain.completion.wording import OUTCOMES, OVERRIDES, Titles, told
from retrain.people import permissions, shown_names
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.permissions import Target
from retrain.web import work
from retrain.web.words import say

__all__ = [
    "assessment_pages", "bp", "commission_pages", "invitation_pages", "outcome_pages", "overview_pages", "result_pages",
]  # fmt: skip


@bp.route("/manage/runs/<code>/completion", methods=["GET", "POST"])
@allow("completion.see")
def completion(code: str) -> Any:
    """What the policy says of each person; closing the run makes it a decision."""
    run = managed(code, "completion.see")
    actor, target = current_actor(), Target(provider_id=run.provider_id)
    if request.method == "POST":
        found = service.close_run(actor, code)
        done = sum(decision.outcome is Outcome.COMPLETED for decision in found)
        flash(
            _("The run is closed: %(done)s completed, %(rest)s did not.", done=done, rest=len(found) - done),
            "done",
        )
        return redirect(url_for(".completion", code=code), 303)
    weighed = service.preview(run)
    shown, titles = names_of(member for member, *_what in weighed), queries.titles(run.id)
    rows = [_row(*row, shown, titles) for row in weighed]
    proposed = overriding.of_run(run.id)
    names = names_of(queries.somebody({each.enrolment_id for each in proposed}))
    return render_template(
        "completion/completion.html",
        run=run,
        tabs=work.gather("run_tabs", run, actor),
        rows=rows,
        outcomes=OUTCOMES,
        refusals=[say(why) for why in service.refusals_to_close(run)],
        closed=bool(queries.decisions(run.id)),
        may_close=permissions.may(actor, "completion.decide", target),
        # Some read what is decided and not each one's own page: no link leads them to a door that is closed.
        may_look=permissions.may(
            actor, "outcome.see", Target(provider_id=run.provider_id, curator_id=run.curator_id)
        ),
        may_confirm=permissions.may(actor, "completion.confirm", target),
        waiting=[each for each in proposed if each.state is OverrideState.PROPOSED],
        answered=[each for each in proposed if each.state is not OverrideState.PROPOSED],
        overrides=OVERRIDES,
        names=names,
        people=shown_names.short({each.proposed_by_id for each in proposed} | {each.answered_by_id for each in proposed}),
        me=actor.person_id,
    )  # fmt: skip


@bp.post("/manage/runs/<code>/overrides/<int:override_id>")
@allow("completion.confirm")
def answer_override(code: str, override_id: int) -> Any:
    """The second person's answer to a decision other than the rules give."""
    managed(code, "completion.confirm")
    confirm = "confirm" in request.form
    answer = request.form.get("answer", "").strip()[:500]
    row = service.answer_override(current_actor(), code, override_id, confirm, answer)
    flash(
        _("It is confirmed.") if row.state is OverrideState.CONFIRMED else _("It is not confirmed."), "done"
    )
    return redirect(url_for(".completion", code=code), 303)


def _row(
    member: queries.Member, outcome: Outcome, conditions: list[Any], names: dict[int, str], titles: Titles
) -> dict[str, Any]:
    """One person: the decision as it was made, or what it would be now."""
    if member.decision is not None:
        outcome = member.decision.outcome
        sentences = told(member.decision.reasons, titles)
    else:
        sentences = told([vars(one) for one in conditions], titles)
    number = member.enrolment_id
    return {"name": names[number], "outcome": outcome, "conditions": sentences, "id": number}
