"""What was decided on one person and why: for the teacher with the appeal, for the office with what it may propose."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from retrain import clock, files
from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.completion import (
    commission_queries,
    deciding,
    excluding,
    hours_papers,
    overriding,
    queries,
    service,
    sheets,
)
from retrain.completion import commission_rules as rules
from retrain.completion.commission_wording import APPEALS
from retrain.completion.door import bp
from retrain.completion.forms import AppealForm, ExclusionForm, OverrideForm
from retrain.completion.models import Decision
from retrain.completion.states import AppealState, Outcome, OverrideState, Purpose
from retrain.completion.wording import OUTCOMES, OVERRIDES, grade, told
from retrain.documents import pdf
from retrain.documents.papers import reference_pdf
from retrain.enrolment import others
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import IN_GROUP, State
from retrain.language import pick
from retrain.language.dates import date_range
from retrain.orders import person_papers
from retrain.orders.person_papers import Holder
from retrain.people import permissions, settings, shown_names
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.refusal import NotThere
from retrain.web.downloads import made_file
from retrain.web.forms import submit
from retrain.web.language import current_language, language_asked
from retrain.web.words import say

SHOWN = IN_GROUP | {State.EXCLUDED}
"""Who was excluded reads as well what was decided, and gets the reference of hours."""


def _holder(enrolment_id: int, action: str = "outcome.see") -> Holder:
    found = person_papers.holder(enrolment_id)
    permissions.require(current_actor(), action, found.target)
    if found.row.state not in SHOWN:
        raise NotThere
    return found


@bp.get("/enrolments/<int:enrolment_id>/outcome")
@allow("outcome.see")
def outcome(enrolment_id: int) -> Any:
    """Every condition with its numbers, the results, and what may be done about it."""
    return _page(_holder(enrolment_id))


@bp.post("/enrolments/<int:enrolment_id>/appeal")
@allow("appeal.file")
def file_appeal(enrolment_id: int) -> Any:
    """Appeal against the decision on oneself."""
    holder, form = _holder(enrolment_id, "appeal.file"), AppealForm()
    if submit(form, lambda: service.file_appeal(current_actor(), enrolment_id, form.why.data or "")):
        flash(_("Your appeal is filed. You are told when the commission has decided."), "done")
        return redirect(url_for(".outcome", enrolment_id=enrolment_id), 303)
    return _page(holder, form), 422


@bp.post("/enrolments/<int:enrolment_id>/appeal/take-back")
@allow("appeal.file")
def take_appeal_back(enrolment_id: int) -> Any:
    """Do without the appeal."""
    _holder(enrolment_id, "appeal.file")
    service.take_appeal_back(current_actor(), enrolment_id)
    flash(_("Your appeal is taken back."), "done")
    return redirect(url_for(".outcome", enrolment_id=enrolment_id), 303)


@bp.post("/enrolments/<int:enrolment_id>/override")
@allow("completion.decide")
def propose_override(enrolment_id: int) -> Any:
    """Propose to decide otherwise than the rules; a second person confirms it."""
    holder, form = _holder(enrolment_id, "completion.decide"), OverrideForm()
    if submit(
        form,
        lambda: service.propose_override(
            current_actor(), holder.run.code, enrolment_id, Outcome(form.outcome.data), form.why.data or ""
        ),
    ):
        flash(_("It is proposed. It holds once a second person has confirmed it."), "done")
        return redirect(url_for(".outcome", enrolment_id=enrolment_id), 303)
    return _page(holder, override_form=form), 422


@bp.post("/enrolments/<int:enrolment_id>/exclusion")
@allow("absence.decide")
def exclude(enrolment_id: int) -> Any:
    """Take somebody who does not complete off the list, and draft the order of exclusion."""
    holder, form = _holder(enrolment_id, "absence.decide"), ExclusionForm()
    code = holder.run.code
    if submit(form, lambda: service.exclude(current_actor(), code, enrolment_id, form.reason.data or "")):
        flash(_("They are excluded. The order of exclusion is drafted: send it for signature."), "done")
        return redirect(url_for("orders.of_run", code=code), 303)
    return _page(holder, exclusion_form=form), 422


@bp.get("/enrolments/<int:enrolment_id>/hours.pdf")
@allow("outcome.see")
def hours(enrolment_id: int) -> Any:
    """A reference of the hours that were done, whatever came of the course."""
    holder, language = _holder(enrolment_id), language_asked()
    paper = hours_papers.reference(holder.row, holder.run, language)
    name = f"{holder.run.code}-{enrolment_id}-soatlar.pdf"
    return made_file(reference_pdf(paper, lang=language), name, files.PDF, shown=True)


def _page(
    holder: Holder,
    appeal_form: AppealForm | None = None,
    override_form: OverrideForm | None = None,
    exclusion_form: ExclusionForm | None = None,
) -> str:
    run, row, actor = holder.run, holder.row, current_actor()
    decision = queries.decision_of(row.id)
    own = holder.person.id == actor.person_id
    appeals = commission_queries.appeals_of(row.id)
    living = overriding.living(row.id)
    office = permissions.may(actor, "completion.decide", holder.target)
    return render_template(
        "completion/outcome.html",
        run=run,
        number=row.id,
        name=shown_names.of_person(holder.person),
        title=pick(run.version.titles, current_language()),
        dates=date_range(run.starts_on, run.ends_on, current_language()),
        own=own,
        office=office,
        results=_results(run, row.id) if decision or office or own else [],
        appeals=appeals,
        appeal_words=APPEALS,
        appeal_form=appeal_form or AppealForm(formdata=None),
        override_form=override_form or OverrideForm(formdata=None),
        living=living,
        override_words=OVERRIDES,
        outcomes=OUTCOMES,
        proposed_by=shown_names.short([living.proposed_by_id]).get(living.proposed_by_id, "")
        if living
        else "",
        may_propose=office and living is None and row.state in IN_GROUP,
        waits=living is not None and living.state is OverrideState.PROPOSED,
        can_print=pdf.available(),
        excluded=row.state is State.EXCLUDED,
        again=decision is not None and decision.outcome is Outcome.NOT_COMPLETED,
        **_next(holder, decision, actor, exclusion_form),
        **_decided(run, row, decision, actor),
        **_terms(run, decision, appeals, own),
    )


def _decided(run: Run, row: Enrolment, decision: Decision | None, actor: Actor) -> dict[str, Any]:
    """The decision as it was made, or what closing would decide today."""
    titles = queries.titles(run.id)
    if decision is not None:
        return {
            "decided": decision.outcome, "conditions": told(decision.reasons, titles), "final": True,
            "at": decision.decided_at, "mark": decision.facts.get("final_mark"),
            "hours_named": decision.facts.get("hours"), "run_hours": decision.facts.get("run_hours"),
            "earlier": queries.earlier_decisions(row.id),
        }  # fmt: skip
    if row.state is State.EXCLUDED:
        return {
            "decided": Outcome.NOT_COMPLETED, "conditions": [], "final": False, "at": None, "mark": None,
            "hours_named": None, "run_hours": None, "earlier": [],
        }  # fmt: skip
    each = deciding.weigh(run, row.id)[0]
    return {
        "decided": each.outcome, "conditions": told([vars(one) for one in each.conditions], titles), "final": False,
        "at": None, "mark": None, "hours_named": None, "run_hours": None, "earlier": [],
    }  # fmt: skip


def _next(
    holder: Holder, decision: Decision | None, actor: Actor, form: ExclusionForm | None
) -> dict[str, Any]:
    """Where not having completed leads: runs of the course for a second attempt, and for the office exclusion."""
    run, row = holder.run, holder.row
    over = decision is not None and decision.outcome is Outcome.NOT_COMPLETED
    office = permissions.may(actor, excluding.ACTION, holder.target)
    found = others.candidates(run.id, provider_id=run.provider_id if office else None) if over else []
    tries = [each for each in found if each.run.version.course_id == run.version.course_id]
    open_ = office and row.state in (State.ENROLLED, State.NOT_COMPLETED)
    why_not = excluding.refusals(run, row) if open_ else []
    completes = any(why.code == "exclusion-of-who-completes" for why in why_not)
    return {
        "tries": [
            {
                "code": each.run.code, "free": each.free,
                "dates": date_range(each.run.starts_on, each.run.ends_on, current_language()),
                "url": url_for("enrolment.add_people", code=each.run.code, q=holder.person.full_name)
                if office else url_for("catalogue.run", code=each.run.code),
            }
            for each in tries
        ],
        "may_exclude": open_ and not completes,
        "why_not_exclude": [say(why) for why in why_not],
        "exclusion_form": form or ExclusionForm(formdata=None),
    }  # fmt: skip


def _terms(run: Run, decision: Decision | None, appeals: list[Any], own: bool) -> dict[str, Any]:
    """Until when an appeal may be filed, and whether it still may."""
    if decision is None:
        return {"file_by": None, "may_appeal": False}
    zone = people.zone_of(run.provider_id)
    decided_on = decision.decided_at.astimezone(zone).date()
    terms = commission_queries.terms_of(run.provider_id, Purpose.APPEAL, decided_on)
    why = rules.appeal_refusals(
        decision.outcome, decided_on, clock.today(zone), "…", [each.state for each in appeals], terms
    )
    waits = any(each.state is AppealState.FILED for each in appeals)
    return {
        "file_by": rules.file_by(decided_on, terms),
        "may_appeal": own and not why,
        "appeal_waits": own and waits,
    }


def _results(run: Run, enrolment_id: int) -> list[dict[str, Any]]:
    """Each assessment with every attempt, what it was corrected from, and the points in words."""
    grid = sheets.grid(run)
    words = settings.get(run.provider_id, "grade_words", run.ends_on)
    found = []
    for row in grid.assessments:
        tried = sorted(at for at in grid.attempts if at[:2] == (row.id, enrolment_id))
        points = [grid.attempts[at].points for at in tried]
        best = max((each for each in points if each is not None), default=None)
        changes = [each for each in sheets.corrections(row.id) if each.enrolment_id == enrolment_id]
        found.append({
            "title": pick(row.titles, current_language()), "needed": row.pass_mark, "points": best,
            "word": grade(words, best), "tries": points, "changes": changes,
        })  # fmt: skip
    return found
