"""Forms of certificates."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from retrain.certificates.numbering import Last
from retrain.certificates.wording import GROUNDS, PARTS, RECEIVED
from retrain.web.fields import Day, Whole, options, several
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


class CheckFileForm(Form):
    """A PDF that somebody was given."""

    file = FileField(
        _l("PDF file"),
        [FileRequired(_l("Choose the PDF file."))],
        description=_l("The file itself as you were given it, up to 10 MB. It is compared and not kept."),
    )


class PrepareForm(Form):
    """The day that documents are dated with, ahead of it."""

    day = Day(_l("Day of issue"), validators=[InputRequired(_l("Choose the day that the documents bear."))])


class RevokeForm(Form):
    """Why a document is not valid any more, and by which order."""

    reason = StringField(
        _l("Reason"),
        validators=[InputRequired(_l("Write the reason: it is kept with the document.")), Length(max=500)],
        description=_l("Whoever checks the document reads it: name nobody else in it."),
    )
    order = StringField(
        _l("Number of the order"),
        validators=[Length(max=40)],
        description=_l("Empty when there is no order."),
    )
    order_on = Day(_l("Day of the order"), validators=[Optional()])


class ReplaceForm(Form):
    """Why there is to be another document in the place of this one."""

    ground = SelectField(_l("Ground"), [InputRequired()], choices=options(GROUNDS))
    reason = StringField(
        _l("Reason"),
        validators=[InputRequired(_l("Write the reason: it is kept with the document.")), Length(max=500)],
        description=_l("For example: application of 12 October, order 31-k."),
    )
    parts = several(
        _l("What is put right"),
        choices=options(PARTS),
        description=_l("Only for a mistake. Everything else stays as it was."),
    )


class HandOverForm(Form):
    """Who took the document, when and how."""

    on_date = Day(_l("Day"), validators=[InputRequired(_l("Choose a day that exists."))])
    received_by = SelectField(
        _l("How"),
        [InputRequired()],
        choices=options(RECEIVED),
    )
    who = StringField(_l("Who took it, or number of the postal item"), validators=[Length(max=200)])


def numbers_form(last: Sequence[Last]) -> Form:
    """One field for each series and year: the last number on paper. It is empty, to be looked up, not agreed to."""

    class NumbersForm(Form):
        pass

    for row in last:
        field = Whole(
            f"{row.series} / {row.year}",
            validators=[Optional(), NumberRange(0, 999_999)],
            description=_l(
                "The database knows %(known)s. 0 when none was used; left empty, this series goes on waiting.",
                known=row.number,
            ),
        )
        setattr(NumbersForm, f"series-{row.series}", field)
    return NumbersForm()


class ImportKeyForm(Form):
    """A key with its certificates, as an authority hands it out."""

    file = FileField(
        _l("File with key and certificates"),
        [FileRequired(_l("Choose a file."))],
        description=_l("PEM or PKCS #12 (.p12, .pfx): P-256, or RSA of 2048 bits and more."),
    )
    password = PasswordField(_l("Password of the file"), validators=[Optional(), Length(max=200)])


class CertifyForm(Form):
    """The certificates that an authority issued for the key in use."""

    file = FileField(
        _l("File with the certificates"),
        [FileRequired(_l("Choose a file."))],
        description=_l("PEM: the certificate of your key, then those above it."),
    )
