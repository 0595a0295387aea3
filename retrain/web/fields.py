"""Kinds of form fields that say in our words what is wrong with what was typed."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import DateField, DateTimeLocalField, IntegerField, SelectField, SelectMultipleField, widgets
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from retrain.web.requests import FIRST_DAY, LARGEST, LAST_DAY


def options(words: Mapping[Any, Any] | Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """The choices of a field out of values and their words."""
    pairs = words.items() if isinstance(words, Mapping) else words
    return [SelectChoice(value, label) for value, label in pairs]


def _within(field: Any, least: Any, most: Any) -> None:
    """ValueError, with nothing in the field, for what no table could hold."""
    if field.data is not None and not least <= field.data <= most:
        field.data = None
        raise ValueError


class Whole(IntegerField):
    """A whole number."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
            _within(self, -LARGEST, LARGEST)
        except ValueError:
            raise ValueError(_l("Write a whole number in figures, like 36.")) from None


class Asked:
    """Marks a field that has to be filled in although its rule, not the form, says what is wrong with it."""

    field_flags: ClassVar = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        """Refuses nothing."""


class Day(DateField):
    """A day of the calendar."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
            _within(self, FIRST_DAY, LAST_DAY)
        except ValueError:
            raise ValueError(_l("There is no such day. Write it like 2026-10-05.")) from None


class Moment(DateTimeLocalField):
    """A day and a time on the provider's clock."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
            _within(self, datetime.combine(FIRST_DAY, time.min), datetime.combine(LAST_DAY, time.max))
        except ValueError:
            raise ValueError(_l("There is no such moment. Write it like 2026-10-05 09:00.")) from None


class Choice(SelectField):
    """One of several; what is none of them is told so in words."""

    def pre_validate(self, form: Any) -> None:
        try:
            super().pre_validate(form)
        except ValueError:
            raise ValidationError(_l("Choose one from the list.")) from None


def several(label: Any, **more: Any) -> SelectMultipleField:
    return SelectMultipleField(
        label,
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
        validate_choice=True,
        **more,
    )


def at_most(characters: int) -> Length:
    """No longer than that, said in our words."""
    return Length(max=characters, message=_l("Use at most %(max)d characters."))


def required() -> InputRequired:
    """Not left empty, said in our words."""
    return InputRequired(_l("Fill this in."))
