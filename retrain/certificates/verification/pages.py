"""The pages on which anyone checks a document: by its QR code, by number and check code, by its file."""

from collections.abc import Mapping
from typing import Any

from flask import current_app, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain.catalogue.states import DocumentType
from retrain.certificates.door import bp
from retrain.certificates.forms import CheckFileForm, VerifyForm
from retrain.certificates.verification import lookup, uploads
from retrain.certificates.verification.lookup import Shown
from retrain.certificates.wording import ALTERATIONS, DOCUMENTS, FILE_VERDICTS, VERDICTS
from retrain.files.service import LIMIT
from retrain.language import pick
from retrain.people import throttling
from retrain.people.access import public
from retrain.refusal import Refusal, Refused
from retrain.web import moulds
from retrain.web.errors import page
from retrain.web.forms import submit
from retrain.web.language import current_language, shown_date, shown_dates

FREE_CHECKS = 20
"""Wrong numbers one address may type before it has to wait: enough for a school office, too few to count through."""


@bp.get("/verify")
@public
def verify() -> Any:
    """Where one types the number and the check code, or brings the file."""
    form = VerifyForm(request.args)
    if request.args.get("number") is not None and form.validate():
        here = throttling.network_of(request.remote_addr or "")
        if throttling.must_wait("verify", here):
            return page(429)  # before looking: else a right guess would show itself all the same
        shown = lookup.by_number(form.number.data, form.code.data)
        if shown is not None:
            return redirect(url_for(".verified", token=shown.token), 303)
        throttling.attempt("verify", here, free=FREE_CHECKS)
        form.problems.append(
            _(
                "No document has this number and this check code. Compare both with the document, character by character."
            )
        )
    return _asked(form, CheckFileForm(formdata=None))


@bp.post("/verify/file")
@public
def verify_file() -> Any:
    """What a PDF is that somebody was given."""
    form, here = CheckFileForm(), throttling.network_of(request.remote_addr or "")
    if throttling.must_wait("verify-file", here):
        return page(429)
    told = submit(form, lambda: _told(form.file.data.read(LIMIT + 1)))
    if told is None:
        return _asked(VerifyForm(formdata=None), form), 422
    if told.verdict != "authentic":
        throttling.attempt("verify-file", here, free=FREE_CHECKS)
    texts = _worded(told.shown) if told.shown else {}
    return render_template(
        "certificates/verified_file.html",
        verdict=FILE_VERDICTS[told.verdict],
        why=ALTERATIONS.get(told.why, ""),
        told=texts,
        status=_verdict(told.shown.status, texts) if told.shown else None,
        altered=told.verdict == "altered",
        # A whole file of what is valid no more: that comes first, or its being whole would be taken for its worth.
        ended=told.verdict == "authentic" and told.shown is not None and told.shown.status != "valid",
    )


def _told(content: bytes) -> uploads.Told:
    if len(content) > LIMIT:
        raise Refused(Refusal.of("file-too-big", "file", megabytes=round(LIMIT / 1024 / 1024, 1)))
    if b"%PDF-" not in content[:1024]:
        raise Refused(Refusal.of("pdf-wanted", "file"))
    return uploads.tell(content)


@bp.get("/verify/<token>")
@public
def verified(token: str) -> Any:
    """What the QR code of a document opens."""
    found = lookup.checked(token)
    if found is None:
        return moulds.filled("certificates/unknown.html", (), {}, dict), 404
    shown, log = found
    texts = _worded(shown) | {"sealed": shown_date(log.head) if log else ""}
    key = (shown.status, log is None)

    def words(told: Mapping[str, str]) -> dict[str, Any]:
        return {
            "told": told,
            "verdict": _verdict(shown.status, told),
            "issued": shown.status != "not_yet_issued",
            "logged": log is not None,
            "home": current_app.config["RETRAIN"].public_url,
        }

    return moulds.filled("certificates/verified.html", key, texts, words)


@bp.get("/verify/<token>.json")
@public
def verified_json(token: str) -> Any:
    """The same for a program."""
    shown = lookup.by_token(token)
    if shown is None:
        return jsonify(status="unknown"), 404
    return jsonify(
        status=shown.status,
        number=shown.number,
        name=shown.name,
        course=shown.titles,
        document_type=shown.document_type,
        hours=shown.hours,
        starts_on=shown.starts_on.isoformat(),
        ends_on=shown.ends_on.isoformat(),
        issued_on=shown.issued_on.isoformat(),
        ended_on=shown.ended_on.isoformat() if shown.ended_on else None,
        reason=shown.why_revoked or None,
        order=shown.order or None,
        order_on=shown.order_on.isoformat() if shown.order_on else None,
        replaced_by=shown.replaced_by,
        issuer=shown.issuer,
    )


def _asked(form: VerifyForm, file_form: CheckFileForm) -> Any:
    home = current_app.config["RETRAIN"].public_url
    return render_template("certificates/verify.html", form=form, file_form=file_form, home=home)


def _worded(shown: Shown) -> dict[str, str]:
    """What is shown of a document, each in the words of the page."""
    return {
        "name": shown.name,
        "document": str(DOCUMENTS[DocumentType(shown.document_type)]),
        "course": pick(shown.titles, current_language()),
        "hours": str(shown.hours),
        "period": shown_dates(shown.starts_on, shown.ends_on),
        "issued": shown_date(shown.issued_on),
        "issuer": pick(shown.issuer, current_language()),
        "ended": shown_date(shown.ended_on),
        "why": shown.why_revoked,
        "order": shown.order,
        "ordered": shown_date(shown.order_on),
        "number": shown.number,
        "successor": (shown.replaced_by or "").replace(" ", "\N{NO-BREAK SPACE}"),  # stays on one line
        "token": shown.token,
    }


def _verdict(status: str, told: Mapping[str, str]) -> tuple[str, str, str]:
    """Title, sentence and tone."""
    title, sentence, tone = VERDICTS[status]
    return str(title), str(sentence) % {"on": told["ended"], "by": told["successor"]}, tone
