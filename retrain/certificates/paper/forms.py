"""Forms of numbered paper: what came and went, printings, printers, acts."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DecimalField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from retrain.certificates.paper.blank_rules import CameOut, Range
from retrain.certificates.paper.wording import REFUSALS, WRITE_OFF
from retrain.certificates.states import Rendition
from retrain.certificates.wording import DOCUMENTS, RENDITIONS
from retrain.web.fields import Asked, Day, Whole, at_most, options, required
from retrain.web.forms import Form

LARGEST_NUMBER = 99_999_999
_SHEET = re.compile(r"\s*([^\W\d_]{1,8})\s*[-№]*\s*(\d{1,8})\s*")
_PART = re.compile(r"(\d{1,5})(?:\s*[-–—]\s*(\d{1,5}))?")


class RangeForm(Form):
    """A range of blanks of one series."""

    series = StringField(_l("Series"), [required(), at_most(8)])
    first = Whole(_l("First number"), [required(), NumberRange(0, LARGEST_NUMBER)])
    last = Whole(_l("Last number"), [required(), NumberRange(0, LARGEST_NUMBER)])

    @property
    def wanted(self) -> Range:
        """What was typed."""
        return Range((self.series.data or "").strip().upper(), self.first.data or 0, self.last.data or 0)


class ReceiveForm(RangeForm):
    """A delivery of blanks."""

    kind = SelectField(_l("For which document"), [InputRequired()], choices=options(DOCUMENTS))
    on_date = Day(_l("Day"), [required()])
    note = StringField(_l("Waybill or other paper"), [at_most(200)])


class HandForm(RangeForm):
    """Blanks that pass to a colleague."""

    to = SelectField(_l("To whom"), [InputRequired()], coerce=int)
    on_date = Day(_l("Day"), [required()])


class WriteOffForm(RangeForm):
    """Unused blanks that are no more."""

    state = SelectField(_l("What happened"), [InputRequired()], choices=options(WRITE_OFF))
    on_date = Day(_l("Day"), [required()])
    reason = StringField(_l("Reason"), [Asked(), at_most(500)])


class SpoilForm(Form):
    """Why the sheet a document stands on is no good."""

    reason = StringField(_l("Reason"), [Asked(), at_most(500)])


class ActForm(Form):
    """What the commission's act takes when it is signed."""

    number = StringField(_l("Number of the act"), [Asked(), at_most(40)])
    on_date = Day(_l("Day"), [required()])
    members = TextAreaField(
        _l("Members of the commission"), [Asked(), at_most(1000)],
        description=_l("One a line, with the post: for example “A. Karimova, head of personnel”."),
    )  # fmt: skip


def sheet_number(typed: str) -> tuple[str, int] | None:
    """Series and number of a blank as it is written on it; None for what is neither."""
    found = _SHEET.fullmatch(typed)
    return (found[1].upper(), int(found[2])) if found else None


def places(typed: str) -> frozenset[int]:
    """Sheets as people write them: ``3, 7, 12-14``. ValueError for what can't be read."""
    found: set[int] = set()
    for part in filter(None, (each.strip() for each in re.split(r"[,;\s]+(?![-–—])", typed))):
        read = _PART.fullmatch(part)
        if read is None:
            raise ValueError(part)
        first, last = int(read[1]), int(read[2] or read[1])
        if not first <= last <= first + 5_000:
            raise ValueError(part)
        found.update(range(first, last + 1))
    return frozenset(found)


class CameOutForm(Form):
    """What came out of the printer."""

    spoiled = StringField(
        _l("Spoiled sheets"), [at_most(500)],
        description=_l("By their place in the list, for example 3, 7 or 12-14. Leave empty when all are good."),
    )  # fmt: skip
    passed = Whole(
        _l("How many sheets came out empty in between"), [Optional(), NumberRange(0, 50)],
        description=_l("When the printer took two sheets at once, every later document stands on a later blank."),
    )  # fmt: skip
    passed_from = Whole(_l("From which document on"), [Optional(), NumberRange(1, 100_000)])
    passed_spoiled = BooleanField(_l("The empty sheets are spoiled too"))
    went_on = BooleanField(_l("The tray held more blanks, and the last documents stand on these"))
    reason = StringField(
        _l("What spoiled them"), [at_most(500)], description=_l("It stands on the act of spoiled blanks.")
    )

    def validate_spoiled(self, field: StringField) -> None:
        try:
            places(field.data or "")
        except ValueError:
            raise ValidationError(REFUSALS["sheets-misread"]) from None

    @property
    def said(self) -> CameOut:
        """The same for the rules."""
        return CameOut(
            spoiled=places(self.spoiled.data or ""),
            passed_from=self.passed_from.data or 0,
            passed=self.passed.data or 0,
            passed_clean=not self.passed_spoiled.data,
            went_on=bool(self.went_on.data),
        )


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
