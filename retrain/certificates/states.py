"""What a certificate can be, and who received it how."""

from enum import StrEnum


class CertificateState(StrEnum):
    """A certificate is replaced or revoked, never edited or deleted."""

    PREPARED = "prepared"
    """Numbered and dated ahead, to be printed and signed on paper; it proves nothing before its day."""
    ISSUED = "issued"
    HANDED_OVER = "handed_over"
    REPLACED = "replaced"
    REVOKED = "revoked"


MOVES: dict[CertificateState, frozenset[CertificateState]] = {
    CertificateState.PREPARED: frozenset({CertificateState.ISSUED, CertificateState.REVOKED}),
    CertificateState.ISSUED: frozenset(
        {CertificateState.HANDED_OVER, CertificateState.REPLACED, CertificateState.REVOKED}
    ),
    CertificateState.HANDED_OVER: frozenset({CertificateState.REPLACED, CertificateState.REVOKED}),
    CertificateState.REPLACED: frozenset(),
    CertificateState.REVOKED: frozenset(),
}

VALID = frozenset({CertificateState.ISSUED, CertificateState.HANDED_OVER})

LIVING = VALID | {CertificateState.PREPARED}


class Ground(StrEnum):
    """Why a document is issued once more."""

    LOST = "lost"
    UNUSABLE = "unusable"
    NAME_CHANGED = "name_changed"
    MISTAKE = "mistake"


class Part(StrEnum):
    """What of a document may be put right."""

    NAME = "name"
    WORKPLACE = "workplace"
    COURSE = "course"
    PERIOD = "period"
    RESULT = "result"
    ORDER = "order"


class ReceivedBy(StrEnum):
    """How a document left the office."""

    SELF = "self"
    PROXY = "proxy"
    POST = "post"


class BlankState(StrEnum):
    """Where one numbered sheet of state paper is. Each is always in one of these, so that the count adds up."""

    UNUSED = "unused"
    SET_ASIDE = "set_aside"
    """In the tray of a printing that nobody has settled."""
    USED = "used"
    SPOILED = "spoiled"
    LOST = "lost"
    RETURNED = "returned"


BLANK_MOVES: dict[BlankState, frozenset[BlankState]] = {
    BlankState.UNUSED: frozenset(
        {BlankState.SET_ASIDE, BlankState.SPOILED, BlankState.LOST, BlankState.RETURNED, BlankState.USED}
    ),
    BlankState.SET_ASIDE: frozenset({BlankState.UNUSED, BlankState.USED, BlankState.SPOILED}),
    BlankState.USED: frozenset({BlankState.SPOILED}),
    BlankState.SPOILED: frozenset(),
    BlankState.LOST: frozenset(),
    BlankState.RETURNED: frozenset(),
}

WRITTEN_OFF = (BlankState.SPOILED, BlankState.LOST, BlankState.RETURNED)
"""What an unused blank can become without being printed on."""


class Entry(StrEnum):
    """A line of the book of blanks: what happened to a range of them."""

    RECEIVED = "received"
    HANDED = "handed"
    USED = "used"
    SPOILED = "spoiled"
    LOST = "lost"
    RETURNED = "returned"


class PrintingState(StrEnum):
    """A printing is open until the officer has said which sheets came out."""

    OPEN = "open"
    SETTLED = "settled"
    GIVEN_UP = "given_up"


class Fate(StrEnum):
    """What became of a document in a printing."""

    WAITING = "waiting"
    GOOD = "good"
    SPOILED = "spoiled"
    NOT_PRINTED = "not_printed"


class ActState(StrEnum):
    """An act of spoiled blanks is drafted by the program and signed by people."""

    DRAFT = "draft"
    SIGNED = "signed"


class NameCheckState(StrEnum):
    """What a teacher, and then the office, said of the lines a document is to bear."""

    CONFIRMED = "confirmed"
    ASKED = "asked"
    CORRECTED = "corrected"
    DECLINED = "declined"


NAME_CHECK_MOVES: dict[NameCheckState | None, frozenset[NameCheckState]] = {
    None: frozenset({NameCheckState.CONFIRMED, NameCheckState.ASKED}),
    NameCheckState.CONFIRMED: frozenset({NameCheckState.CONFIRMED, NameCheckState.ASKED}),
    NameCheckState.ASKED: frozenset(
        {NameCheckState.CORRECTED, NameCheckState.DECLINED, NameCheckState.CONFIRMED}
    ),
    NameCheckState.CORRECTED: frozenset({NameCheckState.CONFIRMED, NameCheckState.ASKED}),
    NameCheckState.DECLINED: frozenset({NameCheckState.CONFIRMED, NameCheckState.ASKED}),
}


class Rendition(StrEnum):
    """How a document goes on paper: whole, or only what a state blank lacks."""

    FULL = "full"
    OVERLAY = "overlay"


class EventKind(StrEnum):
    """What the public log tells of a document."""

    ISSUED = "issued"
    REPLACED = "replaced"
    REVOKED = "revoked"


class KeyPlace(StrEnum):
    """Where the secret half of a signing key is."""

    FILE = "file"
    DEVICE = "device"


class RegistryState(StrEnum):
    """Where a document stands with a national register."""

    SENT = "sent"
    ACCEPTED = "accepted"
    ERROR = "error"
