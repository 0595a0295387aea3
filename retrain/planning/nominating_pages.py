"""From the plan onto runs: the chosen lines, a fitting run for each course, and an answer for each person."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request

from retrain import clock
from retrain.catalogue import showing
from retrain.catalogue.models import Run
from retrain.catalogue.rules import is_open
from retrain.enrolment import wording as enrolments
from retrain.enrolment.door import flash_reasons, reasons
from retrain.enrolment.forms import NominationForm
from retrain.enrolment.scans import kept_scan
from retrain.enrolment.states import State
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.planning import queries, rules, service
from retrain.planning.college_pages import own_college
from retrain.planning.door import asked_year, back_to, bp, months, title_of
from retrain.planning.outcomes import Answer
from retrain.planning.plan_pages import chosen_lines
from retrain.planning.queries import Line
from retrain.planning.rules import RunDates
from retrain.planning.states import Fact
from retrain.refusal import Refusal, Refused
from retrain.web.forms import submit
from retrain.web.language import readers_today
from retrain.web.words import say

MOST_RUNS = 5
"""Runs shown for one course; the nearest to the month that is planned."""


@dataclass(frozen=True)
class Group:
    """The chosen lines for one course, and the runs they can go to; *code* is the one proposed."""

    course_id: int
    title: str
    lines: list[dict[str, Any]]
    runs: list[dict[str, Any]]
    code: str


@bp.post("/plan/nominate")
@allow("plan.edit")
def plan_nominate() -> Any:
    """The second click: a run for each course. The third thing one sees is the answer."""
    college_id, year, today = own_college(current_actor()), asked_year(), readers_today()
    numbers = chosen_lines()
    lines = queries.lines(college_id, year, today, numbers) if numbers else []
    open_lines = [line for line in lines if line.fact in (Fact.PLANNED, Fact.MISSED)]
    if not open_lines:
        flash(say(Refusal.of("plan-no-open-lines" if lines else "plan-no-lines")), "problem")
        return redirect(back_to(".plan", year=year), 303)
    form = NominationForm()
    if request.form.get("step") == "nominate":
        try:
            answers = submit(form, lambda: _nominate(form, open_lines))
        except Refused as refused:
            flash_reasons(refused)
            answers = None
        if answers is not None:
            return _answered(answers, year)
    return render_template(
        "planning/nominate.html", form=form, groups=_groups(open_lines, year), year=year,
        already=len(lines) - len(open_lines), number=len(open_lines),
    )  # fmt: skip


def _nominate(form: NominationForm, lines: list[Line]) -> list[Answer]:
    choices: dict[str, list[int]] = {}
    for line in lines:
        if code := request.form.get(f"run-{line.course_id}", ""):
            choices.setdefault(code, []).append(line.id)
    return service.nominate(
        current_actor(), choices, order_number=form.order_number.data or "",
        order_date=form.order_date.data, scan_id=kept_scan(form.scan.data, "nomination.scan"),
    )  # fmt: skip


def _groups(lines: list[Line], year: int) -> list[Group]:
    now, names = clock.now(), dict(months())
    courses = queries.courses({line.course_id for line in lines})
    runs = queries.coming_runs(courses, now, readers_today())
    found = []
    for number, course in courses.items():
        mine = [line for line in lines if line.course_id == number]
        known = {run.code: run for run in runs.get(number, [])}
        ordered = rules.by_nearness(map(_dates, known.values()), year, mine[0].month)[:MOST_RUNS]
        shown = [
            {"card": card, "open": dates.is_open}
            for dates, card in zip(
                ordered, showing.cards_of([known[each.code] for each in ordered], now), strict=True
            )
        ]
        best = next((each.code for each in ordered if each.is_open), "")
        people = [{"id": line.id, "name": line.name, "month": names[line.month]} for line in mine]
        found.append(Group(number, title_of(course), people, shown, best))
    return sorted(found, key=lambda group: group.title)


def _dates(run: Run) -> RunDates:
    opens = is_open(run.enrolment_opens, run.enrolment_closes, run.state, clock.now())
    return RunDates(run.code, run.starts_on, run.free, opens)


def _answered(answers: list[Answer], year: int) -> Any:
    rows = [_worded(each) for each in answers]
    tones = [row["tone"] for row in rows]
    return render_template(
        "planning/nominated.html", rows=rows, year=year,
        placed=tones.count("done"), waiting=tones.count("waiting"), refused=tones.count("problem"),
    )  # fmt: skip


def _worded(answer: Answer) -> dict[str, Any]:
    of = answer.outcome
    tone, words = "problem", enrolments.refused()
    if of.state is not None:
        tone, words = ("done" if of.state is State.ENROLLED else "waiting"), str(enrolments.STATES[of.state])
        if of.state is State.WAITLISTED and of.number:
            words = enrolments.number_waiting(of.number)
    return {
        "name": of.name or enrolments.somebody_else(), "run": answer.run_code, "tone": tone, "words": words,
        "why": reasons(of.refusals),
    }  # fmt: skip
