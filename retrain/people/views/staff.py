"""The list of teachers: found, exported, chosen for slips."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain.language import pick
from retrain.people import lists, permissions, queries, roster_cells, service, shown_names
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.contacts import shown_phone
from retrain.people.forms.staff import TeacherForm
from retrain.people.permissions import Scope
from retrain.people.states import Sex, StaffKind
from retrain.people.views import bp
from retrain.people.wording import FIELDS, REGIONS, STAFF_KINDS
from retrain.tabular.write import write_xlsx
from retrain.web.downloads import made_file
from retrain.web.fields import options
from retrain.web.forms import submit
from retrain.web.language import current_language
from retrain.web.requests import asked_page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/staff")
@allow("staff.see")
def staff() -> Any:
    """Teachers in reach."""
    actor = current_actor()
    page = lists.staff(actor, request.args, asked_page())
    return render_template(
        "people/staff.html",
        page=page,
        rows=shown_names.among(vars(row) for row in page.items),
        filters=_filters(actor),
        may_edit=permissions.scope(actor, "staff.edit") is not None,
        everywhere=permissions.scope(actor, "staff.see") is not Scope.COLLEGE,
    )


def _filters(actor: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": "q", "label": _("Name"), "kind": "search"},
        {"name": "kind", "label": _("Kind of staff"), "kind": "select", "choices": list(STAFF_KINDS.items())},
        {
            "name": "account",
            "label": _("Account"),
            "kind": "select",
            "choices": [("open", _("activated")), ("none", _("not activated yet"))],
        },
    ]
    if permissions.scope(actor, "staff.see") is Scope.ALL:
        found.append(
            {"name": "region", "label": _("Region"), "kind": "select", "choices": list(REGIONS.items())}
        )
    return found


@bp.get("/staff.xlsx")
@allow("staff.see")
def staff_table() -> Any:
    """The list as it is filtered, as a workbook. No PINFL is in it."""
    lang = current_language()
    rows = lists.staff(current_actor(), request.args, 1, per_page=20_000).items
    headers = [FIELDS["name"], FIELDS["college"], FIELDS["post"], FIELDS["staff_kind"], FIELDS["speciality"],
               FIELDS["phone"], FIELDS["email"], _("Account")]  # fmt: skip
    table = [
        [row.name, pick(row.college, lang), row.post, str(STAFF_KINDS[StaffKind(row.staff_kind)]),
         ", ".join(row.specialities), shown_phone(row.phone), row.email or "",
         _("activated") if row.is_active else _("not activated yet")]
        for row in rows
    ]  # fmt: skip
    book = write_xlsx([str(header) for header in headers], table, _("Teachers"))
    return made_file(book, "teachers.xlsx", XLSX)


@bp.route("/staff/new", methods=["GET", "POST"])
@allow("staff.edit")
def new_teacher() -> Any:
    """Enter one teacher by hand."""
    form = TeacherForm()
    form.organisation.choices = options(college_choices())
    teacher = submit(form, lambda: _add(form))
    if teacher is None:
        page = render_template(
            "people/form.html", form=form, title=_("New teacher"), label=_("Add the teacher"),
            intro=_("A whole list is quicker imported."), back=url_for("people.staff"),
        )  # fmt: skip
        return page, 422 if form.is_submitted() else 200
    flash(_("The teacher is added."), "done")
    return redirect(url_for("people.teacher", teacher_id=teacher.id), 303)


def college_choices(everywhere: bool = False) -> list[tuple[int, str]]:
    """The colleges the actor may put a teacher into: their own, or, with the reach for it, all."""
    actor = current_actor()
    found = queries.open_organisations()
    if not everywhere and permissions.scope(actor, "staff.edit") is not Scope.ALL:
        found = [each for each in found if each.id == actor.organisation_id]
    names, lang = queries.organisation_names([each.id for each in found]), current_language()
    return sorted(
        ((each.id, f"{pick(names.get(each.id), lang)} ({each.code})") for each in found),
        key=lambda item: item[1],
    )


def _add(form: TeacherForm) -> Any:
    document = None
    if form.document_number.data and not form.pinfl.data:
        country = roster_cells.country_code(form.document_country.data or "")
        document = (country, "".join(form.document_number.data.split()).upper())
    person = service.PersonFacts(
        form.family.data or "", form.given.data or "", form.patronymic.data or "",
        form.email.data or None, form.phone.data or None,
    )  # fmt: skip
    facts = service.TeacherFacts(
        pinfl=form.pinfl.data or None,
        organisation_id=form.organisation.data,
        document=document,
        birth_date=form.birth_date.data,
        sex=Sex(form.sex.data) if form.sex.data else None,
        post=form.post.data or "",
        staff_kind=StaffKind(form.staff_kind.data),
        specialities=[form.speciality.data] if form.speciality.data else [],
        since=form.since.data,
    )
    return service.add_teacher(current_actor(), person, facts)
