"""Settings of a provider and of the country, each from a day on; one page for all of them."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain import clock
from retrain.language import pick
from retrain.people import permissions, queries, service, settings
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.forms.settings import FORMS
from retrain.people.permissions import Scope, Target
from retrain.people.settings import KEYS, Owner
from retrain.people.views import bp
from retrain.people.wording import SETTING_HINTS, SETTINGS
from retrain.refusal import NotThere
from retrain.web.forms import submit
from retrain.web.language import current_language


def _provider() -> int | None:
    """The provider whose settings are meant: one's own, or the one the address names."""
    actor = current_actor()
    if permissions.scope(actor, "settings.provider") is not Scope.ALL:
        return actor.organisation_id
    code = request.args.get("provider") or (queries.providers()[0].code if queries.providers() else None)
    return queries.organisation(code).id if code else None


@bp.get("/settings")
@allow("settings.provider")
def settings_page() -> Any:
    """What holds at this provider today."""
    return _list(Owner.PROVIDER, _provider())


@bp.get("/admin/settings")
@allow("settings.country")
def country_settings() -> Any:
    """What holds for everybody today."""
    return _list(Owner.ADMINISTRATOR, None)


def _list(owner: Owner, organisation_id: int | None) -> Any:
    keys = [key for key in KEYS.values() if key.owner is owner]
    everywhere = permissions.scope(current_actor(), "settings.provider") is Scope.ALL
    providers = queries.providers() if owner is Owner.PROVIDER and everywhere else []
    names, lang = (
        queries.organisation_names([organisation_id, *(each.id for each in providers)]),
        current_language(),
    )
    return render_template(
        "people/settings.html",
        keys=[(key.name, SETTINGS[key.name], SETTING_HINTS[key.name]) for key in keys],
        values={key.name: settings.get(organisation_id, key.name) for key in keys},
        is_provider=owner is Owner.PROVIDER,
        place=pick(names.get(organisation_id or 0), lang),
        code=queries.organisation_by_id(organisation_id).code if organisation_id else None,
        choices=[(each.code, pick(names.get(each.id), lang)) for each in providers],
    )


@bp.route("/settings/<key>", methods=["GET", "POST"])
@allow("settings.provider")
def setting(key: str) -> Any:
    """One setting of a provider: what has held, and what shall hold from a day on."""
    if key not in KEYS or KEYS[key].owner is not Owner.PROVIDER:
        raise NotThere
    provider = _provider()
    permissions.require(current_actor(), "settings.provider", Target(provider_id=provider))
    return _one(key, provider, url_for("people.settings_page", provider=request.args.get("provider")))


@bp.route("/admin/settings/<key>", methods=["GET", "POST"])
@allow("settings.country")
def country_setting(key: str) -> Any:
    """One setting for everybody."""
    if key not in KEYS or KEYS[key].owner is not Owner.ADMINISTRATOR:
        raise NotThere
    return _one(key, None, url_for("people.country_settings"))


def _one(key: str, organisation_id: int | None, back: str) -> Any:
    form = FORMS[key](valid_from=clock.today())
    if request.method == "GET":
        form.show(settings.get(organisation_id, key))
    elif _rows_changed(form):
        return _page(form, key, organisation_id, back), 200

    def save() -> Any:
        return service.set_setting(current_actor(), organisation_id, key, form.valid_from.data, form.value())

    if submit(form, save):
        flash(_("“%(setting)s” is saved.", setting=SETTINGS[key]), "done")
        return redirect(back, 303)
    return _page(form, key, organisation_id, back), 422 if form.is_submitted() else 200


def _rows_changed(form: Any) -> bool:
    """Whether a button only added or took away a row of the form."""
    if (name := request.form.get("add")) and name in form:
        form[name].append_entry()
        return True
    if gone := request.form.get("remove"):
        for field in form:
            if hasattr(field, "entries"):
                field.entries = [entry for entry in field.entries if entry.name != gone]
        return True
    return False


def _page(form: Any, key: str, organisation_id: int | None, back: str) -> str:
    history = settings.history(organisation_id, key)
    return render_template(
        "people/setting.html", form=form, key=key, title=SETTINGS[key], hint=SETTING_HINTS[key], back=back,
        history=history, people=queries.display_names([row.created_by_id for row in history]), today=clock.today(),
    )  # fmt: skip


@bp.post("/settings/withdraw/<int:setting_id>")
@allow("settings.provider")
def withdraw_setting(setting_id: int) -> Any:
    """Take back a value whose day has not come."""
    service.withdraw_setting(current_actor(), setting_id)
    flash(_("The value is taken back."), "done")
    return redirect(url_for("people.settings_page"), 303)
