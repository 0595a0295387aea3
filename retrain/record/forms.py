"""What people fill in about certificates from elsewhere."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from retrain.web.fields import Day, Whole, at_most, options
from retrain.web.forms import Form

RECOGNISE, REFUSE = "recognise", "refuse"


class ShowForm(Form):
    """A certificate that the college is to recognise."""

    title = StringField(_l("What the course was called"), [Optional(), at_most(300)])
    issuer = StringField(_l("Who issued it"), [Optional(), at_most(300)])
    number = StringField(
        _l("Series and number"), [Optional(), at_most(80)], description=_l("Empty when it bears none.")
    )
    issued_on = Day(_l("Day of issue"), [Optional()])
    hours = Whole(_l("Hours"), [Optional()], description=_l("As the certificate says."))
    scan = FileField(_l("Scan"), [Optional()], description=_l("PDF, PNG or JPEG, up to 10 MB."))


class AnswerForm(Form):
    """The college's answer."""

    answer = RadioField(
        _l("Answer"),
        [InputRequired(_l("Choose an answer."))],
        choices=options({RECOGNISE: _l("Recognise it"), REFUSE: _l("Do not recognise it")}),
    )
    hours = Whole(
        _l("Hours recognised"), [Optional()], description=_l("All hours of the certificate, or fewer.")
    )
    why = TextAreaField(
        _l("Reason"), [Optional(), at_most(1000)], render_kw={"rows": 3},
        description=_l("On what ground; the teacher reads it."),
    )  # fmt: skip


class UndoForm(Form):
    """Why a recognition was a mistake."""

    why = TextAreaField(
        _l("Reason"), [Optional(), at_most(1000)], render_kw={"rows": 3},
        description=_l("The teacher reads it, and the hours leave the record."),
    )  # fmt: skip
