"""The term board: runs by steps, and acts on many runs at once with a result for each."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain.catalogue import defaults, keys, queries, showing, wording
from retrain.catalogue.door import asked, bp
from retrain.catalogue.models import Run
from retrain.language.dates import date_range
from retrain.people import permissions
from retrain.people.access import allow, reachable
from retrain.people.acting import current_actor
from retrain.refusal import Forbidden, NotThere, Refused
from retrain.web import work
from retrain.web.language import current_language, readers_today
from retrain.web.words import say
from retrain.web.work import BulkAction, Cell

MOST_AT_ONCE = 500
_TONES = {"none": "idle"}


@bp.get("/board")
@allow("run.see")
def board() -> Any:
    """The runs of a term that the one who acts manages, and how far each is."""
    actor = current_actor()
    terms = queries.terms(actor)
    now = defaults.term(readers_today())
    term = asked("term", 16) or (now if now in terms or not terms else terms[0])
    runs = queries.runs_of_term(actor, term, keys.words(asked("q")))
    cells = work.board(runs)
    rows = [_row(run, {step: cells[step].get(run.id) for step in work.STEPS}) for run in runs]
    return render_template(
        "catalogue/board.html",
        rows=rows,
        steps=[{"key": step, **wording.step(step)} for step in work.STEPS],
        term=term,
        terms=[(each, showing.term(each)) for each in dict.fromkeys([term, *terms])],
        term_name=showing.term(term),
        urgent=sum(any(cell["tone"] == "problem" for cell in row["cells"].values()) for row in rows),
        actions=work.gather("bulk", actor),
        waiting=work.gather("waiting", actor) if work.gather("landing", actor) else [],
        may_edit=permissions.scope(actor, "run.edit") is not None,
    )


def _row(run: Run, cells: dict[str, Cell | None]) -> dict[str, Any]:
    return {
        "code": run.code,
        "title": wording.title(run.version.titles),
        "url": url_for(".manage_run", code=run.code),
        "detail": date_range(run.starts_on, run.ends_on, current_language()),
        "cells": {step: _cell(cell) for step, cell in cells.items()},
    }


def _cell(cell: Cell | None) -> dict[str, Any]:
    if cell is None:
        return {"tone": "idle", "label": _("not yet"), "text": "", "url": ""}
    # A short text such as 28/30 is shown as it is, a sentence only as a sign with its words.
    short = cell.text if len(cell.text) <= 9 else ""
    url = cell.url if reachable(cell.url) else None
    return {"tone": _TONES.get(cell.state, cell.state), "label": cell.text, "text": short, "url": url}


@bp.post("/board")
@allow("run.see")
def bulk() -> Any:
    """Do one thing to many runs; each says what came of it."""
    actor = current_actor()
    known = {action.name: action for action in work.gather("bulk", actor)}
    action = known.get(request.form.get("do", ""))
    codes = list(dict.fromkeys(request.form.getlist("runs")))[:MOST_AT_ONCE]
    back = url_for(".board", term=asked("term", 16) or None, q=asked("q") or None)
    if action is None or not codes:
        return redirect(back, 303)
    results = [{"code": code, **_done(action, code)} for code in codes]
    return render_template("catalogue/bulk.html", action=action, results=results, back=back)


def _done(action: BulkAction, code: str) -> dict[str, Any]:
    try:
        return {"tone": "done", "sentences": [action.call(current_actor(), code)]}
    except Refused as refused:
        return {"tone": "problem", "sentences": [say(refusal) for refusal in refused.why]}
    except (Forbidden, NotThere):
        return {"tone": "problem", "sentences": [_("You can't do this to this run.")]}
