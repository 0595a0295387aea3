"""Forms of what a timetable stands on: rooms, ways, lecturers' time, needs of modules."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional

from retrain.timetable.forms import whole_or_none
from retrain.timetable.states import Stance
from retrain.timetable.wording import STANCES
from retrain.web.fields import Choice, Day, Whole, at_most, options, several
from retrain.web.forms import Form

LONGEST_THING = 60


class Things(StringField):
    """Things written one after another with commas, known by their small letters."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            words = (" ".join(part.lower().split()) for part in valuelist[0].split(","))
            self.data = [word for word in dict.fromkeys(words) if word]

    def _value(self) -> str:
        return ", ".join(self.data or [])

    def pre_validate(self, form: Any) -> None:
        if any(len(word) > LONGEST_THING for word in self.data or []):
            raise ValueError(_l("Write each thing in a few words, with commas between them."))


class RoomForm(Form):
    """A room."""

    name = StringField(
        _l("Room"), validators=[InputRequired(_l("Give the room's number or name.")), at_most(80)]
    )
    site = StringField(_l("Building"), validators=[at_most(120)])
    capacity = Whole(
        _l("Seats"),
        validators=[
            InputRequired(_l("Give the number of seats.")),
            NumberRange(1, 2000, _l("Give a number from %(min)s to %(max)s.")),
        ],
    )
    equipment = Things(
        _l("What is in it"),
        description=_l(
            "With commas between: projector, computers, lathe. Classes are put where they find it."
        ),
    )
    lock = HiddenField(default="0")


class CloseForm(Form):
    """From when a room is closed."""

    closed_on = Day(_l("Closed from"), validators=[InputRequired(_l("Choose a day that exists."))])


class LecturerForm(Form):
    """Somebody who may teach for the provider, found by the e-mail or telephone they sign in with."""

    login = StringField(
        _l("E-mail or telephone"), validators=[InputRequired(_l("Give the e-mail or the telephone."))]
    )


def _limit(label: Any, most: int) -> Whole:
    return Whole(
        label, validators=[Optional(), NumberRange(1, most, _l("Give a number from %(min)s to %(max)s."))]
    )


class LimitsForm(Form):
    """How much a lecturer teaches at most."""

    post = StringField(_l("Post"), validators=[at_most(120)])
    pairs_a_day = _limit(_l("Pairs a day at most"), 12)
    pairs_a_week = _limit(_l("Pairs a week at most"), 60)
    hours_a_year = _limit(_l("Hours a year by the norm"), 3000)
    lock = HiddenField(default="0")


class DaysForm(Form):
    """Days on which a lecturer is away, or gladly there."""

    first_on = Day(_l("From"), validators=[InputRequired(_l("Choose a day that exists."))])
    last_on = Day(_l("Up to and with"), validators=[InputRequired(_l("Choose a day that exists."))])
    stance = Choice(
        _l("Then"), coerce=Stance, default=Stance.UNAVAILABLE,
        choices=options({stance: words for stance, (words, _tone) in STANCES.items()}),
    )  # fmt: skip
    note = StringField(_l("Why, in a word"), validators=[at_most(200)])


class WeekForm(Form):
    """The picture of a week; its cells are read by the page."""

    lock = HiddenField(default="0")


class NeedForm(Form):
    """What one kind of a module's hours needs."""

    lecturers = several(_l("Who may give them"), coerce=whole_or_none)
    equipment = several(_l("What the room has to have"))
    site = Choice(_l("Where"))
    in_halves = BooleanField(_l("The group is split in two"))


class OrderForm(Form):
    """What of a course comes first; its modules are read by the page."""

    lectures_first = BooleanField(_l("Lectures of a module before its practicals"))
    last_module_last = BooleanField(_l("The last module of the plan after all others"))
    lock = HiddenField(default="0")


class NothingForm(Form):
    """A button alone."""
