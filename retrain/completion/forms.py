"""Forms of completion."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import FieldList, FormField, SelectField, StringField, TextAreaField
from wtforms import Form as SubForm
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from retrain.completion.commission_wording import SEATS
from retrain.completion.states import Outcome, Seat
from retrain.completion.wording import OUTCOMES
from retrain.web.fields import Choice, Day, Moment, Whole, at_most, options, required
from retrain.web.forms import Form
from retrain.web.language import LANGUAGES

POINTS = _l("Give 0 to 100 points.")
NEEDED = required()


class AssessmentForm(Form):
    """Something people are given points for."""

    title = StringField(_l("Title"), validators=[InputRequired(_l("Name the assessment.")), Length(max=200)])
    kind = SelectField(
        _l("Kind"), choices=[SelectChoice("final", _l("final")), SelectChoice("module", _l("of a module"))]
    )
    pass_mark = Whole(_l("Points needed"), validators=[InputRequired(POINTS), NumberRange(0, 100, POINTS)])


class PlanForm(AssessmentForm):
    """Everything about an assessment: weight, retakes, examiners."""

    module_id = Choice(_l("Module"), [Optional()], coerce=int)
    weight = Whole(
        _l("Weight"), [NEEDED], description=_l("The final mark is the mean of all, each by its weight.")
    )
    attempts = Whole(_l("Attempts"), [NEEDED], description=_l("1 is without a retake."))
    retake_by = Day(_l("Retakes until"), [Optional()])
    examiner_id = Choice(
        _l("Examiner"), [Optional()], coerce=int, description=_l("Enters the points on a page of their own.")
    )
    second_examiner_id = Choice(
        _l("Second examiner"), [Optional()], coerce=int,
        description=_l("Gives points apart from the first; the mean of both counts."),
    )  # fmt: skip


class CorrectionForm(Form):
    """A result put right after its statement was closed."""

    enrolment_id = Choice(_l("Whose result"), [NEEDED], coerce=int)
    points = Whole(_l("Right points"), [InputRequired(POINTS)])
    why = StringField(_l("Reason"), [Optional(), at_most(500)])


class ImportForm(Form):
    """Results in a file."""

    file = FileField(
        _l("File"), [NEEDED], description=_l("XLSX or CSV. Nothing is saved before you have looked at it.")
    )


class OverrideForm(Form):
    """A decision other than the rules give."""

    outcome = Choice(_l("Decide"), [NEEDED], choices=options({each: OUTCOMES[each][0] for each in Outcome}))
    why = TextAreaField(_l("Reason"), [Optional(), at_most(500)], render_kw={"rows": 3})


class ExclusionForm(Form):
    """Why somebody who has not completed is taken off the list."""

    reason = TextAreaField(
        _l("Reason"), [Optional(), at_most(500)], render_kw={"rows": 3},
        description=_l("The person reads it in the message about it."),
    )  # fmt: skip


class AppealForm(Form):
    """What a teacher says against a decision."""

    why = TextAreaField(
        _l("What is wrong, and why"), [Optional(), at_most(4000)], render_kw={"rows": 6},
        description=_l("The commission of appeals reads it, and so does the coordinator."),
    )  # fmt: skip


class MemberForm(SubForm):
    seat = Choice(_l("Seat"), choices=options(SEATS), default=Seat.MEMBER)
    name = StringField(_l("Name as printed"), [Optional(), at_most(200)])
    post = StringField(_l("Post"), [Optional(), at_most(200)])
    workplace = StringField(_l("Workplace"), [Optional(), at_most(200)])
    email = StringField(
        _l("E-mail"), [Optional(), at_most(254)], description=_l("Invitations go there. Colleagues need none."),
        render_kw={"type": "email", "inputmode": "email", "autocapitalize": "none"},
    )  # fmt: skip
    language = Choice(_l("Language of the letters"), choices=options(LANGUAGES), default="uz")


class CommissionForm(Form):
    """Who sits in a commission."""

    members = FieldList(FormField(MemberForm), label=_l("Members"), min_entries=1, max_entries=40)


class SittingForm(Form):
    """The day of a session; who came and the decisions are read from the page's own fields."""

    held_on = Day(_l("Day of the session"), [NEEDED])


class InvitationForm(Form):
    """When and where a commission sits."""

    at = Moment(_l("When the session begins"), [NEEDED])
    place = StringField(
        _l("Where"), [InputRequired(_l("Say where the commission sits.")), at_most(200)],
        description=_l("Building and room."),
    )  # fmt: skip
