"""Forms of teachers and rosters."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from retrain.people.models import NAME
from retrain.people.wording import SEXES, STAFF_KINDS
from retrain.web.forms import Form

REQUIRED = InputRequired(_l("Fill this in."))


class NameForm(Form):
    family = StringField(_l("Family name"), [REQUIRED, Length(max=NAME)])
    given = StringField(_l("Given name"), [REQUIRED, Length(max=NAME)])
    patronymic = StringField(_l("Patronymic"), [Optional(), Length(max=NAME)])
    valid_from = DateField(_l("Called so since"), [REQUIRED])
    why = StringField(
        _l("Ground"), [Optional(), Length(max=300)], description=_l("For instance a marriage certificate.")
    )


class DetailsForm(Form):
    post = StringField(_l("Post"), [Optional(), Length(max=NAME)])
    staff_kind = SelectField(_l("Kind of staff"), choices=list(STAFF_KINDS.items()))
    category = StringField(_l("Category"), [Optional(), Length(max=64)])
    specialities = TextAreaField(
        _l("Specialities"), [Optional(), Length(max=2000)], description=_l("One a line.")
    )
    contact_email = StringField(
        _l("E-mail"), [Optional(), Length(max=254)], description=_l("Where messages go.")
    )
    contact_phone = StringField(_l("Telephone"), [Optional(), Length(max=40)])
    lock = IntegerField(widget=HiddenInput())


class TeacherForm(Form):
    organisation = SelectField(_l("College"), coerce=int)
    family = StringField(_l("Family name"), [REQUIRED, Length(max=NAME)])
    given = StringField(_l("Given name"), [REQUIRED, Length(max=NAME)])
    patronymic = StringField(_l("Patronymic"), [Optional(), Length(max=NAME)])
    pinfl = StringField(_l("PINFL"), [Optional(), Length(max=40)], description=_l("Fourteen digits."))
    document_country = StringField(
        _l("Country of the document"), [Optional(), Length(max=60)],
        description=_l("Only for those who have no PINFL, for instance KZ."),
    )  # fmt: skip
    document_number = StringField(_l("Number of the document"), [Optional(), Length(max=32)])
    birth_date = DateField(_l("Date of birth"), [Optional()], description=_l("With a PINFL it is known."))
    sex = SelectField(_l("Sex"), [Optional()], choices=[("", "—"), *SEXES.items()])
    post = StringField(_l("Post"), [Optional(), Length(max=NAME)])
    staff_kind = SelectField(_l("Kind of staff"), choices=list(STAFF_KINDS.items()))
    speciality = StringField(_l("Speciality"), [Optional(), Length(max=NAME)])
    since = DateField(_l("Works there since"), [Optional()])
    email = StringField(_l("E-mail"), [Optional(), Length(max=254)])
    phone = StringField(_l("Telephone"), [Optional(), Length(max=40)])


class MoveForm(Form):
    organisation = SelectField(_l("New college"), coerce=int)
    post = StringField(_l("Post"), [Optional(), Length(max=NAME)])
    since = DateField(_l("Works there since"), [REQUIRED])


class LeaveForm(Form):
    until = DateField(_l("Last day at work"), [REQUIRED])


class MergeForm(Form):
    kept = RadioField(_l("Which entry stays"), [REQUIRED], coerce=int)
    take = SelectMultipleField(
        _l("Take from the other"), [Optional()], widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
        choices=[("name", _l("Name")), ("number", _l("PINFL or document")), ("email", _l("E-mail")),
                 ("phone", _l("Telephone"))],
    )  # fmt: skip
    why = StringField(_l("Ground"), [Optional(), Length(max=300)])


class UploadForm(Form):
    file = FileField(
        _l("Roster"), [FileRequired(_l("Choose a file."))], description=_l("XLSX or CSV, up to 10 MB.")
    )
    college = SelectField(_l("College"), [Optional()], coerce=int)


class ConfirmForm(Form):
    mail_links = BooleanField(_l("Mail a link to activate to those who have a mailbox of their own"))
