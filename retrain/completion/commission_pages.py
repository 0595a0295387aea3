"""The commissions of a run: who sits there, their sessions, the votes on each, protocols, and appeals."""

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain import clock, files
from retrain.catalogue.forms import change_rows
from retrain.catalogue.models import Run
from retrain.completion import assessment_papers, commission_queries, commissions, queries, service
from retrain.completion.commission_models import Commission, Invitation, ProtocolLine, Sitting
from retrain.completion.commission_rules import Line, Member
from retrain.completion.commission_wording import APPEALS, PURPOSES, SEATS
from retrain.completion.door import bp, managed, names_of, shared
from retrain.completion.forms import CommissionForm, SittingForm
from retrain.completion.states import DECIDED, AppealState, Purpose, Seat
from retrain.documents import pdf
from retrain.documents.results import protocol_pdf
from retrain.orders.sheets import signatories
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.refusal import NotThere, Refused
from retrain.web.downloads import made_file
from retrain.web.forms import put_refusals, submit
from retrain.web.language import language_asked, readers_today
from retrain.web.requests import whole
from retrain.web.words import say


@bp.get("/manage/runs/<code>/commissions/<purpose>")
@allow("commission.manage")
def commission(code: str, purpose: str) -> Any:
    """Who sits in the commission, its sessions, and the appeals it is to decide."""
    run, which = asked(code, purpose)
    row = commission_queries.commission(run.id, which)
    appeals = commission_queries.appeals(run.id)
    return render_template(
        "completion/commission.html",
        **shown_of(run, which),
        members=commission_queries.members(row),
        terms=commission_queries.terms_of(run.provider_id, which),
        ordered=commission_queries.is_ordered(run, which),
        order=commission_queries.order_of(run),
        sittings=[(each, commission_queries.protocol_of(each)) for each in commission_queries.sittings(run.id, which)],
        appeals=appeals if which is Purpose.APPEAL else [],
        waiting=sum(each.state is AppealState.FILED for each in appeals),
        appeal_words=APPEALS,
        decided=DECIDED,
        names=names_of(queries.somebody({each.enrolment_id for each in appeals})),
        can_print=pdf.available(),
        today=readers_today(),
        sits=run.state in commissions.STATES[which],
        invitations=_ahead(row),
    )  # fmt: skip


@bp.route("/manage/runs/<code>/commissions/<purpose>/members", methods=["GET", "POST"])
@allow("commission.manage")
def compose(code: str, purpose: str) -> Any:
    """Who sits in the commission from now on."""
    run, which = asked(code, purpose)
    known = commission_queries.members(commission_queries.commission(run.id, which))
    proposed = known or _proposed(run)
    rows = [
        {"seat": each.seat.value, "name": each.name, "post": each.post, "workplace": each.workplace,
         "email": each.email, "language": each.language}
        for each in proposed
    ]  # fmt: skip
    form = CommissionForm(members=rows)
    if request.method == "POST" and change_rows(form, request.form):
        return _composing(run, which, form)
    members = [
        Member(
            Seat(row.seat.data), row.name.data.strip(), (row.post.data or "").strip(), (row.workplace.data or "").strip(),
            email=(row.email.data or "").strip(), language=row.language.data,
        )
        for row in (entry.form for entry in form.members)
        if (row.name.data or "").strip() and row.seat.data in list(Seat)
    ]  # fmt: skip
    if submit(form, lambda: service.compose(current_actor(), code, which, members)):
        flash(_("The commission is composed. An order makes it official."), "done")
        return redirect(url_for(".commission", code=code, purpose=which.value), 303)
    return _composing(run, which, form)


def _ahead(row: Commission | None) -> list[Invitation]:
    """The sessions that the commission is called to today and later."""
    since = clock.now() - timedelta(days=1)
    return [each for each in commission_queries.invitations(row.id) if each.at > since] if row else []


def _composing(run: Run, which: Purpose, form: CommissionForm) -> str:
    return render_template(
        "completion/commission_form.html", form=form, **shown_of(run, which),
        colleagues=[each.name for each in commission_queries.colleagues(run.provider_id)],
    )  # fmt: skip


def _proposed(run: Run) -> list[Member]:
    """A chair from the settings and empty seats."""
    first = next(iter(signatories(run.provider_id)), None)
    chair = Member(Seat.CHAIR, first.name if first else "", first.post if first else "")
    return [chair, *(Member(Seat.MEMBER, "") for _seat in range(2)), Member(Seat.SECRETARY, "")]


@bp.route("/manage/runs/<code>/commissions/<purpose>/sessions/new", methods=["GET", "POST"])
@allow("commission.manage")
def new_sitting(code: str, purpose: str) -> Any:
    """A session to be written down."""
    return _sitting_page(code, purpose, None)


@bp.route("/manage/runs/<code>/commissions/<purpose>/sessions/<int:sitting_id>", methods=["GET", "POST"])
@allow("commission.manage")
def sitting(code: str, purpose: str, sitting_id: int) -> Any:
    """A session: who came, and what was decided on each."""
    return _sitting_page(code, purpose, sitting_id)


def _sitting_page(code: str, purpose: str, sitting_id: int | None) -> Any:
    run, which = asked(code, purpose)
    row = _known(run, which, sitting_id)
    form = SittingForm(held_on=row.held_on if row else readers_today())
    seats = commission_queries.sat(row) if row else _seats(run, which)
    problems: dict[str, str] = {}
    if request.method == "POST" and form.validate_on_submit():
        came = {each.name for at, each in enumerate(seats) if f"came-{at}" in request.form}
        try:
            saved = service.save_sitting(
                current_actor(), code, which, form.held_on.data, came, _lines(), sitting_id
            )
            sitting_id = saved.id
            if "close" in request.form:
                closed = service.close_sitting(current_actor(), code, saved.id)
                number = commission_queries.protocol_of(closed)
                flash(_("The protocol is closed under No. %(number)s.", number=number), "done")
                return redirect(url_for(".commission", code=code, purpose=which.value), 303)
            flash(_("The session is saved. Its protocol is open until you close it."), "done")
            return redirect(url_for(".sitting", code=code, purpose=which.value, sitting_id=saved.id), 303)
        except Refused as refused:
            problems = {
                why.field: say(why) for why in refused.why if why.field and why.field not in form._fields
            }
            put_refusals(form, Refused([why for why in refused.why if why.field not in problems]))
            row = _known(run, which, sitting_id)
    return render_template(
        "completion/sitting.html", form=form, row=row, seats=_typed_seats(seats), problems=problems,
        lines=_rows(run, which, row), can_print=pdf.available(),
        number=commission_queries.protocol_of(row) if row else "", **shown_of(run, which),
    ), 422 if request.method == "POST" else 200  # fmt: skip


def _seats(run: Run, which: Purpose) -> list[Member]:
    row = commission_queries.commission(run.id, which)
    if row is None:
        raise NotThere
    return commission_queries.members(row)


def _typed_seats(seats: list[Member]) -> list[tuple[Member, bool]]:
    posted = request.method == "POST"
    return [(each, f"came-{at}" in request.form if posted else each.present) for at, each in enumerate(seats)]


def _rows(run: Run, which: Purpose, row: Sitting | None) -> list[dict[str, Any]]:
    """Everybody who may be heard, with what is written or typed of them."""
    written: dict[int, ProtocolLine] = {line.enrolment_id: line for line in row.lines} if row else {}
    heard = commissions.who_may_be_heard(run, which) | set(written)
    earlier = commission_queries.heard(run.id, which)
    why = {each.enrolment_id: each.why for each in commission_queries.appeals(run.id)}
    return [
        {
            "id": number, "name": name, "line": written.get(number),
            "earlier": earlier.get(number, ""), "why": why.get(number, ""),
            "typed": {
                name: request.form.get(f"{name}-{number}")
                for name in ("heard", "title", "for", "against", "abstained", "chair", "score", "note")
            } if request.method == "POST" else None,
        }
        for number, name in names_of(queries.somebody(heard)).items()
    ]  # fmt: skip


def _lines() -> list[Line]:
    """The lines as posted: those whose *heard* box is marked."""
    typed = request.form
    found = []
    for name in typed:
        part, _dash, number = name.partition("-")
        if part != "heard" or not whole(number):
            continue
        text = {key: typed.get(f"{key}-{number}", "").strip() for key in ("title", "score", "note")}
        votes = [typed.get(f"{key}-{number}", "").strip() or "0" for key in ("for", "against", "abstained")]
        yes, no, silent = (whole(vote) if vote.isdecimal() else -1 for vote in votes)
        score = text["score"]
        points = (
            None
            if not score
            else int(score)
            if score.isascii() and score.isdecimal() and len(score) < 6
            else -1
        )
        found.append(
            Line(
                int(number), text["title"][:500], yes, no, silent, typed.get(f"chair-{number}") != "against",
                points, text["note"][:2000],
            )
        )  # fmt: skip
    return found


@bp.post("/manage/runs/<code>/commissions/<purpose>/sessions/<int:sitting_id>/drop")
@allow("commission.manage")
def drop_sitting(code: str, purpose: str, sitting_id: int) -> Any:
    """Do without a session that was written down by mistake."""
    _run, which = asked(code, purpose)
    service.drop_sitting(current_actor(), code, sitting_id)
    flash(_("The session is dropped."), "done")
    return redirect(url_for(".commission", code=code, purpose=which.value), 303)


@bp.get("/manage/runs/<code>/commissions/<purpose>/sessions/<int:sitting_id>/protocol.pdf")
@allow("commission.manage")
def protocol(code: str, purpose: str, sitting_id: int) -> Any:
    """The protocol on paper."""
    run, which = asked(code, purpose)
    row, language = _known(run, which, sitting_id), language_asked()
    if row is None:
        raise NotThere
    paper = assessment_papers.protocol(run, row, which, language)
    name = f"{code}-bayonnoma-{sitting_id}.pdf"
    return made_file(protocol_pdf(paper, lang=language), name, files.PDF, shown=True)


@bp.post("/manage/runs/<code>/appeals/<int:appeal_id>/copied")
@allow("commission.manage")
def hand_copy(code: str, appeal_id: int) -> Any:
    """The teacher has the copy of the decision on their appeal."""
    managed(code, "commission.manage")
    service.hand_copy(current_actor(), code, appeal_id)
    flash(_("It is noted that the copy was handed over."), "done")
    return redirect(url_for(".commission", code=code, purpose="appeal"), 303)


def asked(code: str, purpose: str) -> tuple[Run, Purpose]:
    run = managed(code, "commission.manage")
    if purpose not in list(Purpose):
        raise NotThere
    return run, Purpose(purpose)


def _known(run: Run, which: Purpose, sitting_id: int | None) -> Sitting | None:
    if sitting_id is None:
        return None
    found = next((each for each in commission_queries.sittings(run.id, which) if each.id == sitting_id), None)
    if found is None:
        raise NotThere
    return found


def shown_of(run: Run, which: Purpose) -> dict[str, Any]:
    return {
        **shared(run), "purpose": which, "purpose_words": PURPOSES[which], "purposes": PURPOSES, "seats_words": SEATS,
    }  # fmt: skip
