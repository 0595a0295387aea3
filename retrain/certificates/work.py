"""What certificates add to menus, waiting lists, tabs and the term board."""

from collections.abc import Sequence
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from retrain.audit import Actor
from retrain.catalogue.models import Run
from retrain.certificates import numbering, queries, wording
from retrain.certificates.names import name_checks
from retrain.certificates.signature import keyring
from retrain.certificates.states import CertificateState
from retrain.enrolment.lists import OwnRun
from retrain.enrolment.states import IN_GROUP
from retrain.language import pick
from retrain.people import permissions
from retrain.people.permissions import Scope, Target
from retrain.people.states import RoleKind
from retrain.record.parts import PaperLine
from retrain.web.language import current_language
from retrain.web.work import Advice, Cell, MenuItem, OwnLink, Tab, WorkItem


def menu(actor: Actor) -> list[MenuItem]:
    """Documents, for whoever issues or oversees them, and for a college those of its teachers."""
    if permissions.scope(actor, "certificate.issue"):
        return [MenuItem(_("Documents"), "certificates.documents", 10)]
    if permissions.scope(actor, "certificate.open") is Scope.COLLEGE:
        return [MenuItem(_("Documents"), "certificates.college_runs", 40)]
    return []


def waiting(actor: Actor) -> list[WorkItem]:
    """Runs whose documents can be issued; documents that wait for a signature."""
    if actor.role == RoleKind.SIGNATORY:
        return _to_sign(actor.organisation_id or 0)
    if actor.role == RoleKind.TEACHER:
        return _to_confirm(actor)
    if not permissions.scope(actor, "certificate.issue"):
        return []
    provider_id = actor.organisation_id or 0
    if numbering.held_series(provider_id) and permissions.scope(actor, "certificate.numbers"):
        return [
            WorkItem(
                _("Confirm the last numbers of documents"),
                url_for("certificates.numbers"),
                order=10,
                tone="problem",
            )
        ]
    return [
        *_key(actor, provider_id),
        *(
            WorkItem(
                _("Issue the documents of %(run)s", run=run.code),
                url_for("certificates.run_documents", code=run.code),
                order=20,
            )
            for run in queries.runs_to_issue(provider_id)
        ),
    ]


def _key(actor: Actor, provider_id: int) -> list[WorkItem]:
    """That the key for signing expires soon, or has."""
    row = keyring.in_use(provider_id)
    left = keyring.days_left(row) if row is not None else None
    if row is None or left is None or permissions.scope(actor, keyring.ACTION) is None:
        return []
    if left < 0:
        words = _("The signing key has expired: no document can be signed")
    else:
        words = ngettext(
            "The signing key expires in %(num)s day", "The signing key expires in %(num)s days", left
        )
    return [
        WorkItem(
            words, url_for("certificates.signing_keys"), order=5, tone="problem" if left < 0 else "waiting"
        )
    ]


def own_links(own: Sequence[OwnRun], actor: Actor) -> list[OwnLink]:
    """Beside one's own courses: the document, or before it is issued the lines it will bear."""
    rows = [each.enrolment for each in own]
    documents = {row.enrolment_id: row for row in queries.living_of([row.id for row in rows])}
    found = []
    for row in rows:
        if (document := documents.get(row.id)) and document.state is CertificateState.PREPARED:
            continue
        if document:
            url = url_for("certificates.open_certificate", certificate_id=document.id)
            found.append(OwnLink(row.id, _("Document %(number)s", number=document.registration_number), url))
        elif row.state in IN_GROUP and permissions.scope(actor, "names.check"):
            url = url_for("certificates.own_lines", enrolment_id=row.id)
            found.append(OwnLink(row.id, _("The lines of my document"), url))
    return found


def _to_confirm(actor: Actor) -> list[WorkItem]:
    """One's own lines that nobody has confirmed yet, from the first day of the course on."""
    return [
        WorkItem(
            _("Check the lines of your document"),
            url_for("certificates.own_lines", enrolment_id=row.id),
            order=15,
            hint=pick(run.version.titles, current_language()),
        )
        for run, row in name_checks.to_confirm(actor.person_id or 0)
    ]


def _to_sign(provider_id: int) -> list[WorkItem]:
    return [
        WorkItem(
            ngettext(
                "%(num)s document of %(run)s waits for your signature",
                "%(num)s documents of %(run)s wait for your signature", count, run=code,
            ),
            url_for("certificates.run_documents", code=code), count, order=20,
        )
        for code, count in queries.runs_to_sign(provider_id)
    ]  # fmt: skip


def advice(actor: Actor) -> list[Advice]:
    """What an HR officer does while nothing is to be issued."""
    if permissions.scope(actor, "certificate.issue") is None:
        return []
    words = _(
        "A run appears here as soon as it is closed. Those issued before can be printed and handed over."
    )
    return [Advice(words, url_for("certificates.documents"), _("Documents"))]


def run_tabs(run: Run, actor: Actor) -> list[Tab]:
    """Documents among the pages of a run."""
    if not permissions.may(actor, "certificate.see", Target(provider_id=run.provider_id)):
        return []
    url = url_for("certificates.run_documents", code=run.code)
    return [Tab(_("Documents"), url, "certificates.run_documents", 80)]


def record_documents(teacher_id: int, actor: Actor) -> list[PaperLine]:
    """The documents of a teacher that were issued here, in the record."""
    opens = permissions.scope(actor, "certificate.open") is not None
    found = []
    for row in queries.of_teacher(teacher_id):
        word, tone = wording.STATES[row.state]
        said = row.frozen["public"]
        found.append(
            PaperLine(
                row.registration_number, said["titles"], wording.DOCUMENTS[row.document_type], said["hours"],
                date.fromisoformat(said["issued_on"]), word, tone,
                url_for("certificates.open_certificate", certificate_id=row.id) if opens else "",
            )
        )  # fmt: skip
    return found


def board(runs: Sequence[Run]) -> dict[str, dict[int, Cell]]:
    """Documents issued and handed over."""
    table = queries.progress([run.id for run in runs])
    return {"documents": {run.id: _cell(run, *table.get(run.id, (0, 0, 0))) for run in runs}}


def _cell(run: Run, completed: int, issued: int, handed: int) -> Cell:
    url = url_for("certificates.run_documents", code=run.code)
    if not completed:
        return Cell("none", _("not yet"), url)
    if issued < completed:
        return Cell("waiting", _("%(issued)s of %(all)s issued", issued=issued, all=completed), url)
    if handed < issued:
        return Cell("issued", _("all issued, %(handed)s handed over", handed=handed), url)
    return Cell("done", _("all handed over"), url)
