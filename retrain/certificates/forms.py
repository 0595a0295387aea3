"""Forms of certificates."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from retrain.certificates.states import ReceivedBy
from retrain.certificates.wording import RECEIVED
from retrain.web.forms import Form


class VerifyForm(Form):
    """Number and check code as they stand on the document; asked by GET, so nothing is changed."""

    class Meta(Form.Meta):
        csrf = False

    number = StringField(
        _l("Series and number"),
        validators=[InputRequired(_l("Type the series and number, for example MO 000831.")), Length(max=40)],
    )
    code = StringField(
        _l("Check code"),
        validators=[InputRequired(_l("Type the 8 characters printed beside the number.")), Length(max=20)],
    )


class HandOverForm(Form):
    """Who took the document, when and how."""

    on_date = DateField(_l("Day"), validators=[InputRequired(_l("Choose a day that exists."))])
    received_by = SelectField(
        _l("How"), choices=[SelectChoice(kind.value, RECEIVED[kind]) for kind in ReceivedBy]
    )
    who = StringField(_l("Who took it, or number of the postal item"), validators=[Length(max=200)])
