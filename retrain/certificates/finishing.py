"""A rendered document made final: its badge attached, and signed with its provider's key, so that every change shows."""

from dataclasses import dataclass

import structlog

from retrain import clock
from retrain.certificates import badges, freezing
from retrain.certificates.models import Certificate
from retrain.certificates.signature import keyring, signing
from retrain.certificates.signature.cms import Layout
from retrain.certificates.signature.devices import DeviceProblem
from retrain.extensions import db
from retrain.language import pick
from retrain.people.models import Organisation
from retrain.refusal import Refusal, Refused


@dataclass(frozen=True)
class Hand:
    """Who signs: a provider with its key, found once for many documents."""

    code: str
    layout: Layout


def hand_of(provider_id: int) -> Hand:
    """The provider's. Raises Refused when its key can't sign today."""
    layout = keyring.layout_for(provider_id)
    return Hand(db.session.get_one(Organisation, provider_id).code, layout)


def finished(row: Certificate, pdf: bytes, hand: Hand) -> bytes:
    """The document as its holder gets it. Raises Refused when the device that has the key is away."""
    public = row.frozen["public"]
    about = signing.About(
        name=pick(public["issuer"], "uz"), at=clock.now(), check_url=freezing.check_address(row.token)
    )
    try:
        badge = badges.jwt(hand.layout.signer, hand.code, badges.credential(row, hand.code)).encode()
        attached = signing.Attachment(badges.FILE, badges.MEDIA_TYPE, badge, "Open Badge 3.0")
        return signing.signed(pdf, hand.layout, about, [attached])
    except DeviceProblem as problem:
        structlog.get_logger().error("a document was not signed", certificate=row.id, why=str(problem))
        raise Refused(Refusal.of("device-away")) from None
