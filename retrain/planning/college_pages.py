"""A college's page: who is due, who is going, who is missing; chosen people are planned or put forward."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain.audit import Actor
from retrain.enrolment.door import asked
from retrain.files import XLSX
from retrain.language.dates import month_name
from retrain.people import shown_names
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.planning import college, wording
from retrain.planning.college import Asked, Member
from retrain.planning.door import back_to, bp, college_name, paged, title_of, trip_words
from retrain.planning.queries import Offer
from retrain.planning.states import Due, Standing
from retrain.refusal import NotThere, Refusal
from retrain.tabular.write import write_xlsx
from retrain.web.downloads import made_file
from retrain.web.language import current_language, readers_today
from retrain.web.requests import chosen
from retrain.web.words import say

MOST_NOMINATED = 200
"""People are put forward for one run, and their numbers travel in its address."""


@bp.get("/college")
@allow("plan.edit")
def college_page() -> Any:
    """The college's people with what is due and what is provided."""
    college_id = own_college(current_actor())
    everyone = college.members(college_id, readers_today())
    page = paged(college.narrowed(everyone, _asked()))
    courses = college.courses_of(page.items)
    return render_template(
        "planning/college.html",
        name=college_name(college_id),
        page=page,
        rows=shown_names.among(_row(each, courses) for each in page.items),
        counts=college.counts(everyone),
        filters=_filters(),
        due_states=Due,
        standings=Standing,
    )


def own_college(actor: Actor) -> int:
    """The organisation whose people one plans for."""
    if actor.organisation_id is None:
        raise NotThere
    return actor.organisation_id


def _asked() -> Asked:
    return Asked(asked("q"), asked("due"), asked("standing"), asked("sort") or "due")


def _filters() -> list[dict[str, Any]]:
    return [
        {"name": "q", "label": _("Name"), "kind": "search"},
        {"name": "due", "label": _("Next training"), "choices": list(wording.DUE.items())},
        {"name": "standing", "label": _("Provided for"), "choices": list(wording.STANDINGS.items())},
    ]


def _row(member: Member, courses: dict[int, Offer]) -> dict[str, Any]:
    going = trip_words(member.trip, courses.get(member.trip.course_id)) if member.trip else None
    return {
        "id": member.id,
        "name": member.name,
        "post": member.post,
        "by": member.by,
        "due": str(wording.DUE[member.due]),
        "due_tone": wording.DUE_TONES[member.due],
        "going": going,
        "plan": _plan_words(member, courses),
        "standing": str(wording.STANDINGS[member.standing]),
        "tone": wording.STANDING_TONES[member.standing],
        # Only who is missing is marked at the edge: a mark on every row would mark none.
        "mark": "problem" if member.standing is Standing.MISSING else "",
    }


def _plan_words(member: Member, courses: dict[int, Offer]) -> str:
    if member.plan is None:
        return ""
    year, month, course_id = member.plan
    when = month_name(month, current_language())
    return f"{title_of(courses.get(course_id))}, {when} {year}"


def chosen_people() -> list[int]:
    """Who was chosen in the list, or everybody whom its filter matches."""
    if request.form.get("everything"):
        everyone = college.members(own_college(current_actor()), readers_today())
        return [each.id for each in college.narrowed(everyone, _asked())]
    return chosen("teachers", request.form)


@bp.post("/college/nominate")
@allow("plan.edit")
def nominate_chosen() -> Any:
    """The chosen people go to the choice of a run."""
    numbers = chosen_people()
    if not 0 < len(numbers) <= MOST_NOMINATED:
        why = (
            Refusal.of("plan-too-many", chosen=len(numbers), most=MOST_NOMINATED)
            if numbers
            else Refusal.of("plan-nobody")
        )
        flash(say(why), "problem")
        return redirect(back_to(".college_page"), 303)
    return redirect(url_for("enrolment.choose_run", teachers=numbers), 303)


@bp.get("/college.xlsx")
@allow("plan.edit")
def college_sheet() -> Response:
    """The list as it is filtered, as a workbook."""
    college_id = own_college(current_actor())
    found = college.narrowed(college.members(college_id, readers_today()), _asked())
    courses = college.courses_of(found)
    headers = [_("Teacher"), _("Post"), _("Speciality"), _("Due by"), _("Next training"), _("Provided for"),
               _("Run"), _("Course"), _("First day"), _("Last day"), _("State"), _("In the plan")]  # fmt: skip
    rows = [_cells(each, courses) for each in found]
    book = write_xlsx(headers, rows, _("Who is due"))
    return made_file(book, f"college-{readers_today():%Y-%m-%d}.xlsx", XLSX)


def _cells(member: Member, courses: dict[int, Offer]) -> list[Any]:
    trip = member.trip
    run: list[Any] = [None] * 5
    if trip:
        words = trip_words(trip, courses.get(trip.course_id))
        run = [trip.run, words["title"], trip.starts_on, trip.ends_on, words["state"]]
    due, standing = str(wording.DUE[member.due]), str(wording.STANDINGS[member.standing])
    return [member.name, member.post, ", ".join(member.specialities), member.by, due, standing, *run,
            _plan_words(member, courses)]  # fmt: skip
