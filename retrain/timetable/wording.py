"""Refusals, states and messages of the timetable in words."""

from flask_babel import lazy_gettext as _l

from retrain import messages
from retrain.timetable.states import SessionState

STATES = {
    SessionState.PLANNED: (_l("planned, not shown yet"), "waiting"),
    SessionState.PUBLISHED: (_l("published"), "done"),
    SessionState.CANCELLED: (_l("cancelled"), "idle"),
}

REFUSALS = {
    "both-teach-at-once": _l(
        "Both teach at the same time on %(on)s, one of them in %(run)s. Give that class to somebody else; then"
        " they can be made one."
    ),
    "room-taken": _l("Room %(name)s is taken then: %(run)s, “%(topic)s”, from %(starts)s to %(ends)s."),
    "lecturer-taken": _l("%(name)s teaches then: %(run)s, “%(topic)s”, from %(starts)s to %(ends)s."),
    "run-taken": _l("The group already has a class then: “%(topic)s”, from %(starts)s to %(ends)s."),
    "outside-run": _l("The run lasts from %(starts)s to %(ends)s. Choose a day between them."),
    "not-a-working-day": _l(
        "%(day)s is not a working day. Choose another, or add it to the working days in the settings."
    ),
    "longer-than-pair": _l("One pair holds %(most)g hours. Give fewer, or use two pairs."),
    "room-too-small": _l(
        "The room has %(seats)s seats and the group %(people)s people. Choose a larger room."
    ),
    "more-than-planned": _l("The plan leaves %(left)g hours of this kind in the module."),
    "day-too-full": _l("The group would have more than %(most)s hours that day."),
    "week-too-full": _l("The group would have more than %(most)s hours that week."),
    "no-such-pair": _l("The bells of that day have no pair number %(pair)s."),
    "room-unknown": _l("This room is not in your list. Choose one from it."),
    "lecturer-unknown": _l("This person does not teach for you yet. Add them to your lecturers first."),
    "room-exists": _l("There is a room called %(name)s at this site already."),
    "session-cancelled": _l("This class was cancelled and can't be changed. Put in a new one."),
    "reason-missing": _l("Write why, in a few words. Those concerned will read it."),
    "hours-unplaced": _l("Module “%(module)s” still lacks %(left)g hours. Put them into the week first."),
    "run-not-open": _l("This run is over or was cancelled, so it can't be changed."),
}

MESSAGES = {
    "timetable.published": messages.Kind(
        subject=_l("Timetable of %(run)s"), body=_l("The timetable of “%(title)s” is there. See your week.")
    ),
    "timetable.moved": messages.Kind(
        subject=_l("A class of %(run)s was moved"),
        body=_l("“%(title)s”: a class is now on %(starts)s, room %(room)s."),
    ),
    "timetable.cancelled": messages.Kind(
        subject=_l("A class of %(run)s was cancelled"),
        body=_l("“%(title)s”: the class on %(starts)s will not take place."),
    ),
}
