"""Refusals, states and messages of the timetable in words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from retrain import messages
from retrain.language import pick
from retrain.timetable import machine_wording
from retrain.timetable.states import ChangeSort, Part, SessionState, Stance, Standing
from retrain.web.language import current_language, shown_date
from retrain.web.words import say

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

STANCES = {
    Stance.UNAVAILABLE: (_l("can't"), "problem"),
    Stance.UNWISHED: (_l("rather not"), "waiting"),
    Stance.WISHED: (_l("gladly"), "done"),
}

STANDINGS = {
    Standing.PROPOSED: (_l("waits for a yes"), "waiting"),
    Standing.AGREED: (_l("agreed"), "done"),
    Standing.DECLINED: (_l("declined"), "idle"),
}

CHANGES = {
    ChangeSort.PUT: _l("a class put in"),
    ChangeSort.SERIES: _l("a series put in"),
    ChangeSort.MOVE: _l("a class moved"),
    ChangeSort.FOLLOWING: _l("classes moved from one on"),
    ChangeSort.SWAP: _l("two classes swapped"),
    ChangeSort.CANCEL: _l("a class cancelled"),
    ChangeSort.LECTURER: _l("another lecturer"),
    ChangeSort.PIN: _l("a class pinned or let go"),
    ChangeSort.DAY: _l("a day held on another"),
    ChangeSort.SHIFT: _l("classes shifted with their runs"),
    ChangeSort.PUBLICATION: _l("a timetable published"),
    ChangeSort.REPAIR: _l("a repair published"),
}
"""What a coordinator did last, as the buttons that take it back name it."""

REFUSALS = {
    "nothing-to-print": _l(
        "No published class stands in these days. Publish a timetable first, or choose other days."
    ),
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
    "room-out": _l(
        "Room %(name)s can't be used from %(first)s to %(last)s. Choose another room or another day, or take that back on"
        " the room's page."
    ),
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
    "room-in-use": _l(
        "Room %(name)s still has classes from that day on: %(count)s, the last on %(last)s. Move them first, or close the"
        " room later."
    ),
    "day-above-week": _l(
        "%(day)s pairs a day are more than %(week)s a week. Make one of them fit the other."
    ),
    "days-end-before-they-begin": _l("The last day is before the first. Put the earlier one first."),
    "time-changed-meanwhile": _l(
        "Somebody changed this week while it was open here. Load the page again and fill in what you meant."
    ),
    "order-goes-round": _l(
        "The order goes round in a circle: a module would have to come after itself. Take one of the marks away."
    ),
    "no-lecturers-at-all": _l(
        "There are no lecturers yet, so nobody can give these hours. Add lecturers first."
    ),
    "nobody-can-come": _l(
        "None of those who may give these hours has a free pair in the week: %(who)s. Let somebody else give them, or"
        " change what a lecturer can't do."
    ),
    "no-rooms-at-all": _l("There are no open rooms yet. Add the rooms you teach in first."),
    "no-room-has": _l(
        "No open room has all that these hours need: %(what)s. Add it to a room that has it, or take it off this list."
    ),
    "no-room-at-site": _l("There is no open room at the site “%(site)s”. Add one, or choose another site."),
    "every-room-too-small": _l(
        "The largest room that fits is %(name)s with %(seats)s seats, and %(people)s people come in %(runs)s. Add a larger"
        " room, need less, or split the group in two."
    ),
    "no-free-pair": _l(
        "%(name)s can't come in any pair of the week, so no class can be given. Free at least one."
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
    "class-moved-meanwhile": lambda by, day, pair: _(
        "%(by)s changed this class meanwhile: it is now on %(day)s, pair %(pair)s. Nothing of yours was saved; look"
        " at the week as it is now.",
        by=by or _("Somebody"),
        day=shown_date(day),
        pair=pair,
    ),
    "class-can-not-move": lambda topic, day, pair, run, why: _(
        "%(run)s, “%(topic)s”, %(day)s, pair %(pair)s: %(why)s",
        run=run,
        topic=pick(topic, current_language()),
        day=shown_date(day),
        pair=pair,
        why=" ".join(say(each) for each in why),
    ),
    "changed-since": lambda run, day, pair, topic, by: _(
        "%(by)s changed this class since: %(run)s, “%(topic)s”, now on %(day)s, pair %(pair)s. It is left as it is.",
        run=run,
        day=shown_date(day),
        pair=pair,
        topic=pick(topic, current_language()),
        by=by or _("Somebody"),
    ),
    "day-missing": _l("Choose a day that exists."),
    "shift-clashes-now": _l(
        "Nothing was moved: the term was changed meanwhile, and classes would clash now, %(count)s of them. Look at what"
        " would come of it again."
    ),
    "nothing-decided": _l("Nothing was decided. Choose a place, or cancel a class, then save."),
    "nothing-to-undo": _l("There is nothing of yours to take back."),
    "nothing-to-redo": _l("There is nothing to do again."),
    "nothing-to-place": _l("Nothing was put in: no hours are left, or no day before the run ends is free."),
    "no-classes-that-day": _l("There are no classes to move from %(day)s. Choose another day."),
    "taken-meanwhile": _l("Somebody took one of these places a moment ago. Look at the week as it is now."),
    "swap-with-itself": _l("Choose another class to change places with."),
    "already-teaches": _l("This lecturer already teaches all of these classes. Choose another."),
    "half-empty": _l("One half would have nobody in it. Put at least one person into each half."),
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
    "timetable.rearranged": messages.Kind(
        subject=_l("The timetable of %(runs)s was changed"),
        body=_l("%(count)s classes were changed; the first of them is now on %(starts)s. See your week."),
    ),
    "timetable.lecturer": messages.Kind(
        subject=_l("Another lecturer for a class of %(run)s"),
        body=_l("“%(title)s”: the class on %(starts)s is now taught by %(lecturer)s."),
    ),
    "timetable.cancelled": messages.Kind(
        subject=_l("A class of %(run)s was cancelled"),
        body=_l("“%(title)s”: the class on %(starts)s will not take place."),
    ),
    "timetable.in_first_half": messages.Kind(
        subject=_l("You are in the first half of %(run)s"),
        body=_l(
            "“%(title)s”: from now on you come to the classes of the first half of the group. See your week."
        ),
    ),
    "timetable.in_second_half": messages.Kind(
        subject=_l("You are in the second half of %(run)s"),
        body=_l(
            "“%(title)s”: from now on you come to the classes of the second half of the group. See your week."
        ),
    ),
    "timetable.free_time_agreed": messages.Kind(
        subject=_l("Your free time was agreed to"),
        body=_l("%(provider)s puts no class into the time that you asked to be free. See your time."),
    ),
    "timetable.free_time_declined": messages.Kind(
        subject=_l("Your free time was not agreed to"),
        body=_l(
            "%(provider)s may put classes into the time that you asked to be free. Ask your coordinator why."
        ),
    ),
}

REFUSALS |= machine_wording.REFUSALS
MESSAGES |= machine_wording.MESSAGES


def published(count: int) -> str:
    """What came of publishing so many classes."""
    return ngettext(
        "%(num)s class is published. Everyone concerned is told.",
        "%(num)s classes are published. Everyone concerned is told.",
        count,
    )


JOBS = machine_wording.JOBS | {
    "timetable.shift": _l("A shift of many classes"),
    "timetable.print": _l("Timetables to print"),
    "timetable.publish": _l("A timetable published"),
    "timetable.turn": _l("A change of many classes taken back or done again"),
}
JOBS_UNDER_WAY = machine_wording.JOBS_UNDER_WAY | {
    "timetable.shift": _l("The classes are moved, all of them or none."),
    "timetable.print": _l("One timetable after another is drawn."),
    "timetable.publish": _l("The classes are published, all of them or none."),
    "timetable.turn": _l("The classes go back to where they were, all of them or none."),
}
JOB_RESULTS = {
    "timetable.shift": lambda result: ngettext(
        "%(num)s class was moved.", "%(num)s classes were moved.", result["count"]
    ),
    "timetable.publish": lambda result: published(result["count"]),
    "timetable.turn": lambda result: ngettext(
        "%(num)s class was changed back. Everyone concerned is told.",
        "%(num)s classes were changed back. Everyone concerned is told.",
        result["count"],
    ),
    "timetable.print": lambda result: ngettext(
        "%(num)s timetable on %(pages)s pages, as one PDF.",
        "%(num)s timetables on %(pages)s pages, as one PDF.",
        result["timetables"],
        pages=result["pages"],
    ),
}
