"""Certificates from elsewhere: the teacher shows one with its scan, the college's HR answers."""

from typing import Any, BinaryIO, cast

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from retrain import files
from retrain.audit import Actor
from retrain.extensions import db
from retrain.files import StoredFile
from retrain.people import permissions, shown_names
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.permissions import Target
from retrain.people.teachers import target_of
from retrain.record import external, external_queries, wording
from retrain.record.door import bp, teacher_for
from retrain.record.forms import RECOGNISE, AnswerForm, ShowForm, UndoForm
from retrain.record.models import ExternalCertificate
from retrain.record.rules import Shown
from retrain.web.forms import submit


@bp.route("/staff/<int:teacher_id>/record/show", methods=["GET", "POST"])
@allow("record.show")
def show(teacher_id: int) -> Any:
    """Put a certificate from elsewhere before the college."""
    teacher, form = teacher_for(teacher_id, "record.show"), ShowForm()
    own = teacher.person_id == current_actor().person_id
    back = url_for(".mine") if own else url_for(".of_teacher", teacher_id=teacher_id)
    if submit(form, lambda: _shown(teacher_id, form)):
        flash(
            _("The certificate is before your college.")
            if own
            else _("The certificate waits for an answer."),
            "done",
        )
        return redirect(back, 303)
    page = render_template(
        "record/show.html",
        form=form,
        teacher=teacher,
        name=shown_names.of_person(teacher.person),
        own=own,
        back=back,
    )
    return page, form.status if form.is_submitted() else 200


def _shown(teacher_id: int, form: ShowForm) -> ExternalCertificate:
    sent = form.scan.data
    scan = cast(BinaryIO, sent.stream) if sent is not None and sent.filename else None
    typed = Shown(
        form.title.data or "", form.issuer.data or "", form.number.data or "", form.issued_on.data, form.hours.data
    )  # fmt: skip
    return external.show(current_actor(), teacher_id, typed, scan, sent.filename if scan else "")


@bp.post("/certificates-from-elsewhere/<int:external_id>/take-back")
@allow("record.show")
def take_back(external_id: int) -> Any:
    """Do without the college's answer."""
    row = external.take_back(current_actor(), external_id)
    flash(_("The certificate is taken back."), "done")
    own = people.teacher(row.teacher_id).person_id == current_actor().person_id
    return redirect(url_for(".mine") if own else url_for(".of_teacher", teacher_id=row.teacher_id), 303)


@bp.get("/certificates-from-elsewhere")
@allow("record.recognise")
def to_recognise() -> Any:
    """What one's teachers have shown: what waits, and what was answered."""
    college = current_actor().organisation_id or 0
    waiting = external_queries.at_college(college, waiting=True)
    answered = external_queries.at_college(college, waiting=False, limit=50)
    names = {person.id: shown_names.of_person(person) for _row, person in (*waiting, *answered)}
    return render_template(
        "record/to_recognise.html",
        waiting=[{"row": row, "name": names[person.id]} for row, person in waiting],
        answered=[{"row": row, "name": names[person.id]} for row, person in answered],
        states=wording.EXTERNAL,
    )


@bp.route("/certificates-from-elsewhere/<int:external_id>", methods=["GET", "POST"])
@allow("record.recognise")
def answer(external_id: int) -> Any:
    """Look at the scan, recognise the hours or say why not."""
    row = _asked(external_id)
    form = AnswerForm(hours=row.hours)
    if submit(form, lambda: _answered(external_id, form)):
        return _kept()
    return _page(row, form, UndoForm(formdata=None))


@bp.post("/certificates-from-elsewhere/<int:external_id>/undo")
@allow("record.recognise")
def undo(external_id: int) -> Any:
    """Refuse after all what was recognised by mistake."""
    row, form = _asked(external_id), UndoForm()
    if submit(form, lambda: external.undo(current_actor(), external_id, form.why.data or "")):
        return _kept()
    return _page(row, AnswerForm(formdata=None, hours=row.hours), form)


def _asked(external_id: int) -> ExternalCertificate:
    row = external_queries.certificate(external_id)
    permissions.require(current_actor(), "record.recognise", Target(college_id=row.organisation_id))
    return row


def _kept() -> Any:
    flash(_("Your answer is kept, and the teacher is told."), "done")
    return redirect(url_for(".to_recognise"), 303)


def _page(row: ExternalCertificate, form: AnswerForm, undo_form: UndoForm) -> Any:
    page = render_template(
        "record/answer.html",
        row=row,
        form=form,
        undo_form=undo_form,
        name=shown_names.of_person(people.teacher(row.teacher_id).person),
        states=wording.EXTERNAL,
        decided_by=shown_names.short([row.decided_by_id]).get(row.decided_by_id or 0, ""),
    )
    refused = form.errors or form.problems or undo_form.errors or undo_form.problems
    return page, 422 if refused else 200


def _answered(external_id: int, form: AnswerForm) -> ExternalCertificate:
    hours = (form.hours.data or 0) if form.answer.data == RECOGNISE else None
    return external.answer(current_actor(), external_id, hours, form.why.data or "")


@files.readable(external.PURPOSE)
def may_read(actor: Actor, stored: StoredFile) -> bool:
    """The scan is for the teacher, for the college that was asked, and for whoever may see the record."""
    row = db.session.scalar(db.select(ExternalCertificate).where(ExternalCertificate.scan_id == stored.id))
    if row is None:
        return False
    return permissions.may(
        actor, "record.recognise", Target(college_id=row.organisation_id)
    ) or permissions.may(actor, "record.see", target_of(people.teacher(row.teacher_id)))
