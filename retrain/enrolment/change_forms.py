"""What people fill in when a place changes hands or runs, and about who pays."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from retrain.enrolment.change_wording import FUNDING
from retrain.enrolment.forms import NEEDED
from retrain.web.fields import Day, Whole, options
from retrain.web.forms import Form


class MoveForm(Form):
    """To which run, and why."""

    target = RadioField(_l("To run"), [NEEDED])
    reason = StringField(_l("Reason"), [NEEDED, Length(max=500)], description=_l("The person will read it."))


class CancelRunForm(Form):
    """Why a run is called off. The run chosen for each person stands beside the name."""

    why = TextAreaField(
        _l("Reason"), [NEEDED, Length(max=1000)], description=_l("Everyone enrolled will read it.")
    )


class SubstituteForm(Form):
    """Why a colleague goes."""

    reason = StringField(_l("Reason"), [Optional(), Length(max=500)])


class FundingForm(Form):
    """Who pays, under which contract, how much, and when it was paid."""

    funding = SelectField(_l("Who pays"), choices=options(FUNDING))
    contract = StringField(_l("Contract number"), [Optional(), Length(max=80)])
    price = Whole(_l("Sum, so‘m"), [Optional()])
    paid_on = Day(_l("Paid on"), [Optional()])
