"""Forms of completion."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from retrain.web.fields import Whole
from retrain.web.forms import Form


class AssessmentForm(Form):
    """Something people are given points for."""

    title = StringField(_l("Title"), validators=[InputRequired(_l("Name the assessment.")), Length(max=200)])
    kind = SelectField(
        _l("Kind"), choices=[SelectChoice("final", _l("final")), SelectChoice("module", _l("of a module"))]
    )
    pass_mark = Whole(
        _l("Points needed"),
        validators=[
            InputRequired(_l("Give 0 to 100 points.")),
            NumberRange(0, 100, _l("Give 0 to 100 points.")),
        ],
    )
