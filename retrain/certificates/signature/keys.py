"""Keys to sign documents with: made, read from what an authority hands out, and used. Nothing here knows a database.

P-256 or RSA: readers of PDFs refuse other kinds.
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from retrain.certificates.signature.cms import LONGEST_DER
from retrain.refusal import Refusal

Private = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

VALID_FOR = timedelta(days=3 * 365)
LEAST_RSA_BITS = 2048
WARN_BEFORE = timedelta(days=60)
_FAULTLESS_START = timedelta(minutes=5)
"""Clocks of two machines differ a little: a key may be used as soon as it is made."""


class Unreadable(ValueError):
    """What was handed in is no key and certificate, or its password is another."""


@dataclass(frozen=True)
class Material:
    """A private key and the certificates that vouch for it, its own first."""

    private: Private
    chain: list[x509.Certificate]


def algorithm_of(key: object) -> str | None:
    """``p256`` or ``rsa``; None for a key that readers of PDFs don't take."""
    if isinstance(key, ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey):
        return "p256" if isinstance(key.curve, ec.SECP256R1) else None
    return "rsa" if isinstance(key, rsa.RSAPrivateKey | rsa.RSAPublicKey) else None


def make(algorithm: str, provider: str, now: datetime) -> Material:
    """A new key with a certificate of its own hand, until an authority gives it another."""
    private: Private = (
        rsa.generate_private_key(65537, 3072)
        if algorithm == "rsa"
        else ec.generate_private_key(ec.SECP256R1())
    )
    return Material(private, [_self_signed(private, provider, now)])


def _named(provider: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, provider[:64]),
                      x509.NameAttribute(NameOID.COMMON_NAME, provider[:64])])  # fmt: skip


def _self_signed(private: Private, provider: str, now: datetime) -> x509.Certificate:
    public = private.public_key()
    identifier = x509.SubjectKeyIdentifier.from_public_key(public)
    return (
        x509.CertificateBuilder()
        .subject_name(_named(provider))
        .issuer_name(_named(provider))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _FAULTLESS_START)
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(), critical=True)
        .add_extension(identifier, critical=False)
        .sign(private, hashes.SHA256())
    )


def _usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def request(private: Private, provider: str) -> str:
    """What an authority asks for before it issues a certificate for the key, as PEM."""
    made = (
        x509.CertificateSigningRequestBuilder().subject_name(_named(provider)).sign(private, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


def read(content: bytes, password: bytes | None = None) -> Material:
    """The key and certificates in a PEM or PKCS #12 file. Raises Unreadable."""
    try:
        if b"-----BEGIN" in content:
            private = serialization.load_pem_private_key(content, password)
            return Material(private, read_chain(content))  # type: ignore[arg-type]
        held = pkcs12.load_pkcs12(content, password)
    except (ValueError, TypeError) as error:
        raise Unreadable(str(error)) from error
    if held.key is None or held.cert is None:
        raise Unreadable("no key or no certificate")
    return Material(held.key, [held.cert.certificate, *(each.certificate for each in held.additional_certs)])  # type: ignore[arg-type]


def read_chain(content: bytes) -> list[x509.Certificate]:
    """Certificates in PEM, or one in DER, in the order they vouch for one another. Raises Unreadable."""
    try:
        if b"-----BEGIN" in content:
            return in_order(x509.load_pem_x509_certificates(content))
        return [x509.load_der_x509_certificate(content)]
    except ValueError as error:
        raise Unreadable(str(error)) from error


def in_order(chain: list[x509.Certificate]) -> list[x509.Certificate]:
    """*chain* with the certificate first that vouches for no other, then who vouches for it."""
    issuers = {each.issuer for each in chain if each.issuer != each.subject}
    found = [each for each in chain if each.subject not in issuers][:1] or chain[:1]
    rest = [each for each in chain if each not in found]
    while rest and (above := next((each for each in rest if each.subject == found[-1].issuer), None)):
        found.append(above)
        rest.remove(above)
    return found + rest


def faults(public: object, chain: Sequence[x509.Certificate], now: datetime) -> list[Refusal]:
    """Why documents can't be signed with a key and these certificates; empty when they can."""
    if algorithm_of(public) is None:
        return [Refusal.of("key-of-other-kind", "file")]
    found, own = [], chain[0]
    if isinstance(public, rsa.RSAPublicKey) and public.key_size < LEAST_RSA_BITS:
        found.append(Refusal.of("key-too-short", "file", bits=public.key_size))
    if own.public_key() != public:
        found.append(Refusal.of("key-of-another-certificate", "file"))
    if own.not_valid_after_utc <= now:
        found.append(Refusal.of("certificate-expired", "file", on=own.not_valid_after_utc))
    if own.not_valid_before_utc > now + _FAULTLESS_START:
        found.append(Refusal.of("certificate-not-yet-valid", "file", on=own.not_valid_before_utc))
    for below, above in pairwise(chain):
        try:
            below.verify_directly_issued_by(above)
        except (ValueError, TypeError, InvalidSignature):
            found.append(Refusal.of("chain-broken", "file", subject=_common_name(below.subject)))
    return found


def _common_name(name: x509.Name) -> str:
    names = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else name.rfc4514_string()


def issuer_of(chain: Sequence[x509.Certificate]) -> str:
    """Who vouches for a key, by name; empty when nobody does but itself."""
    own = chain[0]
    return "" if own.issuer == own.subject else _common_name(own.issuer)


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the public key: the same when an authority issues another certificate for it."""
    der = certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return hashlib.sha256(der).hexdigest()


def pem(chain: Sequence[x509.Certificate]) -> str:
    """*chain* as PEM."""
    return "".join(each.public_bytes(serialization.Encoding.PEM).decode() for each in chain)


def keep(private: Private, path: Path) -> None:
    """Write the key into *path*, readable by the program alone; whole, or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(written)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def kept(path: Path) -> Private:
    """The key in *path*. Raises OSError, or Unreadable."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise Unreadable(str(error)) from error
    if not isinstance(key, Private) or algorithm_of(key) is None:
        raise Unreadable("a key of another kind")
    return key


class FileSigner:
    """Signs with a key that was read from a file once."""

    def __init__(self, private: Private, chain: Sequence[x509.Certificate]) -> None:
        self._private = private
        self.algorithm = algorithm_of(private) or ""
        self.chain = [each.public_bytes(serialization.Encoding.DER) for each in chain]
        self.longest = LONGEST_DER if self.algorithm == "p256" else private.key_size // 8

    def sign(self, data: bytes) -> bytes:
        """The signature over *data*."""
        if isinstance(self._private, ec.EllipticCurvePrivateKey):
            return self._private.sign(data, ec.ECDSA(hashes.SHA256()))
        return self._private.sign(data, padding.PKCS1v15(), hashes.SHA256())
