"""Forms of timetables made by the machine."""

from flask_babel import lazy_gettext as _l

from retrain.timetable.machine_wording import KEEPS, SECONDS
from retrain.timetable.states import Keep
from retrain.web.fields import Choice, Day, options, required, several
from retrain.web.forms import Form


class PlanForm(Form):
    """A term for the machine: dates, runs, what is kept, how long it may look."""

    first_on = Day(_l("First day of the term"), validators=[required()])
    last_on = Day(_l("Last day of the term"), validators=[required()])
    run_ids = several(
        _l("Runs"), coerce=int, description=_l("Those that begin and end in these dates. Leave out what has its timetable.")
    )  # fmt: skip
    keep = Choice(_l("What stays where it is"), coerce=Keep, default=Keep.PUBLISHED, choices=options(KEEPS))
    seconds = Choice(
        _l("How long the machine may look"),
        coerce=int,
        default=60,
        choices=options(SECONDS),
        description=_l("You may stop it at any time; the best it has found by then is kept."),
    )
