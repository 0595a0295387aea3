"""Forms of organisations, roles and accounts."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from retrain.people.models import NAME
from retrain.people.wording import KINDS, REGIONS
from retrain.web.forms import Form

REQUIRED = InputRequired(_l("Fill this in."))


class NamesForm(Form):
    uz = StringField(_l("Name in Uzbek, Latin"), [REQUIRED, Length(max=NAME)])
    uz_cyrl = StringField(_l("Name in Uzbek, Cyrillic"), [Optional(), Length(max=NAME)])
    ru = StringField(_l("Name in Russian"), [Optional(), Length(max=NAME)])
    en = StringField(_l("Name in English"), [Optional(), Length(max=NAME)])
    valid_from = DateField(_l("Called so since"), [REQUIRED])

    def names(self) -> dict[str, str]:
        """The names typed, by language."""
        fields = {"uz": self.uz, "uz-Cyrl": self.uz_cyrl, "ru": self.ru, "en": self.en}
        return {
            lang: field.data.strip() for lang, field in fields.items() if field.data and field.data.strip()
        }


class OrganisationForm(Form):
    kind = SelectField(_l("Kind"), choices=list(KINDS.items()))
    region = SelectField(_l("Region"), choices=list(REGIONS.items()))
    is_provider = BooleanField(_l("Gives courses"))
    rural = BooleanField(_l("In the country"))
    address = TextAreaField(_l("Address"), [Optional(), Length(max=1000)])
    timezone = StringField(_l("Time zone"), [REQUIRED, Length(max=64)], default="Asia/Tashkent")


class NewOrganisationForm(OrganisationForm, NamesForm):
    code = StringField(_l("Code"), [REQUIRED, Length(max=24)], description=_l("For instance BU-01."))


class CloseForm(Form):
    closed_on = DateField(_l("Closed from"), [REQUIRED])


class ImportForm(Form):
    file = FileField(
        _l("List of colleges"), [FileRequired(_l("Choose a file."))], description=_l("A JSON file.")
    )


class GrantForm(Form):
    login = StringField(
        _l("Who"), [REQUIRED, Length(max=254)], description=_l("The e-mail or telephone they sign in with.")
    )
    family = StringField(
        _l("Family name"), [Optional(), Length(max=NAME)],
        description=_l("Names only for somebody who has no account yet."),
    )  # fmt: skip
    given = StringField(_l("Given name"), [Optional(), Length(max=NAME)])
    patronymic = StringField(_l("Patronymic"), [Optional(), Length(max=NAME)])
    kind = SelectField(_l("Role"))
    organisation = SelectField(_l("Organisation"), coerce=int)
    since = DateField(_l("From"), [Optional()])
    until = DateField(
        _l("Up to and including"), [Optional()], description=_l("Empty: until somebody ends it.")
    )


class AnswerForm(Form):
    answer = TextAreaField(
        _l("Answer"), [Optional(), Length(max=2000)], description=_l("The person reads it.")
    )
