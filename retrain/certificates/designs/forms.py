"""What an officer may change of a design, as a form."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DecimalField, StringField
from wtforms.validators import Length, Optional

from retrain.certificates.designs.changing import CHANGING_WORDS, LONGEST, laid_over
from retrain.certificates.designs.designing import PLACES
from retrain.certificates.designs.places import Drawn, Place
from retrain.certificates.wording import DESIGN_WORDS
from retrain.web.forms import Form

_MOVED = (("left", _l("from the left, mm")), ("top", _l("from the top, mm")), ("width", _l("width, mm")),
          ("height", _l("height, mm")), ("size", _l("letters, pt")))  # fmt: skip


def _millimetres(label: Any, value: float) -> DecimalField:
    return DecimalField(label, [Optional()], places=2, default=value, render_kw={"inputmode": "decimal"})


def design_form(shipped: Drawn, changes: Mapping[str, Any], language: str, values: Any = None) -> Form:
    """What an officer may change of a design, in one language; *values* of an address come before what is kept."""

    class DesignForm(Form):
        logo = FileField(
            _l("Emblem"),
            description=_l("A PNG or JPEG picture; it takes the place of the emblem shown."),
        )

    drawn = laid_over(shipped, changes)
    for name in CHANGING_WORDS:
        if name in shipped.words[language]:
            field = StringField(
                DESIGN_WORDS[name], [Length(max=LONGEST)], default=drawn.words[language][name]
            )
            setattr(DesignForm, f"word-{name}", field)
    for name in PLACES:
        for part, label in _MOVED if name in shipped.places else ():
            setattr(DesignForm, f"{name}-{part}", _millimetres(label, getattr(drawn.places[name], part)))
    for name, frame in (("square", drawn.square), ("emblem", drawn.emblem)):
        for (_part, label), value in zip((*_MOVED[:2], _MOVED[2]), frame or (), strict=False):
            setattr(DesignForm, f"{name}-{_part}", _millimetres(label, value))
    return DesignForm() if values is None else DesignForm(formdata=values or None, meta={"csrf": False})


def design_changes(form: Form, shipped: Drawn, before: Mapping[str, Any], language: str) -> dict[str, Any]:
    """What the form changes of the design as it was shipped; words of other languages stay as *before*."""
    found: dict[str, Any] = {}
    words = {lang: dict(told) for lang, told in before.get("words", {}).items() if lang != language}
    here = {
        name: form[f"word-{name}"].data or ""
        for name in CHANGING_WORDS
        if f"word-{name}" in form and (form[f"word-{name}"].data or "") != shipped.words[language][name]
    }
    if here:
        words[language] = here
    if words:
        found["words"] = words
    moved = {name: _moved(form, name, shipped.places[name]) for name in PLACES if name in shipped.places}
    if moved := {name: change for name, change in moved.items() if change}:
        found["places"] = moved
    for name, frame in (("square", shipped.square), ("emblem", shipped.emblem)):
        asked = [form[f"{name}-{part}"].data for part in ("left", "top", "width") if f"{name}-{part}" in form]
        numbers = [float(old if new is None else new) for new, old in zip(asked, frame or (), strict=False)]
        if frame is not None and numbers != list(frame):
            found[name] = numbers
    return found


def _moved(form: Form, name: str, place: Place) -> dict[str, float]:
    told = {part: form[f"{name}-{part}"].data for part, _label in _MOVED}
    return {
        part: float(value)
        for part, value in told.items()
        if value is not None and float(value) != getattr(place, part)
    }
