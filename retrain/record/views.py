"""A teacher's record: hours by year and kind, runs, documents, certificates from elsewhere, and what is due."""

from typing import Any

from flask import render_template

from retrain import files
from retrain.documents import pdf
from retrain.documents.record import record_pdf
from retrain.language import pick
from retrain.people import permissions, shown_names
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.models import Teacher
from retrain.people.teachers import target_of
from retrain.record import external_pages, papers, wording
from retrain.record.door import bp, oneself, teacher_for
from retrain.record.sheet import sheet
from retrain.web.downloads import made_file
from retrain.web.language import current_language, language_asked, readers_today, written_in

__all__ = ["bp", "external_pages"]


@bp.get("/mine/record")
@allow("record.see")
def mine() -> Any:
    """What I have to show, and what is due."""
    teacher = oneself()
    permissions.require(current_actor(), "record.see", target_of(teacher))
    return _page(teacher)


@bp.get("/staff/<int:teacher_id>/record")
@allow("record.see")
def of_teacher(teacher_id: int) -> Any:
    """What a teacher has to show, for their college and whoever oversees it."""
    return _page(teacher_for(teacher_id))


@bp.get("/staff/<int:teacher_id>/record.pdf")
@allow("record.see")
def paper(teacher_id: int) -> Any:
    """The same on paper, ready for the college's signature."""
    teacher, language = teacher_for(teacher_id), language_asked()
    with written_in(language):  # how points are called is the paper's word, not the reader's
        content = record_pdf(papers.of(sheet(current_actor(), teacher), language), lang=language)
    return made_file(content, f"malaka-{teacher_id}.pdf", files.PDF, shown=True)


def _page(teacher: Teacher) -> str:
    actor, today = current_actor(), readers_today()
    found = sheet(actor, teacher)
    language, target = current_language(), target_of(teacher)
    places = {line.provider_id for line in found.runs} | ({target.college_id} if target.college_id else set())
    providers = people.organisation_names(places)
    return render_template(
        "record/record.html",
        sheet=found,
        teacher=teacher,
        name=shown_names.of_person(teacher.person),
        own=teacher.person_id == actor.person_id,
        college=pick(providers[target.college_id], language) if target.college_id else "",
        providers={number: pick(names, language) for number, names in providers.items()},
        overdue=found.due.is_overdue(today),
        soon=found.due.is_soon(today),
        kinds=wording.KINDS,
        states=wording.EXTERNAL,
        may_show=permissions.may(actor, "record.show", target),
        may_answer=permissions.may(actor, "record.recognise", target),
        sees_staff=permissions.may(actor, "staff.see", target),
        can_print=pdf.available(),
    )
