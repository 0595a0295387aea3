"""Numbered paper, printings and acts in words."""

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from retrain.certificates.states import ActState, BlankState, Entry, Fate, PrintingState

BLANKS = {
    BlankState.UNUSED: (_l("unused"), "waiting"),
    BlankState.SET_ASIDE: (_l("in a printer"), "waiting"),
    BlankState.USED: (_l("used"), "done"),
    BlankState.SPOILED: (_l("spoiled"), "problem"),
    BlankState.LOST: (_l("lost"), "problem"),
    BlankState.RETURNED: (_l("returned"), "idle"),
}

WRITE_OFF = {
    BlankState.SPOILED: _l("spoiled: it goes on the act that is being drafted"),
    BlankState.LOST: _l("lost"),
    BlankState.RETURNED: _l("returned to who issued the blanks"),
}

ENTRIES = {
    Entry.RECEIVED: _l("received"),
    Entry.HANDED: _l("handed on"),
    Entry.USED: _l("used"),
    Entry.SPOILED: _l("spoiled"),
    Entry.LOST: _l("lost"),
    Entry.RETURNED: _l("returned"),
}

PRINTINGS = {
    PrintingState.OPEN: (_l("waits to hear what came out"), "waiting"),
    PrintingState.SETTLED: (_l("settled"), "done"),
    PrintingState.GIVEN_UP: (_l("given up"), "idle"),
}

FATES = {
    Fate.WAITING: (_l("in the printer"), "waiting"),
    Fate.GOOD: (_l("good"), "done"),
    Fate.SPOILED: (_l("spoiled"), "problem"),
    Fate.NOT_PRINTED: (_l("not printed"), "idle"),
}

ACTS = {ActState.DRAFT: (_l("draft"), "waiting"), ActState.SIGNED: (_l("signed"), "done")}

REFUSALS = {
    "series-missing": _l("Write the series, for example UZ."),
    "range-backwards": _l("The last number can't come before the first, %(first)s."),
    "range-too-long": _l("At most %(most)s blanks are recorded at once. Look at the numbers again, or split them."),
    "blanks-known": _l("%(number)s is in the book of blanks already."),
    "blank-unknown": _l("%(number)s is not in the book of blanks. Record it as received first."),
    "blank-not-unused": lambda number, state: _l(
        "%(number)s is not free: it is %(state)s.", number=number, state=BLANKS[BlankState(state)][0]
    ),
    "blanks-of-several": _l(
        "These numbers are of several kinds or are kept by several people. Take one range of one keeper."
    ),
    "no-keeper": _l("Choose an HR officer of your organisation."),
    "holds-them-already": _l("These blanks are with this person already."),
    "on-no-blank": _l("This document stands on no blank."),
    "act-signed": _l("This act is signed already."),
    "act-number-missing": _l("Write the number of the act."),
    "act-members-missing": _l("Write who sits on the commission, one a line."),
    "act-ahead": _l("The act can't be signed on a day to come."),
    "no-such-sheet": _l("There is no sheet %(number)s: the printing has sheets 1 to %(documents)s."),
    "not-so-many-blanks": lambda left: ngettext(
        "Only %(num)s blank is left after those of this printing, so the printer can't have gone on so far.",
        "Only %(num)s blanks are left after those of this printing, so the printer can't have gone on so far.", left,
    ),
    "nobody-to-print": _l("Choose at least one document that stands on no blank yet."),
    "too-few-blanks": lambda wanted, held: ngettext(
        "%(num)s blank is needed, and you keep %(held)s from this number on. Receive more, have some handed to you, or"
        " print fewer.",
        "%(num)s blanks are needed, and you keep %(held)s from this number on. Receive more, have some handed to you,"
        " or print fewer.", wanted, held=held,
    ),
    "printing-unsettled": _l("First say what came out of your earlier printing: it still waits under Blanks."),
    "not-your-blank": _l("%(number)s is not an unused blank of this kind that you keep. Look at the sheet on top."),
    "blank-misread": _l("Write series and number as they stand on the sheet, for example UZ 0000123."),
    "printing-settled": _l("It was already said what came out of this printing. Look at its page."),
    "sheets-misread": _l("Write numbers of sheets like 3, 7 or 12-14."),
}  # fmt: skip
