"""What people fill in about orders."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from retrain.enrolment.forms import NEEDED, SCAN
from retrain.web.fields import Asked, Choice, Day
from retrain.web.forms import Form


class OrderForm(Form):
    """What the chancellery's register says of an order, or that we number it ourselves."""

    own_number = BooleanField(_l("Take our next number"))
    number = StringField(
        _l("Number of the chancellery"), [Length(max=60)], filters=[lambda text: (text or "").strip()]
    )
    registered_on = Day(_l("Date of the order"), [Optional(), Asked()])
    effective_on = Day(
        _l("Holds from"),
        [Optional(), Asked()],
        description=_l("May lie before the date of the order: classes need not wait for its number."),
    )
    signer = SelectField(_l("Signed by"), [Optional(), Asked()], validate_choice=False)
    signer_name = StringField(_l("Signer, if not in the list"), [Optional(), Length(max=200)])
    scan = FileField(_l("Scan"), [Optional()], description=SCAN)
    after = HiddenField(validators=[Optional(), Length(max=9)])


class ScanForm(Form):
    """The signed sheet of an order that was registered without it."""

    scan = FileField(_l("Scan"), [NEEDED], description=SCAN)


class SendForm(Form):
    """Who is asked to sign an order, and from when it is to hold."""

    signatory = Choice(_l("To whom"), [NEEDED], coerce=int)
    effective_on = Day(
        _l("Holds from"),
        [Optional(), Asked()],
        description=_l("May lie before the day of signing: classes need not wait for it."),
    )


class AnswerForm(Form):
    """The signatory's answer to an order; *seen* says which sending they looked at."""

    why = TextAreaField(
        _l("What is to be put right"), [Optional(), Length(max=500)], render_kw={"rows": 3},
        description=_l("The coordinator reads it. Needed when you send the order back."),
    )  # fmt: skip
    seen = HiddenField(validators=[Optional(), Length(max=40)])
