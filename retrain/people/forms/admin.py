"""Forms of organisations, roles and accounts."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import Optional

from retrain import clock
from retrain.people.models import NAME
from retrain.people.wording import KINDS, REGIONS
from retrain.web.fields import Choice, Day, at_most, options, required
from retrain.web.forms import Form

REQUIRED = required()


class NamesForm(Form):
    uz = StringField(_l("Name in Uzbek, Latin"), [REQUIRED, at_most(NAME)])
    uz_cyrl = StringField(_l("Name in Uzbek, Cyrillic"), [Optional(), at_most(NAME)])
    ru = StringField(_l("Name in Russian"), [Optional(), at_most(NAME)])
    en = StringField(_l("Name in English"), [Optional(), at_most(NAME)])
    valid_from = Day(_l("Called so since"), [REQUIRED])

    def names(self) -> dict[str, str]:
        """The names typed, by language."""
        fields = {"uz": self.uz, "uz-Cyrl": self.uz_cyrl, "ru": self.ru, "en": self.en}
        return {
            lang: field.data.strip() for lang, field in fields.items() if field.data and field.data.strip()
        }


class OrganisationForm(Form):
    kind = Choice(_l("Kind"), [REQUIRED], choices=options(KINDS))
    region = Choice(_l("Region"), [REQUIRED], choices=options(REGIONS))
    is_provider = BooleanField(_l("Gives courses"))
    rural = BooleanField(_l("In the countryside"))
    address = TextAreaField(_l("Address"), [Optional(), at_most(1000)])
    timezone = StringField(_l("Time zone"), [REQUIRED, at_most(64)], default=clock.COUNTRY.key)


class NewOrganisationForm(OrganisationForm, NamesForm):
    code = StringField(_l("Code"), [REQUIRED, at_most(24)], description=_l("For instance BU-01."))


class CloseForm(Form):
    closed_on = Day(_l("Closed from"), [REQUIRED])


class ImportForm(Form):
    file = FileField(
        _l("List of colleges"), [FileRequired(_l("Choose a file."))], description=_l("A JSON file.")
    )


class GrantForm(Form):
    login = StringField(
        _l("Who"), [REQUIRED, at_most(254)], description=_l("The e-mail or telephone they sign in with.")
    )
    family = StringField(
        _l("Family name"), [Optional(), at_most(NAME)],
        description=_l("Names only for somebody who has no account yet."),
    )  # fmt: skip
    given = StringField(_l("Given name"), [Optional(), at_most(NAME)])
    patronymic = StringField(_l("Patronymic"), [Optional(), at_most(NAME)])
    kind = Choice(_l("Role"), [REQUIRED])
    organisation = Choice(_l("Organisation"), [REQUIRED], coerce=int)
    since = Day(_l("From"), [Optional()])
    until = Day(_l("Up to and including"), [Optional()], description=_l("Empty: until somebody ends it."))


class WhyForm(Form):
    why = StringField(
        _l("Why"), [REQUIRED, at_most(300)],
        description=_l("How you made sure that it is they who ask. It is kept with the change."),
    )  # fmt: skip


class AnswerForm(Form):
    answer = TextAreaField(_l("Answer"), [Optional(), at_most(2000)], description=_l("The person reads it."))
