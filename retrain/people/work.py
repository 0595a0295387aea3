"""What of people waits for somebody, and where they go from the bar."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain import clock
from retrain.audit import Actor
from retrain.extensions import db
from retrain.people import permissions
from retrain.people.models import Employment, ErasureRequest, Person, RosterBatch, Teacher
from retrain.people.permissions import Scope
from retrain.people.states import BatchState, RequestState
from retrain.web.work import MenuItem, WorkItem


def menu(actor: Actor) -> list[MenuItem]:
    """Destinations in the order people need them."""
    found = []
    if permissions.scope(actor, "staff.see") is not None:
        found.append(MenuItem(_("Teachers"), "people.staff", 20))
    if permissions.scope(actor, "organisation.edit") is not None:
        found.append(MenuItem(_("Organisations"), "people.organisation_list", 60))
    if permissions.scope(actor, "role.grant") is not None:
        found.append(MenuItem(_("Roles"), "people.role_list", 70))
    if permissions.scope(actor, "settings.country") is not None:
        found.append(MenuItem(_("Settings"), "people.country_settings", 80))
    elif permissions.scope(actor, "settings.provider") is not None:
        found.append(MenuItem(_("Settings"), "people.settings_page", 80))
    if permissions.scope(actor, "person.manage") is not None:
        found.append(MenuItem(_("Accounts"), "people.account_list", 75))
    return found


def waiting(actor: Actor) -> list[WorkItem]:
    """Teachers without an account, imports under way, requests to be erased."""
    found: list[WorkItem] = []
    if permissions.scope(actor, "slips.print") is Scope.COLLEGE:
        found += _college(actor)
    if permissions.scope(actor, "person.manage") is not None:
        asked = db.session.scalar(
            db.select(db.func.count(ErasureRequest.id)).where(ErasureRequest.state == RequestState.ASKED)
        )
        if asked:
            sentence = ngettext("%(num)s person asks to be erased", "%(num)s people ask to be erased", asked)
            found.append(WorkItem(sentence, url_for("people.erasure_requests"), asked, order=30))
    return found


def _college(actor: Actor) -> list[WorkItem]:
    today = clock.today()
    works_here = (
        (Employment.organisation_id == actor.organisation_id)
        & (Employment.since <= today)
        & (Employment.until.is_(None) | (Employment.until >= today))
    )
    people = (
        db.select(db.func.count(db.distinct(Teacher.id)))
        .join(Employment, Employment.teacher_id == Teacher.id)
        .join(Person, Person.id == Teacher.person_id)
        .where(works_here, Person.merged_into_id.is_(None), Person.erased_at.is_(None))
    )
    total = db.session.scalar(people) or 0
    if not total:
        return [WorkItem(_("Import the list of your teachers"), url_for("people.import_roster"), order=10)]
    found = []
    idle = db.session.scalar(people.where(Person.activated_at.is_(None))) or 0
    if idle:
        sentence = ngettext(
            "%(num)s teacher has no open account yet", "%(num)s teachers have no open account yet", idle
        )
        found.append(WorkItem(sentence, url_for("people.slips"), idle, order=60))
    under_way = db.session.scalars(
        db.select(RosterBatch).where(
            RosterBatch.organisation_id == actor.organisation_id, RosterBatch.state != BatchState.APPLIED
        )
    )
    found += [
        WorkItem(
            _("%(file)s is being imported", file=batch.filename),
            url_for("people.roster_batch", batch_id=batch.id),
            order=20,
        )
        for batch in under_way
    ]
    return found
