"""What the machine says: states, what is kept, and why a term has no timetable."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from retrain import messages
from retrain.language import pick
from retrain.timetable.states import Keep, ScenarioState
from retrain.web.language import current_language, shown_date
from retrain.web.words import say

SCENARIOS = {
    ScenarioState.WAITING: (_l("waiting for its turn"), "waiting"),
    ScenarioState.WORKING: (_l("being made"), "waiting"),
    ScenarioState.READY: (_l("whole, not published"), "done"),
    ScenarioState.IMPOSSIBLE: (_l("not every class has a place"), "problem"),
    ScenarioState.PUBLISHED: (_l("published"), "done"),
    ScenarioState.DROPPED: (_l("thrown away"), "idle"),
}

REPAIRS = {
    ScenarioState.READY: (_l("ready, not published"), "waiting"),
    ScenarioState.IMPOSSIBLE: (_l("no class has another place"), "problem"),
}
"""States of a repair, where they are called otherwise."""

TAKEN_BACK = (_l("taken back"), "idle")

KEEPS = {
    Keep.PLACED: _l("Every class that is in the week; only the open part is made"),
    Keep.PUBLISHED: _l("Published classes; planned ones are placed anew"),
    Keep.PINNED: _l("Only what is pinned or over; all else is placed anew"),
}

SECONDS = {
    10: _l("ten seconds"),
    60: _l("one minute"),
    120: _l("two minutes"),
    600: _l("ten minutes"),
}

REFUSALS = {
    "term-ends-before-it-begins": _l("The term ends before it begins. Choose a later last day."),
    "term-of-no-days": _l(
        "There is no working day from %(first)s to %(last)s. Choose other dates, or change working days and holidays in"
        " the settings."
    ),
    "term-of-no-runs": _l("Choose at least one run that begins and ends in these dates."),
    "scenario-not-whole": _l(
        "This timetable is not whole or was published already, so it can't be published. Make a new one."
    ),
    "scenario-published": _l("This timetable is published and can't be thrown away."),
    "scenario-no-longer-fits": _l(
        "The term was changed, and this timetable no longer fits into it. Nothing was changed; make a new one."
    ),
    "term-changed-meanwhile": _l(
        "Somebody changed the term after this timetable was made. Compare the two, then publish from there."
    ),
    "nobody-may-give": _l(
        "Nobody can give “%(module)s” on %(run)s. Name a lecturer for it on the page of what modules need."
    ),
    "no-rooms": _l("There is no room for “%(module)s” on %(run)s. Add a room, or open one that is closed."),
    "no-room-equipped": _l(
        "No room has what “%(module)s” on %(run)s needs: %(what)s. Add it to a room, or change what the module needs."
    ),
    "no-room-large-enough": _l(
        "%(run)s has %(people)s people for “%(module)s”, and the largest room that suits, %(name)s, has %(seats)s seats."
        " Teach it in halves, or find a room with %(lacking)s seats more."
    ),
    "no-room-large-enough-for-a-half": _l(
        "%(people)s people of %(run)s come to “%(module)s”, and the largest room that suits, %(name)s, has %(seats)s seats."
        " Find a room with %(lacking)s seats more."
    ),
    "lecturer-never-free": _l(
        "%(name)s has no free pair for “%(module)s” in the dates of %(run)s. Free some, or name somebody else too."
    ),
    "lecturer-too-little-time": _l(
        "%(name)s has %(free)s free pairs in the dates of %(run)s, and “%(module)s” needs %(count)s. Free %(lacking)s more,"
        " or name somebody else too."
    ),
    "run-too-short": _l(
        "%(run)s needs %(hours)g hours, and its dates from %(starts)s to %(ends)s hold %(most)g. Make it %(days)s"
        " days longer, or work on as many more days in it: that holds the %(lacking)g hours it lacks."
    ),
    "people-too-few": _l(
        "Only %(names)s may give “%(module)s” and hours like it: %(wanted)s pairs, and they are free for %(free)s. Free"
        " %(lacking)s more, or name one more person."
    ),
    "room-alone-has": _l(
        "Room %(names)s is the only one with %(what)s, and %(wanted)s pairs of “%(module)s” and the like need it, but it is"
        " free for %(free)s. Free it for %(lacking)s pairs more, or equip one more room."
    ),
    "rooms-alone-have": _l(
        "Only rooms %(names)s have %(what)s, and %(wanted)s pairs of “%(module)s” and the like need them, but they are free"
        " for %(free)s. Equip another room for %(lacking)s pairs, or need it for fewer."
    ),
    "rooms-too-few": _l(
        "%(wanted)s pairs of “%(module)s” and the like fit only into rooms %(names)s, which are free for %(free)s. Find"
        " rooms for %(lacking)s pairs more."
    ),
    "nothing-is-out": _l("Say who or what is out: a lecturer, a room, or everybody."),
    "outage-is-over": _l("These days are over. Choose days that are still to come."),
    "outage-too-long": _l("Choose at most a year."),
    "outage-hits-nothing": _l(
        "No class that is still to come stands in the way from %(first)s to %(last)s, so nothing needs repair. Note the"
        " days where the lecturer's time, the room or the holidays are kept."
    ),
    "repair-overtaken": _l(
        "The class of %(run)s on %(day)s, pair %(pair)s, was changed or put in after this repair was made. Nothing was"
        " changed; repair anew."
    ),
    "nobody-else-may-give": lambda run, topic, day, pair: _(
        "%(run)s, “%(topic)s”, %(day)s, pair %(pair)s: nobody else may give it, and no day of the run is left. Name one"
        " more lecturer who may teach it, or make the run longer.",
        run=run,
        topic=pick(topic, current_language()),
        day=shown_date(day),
        pair=pair,
    ),
    "no-place-nearest": lambda run, topic, day, pair, near, near_pair, why: _(
        "%(run)s, “%(topic)s”, %(day)s, pair %(pair)s: no place is free. Nearest is %(near)s, pair %(near_pair)s: %(why)s",
        run=run,
        topic=pick(topic, current_language()),
        day=shown_date(day),
        pair=pair,
        near=shown_date(near),
        near_pair=near_pair,
        why=" ".join(say(each) for each in why),
    ),
    "out-of-course-order": _l("it would stand before what has to come first in the course."),
    "classes-left-over": _l(
        "No place was found for %(count)s pairs of “%(module)s” on %(run)s: each rule can be kept, but not all together."
        " Give more time, name more lecturers or rooms, or make the dates longer."
    ),
}

JOBS = {
    "timetable.make": _l("A timetable by the machine"),
    "timetable.repair": _l("A timetable repaired"),
}
JOBS_UNDER_WAY = {
    "timetable.make": _l("The machine looks for better timetables."),
    "timetable.repair": _l("The machine looks for the fewest changes."),
}

MESSAGES = {
    "timetable.lectures": messages.Kind(
        subject=_l("Your classes were placed"),
        body=_l("Classes of yours with a new place, on %(runs)s: %(classes)s. See your week."),
    )
}
