"""Forms of the check of names."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired

from retrain.certificates.states import NameCheckState
from retrain.web.fields import Asked, at_most, options
from retrain.web.forms import Form


class NameCheckForm(Form):
    """What a teacher asks to have put right."""

    seen = HiddenField()
    request = TextAreaField(
        _l("What has to be put right"), [Asked(), at_most(1000)],
        description=_l("Write the line as it should be, letter by letter."),
    )  # fmt: skip
    paper = FileField(
        _l("A paper that shows it"), description=_l("A photo or scan of the passport, for example.")
    )


class NameAnswerForm(Form):
    """What the office did about it."""

    state = SelectField(
        _l("Decision"), [InputRequired()],
        choices=options(
            {
                NameCheckState.CORRECTED: _l("corrected in the data"),
                NameCheckState.DECLINED: _l("stays as it is"),
            }
        ),
    )  # fmt: skip
    answer = TextAreaField(_l("Answer to the teacher"), [Asked(), at_most(1000)])
