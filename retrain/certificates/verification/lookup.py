"""The public check: what a token, or a number with its code, shows; with as little as proves it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app

from retrain.certificates import check_code, queries
from retrain.certificates.models import Certificate
from retrain.certificates.states import CertificateState

STATUS = {
    CertificateState.PREPARED: "not_yet_issued",
    CertificateState.ISSUED: "valid",
    CertificateState.HANDED_OVER: "valid",
    CertificateState.REPLACED: "replaced",
    CertificateState.REVOKED: "revoked",
}


@dataclass(frozen=True)
class Shown:
    """What the public page and its JSON say of a certificate. No PINFL, birthday, workplace or points."""

    status: str
    name: str
    titles: dict[str, str]
    hours: int
    starts_on: date
    ends_on: date
    issued_on: date
    issuer: dict[str, str]
    number: str
    document_type: str
    ended_on: date | None
    why_revoked: str
    order: str
    """Number of the order that revoked it, if there was one."""
    order_on: date | None
    replaced_by: str | None
    """The number that stands on the document in its place; whoever has that one checks it by itself."""
    token: str


def key() -> bytes:
    """The key check codes are made with."""
    return str(current_app.config["SECRET_KEY"]).encode()


def by_token(token: str) -> Shown | None:
    """What the QR code of a certificate leads to; nothing for any other token."""
    found = checked(token)
    return found[0] if found else None


@dataclass(frozen=True)
class Logged:
    """Since when the public log tells of a document as it stands, and the first head that binds it; None: not yet."""

    since: datetime
    head: date | None


def checked(token: str) -> tuple[Shown, Logged | None] | None:
    """What a QR code leads to, and where the public log stands with it."""
    found = queries.checked(token)
    if found is None:
        return None
    by = check_code.shown(found.successor_series, found.successor_number) if found.successor_series else None
    return _shown(found, by), Logged(found.since, found.head) if found.since else None


def by_number(number: str, code: str) -> Shown | None:
    """The certificate with this number and this check code; nearly right shows nothing."""
    parsed = check_code.normalise_number(number)
    if parsed is None:
        return None
    found = queries.by_number(*parsed, check_code.normalise_code(code))
    return shown(found[0]) if len(found) == 1 else None


def shown(row: Certificate) -> Shown:
    """What anybody who holds the document may see of it."""
    by = queries.certificate(row.replaced_by_id) if row.replaced_by_id else None
    return _shown(row, check_code.shown(by.series, by.number) if by else None)


def _shown(row: Any, replaced_by: str | None) -> Shown:
    public: dict[str, Any] = row.frozen["public"]
    return Shown(
        status=STATUS[row.state],
        name=public["name"],
        titles=public["titles"],
        hours=public["hours"],
        starts_on=date.fromisoformat(public["starts_on"]),
        ends_on=date.fromisoformat(public["ends_on"]),
        issued_on=date.fromisoformat(public["issued_on"]),
        issuer=public["issuer"],
        number=check_code.shown(row.series, row.number),
        document_type=row.document_type.value,
        ended_on=row.ended_on,
        why_revoked=(row.end_reason or "") if row.state is CertificateState.REVOKED else "",
        order=row.end_order or "",
        order_on=row.end_order_on,
        replaced_by=replaced_by,
        token=row.token,
    )
