"""Forms of signing in and of one's own account."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.validators import EqualTo, Optional

from retrain.people.rules import PASSWORD_LEAST
from retrain.web.fields import Day, at_most, required
from retrain.web.forms import Form

REQUIRED = required()


class SignInForm(Form):
    login = StringField(_l("E-mail or telephone"), [REQUIRED, at_most(254)])
    password = PasswordField(_l("Password"), [REQUIRED, at_most(1000)])
    next = HiddenField()


class NumberForm(Form):
    number = StringField(
        _l("Number from the app"),
        [REQUIRED, at_most(20)],
        description=_l("Six digits, new every half minute."),
    )
    next = HiddenField()


class SlipForm(Form):
    code = StringField(
        _l("Code on the slip"),
        [REQUIRED, at_most(60)],
        description=_l("Ten letters and digits, as K7QMX-3FD9T."),
    )


class LinkForm(Form):
    login = StringField(
        _l("E-mail or telephone"), [REQUIRED, at_most(254)], description=_l("The one your college knows.")
    )


class PasswordForm(Form):
    password = PasswordField(
        _l("New password"),
        [REQUIRED, at_most(1000)],
        description=_l("At least %(least)s characters. A few words are easier to keep in mind than signs.",
                       least=PASSWORD_LEAST),
    )  # fmt: skip
    again = PasswordField(
        _l("The same password again"),
        [REQUIRED, EqualTo("password", _l("The two passwords are not the same."))],
    )


class ActivateForm(PasswordForm):
    login = StringField(
        _l("E-mail or telephone to sign in with"),
        [REQUIRED, at_most(254)],
        description=_l("One that is yours alone. If colleagues share a mailbox, take your telephone."),
    )


class ChangePasswordForm(PasswordForm):
    old = PasswordField(_l("Present password"), [REQUIRED, at_most(1000)])


class LanguageForm(Form):
    language = RadioField(_l("Language"), [REQUIRED])


def _present_password() -> PasswordField:
    """Asked for by a change that a browser left open must not be enough for."""
    return PasswordField(_l("Present password"), [REQUIRED, at_most(1000)])


def _present_number() -> StringField:
    """Asked for beside it where a second step is on."""
    return StringField(
        _l("Number from the app"),
        [REQUIRED, at_most(20)],
        description=_l("Six digits, new every half minute."),
    )


class EmailForm(Form):
    email = StringField(
        _l("New e-mail address"),
        [REQUIRED, at_most(254)],
        description=_l("A link goes there; follow it to confirm."),
    )
    old = _present_password()
    number = _present_number()


class PhoneForm(Form):
    phone = StringField(_l("Telephone"), [Optional(), at_most(40)])
    old = _present_password()
    number = _present_number()


class DelegateForm(Form):
    login = StringField(
        _l("To whom"),
        [REQUIRED, at_most(254)],
        description=_l("The e-mail or telephone they sign in with."),
    )
    since = Day(_l("From"), [REQUIRED])
    until = Day(_l("Up to and including"), [REQUIRED])


class ErasureForm(Form):
    why = TextAreaField(_l("Why, if you want to say"), [Optional(), at_most(2000)])
    sure = BooleanField(_l("I understand that I can't sign in afterwards"), [REQUIRED])
