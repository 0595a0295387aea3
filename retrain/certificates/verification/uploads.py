"""What a PDF that somebody was given is: the file as it was issued, one that was altered, or none of ours.

The register knows the digest of each file, so nothing in the file is believed: what stands in it only leads to the
document that it claims to be. No reader of PDFs is let loose on what a stranger hands in; bytes are compared, and
what is packed is unpacked only so far.
"""

import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from retrain.certificates import queries
from retrain.certificates.signature import keys
from retrain.certificates.verification import lookup
from retrain.certificates.verification.lookup import Shown

_END = re.compile(rb"%%EOF[ \t]*\r?\n?")
_TOKEN = re.compile(rb"/verify/([A-Za-z0-9_-]{22})(?![A-Za-z0-9_-])")
_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,9})\s+(\d{1,9})\s+(\d{1,9})\s*\]")
_COUNT = re.compile(rb"/Count\s+(\d{1,6})")
_STREAM = re.compile(rb"stream\r?\n")
_MOST = 64
"""Parts, tokens, signatures and packed pieces that are looked at in one file."""

_UNPACKED = 256 * 1024
_LONGEST_SIGNATURE = 64 * 1024
_NONSENSE = (
    ValueError, TypeError, KeyError, StopIteration, AttributeError, IndexError, OverflowError, UnsupportedAlgorithm,
)  # fmt: skip
"""What comes of reading a signature that a stranger made up."""


@dataclass(frozen=True)
class Told:
    """*verdict*: authentic, altered, unregistered or unknown; *why* says how it was altered, by code."""

    verdict: str
    shown: Shown | None = None
    why: str = ""


def tell(content: bytes) -> Told:
    """What the register says of a file."""
    digests = _digests(content)
    issued = {row.file_digest: row for row in queries.by_file_digests([digest for _, digest in digests])}
    if whole := issued.get(digests[-1][1]):
        return Told("authentic", lookup.shown(whole))
    for end, digest in digests:
        if digest in issued:
            return Told("altered", lookup.shown(issued[digest]), _added(content, end))
    for token in _tokens(content):
        if found := lookup.by_token(token):
            return Told("altered", found, "changed")
    return Told("unregistered" if _is_signed_by_ours(content) else "unknown")


def _digests(content: bytes) -> list[tuple[int, str]]:
    """Where each state of the file ended, and its digest: a PDF is changed by writing more behind it."""
    ends = [match.end() for match, _ in zip(_END.finditer(content), range(_MOST), strict=False)]
    found, digest, done = [], hashlib.sha256(), 0
    for end in sorted({*ends, len(content)}):
        digest.update(content[done:end])
        done = end
        found.append((end, digest.hexdigest()))
    return found


def _added(content: bytes, end: int) -> str:
    """What was written behind the issued file that ended at *end*."""
    more = content[end:]
    text = b"\n".join((more, *_unpacked(more)))
    if b"/ByteRange" in text:
        return "signature-on-top"
    before = max((int(count) for count in _COUNT.findall(content[:end])), default=0)
    return "page-added" if any(int(count) > before for count in _COUNT.findall(text)) else "added"


def _tokens(content: bytes) -> list[str]:
    """Tokens of check pages that stand in the file: in the open, where our signature puts one, or packed."""
    found: dict[str, None] = {}
    for text in (content, *_unpacked(content)):
        found |= dict.fromkeys(match.decode() for match in _TOKEN.findall(text)[:_MOST])
    return list(found)[:_MOST]


def _unpacked(content: bytes) -> Iterator[bytes]:
    """The beginnings of what is packed in the file."""
    for match, _ in zip(_STREAM.finditer(content), range(_MOST), strict=False):
        try:
            yield zlib.decompressobj().decompress(content[match.end() : match.end() + _UNPACKED], _UNPACKED)
        except zlib.error:
            continue


def _is_signed_by_ours(content: bytes) -> bool:
    """Whether the file carries a whole signature by one of our providers' keys: then its document is missing."""
    for match, _ in zip(_RANGE.finditer(content), range(_MOST), strict=False):
        first, second, rest = map(int, match.groups())
        if not first < second <= first + 2 * _LONGEST_SIGNATURE or second + rest > len(content):
            continue
        try:
            signed = cms.ContentInfo.load(bytes.fromhex(content[first + 1 : second - 1].decode()))["content"]
            if _holds(signed, hashlib.sha256(content[:first] + content[second : second + rest]).digest()):
                return True
        except _NONSENSE:
            continue  # no signature, however it looks
    return False


def _holds(signed: cms.SignedData, digest: bytes) -> bool:
    """Whether a signature is by a key of ours, and over a file of this digest."""
    (info,) = signed["signer_infos"]
    said = next(each for each in info["signed_attrs"] if each["type"].native == "message_digest")
    if said["values"][0].native != digest:
        return False
    named = (
        x509.load_der_x509_certificate(each.chosen.dump()) for each in signed["certificates"]
    )  # in any order
    own = next(each for each in named if queries.is_key_of_ours(keys.fingerprint(each)))
    data, signature, public = info["signed_attrs"].untag().dump(), info["signature"].native, own.public_key()
    try:
        if isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(signature, data, ec.ECDSA(hashes.SHA256()))
        elif isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True
