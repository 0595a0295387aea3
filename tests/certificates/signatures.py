"""What others say of a signed PDF: pyHanko and poppler's pdfsig."""

import io
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from asn1crypto import pem as asn1_pem
from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature, validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

Answer = TypeVar("Answer")


def roots(chain: str) -> list[x509.Certificate]:
    """The certificates of a PEM text."""
    if not chain:
        return []
    return [x509.Certificate.load(der) for _, _, der in asn1_pem.unarmor(chain.encode(), multiple=True)]


def apart(work: Callable[[], Answer]) -> Answer:
    """What *work* gives, done in a thread of its own.

    pyHanko starts an event loop for each question, and a thread in which a browser test ran has one already.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def judged(signature: EmbeddedPdfSignature, context: ValidationContext) -> PdfSignatureStatus:
    """What pyHanko says of one signature."""
    return apart(lambda: validate_pdf_signature(signature, context))


def hanko(pdf: bytes, chain: str, moment: datetime | None = None, more: str = "") -> PdfSignatureStatus:
    """What pyHanko says of the only signature in *pdf*, when it trusts the last certificate of *chain* and *more*."""
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    certificates = roots(chain)
    context = ValidationContext(
        trust_roots=[*certificates[-1:], *roots(more)], other_certs=certificates, moment=moment
    )
    return judged(signature, context)


def poppler(pdf: bytes, folder: Path) -> str:
    """What pdfsig prints; empty when it is not installed."""
    if shutil.which("pdfsig") is None:
        return ""
    path = folder / "signed.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=True).stdout
