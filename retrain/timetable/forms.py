"""Forms of the timetable."""

from flask_babel import lazy_gettext as _l
from wtforms import FloatField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from retrain.timetable.states import Part
from retrain.timetable.wording import PARTS
from retrain.web.fields import Choice, Day, options
from retrain.web.forms import Form
from retrain.web.requests import whole


def whole_or_none(choice: object) -> int | None:
    """The number of a choice, or None for “none yet”."""
    return whole(str(choice or "")) or None


class SessionForm(Form):
    """A class in the week."""

    topic_id = SelectField(_l("Topic"), coerce=int, validate_choice=True)
    on_date = Day(_l("Day"), validators=[InputRequired(_l("Choose a day that exists."))])
    pair = SelectField(_l("Pair"), coerce=int)
    room_id = SelectField(_l("Room"), coerce=whole_or_none)
    lecturer_id = SelectField(_l("Lecturer"), coerce=whole_or_none)
    hours = FloatField(
        _l("Academic hours"),
        default=2,
        validators=[InputRequired(), NumberRange(0.5, 8, _l("Give half an hour to eight hours."))],
    )
    part = Choice(_l("Who comes"), coerce=Part, default=Part.WHOLE, choices=options(PARTS))
    lock = HiddenField(default="0")


class ReasonForm(Form):
    """Why something is taken back."""

    reason = StringField(
        _l("Why"), validators=[InputRequired(_l("Write why, in a few words.")), Length(max=500)]
    )
