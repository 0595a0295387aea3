"""Where an officer changes how documents look, and sees it at once."""

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from retrain.certificates import printing
from retrain.certificates.designs import changing, composing, designing, guilloche, places
from retrain.certificates.designs.design import CURRENT
from retrain.certificates.designs.forms import design_changes, design_form
from retrain.certificates.door import bp
from retrain.certificates.wording import DESIGNS, PLACES
from retrain.people import queries as people
from retrain.people import settings
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.refusal import NotThere, Refused
from retrain.web.forms import submit
from retrain.web.language import LANGUAGES

SVG = "image/svg+xml"
_NOTHING_BUT_ITSELF = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


@bp.get("/documents/designs")
@allow("certificate.design")
def designs() -> Any:
    """The designs and since when each is changed."""
    provider_id = current_actor().organisation_id or 0
    return render_template(
        "certificates/designs.html",
        names=DESIGNS,
        changed={name for name in CURRENT if designing.of(provider_id, name)},
    )


@bp.route("/documents/designs/<design>", methods=["GET", "POST"])
@allow("certificate.design")
def one_design(design: str) -> Any:
    """Texts, places, sizes and the emblem of one design, with the hardest real names beside them."""
    shipped, provider_id, language = _shipped(design), current_actor().organisation_id or 0, _language()
    known = designing.of(provider_id, design)
    form = design_form(
        shipped, known.get("changes", {}), language, None if request.method == "POST" else request.args
    )
    before = known.get("changes", {})

    def save() -> bool:
        changes = design_changes(form, shipped, before, language)
        designing.save(current_actor(), design, changes, form.logo.data or None)
        return True

    if submit(form, save):
        flash(
            _(
                "The design is saved. Documents issued from now on are set in it; those issued stay as they are."
            ),
            "done",
        )
        return redirect(url_for(".one_design", design=design, language=language), 303)
    numbers = {name: [f"{name}-{part}" for part in changing.MOVABLE] for name in PLACES}
    page = render_template(
        "certificates/design.html", form=form, design=design, title=DESIGNS[design], language=language, places=PLACES,
        shown=[place for place in designing.PLACES if place in shipped.places], tongues=LANGUAGES,
        numbers=numbers,
        sheets=_sheets(shipped, designing.hardest(provider_id, language, design)),
        query=request.query_string.decode(), history=_history(provider_id, design),
        emblem_lost=not printing.is_kept(known.get("logo")),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


def _sheets(shipped: places.Drawn, records: list[Any]) -> list[tuple[int, int]]:
    """What is shown beside the form: the face for each of *records*, and of the first one its supplement."""
    faces = [(sample, 0) for sample in range(len(records))]
    return [*faces, (0, 1)] if designing.SUPPLEMENT in shipped.grounds else faces


def _history(provider_id: int, name: str) -> list[Any]:
    rows = [row for row in settings.history(provider_id, "document_designs") if name in row.value]
    names = people.display_names([row.created_by_id for row in rows])
    return [(row.valid_from, names.get(row.created_by_id or 0, "")) for row in rows]


@bp.get("/documents/designs/<design>/preview.svg")
@allow("certificate.design")
def design_preview(design: str) -> Any:
    """One sheet as the form's values would set it, without its ground."""
    from retrain.certificates.press import outlines

    shipped, provider_id, language = _shipped(design), current_actor().organisation_id or 0, _language()
    known = designing.of(provider_id, design)
    form = design_form(shipped, known.get("changes", {}), language, request.args)
    records = designing.hardest(provider_id, language, design)
    record = records[max(0, min(request.args.get("sample", 0, int), len(records) - 1))]
    # Without its picture the sheet shows the emblem that is shipped, and the page says what is amiss.
    logo = known.get("logo") if printing.is_kept(known.get("logo")) else None
    try:
        changes = design_changes(form, shipped, known.get("changes", {}), language)
        drawn = designing.checked(design, changes, printing.logo_bytes(logo))
        return _svg(outlines.svg(composing.compose(record, drawn), drawn, _side()))
    except (Refused, composing.TooLong, changing.NotAChange, IndexError):
        abort(422)


@bp.get("/documents/designs/<design>/ground.svg")
@allow("certificate.design")
def design_ground(design: str) -> Any:
    """The ground of a design as a drawing."""
    _shipped(design)
    drawings = guilloche.drawings(design)
    return _svg(
        drawings[designing.SUPPLEMENT if _side() and designing.SUPPLEMENT in drawings else "ground-face"]
    )


def _side() -> int:
    return max(0, request.args.get("side", 0, int))


def _svg(drawing: str) -> Response:
    answer = Response(drawing, mimetype=SVG)
    answer.headers["Content-Security-Policy"] = _NOTHING_BUT_ITSELF
    return answer


def _shipped(name: str) -> places.Drawn:
    if name not in CURRENT:
        raise NotThere
    return places.shipped(name, CURRENT[name])


def _language() -> str:
    asked = request.args.get("language", "uz")
    return asked if asked in LANGUAGES else "uz"
