"""Terms of enrolment of a run and its quotas: what stands now, setting, changing, taking away."""

from datetime import UTC
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from retrain import clock
from retrain.catalogue.models import Run
from retrain.catalogue.wording import REGIONS
from retrain.enrolment import quota_rules, reading_runs, service, terms, terms_words
from retrain.enrolment.door import asked, bp, flash_reasons, managed, shared
from retrain.enrolment.forms import QuotaForm, TermsForm
from retrain.enrolment.models import Terms
from retrain.enrolment.quota_rules import PlacesFacts, QuotaFacts
from retrain.enrolment.states import Consent, Funding, QuotaSort
from retrain.enrolment.terms import TermsFacts
from retrain.extensions import db
from retrain.language import pick
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.states import OrganisationKind
from retrain.people.wording import KINDS
from retrain.refusal import Refused
from retrain.web.forms import submit
from retrain.web.language import current_language
from retrain.web.requests import whole


@bp.route("/manage/runs/<code>/terms", methods=["GET", "POST"])
@allow("enrolment.manage")
def run_terms(code: str) -> Any:
    """The terms to read and change, and the quotas below."""
    run = managed(code, "enrolment.manage")
    row = db.session.get(Terms, run.id)
    now = terms.of(row) if row else terms.USUAL
    form = TermsForm(
        data={name: getattr(now, name) for name in terms.FIELDS} | {"lock": row.lock if row else 0}
    )
    if submit(
        form, lambda: service.set_terms(current_actor(), code, _wanted(form), whole(form.lock.data or ""))
    ):
        flash(_("The terms are saved. They hold for those who come from now on."), "done")
        return redirect(url_for(".run_terms", code=code), 303)
    return _page(run, form, _quota_form(run))


@bp.post("/manage/runs/<code>/quotas")
@allow("enrolment.manage")
def set_quota(code: str) -> Any:
    """Make a quota, or change the one that the group has."""
    run = managed(code, "enrolment.manage")
    form = _quota_form(run)
    if submit(form, lambda: _set(run, form)):
        flash(_("The quota is saved."), "done")
        return redirect(url_for(".run_terms", code=code, _anchor="quotas"), 303)
    own = db.session.get(Terms, run.id)
    now = terms.of(own) if own else terms.USUAL
    values = {name: getattr(now, name) for name in terms.FIELDS} | {"lock": own.lock if own else 0}
    return _page(run, TermsForm(formdata=None, data=values), form)


@bp.post("/manage/runs/<code>/quotas/<int:quota_id>/remove")
@allow("enrolment.manage")
def remove_quota(code: str, quota_id: int) -> Any:
    """Take a quota away."""
    managed(code, "enrolment.manage")
    try:
        service.remove_quota(current_actor(), code, quota_id)
    except Refused as refused:
        flash_reasons(refused)
    else:
        flash(_("The quota is taken away."), "done")
    return redirect(url_for(".run_terms", code=code, _anchor="quotas"), 303)


def _wanted(form: TermsForm) -> TermsFacts:
    return TermsFacts(
        consent=Consent(form.consent.data), offer_hours=form.offer_hours.data,
        request_hours=form.request_hours.data, withdraw_days=form.withdraw_days.data,
        funding=Funding(form.funding.data), price=form.price.data, with_release=form.with_release.data,
        lodging=form.lodging.data, map_url=(form.map_url.data or "").strip(),
        to_bring=(form.to_bring.data or "").strip(),
    )  # fmt: skip


def _set(run: Run, form: QuotaForm) -> Any:
    """The quota that was typed; its moment is read on the provider's clock."""
    typed = form.releases_at.data
    moment = typed.replace(tzinfo=people.zone_of(run.provider_id)).astimezone(UTC) if typed else None
    return service.set_quota(
        current_actor(), run.code, QuotaSort(form.sort.data), form.of.data, form.places.data, moment
    )


def _quota_form(run: Run) -> QuotaForm:
    """An empty form, or with what the quota named in the address says."""
    number, values = whole(asked("quota", 9)), {}
    if number and request.method == "GET":
        zone = people.zone_of(run.provider_id)
        for each in reading_runs.quotas_of(run.id):
            if each.id == number:
                until = each.releases_at.astimezone(zone).replace(tzinfo=None) if each.releases_at else None
                values = {"of": each.group, "sort": each.sort, "places": each.places, "releases_at": until}
    form = (
        QuotaForm(data=values) if request.endpoint == "enrolment.set_quota" else QuotaForm(None, data=values)
    )
    form.of.choices = _groups()
    return form


def _groups() -> list[SelectChoice]:
    """Every group that a quota may speak of, the regions first."""
    regions = [(f"region:{code}", str(name)) for code, name in REGIONS.items()]
    kinds = [
        (f"kind:{kind}", str(name)) for kind, name in KINDS.items() if kind is not OrganisationKind.MINISTRY
    ]
    reserved = [(f"reserved:{code}", str(name)) for code, name in terms_words.RESERVED.items()]
    rows = people.colleges()
    names = people.organisation_names({row.id for row in rows})
    colleges = [
        (f"college:{row.id}", pick(names.get(row.id), current_language()) or row.code) for row in rows
    ]
    parts = {
        _("Regions"): regions, _("Reserved"): reserved, _("Kinds of organisation"): kinds,
        _("Colleges"): sorted(colleges, key=lambda pair: pair[1]),
    }  # fmt: skip
    return [
        SelectChoice(value, label, optgroup=part) for part, pairs in parts.items() for value, label in pairs
    ]


def _page(run: Run, form: TermsForm, quota: QuotaForm) -> Any:
    facts = PlacesFacts(run.code, run.places, run.taken, reading_runs.quotas_of(run.id))
    zone, way = people.zone_of(run.provider_id), terms_words.WAYS[reading_runs.desk_of(run).terms.way]
    return render_template(
        "enrolment/terms.html", way=way, form=form, quota=quota, rows=_quota_rows(facts), bar=_bar(facts), zone=zone,
        change=whole(asked("quota", 9)), **shared(run),
    )  # fmt: skip


def _quota_rows(facts: PlacesFacts) -> list[dict[str, Any]]:
    now = clock.now()
    numbers = {int(each.group[8:]) for each in facts.quotas if each.group.startswith("college:")}
    names = people.organisation_names(numbers)
    return [
        {
            "id": each.id, "group": terms_words.group(each.group, names), "sort": str(terms_words.SORTS[each.sort]),
            "places": each.places, "taken": each.taken, "until": each.releases_at, "holds": each.holds(now),
            "bar": _quota_bar(each),
        }
        for each in facts.quotas
    ]  # fmt: skip


def _quota_bar(each: QuotaFacts) -> list[tuple[str, float]]:
    most = max(each.places, each.taken, 1)
    return [("taken", 100 * each.taken / most)]


def _bar(facts: PlacesFacts) -> dict[str, Any]:
    """The run's places: taken, kept for groups, open to all; numbers, and shares of a hundred to draw."""
    now = clock.now()
    open_now = quota_rules.open_free(facts, now)
    kept = max(0, facts.places - facts.taken - open_now)
    most = max(facts.places, 1)
    return {
        "taken": facts.taken, "kept": kept, "free": open_now,
        "parts": [("taken", 100 * facts.taken / most), ("kept", 100 * kept / most)],
    }  # fmt: skip
