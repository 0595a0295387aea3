"""One teacher: seen, changed, renamed, moved, merged."""

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain import clock
from retrain.people import merging, permissions, queries, service, teacher_changes, teachers
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.forms.staff import DetailsForm, FactsForm, LeaveForm, MergeForm, MoveForm, NameForm
from retrain.people.states import StaffKind
from retrain.people.views import bp
from retrain.people.views.staff import college_choices
from retrain.refusal import NotThere
from retrain.web import work
from retrain.web.errors import wants_json
from retrain.web.fields import options
from retrain.web.forms import submit


def _teacher(teacher_id: int, action: str = "staff.see") -> Any:
    """The teacher, if the actor may; NotThere for one out of reach, as for none."""
    found = queries.teacher(teacher_id)
    if not permissions.may(current_actor(), action, teachers.target_of(found)):
        raise NotThere
    return found


@bp.get("/staff/<int:teacher_id>")
@allow("staff.see")
def teacher(teacher_id: int) -> Any:
    """All about one teacher."""
    found = _teacher(teacher_id)
    actor, target = current_actor(), teachers.target_of(found)
    places = queries.organisation_names([each.organisation_id for each in found.employments])
    return render_template(
        "people/teacher.html",
        teacher=found,
        person=found.person,
        places=places,
        may={
            name: permissions.may(actor, f"staff.{name}", target)
            for name in ("edit", "facts", "pinfl", "merge")
        },
        may_print=permissions.may(actor, "slips.print", target),
        links=work.gather("teacher_links", found, actor),
    )


@bp.post("/staff/<int:teacher_id>/pinfl")
@allow("staff.pinfl")
def show_pinfl(teacher_id: int) -> Any:
    """The number in full. That it was read is on record."""
    value = service.reveal_pinfl(current_actor(), teacher_id)
    if wants_json():
        return jsonify(value=value)
    return render_template("people/pinfl.html", value=value, teacher=queries.teacher(teacher_id))


def _form(form: Any, teacher_id: int, title: str, label: str, intro: str = "") -> Any:
    page = render_template(
        "people/form.html", form=form, title=title, label=label, intro=intro,
        back=url_for("people.teacher", teacher_id=teacher_id),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


def _done(teacher_id: int, sentence: str) -> Any:
    flash(sentence, "done")
    return redirect(url_for("people.teacher", teacher_id=teacher_id), 303)


@bp.route("/staff/<int:teacher_id>/edit", methods=["GET", "POST"])
@allow("staff.edit")
def edit_teacher(teacher_id: int) -> Any:
    """Post, kind, category, specialities, contacts."""
    found = _teacher(teacher_id, "staff.edit")
    now = teacher_changes.details_of(found, queries.employment_on(teacher_id))
    form = DetailsForm(
        post=now.post, staff_kind=now.staff_kind, category=now.category, specialities="\n".join(now.specialities),
        contact_email=now.contact_email, contact_phone=now.contact_phone, lock=found.lock,
    )  # fmt: skip
    name = found.person.full_name

    def change() -> Any:
        details = teacher_changes.Details(
            form.post.data or "", StaffKind(form.staff_kind.data), form.category.data or "",
            (form.specialities.data or "").splitlines(), form.contact_email.data or "", form.contact_phone.data or "",
        )  # fmt: skip
        return service.change_teacher(current_actor(), teacher_id, details, form.lock.data or 0)

    if submit(form, change):
        return _done(teacher_id, _("The changes are saved."))
    return _form(form, teacher_id, _("Change %(name)s", name=name), _("Save"))


@bp.route("/staff/<int:teacher_id>/facts", methods=["GET", "POST"])
@allow("staff.facts")
def teacher_facts(teacher_id: int) -> Any:
    """What some courses ask: years of service, languages, grounds for the distance form."""
    found = _teacher(teacher_id, "staff.facts")
    now = teacher_changes.course_facts_of(found)
    form = FactsForm(
        teaching_since=now.teaching_since, languages=list(now.languages or ()), disability=now.disability,
        youngest_child_born=now.youngest_child_born, lock=found.lock,
    )  # fmt: skip

    def change() -> Any:
        facts = teacher_changes.CourseFacts(
            form.teaching_since.data, sorted(form.languages.data or ()) or None, form.youngest_child_born.data,
            form.disability.data,
        )  # fmt: skip
        return service.change_course_facts(current_actor(), teacher_id, facts, form.lock.data or 0)

    if submit(form, change):
        return _done(teacher_id, _("The changes are saved."))
    title = _("What courses ask of %(name)s", name=found.person.full_name)
    intro = _(
        "Only your college’s HR office sees this. Courses that ask for it look at it, and the teacher sees the result."
    )
    return _form(form, teacher_id, title, _("Save"), intro)


@bp.route("/staff/<int:teacher_id>/name", methods=["GET", "POST"])
@allow("staff.edit")
def rename_teacher(teacher_id: int) -> Any:
    """A new name from a day on."""
    person = _teacher(teacher_id, "staff.edit").person
    form = NameForm(
        family=person.family, given=person.given, patronymic=person.patronymic, valid_from=clock.today()
    )

    def change() -> Any:
        return service.change_name(
            current_actor(), teacher_id, form.family.data or "", form.given.data or "", form.patronymic.data or "",
            form.valid_from.data, form.why.data or "",
        )  # fmt: skip

    if submit(form, change):
        return _done(
            teacher_id, _("The new name is saved; the old one stays for the documents that bear it.")
        )
    return _form(
        form, teacher_id, _("Change the name"), _("Save the name"),
        _("A name in the other script is added beside the one there is."),
    )  # fmt: skip


@bp.route("/staff/<int:teacher_id>/move", methods=["GET", "POST"])
@allow("staff.edit")
def move_teacher(teacher_id: int) -> Any:
    """To another college from a day on."""
    found = _teacher(teacher_id, "staff.edit")
    form = MoveForm(since=clock.today())
    form.organisation.choices = options(college_choices(everywhere=True))

    def move() -> Any:
        return service.move_teacher(
            current_actor(), teacher_id, form.organisation.data, form.post.data or "", form.since.data
        )

    name = found.person.full_name
    if submit(form, move):
        flash(_("%(name)s works there from that day on.", name=name), "done")
        return redirect(url_for("people.staff"), 303)
    return _form(
        form, teacher_id, _("Move %(name)s to another college", name=name), _("Move"),
        _("What was learnt and where they worked until then stays as it is."),
    )  # fmt: skip


@bp.route("/staff/<int:teacher_id>/leave", methods=["GET", "POST"])
@allow("staff.edit")
def end_employment(teacher_id: int) -> Any:
    """The last day at the present college."""
    found = _teacher(teacher_id, "staff.edit")
    form = LeaveForm(until=clock.today())
    name = found.person.full_name

    def leave() -> bool:
        service.end_employment(current_actor(), teacher_id, form.until.data)
        return True

    if submit(form, leave):
        flash(_("The last day of %(name)s is on record.", name=name), "done")
        return redirect(url_for("people.staff"), 303)
    return _form(form, teacher_id, _("%(name)s leaves", name=name), _("Save the last day"))


@bp.get("/staff/<int:teacher_id>/merge")
@allow("staff.merge")
def merge_candidates(teacher_id: int) -> Any:
    """Who may be the same person."""
    found = _teacher(teacher_id, "staff.merge")
    actor = current_actor()
    rows = [
        each
        for each in merging.candidates(found)
        if permissions.may(actor, "staff.merge", teachers.target_of(each))
    ]
    return render_template("people/merge_candidates.html", teacher=found, rows=rows, places=_places(rows))


def _places(rows: list[Any]) -> dict[int, Any]:
    employers = queries.employers_on([row.id for row in rows])
    names = queries.organisation_names(set(employers.values()))
    return {teacher_id: names.get(employer) for teacher_id, employer in employers.items()}


@bp.route("/staff/<int:teacher_id>/merge/<int:other_id>", methods=["GET", "POST"])
@allow("staff.merge")
def merge_teachers(teacher_id: int, other_id: int) -> Any:
    """Both side by side; which stays, and what it takes from the other."""
    if teacher_id == other_id:
        raise NotThere
    both = [_teacher(number, "staff.merge") for number in (teacher_id, other_id)]
    form = MergeForm(kept=teacher_id)
    form.kept.choices = options([(each.id, each.person.full_name) for each in both])

    def merge() -> Any:
        kept = form.kept.data
        gone = other_id if kept == teacher_id else teacher_id
        return service.merge(current_actor(), kept, gone, form.take.data or (), form.why.data or "")

    if submit(form, merge):
        return _done(form.kept.data, _("The two entries are one now."))
    page = render_template("people/merge.html", form=form, both=both, places=_places(both))
    return page, 422 if request.method == "POST" else 200
