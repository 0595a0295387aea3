"""A rendered document made final: its badge attached, and signed with its provider's key, so that every change shows."""

import structlog

from retrain import clock
from retrain.certificates import badges, freezing, keyring, signing
from retrain.certificates.devices import DeviceProblem
from retrain.certificates.models import Certificate
from retrain.language import pick
from retrain.refusal import Refusal, Refused


def finished(row: Certificate, pdf: bytes) -> bytes:
    """The document as its holder gets it. Raises Refused when the provider's key can't sign today."""
    public = row.frozen["public"]
    about = signing.About(
        name=pick(public["issuer"], "uz"), at=clock.now(), check_url=freezing.check_address(row.token)
    )
    try:
        badge = signing.Attachment(
            badges.FILE, badges.MEDIA_TYPE, badges.signed(row).encode(), "Open Badge 3.0"
        )
        return signing.signed(pdf, keyring.layout_for(row.provider_id), about, [badge])
    except DeviceProblem as problem:
        structlog.get_logger().error("a document was not signed", certificate=row.id, why=str(problem))
        raise Refused(Refusal.of("device-away")) from None
