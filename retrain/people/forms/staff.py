"""Forms of teachers and rosters."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from retrain.people.models import NAME
from retrain.people.wording import SEXES, STAFF_KINDS
from retrain.web.fields import Choice, Day, Whole, at_most, options, required, several
from retrain.web.forms import Form
from retrain.web.language import LANGUAGES

REQUIRED = required()


class NameForm(Form):
    family = StringField(_l("Family name"), [REQUIRED, at_most(NAME)])
    given = StringField(_l("Given name"), [REQUIRED, at_most(NAME)])
    patronymic = StringField(_l("Patronymic"), [Optional(), at_most(NAME)])
    valid_from = Day(_l("Called so since"), [REQUIRED])
    why = StringField(
        _l("Ground"), [Optional(), at_most(300)], description=_l("For instance a marriage certificate.")
    )


class DetailsForm(Form):
    post = StringField(_l("Post"), [Optional(), at_most(NAME)])
    staff_kind = Choice(_l("Kind of staff"), [REQUIRED], choices=options(STAFF_KINDS))
    category = StringField(_l("Category"), [Optional(), at_most(64)])
    specialities = TextAreaField(
        _l("Specialities"), [Optional(), at_most(2000)], description=_l("One a line.")
    )
    contact_email = StringField(
        _l("E-mail"), [Optional(), at_most(254)], description=_l("Where messages go.")
    )
    contact_phone = StringField(_l("Telephone"), [Optional(), at_most(40)])
    lock = Whole(widget=HiddenInput())


class FactsForm(Form):
    """What some courses ask: seen and changed by the college's HR office alone."""

    teaching_since = Day(
        _l("Teaching since"),
        [Optional()],
        description=_l("The first day of the years of service that courses count."),
    )
    languages = several(_l("Languages they can learn in"), choices=options(LANGUAGES))
    youngest_child_born = Day(_l("Birthday of the youngest child"), [Optional()])
    disability = BooleanField(_l("Has a disability that is a ground for the distance form"))
    lock = Whole(widget=HiddenInput())


class TeacherForm(Form):
    organisation = Choice(_l("College"), [REQUIRED], coerce=int)
    family = StringField(_l("Family name"), [REQUIRED, at_most(NAME)])
    given = StringField(_l("Given name"), [REQUIRED, at_most(NAME)])
    patronymic = StringField(_l("Patronymic"), [Optional(), at_most(NAME)])
    pinfl = StringField(_l("PINFL"), [Optional(), at_most(40)], description=_l("Fourteen digits."))
    document_country = StringField(
        _l("Country of the document"), [Optional(), at_most(60)],
        description=_l("Only for those who have no PINFL, for instance KZ."),
    )  # fmt: skip
    document_number = StringField(_l("Number of the document"), [Optional(), at_most(32)])
    birth_date = Day(_l("Date of birth"), [Optional()], description=_l("With a PINFL it is known."))
    sex = Choice(_l("Sex"), [Optional()], choices=options([("", "—"), *SEXES.items()]))
    post = StringField(_l("Post"), [Optional(), at_most(NAME)])
    staff_kind = Choice(_l("Kind of staff"), [REQUIRED], choices=options(STAFF_KINDS))
    speciality = StringField(_l("Speciality"), [Optional(), at_most(NAME)])
    since = Day(_l("Works there since"), [Optional()])
    email = StringField(_l("E-mail"), [Optional(), at_most(254)])
    phone = StringField(_l("Telephone"), [Optional(), at_most(40)])


class MoveForm(Form):
    organisation = Choice(_l("New college"), [REQUIRED], coerce=int)
    post = StringField(_l("Post"), [Optional(), at_most(NAME)])
    since = Day(_l("Works there since"), [REQUIRED])


class LeaveForm(Form):
    until = Day(_l("Last day at work"), [REQUIRED])


class MergeForm(Form):
    kept = RadioField(_l("Which entry stays"), [REQUIRED], coerce=int)
    take = SelectMultipleField(
        _l("Take from the other"), [Optional()], widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
        choices=options([("name", _l("Name")), ("number", _l("PINFL or document")), ("email", _l("E-mail")),
                         ("phone", _l("Telephone"))]),
    )  # fmt: skip
    why = StringField(_l("Ground"), [Optional(), at_most(300)])


class UploadForm(Form):
    file = FileField(
        _l("Roster"), [FileRequired(_l("Choose a file."))], description=_l("XLSX or CSV, up to 10 MB.")
    )
    college = Choice(_l("College"), [Optional()], coerce=int)


class ConfirmForm(Form):
    mail_links = BooleanField(_l("Mail a link to activate to those who have a mailbox of their own"))
