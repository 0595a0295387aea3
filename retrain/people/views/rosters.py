"""A roster: uploaded, looked at row by row, its columns mapped, confirmed, watched."""

from math import ceil
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain.extensions import db
from retrain.people import permissions, queries, roster_batches, rosters, service, uploads
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.forms.staff import ConfirmForm, UploadForm
from retrain.people.models import RosterBatch
from retrain.people.permissions import Scope
from retrain.people.roster_columns import FIELDS
from retrain.people.views import bp
from retrain.people.views.staff import college_choices
from retrain.refusal import NotThere, Refusal, Refused
from retrain.web.fields import options
from retrain.web.forms import submit
from retrain.web.requests import asked_page
from retrain.web.words import say

PER_PAGE = 100


@bp.route("/staff/import", methods=["GET", "POST"])
@allow("roster.import")
def import_roster() -> Any:
    """Choose a file."""
    actor = current_actor()
    form = UploadForm()
    everywhere = permissions.scope(actor, "roster.import") is Scope.ALL
    if everywhere:
        form.college.choices = options([(0, _("As the file says")), *college_choices(everywhere=True)])
    else:
        del form.college
    token = submit(form, lambda: _receive(form, everywhere))
    if token is None:
        recent = roster_batches.recent(actor)
        page = render_template("people/import.html", form=form, recent=recent)
        return page, 422 if form.is_submitted() else 200
    return redirect(url_for("people.roster_preview", token=token), 303)


def _receive(form: Any, everywhere: bool) -> str:
    upload = form.file.data
    content, filename = upload.read(), upload.filename or ""
    table = rosters.open_table(content, filename)
    rosters.header_of(table)
    college_id = form.college.data or None if everywhere else None
    return uploads.put_by(content, filename, current_actor().person_id, college_id)


@bp.get("/staff/import/<token>")
@allow("roster.import")
def roster_preview(token: str) -> Any:
    """What will come of each row; nothing is written."""
    content, filename, college_id = _upload(token)
    table = rosters.open_table(content, filename)
    try:
        found = rosters.preview(current_actor(), table, college_id=college_id)
    except Refused as refused:
        if any(refusal.code == "columns-missing" for refusal in refused.why):
            return redirect(url_for("people.roster_columns", token=token))
        raise
    show = request.args.get("show", "refused" if found.refused else "all")
    rows = [each for each in found.verdicts if show == "all" or each.outcome == show]
    page = min(asked_page(), max(ceil(len(rows) / PER_PAGE), 1))
    part = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
    colleges = {each.line.organisation_id for each in part if each.line} | {each.moves_from for each in part}
    return render_template(
        "people/preview.html",
        found=found,
        rows=part,
        pages=_Pages(page, ceil(len(rows) / PER_PAGE), len(rows)),
        show=show,
        token=token,
        filename=filename,
        names=queries.organisation_names(colleges),
        say=say,
        form=ConfirmForm(),
    )


class _Pages:
    """What the pager reads."""

    def __init__(self, page: int, pages: int, total: int) -> None:
        self.page, self.pages, self.total = page, pages, total
        self.has_prev, self.has_next = page > 1, page < pages
        self.prev_num, self.next_num, self.per_page = page - 1, page + 1, PER_PAGE

    def iter_pages(self, **_edges: int) -> list[int | None]:
        near = range(max(self.page - 2, 1), min(self.page + 2, self.pages) + 1)
        numbers = sorted({1, *near, self.pages} - {0})
        found: list[int | None] = []
        for number in numbers:
            if found and found[-1] is not None and number > found[-1] + 1:
                found.append(None)
            found.append(number)
        return found


def _upload(token: str) -> tuple[bytes, str, int | None]:
    return uploads.take_up(token, current_actor().person_id)


@bp.route("/staff/import/<token>/columns", methods=["GET", "POST"])
@allow("roster.import")
def roster_columns(token: str) -> Any:
    """Say once what each column holds."""
    content, filename, _college = _upload(token)
    actor = current_actor()
    table = rosters.open_table(content, filename)
    header = rosters.header_of(table)
    problems: list[str] = []
    chosen = rosters.columns_for(actor, header)
    if request.method == "POST":
        chosen = _chosen(len(header.headings))
        try:
            service.remember(actor, header, chosen)
        except Refused as refused:
            problems = [say(refusal) for refusal in refused.why]
        else:
            flash(_("What the columns hold is remembered for the next file with this header."), "done")
            return redirect(url_for("people.roster_preview", token=token), 303)
    samples = [row.texts() for row in table.rows if row.number > header.row][:3]
    page = render_template(
        "people/columns.html", header=header, fields=FIELDS, by_column={at: name for name, at in chosen.items()},
        samples=samples, token=token, problems=problems, filename=filename,
    )  # fmt: skip
    return page, 422 if problems else 200


def _chosen(width: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for at in range(width):
        name = request.form.get(f"column-{at}", "")
        if name in FIELDS and name not in found:
            found[name] = at
    return found


@bp.post("/staff/import/<token>")
@allow("roster.import")
def confirm_roster(token: str) -> Any:
    """Import what can be imported: one batch, applied by the worker."""
    content, filename, college_id = _upload(token)
    form = ConfirmForm()
    batch = service.confirm(
        current_actor(), content, filename, college_id=college_id, mail_links=bool(form.mail_links.data),
        once=token,
    )  # fmt: skip
    return redirect(url_for("people.roster_batch", batch_id=batch.id), 303)


@bp.get("/staff/imports/<int:batch_id>")
@allow("roster.import")
def roster_batch(batch_id: int) -> Any:
    """One import, from its confirmation to its end."""
    batch = db.session.get(RosterBatch, batch_id)
    actor = current_actor()
    if batch is None or not roster_batches.may_see(actor, batch):
        raise NotThere
    refused = [
        {**row, "sentences": [say(Refusal(each["code"], each["facts"])) for each in row["why"]]}
        for row in batch.refused
    ]
    return render_template(
        "people/batch.html", batch=batch, refused=refused, job=roster_batches.job_of(batch),
        people=queries.display_names([batch.created_by_id]),
    )  # fmt: skip
