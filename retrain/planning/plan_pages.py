"""The annual plan: its lines, adding people to it, moving, removing, and last year's as a copy."""

from collections import Counter
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain.enrolment import classifying
from retrain.enrolment.door import asked, flash_reasons, reasons
from retrain.enrolment.match import Grade, match
from retrain.language import pick
from retrain.language.keys import search_key
from retrain.people import queries as people
from retrain.people import shown_names
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.planning import college, queries, rules, service, wording
from retrain.planning.college import Member
from retrain.planning.college_pages import chosen_people, own_college
from retrain.planning.door import (
    asked_year,
    back_to,
    bp,
    facts_in_order,
    months,
    paged,
    title_of,
    trip_words,
    year_choices,
)
from retrain.planning.outcomes import Planned
from retrain.planning.queries import Line, Offer
from retrain.planning.states import Fact
from retrain.refusal import Refused
from retrain.web.language import current_language, readers_today
from retrain.web.requests import chosen, whole
from retrain.web.words import say


@bp.get("/plan")
@allow("plan.edit")
def plan() -> Any:
    """A year's lines by month."""
    college_id, year, today = own_college(current_actor()), asked_year(), readers_today()
    everything = queries.lines(college_id, year, today)
    page = paged(_narrowed(everything))
    courses = queries.courses({line.course_id for line in everything})
    names = dict(months())
    known = queries.years(college_id)
    return render_template(
        "planning/plan.html",
        year=year,
        page=page,
        rows=shown_names.among((_row(line, courses, names) for line in page.items), "teacher"),
        counts=Counter(line.fact for line in everything),
        facts=wording.FACTS,
        total=len(everything),
        filters=_filters(year, known, courses),
        months=months(),
        ahead=[number for number, _name in months() if not rules.is_over(year, number, today)],
        before=year - 1 if year - 1 in known and year >= today.year else None,
    )


def _narrowed(lines: list[Line]) -> list[Line]:
    words, month, fact, course = (
        search_key(asked("q")).split(),
        asked("month"),
        asked("fact"),
        asked("course"),
    )
    found = [
        line
        for line in lines
        if all(word in search_key(line.name) for word in words)
        and month in ("", str(line.month))
        and fact in ("", line.fact)
        and course in ("", str(line.course_id))
    ]
    sort = asked("sort")
    if sort.removeprefix("-") == "name":
        found.sort(key=lambda line: line.sort_key)
    elif sort.removeprefix("-") == "fact":
        found.sort(key=lambda line: list(Fact).index(line.fact))
    return found[::-1] if sort.startswith("-") else found


def _filters(year: int, known: list[int], courses: dict[int, Offer]) -> list[dict[str, Any]]:
    named = sorted(((number, title_of(offer)) for number, offer in courses.items()), key=lambda item: item[1])
    return [
        {"name": "year", "label": _("Year"), "choices": year_choices(known, year), "any": False,
         "default": str(year)},
        {"name": "q", "label": _("Name"), "kind": "search"},
        {"name": "month", "label": _("Month"), "choices": months()},
        {"name": "course", "label": _("Course"), "choices": named},
        {"name": "fact", "label": _("State"), "choices": facts_in_order()},
    ]  # fmt: skip


def _row(line: Line, courses: dict[int, Offer], names: dict[int, str]) -> dict[str, Any]:
    return {
        "id": line.id,
        "teacher": line.teacher_id,
        "name": line.name,
        "course": title_of(courses.get(line.course_id)),
        "month": names[line.month],
        "note": line.note,
        "fact": str(wording.FACTS[line.fact]),
        "tone": wording.FACT_TONES[line.fact],
        "mark": "problem" if line.fact is Fact.MISSED else "",
        "trip": trip_words(line.trip) if line.trip else None,
    }


@bp.route("/plan/add", methods=["GET", "POST"])
@allow("plan.edit")
def plan_add() -> Any:
    """The chosen people come into the plan: a course and a month for all of them."""
    college_id = own_college(current_actor())
    numbers = chosen_people() if request.method == "POST" else chosen("teachers")
    problems: list[str] = []
    if request.form.get("step") == "add":
        try:
            answers = service.add(
                current_actor(), numbers, whole(request.form.get("course", "")), asked_year(),
                whole(request.form.get("month", "")), request.form.get("note", ""),
            )  # fmt: skip
        except Refused as refused:
            problems = [say(why) for why in refused.why]
        else:
            return _added(answers)
    return _add_form(college_id, numbers, problems), 422 if problems else 200


def _added(answers: list[Planned]) -> Any:
    rows = [
        {"name": each.name or _("somebody of another college"), "why": reasons(each.refusals),
         "tone": "problem" if each.refusals else "done",
         "words": _("not planned") if each.refusals else _("in the plan")}
        for each in answers
    ]  # fmt: skip
    return render_template(
        "planning/added.html", rows=rows, year=asked_year(), made=sum(not each.refusals for each in answers)
    )


def _add_form(college_id: int, numbers: list[int], problems: list[str]) -> str:
    today, year = readers_today(), asked_year()
    staff = {each.id: each for each in college.members(college_id, today)}
    picked = [staff[number] for number in numbers if number in staff]
    month = whole(request.form.get("month", "")) or min(today.month + 1, 12)
    return render_template(
        "planning/add.html",
        picked=sorted(picked, key=lambda each: each.sort_key),
        courses=_courses(picked),
        course=whole(request.form.get("course", "")),
        months=months(),
        month=1 if year > today.year and "month" not in request.form else month,
        years=[(each, str(each)) for each in range(today.year, today.year + rules.YEARS_AHEAD + 1)],
        year=year,
        note=request.form.get("note", ""),
        problems=problems,
        due=wording.DUE,
        tones=wording.DUE_TONES,
    )


def _courses(picked: list[Member]) -> list[tuple[int, str]]:
    """Courses with how many of the chosen they fit, those that fit most first."""
    offers = queries.offered()
    names = people.organisation_names({offer.provider_id for offer in offers})
    kinds, classifier = Counter(tuple(each.specialities) for each in picked), classifying.current()
    language, found = current_language(), []
    for offer in offers:
        fits = sum(
            number
            for specialities, number in kinds.items()
            if match(offer.audience, specialities, classifier=classifier).grade is not Grade.NONE
        )
        words = pick(offer.titles, language)
        if offer.audience and picked:
            words = _("%(course)s · fits %(fits)s of %(all)s", course=words, fits=fits, all=len(picked))
        provider = pick(names.get(offer.provider_id), language)
        words = _("%(course)s, %(hours)s h, %(provider)s", course=words, hours=offer.hours, provider=provider)
        # What fits as many because it is for everybody comes after what was made for them.
        found.append((-fits, not offer.audience, offer.id, words))
    return [(number, words) for *_order, number, words in sorted(found, key=lambda each: each[:2])]


@bp.post("/plan/move")
@allow("plan.edit")
def plan_move() -> Any:
    """The chosen lines are for another month."""
    try:
        changed = service.move(current_actor(), chosen_lines(), whole(request.form.get("month", "")))
        flash(wording.moved(changed), "done")
    except Refused as refused:
        flash_reasons(refused)
    return redirect(back_to(".plan"), 303)


@bp.post("/plan/remove")
@allow("plan.edit")
def plan_remove() -> Any:
    """The chosen lines are no longer planned."""
    try:
        flash(wording.removed(service.remove(current_actor(), chosen_lines())), "done")
    except Refused as refused:
        flash_reasons(refused)
    return redirect(back_to(".plan"), 303)


@bp.post("/plan/copy")
@allow("plan.edit")
def plan_copy() -> Any:
    """Last year's plan, or what was missed of it, for this one."""
    year = asked_year()
    try:
        found = service.copy(current_actor(), year, only_missed=request.form.get("what") == "missed")
        flash(wording.copied(found), "done")
    except Refused as refused:
        flash_reasons(refused)
    return redirect(url_for(".plan", year=year), 303)


def chosen_lines() -> list[int]:
    """The lines chosen in the plan, or all that its filter matches."""
    if request.form.get("everything"):
        lines = queries.lines(own_college(current_actor()), asked_year(), readers_today())
        return [line.id for line in _narrowed(lines)]
    return chosen("lines", request.form)
