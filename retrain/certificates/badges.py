"""Each document as an Open Badge 3.0: a W3C Verifiable Credential that other programs read and check.

Signed as a JWT (RFC 7515) with the key that signs the PDF, and with an entry in a Bitstring Status List, so that
whoever holds it sees when it was replaced or revoked. Made from frozen data alone.
"""

import base64
import gzip
import hashlib
import io
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from flask import current_app
from sqlalchemy import func, select

from retrain.certificates.freezing import check_address
from retrain.certificates.models import Certificate, SigningKey
from retrain.certificates.signature import keyring, keys
from retrain.certificates.signature.cms import Signer
from retrain.certificates.states import CertificateState
from retrain.extensions import db
from retrain.language import pick
from retrain.people.models import Organisation

CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
MEDIA_TYPE = "application/vc+jwt"
FILE = "badge.jwt"
"""How the badge is called among the files attached to a PDF."""

KID = 16
LIST_SIZE = 131_072
"""Entries of one status list: the least the recommendation allows, so that one entry hides among many."""

GOOD_FOR = 300
"""Seconds for which a status list is the same while nothing ends, and for which others may keep it."""

_LISTS: dict[bytes, str] = {}
"""Signed status lists by what they say and under which key."""
_MOST_KEPT = 64

ENDED = (CertificateState.REPLACED, CertificateState.REVOKED)


def credential(row: Certificate, issuer_code: str) -> dict[str, Any]:
    """What the badge says, as plain JSON."""
    public, document = row.frozen["public"], row.frozen["document"]
    language, base = document["language"], _base()
    checked = check_address(row.token)
    issuer = f"{base}/issuers/{issuer_code}"
    name = pick(public["titles"], language)
    subject: dict[str, Any] = {
        "id": f"{checked}#holder",  # whoever the page names: the standard asks for one, and a person has no address
        "type": ["AchievementSubject"],
        "identifier": [
            {
                "type": "IdentityObject",
                "hashed": False,
                "identityHash": public["name"],
                "identityType": "name",
            }
        ],
        "activityStartDate": _midnight(public["starts_on"]),
        "activityEndDate": _midnight(public["ends_on"]),
        "achievement": {
            "id": f"{checked}#achievement",
            "type": ["Achievement"],
            "name": name,
            "description": name,
            "achievementType": "Diploma" if row.document_type == "retraining_diploma" else "Certificate",
            "criteria": {"narrative": f"{public['hours']} h, {public['starts_on']} – {public['ends_on']}"},
            "inLanguage": language,
        },
    }
    index, number = divmod(row.id, LIST_SIZE)[::-1]
    status = f"{issuer}/status/{number}"
    return {
        "@context": CONTEXTS,
        "id": checked,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{name}: {row.registration_number}",
        "issuer": profile(issuer_code, pick(public["issuer"], language)),
        "validFrom": _written(row.issued_at),
        "awardedDate": _written(row.issued_at),
        "credentialSubject": subject,
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
        "credentialStatus": {
            "id": f"{status}#{index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(index),
            "statusListCredential": status,
        },
    }


def profile(code: str, name: str) -> dict[str, Any]:
    """Who issues, as a badge names them."""
    address = f"{_base()}/issuers/{code}"
    return {"id": address, "type": ["Profile"], "name": name, "url": address}


def signed(row: Certificate) -> str:
    """The badge as its holder gets it. Raises Refused when the provider's key can't sign today."""
    code = db.session.get_one(Organisation, row.provider_id).code
    return jwt(keyring.layout_for(row.provider_id).signer, code, credential(row, code))


def attached_to(pdf: bytes) -> bytes | None:
    """The badge in a document's own file; None in one from before there were badges."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return document.attachments[FILE].get_file().read_bytes() if FILE in document.attachments else None


def has_list(number: int) -> bool:
    """Whether there are documents that status list *number* could tell of; there is always a first one."""
    return number * LIST_SIZE <= (db.session.scalar(select(func.max(Certificate.id))) or 0)


def status_list(provider: Organisation, number: int, now: datetime) -> str:
    """The provider's status list *number*, signed: one bit a document, set when it is no longer valid.

    The same list is signed once in a while, not for each who asks: a key may be in a slow device.
    """
    first = number * LIST_SIZE
    ended = db.session.scalars(
        select(Certificate.id).where(
            Certificate.provider_id == provider.id, Certificate.state.in_(ENDED),
            Certificate.id >= first, Certificate.id < first + LIST_SIZE,
        )
    )  # fmt: skip
    address = f"{_base()}/issuers/{provider.code}/status/{number}"
    said = {
        "@context": CONTEXTS[:1],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": f"{_base()}/issuers/{provider.code}",
        "validFrom": _written(datetime.fromtimestamp(now.timestamp() // GOOD_FOR * GOOD_FOR, UTC)),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded(each - first for each in ended),
        },
    }
    signer = keyring.layout_for(provider.id).signer
    known = hashlib.sha256(b"".join((*signer.chain, _json(said).encode()))).digest()
    if known not in _LISTS:
        if len(_LISTS) >= _MOST_KEPT:
            _LISTS.clear()
        _LISTS[known] = jwt(signer, provider.code, said)
    return _LISTS[known]


def encoded(places: Iterable[int]) -> str:
    """A bit string with ones at *places*, zipped and in multibase; place 0 is the leftmost bit."""
    bits = bytearray(LIST_SIZE // 8)
    for place in places:
        bits[place >> 3] |= 0x80 >> (place & 7)
    return "u" + _text(gzip.compress(bytes(bits), mtime=0))


def jwt(signer: Signer, code: str, said: dict[str, Any]) -> str:
    """*said* signed with the key of the provider *code*, in compact form."""
    public = _jwk(signer.chain[0])
    head = {
        "alg": public["alg"],
        "typ": "JWT",  # Open Badges 3.0, 8.2.4.1, allows no other
        "kid": f"{_base()}/issuers/{code}/keys/{public['kid']}",  # where the key itself is found
    }
    claims = {
        "iss": said["issuer"] if isinstance(said["issuer"], str) else said["issuer"]["id"],
        "jti": said["id"],
        "sub": said["credentialSubject"]["id"],
    }
    at = datetime.fromisoformat(said["validFrom"])
    body = said | claims | {"nbf": int(at.timestamp())}
    signed_part = f"{_json(head)}.{_json(body)}"
    return f"{signed_part}.{_text(_raw(signer, signed_part.encode()))}"


def _raw(signer: Signer, data: bytes) -> bytes:
    """The signature as JWS wants it: of P-256 the two numbers side by side."""
    signature = signer.sign(data)
    if signer.algorithm != "p256":
        return signature
    r, s = decode_dss_signature(signature)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def jwk(row: SigningKey) -> dict[str, str]:
    """The public half of a key as a JSON Web Key."""
    return _jwk(keyring.chain_of(row)[0].public_bytes(serialization.Encoding.DER))


@lru_cache(maxsize=256)
def _jwk(certificate: bytes) -> dict[str, str]:
    own = x509.load_der_x509_certificate(certificate)
    public, known = own.public_key(), {"kid": keys.fingerprint(own)[:KID], "use": "sig"}
    if isinstance(public, ec.EllipticCurvePublicKey):
        at = public.public_numbers()
        places = {"x": _number(at.x, 32), "y": _number(at.y, 32)}
        return known | {"kty": "EC", "crv": "P-256", "alg": "ES256"} | places
    assert isinstance(public, rsa.RSAPublicKey)
    numbers = public.public_numbers()
    modulus = {"n": _number(numbers.n, public.key_size // 8), "e": _number(numbers.e, 3)}
    return known | {"kty": "RSA", "alg": "RS256"} | modulus


def _number(value: int, size: int) -> str:
    return _text(value.to_bytes(size, "big"))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _json(value: Any) -> str:
    return _text(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _midnight(day: str) -> str:
    return f"{day}T00:00:00Z"


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _base() -> str:
    return str(current_app.config["RETRAIN"].public_url)
