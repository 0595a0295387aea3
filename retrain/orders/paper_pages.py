"""Papers to print for people on a run: by themselves, their college, the coordinator and the curator."""

from typing import Any

from flask import render_template, url_for

from retrain import files
from retrain.catalogue.models import Run
from retrain.documents import papers as printed
from retrain.documents import pdf
from retrain.enrolment import queries as enrolment
from retrain.enrolment import stays
from retrain.enrolment.door import managed, target_of
from retrain.enrolment.models import Enrolment
from retrain.language import pick
from retrain.language.dates import date_range
from retrain.orders import person_papers
from retrain.orders.door import bp, shared
from retrain.orders.person_papers import Holder
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.refusal import NotThere
from retrain.web.downloads import made_file
from retrain.web.language import current_language, language_asked


def _holder(enrolment_id: int) -> Holder:
    found = person_papers.holder(enrolment_id)
    permissions.require(current_actor(), "orders.papers", found.target)
    return found


@bp.get("/enrolments/<int:enrolment_id>/papers")
@allow("orders.papers")
def papers(enrolment_id: int) -> Any:
    """Which papers there are for a person on a run, in each language."""
    found, language = _holder(enrolment_id), current_language()
    own = found.person.id == current_actor().person_id
    back = url_for("enrolment.mine") if own else url_for("catalogue.run", code=found.run.code)
    return render_template(
        "orders/papers.html",
        name=found.person.full_name, run=found.run, number=enrolment_id,
        title=pick(found.run.version.titles, language),
        dates=date_range(found.run.starts_on, found.run.ends_on, language),
        standing=found.standing, travels=stays.may_travel(found.stay), can_print=pdf.available(),
        own=own, back=back,
    )  # fmt: skip


@bp.get("/enrolments/<int:enrolment_id>/reference.pdf")
@allow("orders.papers")
def reference(enrolment_id: int) -> Any:
    """That the person is, will be or was on the course."""
    found, language = _holder(enrolment_id), language_asked()
    paper = person_papers.reference(found, language)
    return _made(printed.reference_pdf(paper, lang=language), f"{found.run.code}-{enrolment_id}")


@bp.get("/enrolments/<int:enrolment_id>/trip.pdf")
@allow("orders.papers")
def trip(enrolment_id: int) -> Any:
    """The person's business-trip certificate."""
    found, language = _holder(enrolment_id), language_asked()
    return _trips(found.run, [found.row], language, f"{found.run.code}-{enrolment_id}-safar")


@bp.get("/manage/runs/<code>/group")
@allow("enrolment.people")
def group_list(code: str) -> Any:
    """The group's list, made to be printed, and the papers of its people."""
    run = managed(code, "enrolment.people")
    members = enrolment.group(run)
    names = people.organisation_names({member.organisation_id for member in members})
    rows = [
        {"id": member.enrolment_id, "name": member.name,
         "college": pick(names.get(member.organisation_id), current_language())}
        for member in members
    ]  # fmt: skip
    may_print = permissions.may(current_actor(), "orders.papers", target_of(run))
    return render_template(
        "orders/group.html", rows=rows, may_print=may_print, can_print=pdf.available(), **shared(run)
    )


@bp.get("/manage/runs/<code>/trips.pdf")
@allow("enrolment.people")
def trips(code: str) -> Any:
    """The business-trip certificates of the whole group, a page each."""
    run, language = managed(code, "enrolment.people"), language_asked()
    return _trips(run, person_papers.group_rows(run), language, f"{code}-safar")


@bp.get("/manage/runs/<code>/group.pdf")
@allow("enrolment.people")
def group_sheet(code: str) -> Any:
    """The group's list on paper."""
    run, language = managed(code, "enrolment.people"), language_asked()
    return _made(
        printed.group_list_pdf(person_papers.group_list(run, language), lang=language), f"{code}-guruh"
    )


def _trips(run: Run, rows: list[Enrolment], language: str, name: str) -> Any:
    papers = person_papers.trips(run, rows, language)
    if not papers:
        raise NotThere
    return _made(printed.trips_pdf(papers, lang=language), name)


def _made(content: bytes, name: str) -> Any:
    return made_file(content, f"{name}.pdf", files.PDF, shown=True)
