"""The role one acts in; roles given, lent and ended."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from retrain import clock
from retrain.language import pick
from retrain.people import contacts, permissions, queries, roles, rules, service
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.forms.account import DelegateForm
from retrain.people.forms.admin import GrantForm
from retrain.people.permissions import Scope
from retrain.people.states import RoleKind
from retrain.people.views import bp
from retrain.people.wording import ROLES
from retrain.refusal import Forbidden, Refusal, Refused
from retrain.web.fields import options
from retrain.web.forms import local_target, page_before, submit
from retrain.web.language import current_language
from retrain.web.requests import whole


@bp.get("/act-as")
@allow("account")
def act_as() -> Any:
    """One's roles, to act in another or lend one."""
    held = queries.living_roles(current_user.id)
    return render_template(
        "people/act_as.html",
        roles=held,
        names=queries.organisation_names([role.organisation_id for role in held]),
        people=queries.display_names([role.delegated_by_id for role in held]),
        lent=roles.lent_by(current_user.id),
        is_teacher=current_user.teacher_id is not None,
    )


@bp.post("/act-as")
@allow("account")
def act_as_post() -> Any:
    """Act in the role chosen."""
    chosen = request.form.get("role", "")
    if chosen != "teacher" and not whole(chosen):
        raise Refused(Refusal.of("role-ended"))
    service.act_as(current_actor(), current_user.session_id, whole(chosen) or None)
    flash(_("You now act in this role."), "done")
    return redirect(local_target(request.form.get("next"), url_for("web.home")), 303)


@bp.route("/act-as/<int:role_id>/lend", methods=["GET", "POST"])
@allow("role.delegate")
def delegate_role(role_id: int) -> Any:
    """Lend one's own role from a day to a day."""
    role = roles.own_role(current_actor(), role_id)
    form = DelegateForm(since=clock.today(), until=clock.today())
    lent = submit(
        form,
        lambda: service.delegate_role(
            current_actor(), role_id, form.login.data or "", form.since.data, form.until.data
        ),
    )
    if lent is None:
        title = _("Lend the role “%(role)s”", role=ROLES[role.kind])
        intro = _("They act in it beside you. Every act of theirs is on record as theirs.")
        page = render_template(
            "people/form.html",
            form=form,
            title=title,
            intro=intro,
            label=_("Lend it"),
            back=url_for("people.act_as"),
        )
        return page, 422 if form.is_submitted() else 200
    flash(_("The role is lent."), "done")
    return redirect(url_for("people.act_as"), 303)


@bp.post("/roles/<int:role_id>/end")
@allow("account")
def end_role(role_id: int) -> Any:
    """End a role: one given in one's organisation, or one lent by oneself."""
    service.end_role(current_actor(), role_id)
    flash(_("The role has ended."), "done")
    return redirect(page_before(url_for("people.act_as")), 303)


@bp.get("/roles")
@allow("role.grant")
def role_list() -> Any:
    """Who holds which role."""
    actor = current_actor()
    everywhere = permissions.scope(actor, "role.grant") is Scope.ALL
    chosen = (whole(request.args.get("organisation")) or None) if everywhere else actor.organisation_id
    rows = roles.roles_in(chosen, request.args.get("q", ""))
    names = queries.organisation_names([role.organisation_id for role in rows])
    people = queries.display_names([role.delegated_by_id for role in rows])
    return render_template("people/roles.html", roles=rows, names=names, people=people, everywhere=everywhere)


@bp.route("/roles/new", methods=["GET", "POST"])
@allow("role.grant")
def grant_role() -> Any:
    """Give somebody a role; make their account if they have none."""
    actor = current_actor()
    form = GrantForm(since=clock.today())
    kinds = rules.gives(RoleKind(actor.role or ""))
    form.kind.choices = options([(kind, ROLES[kind]) for kind in RoleKind if kind in kinds])
    form.organisation.choices = options(organisation_choices(actor))
    done = submit(form, lambda: _grant(form))
    if done is None:
        page = render_template(
            "people/form.html", form=form, title=_("Give a role"), label=_("Give the role"),
            intro=_("If nobody signs in with this yet, give a name too: an account is made and a link mailed."),
            back=url_for("people.role_list"),
        )  # fmt: skip
        return page, 422 if form.is_submitted() else 200
    flash(_("The role is given."), "done")
    return redirect(url_for("people.role_list"), 303)


def organisation_choices(actor: Any) -> list[tuple[int, str]]:
    """The organisations the actor may give roles in."""
    found = queries.open_organisations()
    if permissions.scope(actor, "role.grant") is not Scope.ALL:
        found = [each for each in found if each.id == actor.organisation_id]
    names = queries.organisation_names([each.id for each in found])
    lang = current_language()
    return [(each.id, f"{pick(names.get(each.id), lang)} ({each.code})") for each in found]


def _grant(form: GrantForm) -> bool:
    actor = current_actor()
    kind, organisation_id = RoleKind(form.kind.data), form.organisation.data
    known_by = contacts.login(form.login.data or "")
    person = queries.person_by_login(known_by)
    if person is None:
        if not (form.family.data or form.given.data):
            raise Refused(Refusal.of("nobody-by-login", field="login"))
        login = form.login.data or ""
        facts = service.PersonFacts(
            form.family.data or "", form.given.data or "", form.patronymic.data or "",
            login if "@" in login else None, None if "@" in login else login, current_language(),
        )  # fmt: skip
        service.create_user(actor, facts, kind=kind, organisation_id=organisation_id, mail_link=True)
        return True
    if person.disabled_at or person.erased_at or person.merged_into_id:
        raise Forbidden
    service.grant_role(actor, person.id, kind, organisation_id, form.since.data, form.until.data, known_by)
    return True
