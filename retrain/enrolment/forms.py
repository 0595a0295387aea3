"""What people fill in about places."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from retrain.web.fields import Day, Whole
from retrain.web.forms import Form

SCANS = {"application/pdf", "image/png", "image/jpeg"}
NEEDED = InputRequired(_l("This is needed."))
SCAN = _l("PDF, PNG or JPEG, up to 10 MB.")


class WithdrawForm(Form):
    """Why somebody gives up their place."""

    reason = StringField(_l("Reason"), [Optional(), Length(max=500)])


class NominationForm(Form):
    """The college's own order behind a nomination; all of it may be left out."""

    order_number = StringField(_l("Number of your order"), [Optional(), Length(max=60)])
    order_date = Day(_l("Date of your order"), [Optional()])
    scan = FileField(_l("Scan of your order"), [Optional()], description=SCAN)


class RemoveForm(Form):
    """Why the coordinator takes somebody off the run."""

    reason = StringField(_l("Reason"), [Length(max=500)], description=_l("The person will read it."))


class PlacesForm(Form):
    """How many may come."""

    places = Whole(_l("Places"), [NEEDED])


class LetterForm(Form):
    """A message from the coordinator. *token* makes a form sent twice one message."""

    audience = SelectField(_l("To whom"), [NEEDED])
    subject = StringField(_l("About"), [NEEDED, Length(max=150)])
    text = TextAreaField(_l("Message"), [NEEDED, Length(max=4000)], render_kw={"rows": 6})
    token = HiddenField(validators=[Optional(), Length(max=40)])
