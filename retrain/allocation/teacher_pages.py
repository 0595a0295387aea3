"""A teacher's pages of rounds: which are open, ranking runs, and why one got what one got."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain import clock
from retrain.allocation import queries, reading, service, wording
from retrain.allocation.door import bp, flash_reasons, published, run_shown, shown
from retrain.allocation.rules import lottery
from retrain.allocation.states import MOST_WISHES, RoundState
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.refusal import NotThere, Refused
from retrain.web.words import say


@bp.get("/rounds")
@allow("allocation.rank")
def own_rounds() -> Any:
    """The rounds in which one may rank runs now or later, and those one took part in."""
    now, person_id = clock.now(), current_actor().person_id or 0
    open_ones, later = queries.open_now(now), queries.opening_later(now)
    before = [
        each
        for each in queries.took_part_in(person_id)
        if each.id not in {one.id for one in [*open_ones, *later]}
    ]
    counts = queries.number_of_wishes(person_id, [each.id for each in [*open_ones, *before]])
    names = people.organisation_names({each.provider_id for each in [*open_ones, *later, *before]})
    return render_template(
        "allocation/own_rounds.html", open=[_row(each, counts, names) for each in open_ones],
        later=[_row(each, counts, names) for each in later], before=[_row(each, counts, names) for each in before],
    )  # fmt: skip


def _row(found: Any, counts: dict[int, int], names: dict[int, dict[str, str]]) -> dict[str, Any]:
    number = counts.get(found.id, 0)
    return shown(found) | {
        "ranked": number, "told": wording.ranked(number) if number else _("You have ranked no run yet."),
        "provider": names.get(found.provider_id, {}),
    }  # fmt: skip


@bp.route("/rounds/<code>/rank", methods=["GET", "POST"])
@allow("allocation.rank")
def rank(code: str) -> Any:
    """Rank up to five runs. Each button keeps the whole list as it then stands."""
    found, actor = published(code), current_actor()
    if request.method == "POST":
        try:
            kept = service.rank(actor, code, _pressed(request.form))
        except Refused as refused:
            flash_reasons(refused)
        else:
            flash(wording.ranked(len(kept)) if kept else _("You take no part in this round now."), "done")
        return redirect(url_for(".rank", code=code, q=request.form.get("q") or None), 303)
    person = queries.candidacy(actor.person_id or 0, clock.today(people.zone_of(found.provider_id)))
    if person is None:
        raise NotThere
    runs = reading.runs_of(found.id)
    against = reading.against(runs, person.candidate, clock.now())
    rows = {run.code: run_shown(run) for run in queries.shown_runs(found.id)}
    for run in runs:
        why, grade = against[run.facts.code]
        fits = str(wording.GRADES[grade]) if run.asked.audience else ""
        rows[run.facts.code] |= {"why": [say(each) for each in why], "fits": fits}
    wishes = [(wish, each) for wish, each in queries.wishes_of(found.id, person.teacher_id)]
    gone = {
        each: run_shown(run)
        for each, run in queries.shown_by_code(c for _w, c in wishes if c not in rows).items()
    }
    mine = [rows.get(each) or gone[each] | {"gone": True} for _wish, each in wishes]
    chosen = [row["code"] for row in mine if not row.get("gone")]
    others = [row for row in rows.values() if row["code"] not in chosen]
    return render_template(
        "allocation/rank.html", round=shown(found), mine=mine, chosen=chosen, most=MOST_WISHES,
        others=_matching(others, request.args.get("q", "")), due=person.candidate.due, total=len(others),
    )  # fmt: skip


def _matching(rows: list[dict[str, Any]], words: str) -> list[dict[str, Any]]:
    """The runs that are asked for, those one may have first."""
    asked = words.strip().casefold()[:200].split()
    found = [
        row
        for row in rows
        if all(
            word in f"{row['code']} {row['title']} {row['region']} {row['place']}".casefold()
            for word in asked
        )
    ]
    return sorted(found, key=lambda row: bool(row["why"]))


def _pressed(form: Any) -> list[str]:
    """The list as it stands after the button that was pressed: add, up, down or remove a run."""
    wanted = [code[:32] for code in form.getlist("wish")[:20]]
    act, _colon, code = form.get("act", "").partition(":")
    if act == "add":
        return [*wanted, code[:32]]
    if code in wanted:
        at = wanted.index(code)
        if act == "remove":
            wanted.remove(code)
        elif act == "up" and at > 0:
            wanted[at - 1 : at + 1] = [code, wanted[at - 1]]
        elif act == "down" and at + 1 < len(wanted):
            wanted[at : at + 2] = [wanted[at + 1], code]
    return wanted


@bp.get("/rounds/<code>/mine")
@allow("allocation.rank")
def own_outcome(code: str) -> Any:
    """What one got, and for each wish why."""
    found = published(code)
    if found.state is not RoundState.DONE:
        return redirect(url_for(".rank", code=code), 303)
    teacher = people.teacher_of(current_actor().person_id or 0)
    got = queries.outcome(found.id, teacher.id) if teacher else None
    if got is None:
        raise NotThere
    runs = queries.shown_by_code(told["run"] for told in got.reasons)
    rows = [
        run_shown(runs[told["run"]])
        | {"number": told["wish"], "given": told["code"] == "given", "reason": wording.reason(told)}
        for told in got.reasons
        if told["run"] in runs
    ]
    return render_template(
        "allocation/own_outcome.html", round=shown(found), rows=rows, got=next((r for r in rows if r["given"]), None),
        ticket=lottery(found.seed, str(got.teacher_id))[:8], number=got.teacher_id,
    )  # fmt: skip
