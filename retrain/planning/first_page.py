"""A teacher's first page: by when the next training is due and how many hours are short, and three runs that fit."""

from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain.catalogue.models import Run
from retrain.catalogue.wording import REGIONS
from retrain.language import pick
from retrain.language.dates import date_range
from retrain.people import settings
from retrain.people.models import Teacher
from retrain.planning import openings, rules, wording
from retrain.planning.fitting import Fit
from retrain.planning.states import Due
from retrain.record import queries as record
from retrain.record.rules import CreditFacts, next_due
from retrain.record.rules import Due as NextDue
from retrain.web.language import current_language, shown_date
from retrain.web.work import Panel


def panels(teacher: Teacher, now: datetime, today: date) -> list[Panel]:
    """What is due stands above what waits, what fits below today's classes."""
    earned = [CreditFacts(each.kind, each.on, each.hours) for each in record.credits_of(teacher.id)]
    due = next_due(earned)
    if due.by is None:  # a beginner: counted from the first day at work
        due = record.next_due(teacher.id)
    return [
        Panel("planning/due_panel.html", _due(earned, due, today), 1),
        Panel("planning/fits_panel.html", {"runs": _fits(teacher, due, now, today)}, 15),
    ]


def _due(earned: list[CreditFacts], due: NextDue, today: date) -> dict[str, Any]:
    how = rules.due_of(due, today)
    done, wanted = rules.hours_since(earned, today), int(settings.get(None, "cycle_hours", today)["hours"])
    short = max(wanted - done, 0)
    hours = _("%(done)s of %(due)s hours in three years", done=done, due=wanted)
    if short:
        lacking = ngettext("%(num)s hour short", "%(num)s hours short", short)
        hours = f"{hours}, {lacking}"
    words = {
        Due.OVERDUE: _("Next training was due by %(day)s", day=shown_date(due.by)),
        Due.UNKNOWN: _("Next training: no day is known"),
    }.get(how, _("Next training is due by %(day)s", day=shown_date(due.by)))
    return {
        "words": words, "state": str(wording.DUE[how]), "tone": wording.DUE_TONES[how], "done": done,
        "wanted": wanted, "hours": hours,
    }  # fmt: skip


def _fits(teacher: Teacher, due: NextDue, now: datetime, today: date) -> list[dict[str, Any]]:
    return [_shown(fit, run) for fit, run in openings.fits(teacher, due, now, today)]


def _shown(fit: Fit, run: Run) -> dict[str, Any]:
    of, language = fit.choice, current_language()
    return {
        "url": url_for("catalogue.run", code=of.code),
        "title": pick(run.version.titles, language),
        "dates": date_range(of.starts_on, of.ends_on, language),
        "region": str(REGIONS.get(of.region, of.region)),
        "free": ngettext("%(num)s free place", "%(num)s free places", of.free),
        "because": wording.because(fit),
    }
