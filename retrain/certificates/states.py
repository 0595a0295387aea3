"""What a certificate can be, and who received it how."""

from enum import StrEnum


class CertificateState(StrEnum):
    """A certificate is replaced or revoked, never edited or deleted."""

    PREPARED = "prepared"
    ISSUED = "issued"
    HANDED_OVER = "handed_over"
    REPLACED = "replaced"
    REVOKED = "revoked"


MOVES: dict[CertificateState, frozenset[CertificateState]] = {
    CertificateState.PREPARED: frozenset({CertificateState.ISSUED}),
    CertificateState.ISSUED: frozenset(
        {CertificateState.HANDED_OVER, CertificateState.REPLACED, CertificateState.REVOKED}
    ),
    CertificateState.HANDED_OVER: frozenset({CertificateState.REPLACED, CertificateState.REVOKED}),
    CertificateState.REPLACED: frozenset(),
    CertificateState.REVOKED: frozenset(),
}

LIVING = frozenset({CertificateState.PREPARED, CertificateState.ISSUED, CertificateState.HANDED_OVER})


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
