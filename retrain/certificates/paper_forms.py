"""Forms of designs and of printing."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DecimalField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from retrain.certificates.changing import CHANGING_WORDS, LONGEST, laid_over
from retrain.certificates.designing import PLACES
from retrain.certificates.office_forms import sheet_number
from retrain.certificates.office_wording import REFUSALS
from retrain.certificates.places import Drawn, Place
from retrain.certificates.states import Rendition
from retrain.certificates.wording import DESIGN_WORDS, RENDITIONS
from retrain.web.fields import at_most, options
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


class PrintForm(Form):
    """How the documents of a run go on paper."""

    rendition = RadioField(_l("What is printed"), choices=options(RENDITIONS))
    printer = SelectField(_l("Printer"), validate_choice=False)
    first = StringField(
        _l("The blank on top of the tray"), [at_most(20)],
        description=_l("Series and number as they stand on the sheet, for example UZ 0000123."),
    )  # fmt: skip

    @property
    def tries(self) -> bool:
        """Whether only a test sheet is wanted, for which no blank is needed."""
        return "trial" in request.form

    def validate_first(self, field: StringField) -> None:
        if (
            not self.tries
            and self.rendition.data == Rendition.OVERLAY
            and sheet_number(field.data or "") is None
        ):
            raise ValidationError(REFUSALS["blank-misread"])


def printer_choices(printers: Sequence[Mapping[str, Any]]) -> list[Any]:
    """The printers that are known, after none of them."""
    return options([("", _l("not moved")), *((row["name"], row["name"]) for row in printers)])


class AskedForm(Form):
    """The same out of an address."""

    class Meta(Form.Meta):
        csrf = False

    rendition = SelectField(choices=options(RENDITIONS), default=Rendition.FULL)
    right = DecimalField(validators=[Optional(), NumberRange(-50, 50)], default=0)
    down = DecimalField(validators=[Optional(), NumberRange(-50, 50)], default=0)


class PrinterForm(Form):
    """A printer's shift kept under its name."""

    printer = StringField(_l("Name of the printer"), [InputRequired(_l("Name the printer.")), Length(max=60)])
    right = DecimalField(
        _l("To the right, mm"), [Optional(), NumberRange(-50, 50)], places=1, default=0,
        description=_l("How far this printer must move the text; less than 0 is to the left."),
    )  # fmt: skip
    down = DecimalField(
        _l("Down, mm"), [Optional(), NumberRange(-50, 50)], places=1, default=0,
        description=_l("Less than 0 is up."),
    )  # fmt: skip
