"""What people fill in about places."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from retrain.enrolment import terms_words
from retrain.enrolment.change_wording import FUNDING
from retrain.web.fields import Choice, Day, Moment, Whole, options
from retrain.web.forms import Form

SCANS = {"application/pdf", "image/png", "image/jpeg"}
NEEDED = InputRequired(_l("This is needed."))
SCAN = _l("PDF, PNG or JPEG, up to 10 MB.")


class WithdrawForm(Form):
    """Why somebody gives up their place."""

    reason = StringField(_l("Reason"), [Optional(), Length(max=500)])


class DeclineForm(WithdrawForm):
    """Why somebody lets an offered place pass on."""


class NominationForm(Form):
    """The college's own order behind a nomination; all of it may be left out."""

    order_number = StringField(_l("Number of your order"), [Optional(), Length(max=60)])
    order_date = Day(_l("Date of your order"), [Optional()])
    scan = FileField(_l("Scan of your order"), [Optional()], description=SCAN)


class RemoveForm(Form):
    """Why the coordinator takes somebody off the run."""

    reason = StringField(_l("Reason"), [Length(max=500)], description=_l("The person will read it."))


class PlacesForm(Form):
    """How many may come."""

    places = Whole(_l("Places"), [NEEDED])


class LetterForm(Form):
    """A message from the coordinator. *token* makes a form sent twice one message."""

    audience = SelectField(_l("To whom"), [NEEDED])
    subject = StringField(_l("About"), [NEEDED, Length(max=150)])
    text = TextAreaField(_l("Message"), [NEEDED, Length(max=4000)], render_kw={"rows": 6})
    token = HiddenField(validators=[Optional(), Length(max=40)])


class AnswerForm(Form):
    """Consent or refusal for the chosen people."""

    answer = RadioField(
        _l("Your answer"),
        [NEEDED],
        choices=options([("yes", _l("consent")), ("no", _l("refuse"))]),
        default="yes",
    )
    reason = StringField(
        _l("Why not"),
        [Optional(), Length(max=500)],
        description=_l("Needed to refuse. The person will read it."),
    )


class TermsForm(Form):
    """What a run asks of those who want a place, and what they should know before."""

    consent = Choice(_l("Whose consent is asked first"), [NEEDED], choices=options(terms_words.CONSENTS))
    request_hours = Whole(
        _l("A request lapses after so many working hours"), [NEEDED],
        description=_l("Counted in the working days of the provider. Whoever has to answer is reminded before."),
    )  # fmt: skip
    offer_hours = Whole(
        _l("An offered place is kept for so many working hours"), [Optional()],
        description=_l("Left empty, a freed place is given to the next who waits at once, without asking."),
    )  # fmt: skip
    withdraw_days = Whole(
        _l("A place can be given up until so many days before the start"), [NEEDED],
        description=_l("After that only the coordinator can take somebody off the run."),
    )  # fmt: skip
    funding = Choice(_l("Who pays"), [NEEDED], choices=options(FUNDING))
    price = Whole(
        _l("Price in so‘m"), [Optional()], description=_l("Left empty where nothing has to be paid.")
    )
    with_release = BooleanField(_l("With release from work"))
    lodging = BooleanField(_l("There is a dormitory: people may ask for a place in it"))
    map_url = StringField(
        _l("Address of the place on a map"), [Optional(), Length(max=500)],
        description=_l("A full address that begins with https://."),
    )  # fmt: skip
    to_bring = TextAreaField(_l("What to bring"), [Optional(), Length(max=2000)], render_kw={"rows": 3})
    lock = HiddenField()


class QuotaForm(Form):
    """Places kept for a group, or the most of it. A group that has a quota of this sort gets it changed."""

    of = Choice(_l("Group"), [NEEDED])
    sort = Choice(_l("What is set"), [NEEDED], choices=options(terms_words.SORTS))
    places = Whole(_l("Places"), [NEEDED])
    releases_at = Moment(
        _l("Until when it holds"), [Optional()],
        description=_l("From then on what nobody took is open to all. Left empty, it holds to the end."),
    )  # fmt: skip
