"""Organisations: listed, made, renamed from a day on, closed, imported."""

import json
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain import clock
from retrain.people import lists, queries, service
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.forms.admin import CloseForm, ImportForm, NamesForm, NewOrganisationForm, OrganisationForm
from retrain.people.organisations import FOREVER, Imported
from retrain.people.states import OrganisationKind
from retrain.people.views import bp
from retrain.people.wording import KINDS, REGIONS
from retrain.refusal import Refusal, Refused
from retrain.web.forms import submit
from retrain.web.requests import asked_page
from retrain.web.words import say


@bp.get("/admin/organisations")
@allow("organisation.edit")
def organisation_list() -> Any:
    """All organisations."""
    page = lists.organisations(request.args, asked_page())
    names = queries.organisation_names([each.id for each in page.items])
    filters = [
        {"name": "q", "label": _("Name or code"), "kind": "search"},
        {"name": "kind", "label": _("Kind"), "kind": "select", "choices": list(KINDS.items())},
        {"name": "region", "label": _("Region"), "kind": "select", "choices": list(REGIONS.items())},
    ]
    return render_template("people/organisations.html", page=page, names=names, filters=filters)


def _facts(form: Any, code: str, names: dict[str, str]) -> service.OrganisationFacts:
    return service.OrganisationFacts(
        code, OrganisationKind(form.kind.data), form.region.data, names, form.is_provider.data, form.rural.data,
        form.address.data or "", form.timezone.data or "",
    )  # fmt: skip


def _form(form: Any, title: str, label: str, back: str, intro: str = "") -> Any:
    page = render_template("people/form.html", form=form, title=title, label=label, intro=intro, back=back,
                           upload=hasattr(form, "file"))  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@bp.route("/admin/organisations/new", methods=["GET", "POST"])
@allow("organisation.edit")
def new_organisation() -> Any:
    """Make one."""
    form = NewOrganisationForm(valid_from=FOREVER)

    def create() -> Any:
        facts = _facts(form, form.code.data or "", form.names())
        return service.create_organisation(current_actor(), facts, form.valid_from.data)

    made = submit(form, create)
    if made is None:
        return _form(form, _("New organisation"), _("Make it"), url_for("people.organisation_list"))
    flash(_("The organisation is made."), "done")
    return redirect(url_for("people.organisation", code=made.code), 303)


@bp.get("/admin/organisations/<code>")
@allow("organisation.edit")
def organisation(code: str) -> Any:
    """One, with the names it has had."""
    found = queries.organisation(code)
    return render_template("people/organisation.html", organisation=found, names=list(reversed(found.names)))


@bp.route("/admin/organisations/<code>/edit", methods=["GET", "POST"])
@allow("organisation.edit")
def edit_organisation(code: str) -> Any:
    """Change all but code and name."""
    found = queries.organisation(code)
    form = OrganisationForm(obj=found)

    def change() -> Any:
        return service.change_organisation(current_actor(), found.id, _facts(form, found.code, {}))

    back = url_for("people.organisation", code=code)
    if submit(form, change):
        flash(_("The changes are saved."), "done")
        return redirect(back, 303)
    return _form(form, _("Change %(code)s", code=code), _("Save"), back)


@bp.route("/admin/organisations/<code>/name", methods=["GET", "POST"])
@allow("organisation.edit")
def rename_organisation(code: str) -> Any:
    """A new name from a day on."""
    found = queries.organisation(code)
    now = queries.organisation_names([found.id]).get(found.id, {})
    form = NamesForm(
        uz=now.get("uz"),
        uz_cyrl=now.get("uz-Cyrl"),
        ru=now.get("ru"),
        en=now.get("en"),
        valid_from=clock.today(),
    )
    back = url_for("people.organisation", code=code)
    number = found.id

    def rename() -> Any:
        return service.rename_organisation(current_actor(), number, form.names(), form.valid_from.data)

    if submit(form, rename):
        flash(_("From that day on it is called so."), "done")
        return redirect(back, 303)
    return _form(
        form, _("Rename %(code)s", code=code), _("Rename"), back,
        _("What was issued before that day keeps the old name."),
    )  # fmt: skip


@bp.route("/admin/organisations/<code>/close", methods=["GET", "POST"])
@allow("organisation.edit")
def close_organisation(code: str) -> Any:
    """Close it from a day on; open it again."""
    found = queries.organisation(code)
    form = CloseForm(closed_on=clock.today())
    back = url_for("people.organisation", code=code)
    number, reopen = found.id, "reopen" in request.form

    def close() -> Any:
        return service.close_organisation(current_actor(), number, None if reopen else form.closed_on.data)

    if reopen:
        close()
        flash(_("The organisation is open again."), "done")
        return redirect(back, 303)
    if submit(form, close):
        flash(_("The organisation is closed from that day on."), "done")
        return redirect(back, 303)
    return _form(
        form,
        _("Close %(code)s", code=code),
        _("Close it"),
        back,
        _("Its people and its past stay on record."),
    )


@bp.route("/admin/organisations/import", methods=["GET", "POST"])
@allow("organisation.edit")
def import_organisations() -> Any:
    """A list of colleges from a file."""
    form = ImportForm()
    done: Imported | None = submit(form, lambda: _import(form.file.data.read()))
    if done is None:
        return _form(
            form, _("Import colleges"), _("Import"), url_for("people.organisation_list"),
            _("The same file again changes nothing; a changed name holds from today."),
        )  # fmt: skip
    flash(ngettext("%(num)s organisation is new.", "%(num)s organisations are new.", done.accepted), "done")
    for number, refusal in done.refused[:20]:
        flash(_("Entry %(number)s: %(why)s", number=number, why=say(refusal)), "problem")
    return redirect(url_for("people.organisation_list"), 303)


def _import(content: bytes) -> Imported:
    try:
        entries = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):  # a list in a list in a list, without end
        raise Refused(Refusal.of("file-misnamed-json", field="file")) from None
    if not isinstance(entries, list):
        raise Refused(Refusal.of("file-misnamed-json", field="file"))
    return service.import_colleges(current_actor(), entries)
