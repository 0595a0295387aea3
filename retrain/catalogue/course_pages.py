"""The coordinator's pages of courses: list, quick and full form, the course itself, publishing."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain.catalogue import listing, queries, rules, service, showing, wording
from retrain.catalogue.door import asked, bp, worded
from retrain.catalogue.forms import (
    CourseForm,
    QuickCourseForm,
    blank_course,
    change_rows,
    course_data,
    course_plan,
    quick_plan,
)
from retrain.catalogue.models import Course
from retrain.catalogue.plan import ModulePlan, TopicPlan, pasted_plan
from retrain.catalogue.states import CourseState, HourKind
from retrain.people import permissions
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.permissions import Scope, Target
from retrain.refusal import ChangedMeanwhile, Refusal, Refused
from retrain.web.forms import submit
from retrain.web.language import current_language
from retrain.web.requests import asked_page
from retrain.web.words import say


@bp.get("/courses")
@allow("course.see")
def courses() -> Any:
    """The provider's courses; all providers' for who sees the country."""
    actor = current_actor()
    everything = permissions.scope(actor, "course.see") is Scope.ALL
    provider = None if everything else actor.organisation_id
    page = listing.courses(provider, asked("q"), asked("state"), asked("kind"), asked("sort"), asked_page())
    return render_template(
        "catalogue/courses.html",
        page=page,
        wording=wording,
        states=worded(wording.COURSE_STATES),
        kinds=worded(wording.KINDS),
        may_edit=permissions.scope(actor, "course.edit") is not None,
    )


@bp.route("/courses/new", methods=["GET", "POST"])
@allow("course.edit")
def new_course() -> Any:
    """One page from a title to a published course; everything else is proposed."""
    form = QuickCourseForm(data={"language": current_language()})
    publish = request.form.get("then") != "draft"
    if course := submit(form, lambda: _quick(form, publish)):
        if publish:
            flash(_("The course is published. Now open a run of it."), "done")
            return redirect(url_for(".new_run", course=course.code), 303)
        flash(_("The course is kept as a draft."), "done")
        return redirect(url_for(".edit_course", code=course.code), 303)
    return render_template("catalogue/course_quick.html", form=form)


def _quick(form: QuickCourseForm, publish: bool) -> Course:
    language, title, hours = form.language.data, form.title.data, form.hours.data
    pasted = pasted_plan(form.topics.data or "", language, title)
    why = list(pasted.refusals)
    if pasted.hours and hours is not None and hours != pasted.hours and not why:
        why.append(Refusal.of("plan-hours-differ", field="hours", topics=pasted.hours, hours=hours))
    if not pasted.hours and not hours and not why:
        why.append(Refusal.of("no-hours", field="hours"))
    if why:
        raise Refused(why)
    modules = pasted.modules if pasted.hours else (_whole_course(language, title, hours or 0),)
    call: Callable[..., Course] = service.quick_course if publish else service.create_course
    actor = current_actor()
    return call(actor, actor.organisation_id or 0, quick_plan(form, modules), form.code.data or "")


def _whole_course(language: str, title: str, hours: int) -> ModulePlan:
    """One module of one topic, until somebody writes the thematic plan."""
    topic = TopicPlan({language: title}, HourKind.PRACTICAL, hours)
    return ModulePlan({language: title}, {}, (topic,))


@bp.route("/courses/new/full", methods=["GET", "POST"])
@allow("course.edit")
def new_full_course() -> Any:
    """The whole form of a course, from nothing."""
    form, actor = CourseForm(data=blank_course()), current_actor()
    if not change_rows(form, request.form):
        plan_then = submit(
            form,
            lambda: service.create_course(
                actor, actor.organisation_id or 0, course_plan(form), form.code.data or ""
            ),
        )
        if plan_then:
            flash(_("The course is kept as a draft."), "done")
            return redirect(url_for(".course", code=plan_then.code), 303)
    return render_template("catalogue/course_form.html", form=form, course=None, differences=[])


@bp.get("/courses/<code>")
@allow("course.see")
def course(code: str) -> Any:
    """A course: what it says, what it still lacks, its versions and runs."""
    found = queries.course(code)
    permissions.require(current_actor(), "course.see", Target(provider_id=found.provider_id))
    number = asked("version", 4)
    shown = next((each for each in found.versions if str(each.number) == number), found.versions[-1])
    version = queries.with_modules(shown.id)
    lacking = [] if version.published_at else rules.publishing_refusals(queries.plan_of(version))
    return render_template(
        "catalogue/course.html",
        course=found,
        version=version,
        latest=shown is found.versions[-1],
        lacking=[say(refusal) for refusal in lacking],
        policy=list(wording.policy(version.policy)),
        conditions=list(wording.conditions(version.policy).values()),
        runs=queries.runs_of_course(found),
        wording=wording,
        showing=showing,
        may_edit=permissions.may(current_actor(), "course.edit", Target(provider_id=found.provider_id)),
    )


@bp.route("/courses/<code>/edit", methods=["GET", "POST"])
@allow("course.edit")
def edit_course(code: str) -> Any:
    """The whole form of a course. What is published stays: saving then makes the next version."""
    found, actor = queries.course(code), current_actor()
    permissions.require(actor, "course.edit", Target(provider_id=found.provider_id))
    last, differences, by = found.versions[-1], [], ""
    plan = queries.plan_of(last)
    form = CourseForm(data=course_data(plan) | {"code": code, "seen": queries.stamp(last), "cyrillic": True})
    try:
        if not change_rows(form, request.form):
            saved = submit(form, lambda: service.save_version(actor, code, course_plan(form), form.seen.data))
            if saved:
                flash(_("The course is saved."), "done")
                return redirect(url_for(".course", code=code), 303)
    except ChangedMeanwhile as changed:
        differences, by = wording.differences(changed.differences), changed.by
        form.seen.data = queries.stamp(queries.course(code).versions[-1])
    return render_template(
        "catalogue/course_form.html", form=form, course=found, last=last, differences=differences, by=by
    ), 409 if differences else 200


@bp.post("/courses/<code>/publish")
@allow("course.edit")
def publish_course(code: str) -> Any:
    """Publish the draft version."""
    version = service.publish_course(current_actor(), code)
    flash(_("Version %(number)s is published. New runs will be of it.", number=version.number), "done")
    return redirect(url_for(".course", code=code), 303)


@bp.post("/courses/<code>/move")
@allow("course.edit")
def move_course(code: str) -> Any:
    """Put the course away, or take it out again."""
    to = request.form.get("to", "")
    wanted = CourseState.ARCHIVED if to == CourseState.ARCHIVED else CourseState.PUBLISHED
    service.move_course(current_actor(), code, wanted)
    flash(
        _("The course is put away.") if wanted is CourseState.ARCHIVED else _("The course is in use again."),
        "done",
    )
    return redirect(url_for(".course", code=code), 303)
