"""Refusals, states and messages of the timetable in words."""

from flask_babel import lazy_gettext as _l

from retrain import messages
from retrain.timetable.states import Part, SessionState

STATES = {
    SessionState.PLANNED: (_l("planned, not shown yet"), "waiting"),
    SessionState.PUBLISHED: (_l("published"), "done"),
    SessionState.CANCELLED: (_l("cancelled"), "idle"),
}

PARTS = {
    Part.WHOLE: _l("the whole group"),
    Part.FIRST_HALF: _l("the first half of the group"),
    Part.SECOND_HALF: _l("the second half of the group"),
}

REFUSALS = {
    "both-teach-at-once": _l(
        "Both teach at the same time on %(on)s, one of them in %(run)s. Give that class to somebody else; then"
        " they can be made one."
    ),
    "room-taken": _l("Room %(name)s is taken then: %(run)s, “%(topic)s”, from %(starts)s to %(ends)s."),
    "lecturer-taken": _l("%(name)s teaches then: %(run)s, “%(topic)s”, from %(starts)s to %(ends)s."),
    "run-taken": _l("The group already has a class then: “%(topic)s”, from %(starts)s to %(ends)s."),
    "lecturer-learns": _l(
        "%(name)s is a listener on %(run)s, which has a class then: “%(topic)s”, from %(starts)s to %(ends)s. Choose"
        " another time or another lecturer."
    ),
    "learner-teaches": _l(
        "%(name)s of this group teaches then: %(run)s, “%(topic)s”, from %(starts)s to %(ends)s. Choose another time."
    ),
    "outside-run": _l("The run lasts from %(starts)s to %(ends)s. Choose a day between them."),
    "not-a-working-day": _l(
        "%(day)s is not a working day. Choose another, or add it to the working days in the settings."
    ),
    "longer-than-pair": _l("One pair holds %(most)g hours. Give fewer, or use two pairs."),
    "room-too-small": _l(
        "The room has %(seats)s seats and the group %(people)s people. Choose a larger room."
    ),
    "room-closed": _l("Room %(name)s is closed since %(since)s. Choose another room, or open it again."),
    "room-lacks": _l(
        "Room %(name)s lacks what these hours need: %(what)s. Choose a room that has it, or change what the module"
        " needs."
    ),
    "room-elsewhere": _l(
        "These hours are held at the site “%(site)s”, and room %(name)s is elsewhere. Choose a room there."
    ),
    "rooms-not-chosen": _l(
        "Classes without a room: %(count)s, the first on %(first)s. Choose rooms for them, then publish."
    ),
    "lecturer-unavailable": _l(
        "%(name)s can't come on %(day)s between %(starts)s and %(ends)s. Choose another time or another lecturer."
    ),
    "lecturer-day-full": _l(
        "%(name)s would have more than %(most)s pairs that day. Choose another day, or change the limit on the"
        " lecturer's page."
    ),
    "lecturer-week-full": _l(
        "%(name)s would have more than %(most)s pairs that week. Choose another week, or change the limit on the"
        " lecturer's page."
    ),
    "may-not-teach": _l(
        "%(name)s is not among those who may give these hours: %(who)s. Choose one of them, or add the lecturer to"
        " the module."
    ),
    "lecturer-on-the-way": _l(
        "%(name)s would have %(spare)s minutes between “%(site)s” and “%(here)s”, and the way takes %(minutes)s:"
        " %(run)s, from %(starts)s to %(ends)s. Leave a pair between them, or choose a room at the same site."
    ),
    "group-on-the-way": _l(
        "The group would have %(spare)s minutes between “%(site)s” and “%(here)s”, and the way takes %(minutes)s."
        " Leave a pair between them, or choose a room at the same site."
    ),
    "lecturer-would-rather-not": _l("%(name)s would rather not teach at that time on %(day)s."),
    "lecturer-asks-to-be-free": _l(
        "%(name)s asks to be free at that time on %(day)s. Agree or decline on the lecturer's page."
    ),
    "lecturer-beyond-norm": _l("%(name)s would have %(hours)g hours this year, and the norm is %(most)s."),
    "room-not-chosen": _l("No room is chosen yet. Choose one before the timetable is published."),
    "room-below-places": _l(
        "Room %(name)s has %(seats)s seats and the run offers %(places)s places. It will be too small when all are"
        " taken."
    ),
    "whole-group-in-halves": _l(
        "These hours are given to each half of the group by itself, and this class is for the whole group."
    ),
    "practical-before-lecture": _l("A practical of “%(module)s” stands before one of its lectures."),
    "module-before-module": _l("“%(second)s” comes after “%(first)s”, and a class of it now stands before."),
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
