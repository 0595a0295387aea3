"""A signature as PDF readers want it (CMS with the attributes of PAdES B-B), laid out once for a key.

Only the digest of the file and the signature itself differ from one document to the next, so the rest is put
together once and these are written into their places.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Protocol

from asn1crypto import algos, cms, tsp, x509

_DIGEST = b"\xaa" * 32
_SIGNATURE = b"\xbb"
LONGEST_DER = 72
"""Bytes of a P-256 signature, at most."""


class Signer(Protocol):
    """Whatever holds a private key and signs with it: a file, a device."""

    algorithm: str
    """``p256`` or ``rsa``."""
    chain: list[bytes]
    """DER certificates, the key's own first."""
    longest: int
    """Bytes of its longest signature."""

    def sign(self, data: bytes) -> bytes:
        """The signature over the SHA-256 of *data*: DER for P-256, PKCS #1 v1.5 for RSA."""
        ...


class Stamps(Protocol):
    """A time-stamp service."""

    longest: int

    def stamp(self, imprint: bytes) -> cms.ContentInfo:
        """The token that says when the SHA-256 *imprint* existed."""
        ...


@dataclass
class Layout:
    """The signature of one key with holes where digest and signature go."""

    signer: Signer
    stamps: Stamps | None = None
    _parts: dict[int, tuple[bytes, bytes, bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._certificates = [x509.Certificate.load(der) for der in self.signer.chain]
        self._attributes = cms.CMSAttributes(
            [
                cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
                cms.CMSAttribute({"type": "message_digest", "values": [_DIGEST]}),
                cms.CMSAttribute({"type": "signing_certificate_v2", "values": [self._bound()]}),
            ]
        )
        self._signed_before, self._signed_after = self._attributes.dump().split(_DIGEST)

    def _bound(self) -> tsp.SigningCertificateV2:
        """Names the certificate under the signature, so that no other of the same key can be put in its place."""
        digest = hashlib.sha256(self.signer.chain[0]).digest()
        return tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2({"cert_hash": digest})]})

    @property
    def longest(self) -> int:
        """How many bytes the finished signature takes at most."""
        plain = sum(map(len, self._layout(self.signer.longest))) + len(_DIGEST) + self.signer.longest
        return plain + (self.stamps.longest if self.stamps else 0)

    def sign(self, digest: bytes) -> bytes:
        """The finished signature over a file with this SHA-256 *digest*, as DER."""
        signature = self.signer.sign(self._signed_before + digest + self._signed_after)
        if self.stamps is not None:
            return self._stamped(digest, signature)
        start, middle, end = self._layout(len(signature))
        return b"".join((start, digest, middle, signature, end))

    def _layout(self, length: int) -> tuple[bytes, bytes, bytes]:
        if length not in self._parts:
            mark = _SIGNATURE * length
            start, rest = self._content(self._attributes, mark).dump().split(_DIGEST)
            middle, end = rest.split(mark)
            self._parts[length] = start, middle, end
        return self._parts[length]

    def _stamped(self, digest: bytes, signature: bytes) -> bytes:
        assert self.stamps is not None
        token = self.stamps.stamp(hashlib.sha256(signature).digest())
        attributes = cms.CMSAttributes.load(self._signed_before + digest + self._signed_after)
        unsigned = cms.CMSAttributes(
            [cms.CMSAttribute({"type": "signature_time_stamp_token", "values": [token]})]
        )
        whole: bytes = self._content(attributes, signature, unsigned).dump()
        return whole

    def _content(
        self, attributes: cms.CMSAttributes, signature: bytes, unsigned: cms.CMSAttributes | None = None
    ) -> cms.ContentInfo:
        own = self._certificates[0]
        info = {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {"issuer_and_serial_number": {"issuer": own.issuer, "serial_number": own.serial_number}}
            ),
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": attributes,
            "signature_algorithm": self._algorithm(),
            "signature": signature,
        }
        if unsigned is not None:
            info["unsigned_attrs"] = unsigned
        data = {
            "version": "v1",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": "data"},
            "certificates": self._certificates,
            "signer_infos": [info],
        }
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(data)})

    def _algorithm(self) -> algos.SignedDigestAlgorithm:
        name = {"p256": "sha256_ecdsa", "rsa": "sha256_rsa"}[self.signer.algorithm]
        return algos.SignedDigestAlgorithm({"algorithm": name})
