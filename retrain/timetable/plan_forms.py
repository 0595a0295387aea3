"""Forms of timetables made by the machine."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField

from retrain.timetable.machine_wording import KEEPS, SECONDS
from retrain.timetable.states import Keep
from retrain.web.fields import Asked, Choice, Day, at_most, options, required, several
from retrain.web.forms import Form


class PlanForm(Form):
    """A term for the machine: dates, runs, what is kept, how long it may look."""

    first_on = Day(_l("First day of the term"), validators=[required()])
    last_on = Day(_l("Last day of the term"), validators=[required()])
    run_ids = several(
        _l("Runs"), coerce=int, validators=[Asked()],
        description=_l("Those that begin and end in these dates. Leave out what has its timetable."),
    )  # fmt: skip
    keep = Choice(_l("What stays where it is"), coerce=Keep, default=Keep.PUBLISHED, choices=options(KEEPS))
    seconds = Choice(
        _l("How long the machine may look"),
        coerce=int,
        default=60,
        choices=options(SECONDS),
        description=_l("You may stop it at any time; the best it has found by then is kept."),
    )


class RepairForm(Form):
    """Who or what is out, and on which days."""

    lecturers = Choice(_l("Lecturer who can't come"), coerce=int, default=0)
    rooms = Choice(_l("Room that can't be used"), coerce=int, default=0)
    everybody = BooleanField(
        _l("Nobody works on these days"),
        description=_l("A holiday, or the house is closed: the days are written down as days off."),
    )
    first_on = Day(_l("From"), validators=[required()])
    last_on = Day(_l("Up to and with"), validators=[required()])
    note = StringField(_l("Why, in a word"), validators=[at_most(200)])
