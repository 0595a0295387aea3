"""Anyone brings a PDF to the check page and learns whether it is the one that was issued."""

import hashlib
import io

import pikepdf
import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pyhanko.sign.general import SigningError
from pyhanko_certvalidator import ValidationContext

from retrain import files
from retrain.certificates import service
from retrain.certificates.models import Certificate
from retrain.certificates.signature import keyring, keys
from retrain.certificates.states import Ground
from retrain.certificates.verification import pages
from retrain.extensions import db
from tests.certificates.signatures import apart, judged, roots


@pytest.fixture
def pdf(country, issued) -> bytes:
    return files.read(service.file_of(country.hr_officer, issued[0].id))


def brought(client, content: bytes, name="guvohnoma.pdf"):
    data = {"file": (io.BytesIO(content), name)}
    return client.post("/verify/file?lang=en", data=data, content_type="multipart/form-data")


def first_signature_holds(country, content: bytes, moment) -> bool:
    """What pyHanko says of the issuer's signature in the file."""
    signature = PdfFileReader(io.BytesIO(content)).embedded_signatures[0]
    certificates = roots(keyring.in_use(country.provider.id).chain)
    context = ValidationContext(trust_roots=certificates[-1:], other_certs=certificates, moment=moment)
    return judged(signature, context).bottom_line


def rewritten(content: bytes, change) -> bytes:
    """The file opened in a program, changed and saved under the old name."""
    with pikepdf.open(io.BytesIO(content)) as document:
        change(document)
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def appended(content: bytes, change) -> bytes:
    """The same, written behind the signed file as programs for signing do."""
    writer, out = IncrementalPdfFileWriter(io.BytesIO(content)), io.BytesIO()
    change(writer)
    writer.write(out)
    return out.getvalue()


def one_page_more(document) -> None:
    document.pages.append(document.pages[0])


def another_name(document) -> None:
    page = document.pages[0]
    page.contents_add(b"BT /F1 30 Tf 100 100 Td (Boshqa Odam) Tj ET")


def page_behind(writer) -> None:
    from pyhanko.pdf_utils.writer import PageObject

    page = writer.root["/Pages"]["/Kids"][0].get_object()
    new = PageObject(contents=page.raw_get("/Contents"), media_box=(0, 0, 595, 842))
    writer.insert_page(new)


def name_over_it(writer) -> None:
    from pyhanko.pdf_utils import generic

    stream = writer.add_object(generic.StreamObject(stream_data=b"BT (Boshqa Odam) Tj ET"))
    writer.add_stream_to_page(0, stream)


def signed_again(content: bytes, clock) -> bytes:
    """The file with somebody else's signature on top."""
    other = keys.make("p256", "Boshqa tashkilot", clock.moment)
    signer = signers.SimpleSigner(
        signing_cert=roots(keys.pem(other.chain))[0],
        signing_key=as_pyhanko(other.private),
        cert_registry=None,
    )
    writer, out = IncrementalPdfFileWriter(io.BytesIO(content)), io.BytesIO()
    append_signature_field(writer, SigFieldSpec("Signature2"))
    second = signers.PdfSigner(signers.PdfSignatureMetadata(field_name="Signature2"), signer)
    apart(lambda: second.sign_pdf(writer, output=out))
    return out.getvalue()


def as_pyhanko(private):
    from asn1crypto.keys import PrivateKeyInfo
    from cryptography.hazmat.primitives import serialization

    return PrivateKeyInfo.load(
        private.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def test_the_file_as_it_was_issued_is_authentic(country, issued, pdf, client, clock):
    page = brought(client, pdf).text
    assert "This is the file that was issued" in page
    assert "Genuine: MO № 000001" in page
    assert "Karimova001" in page
    assert first_signature_holds(country, pdf, clock.moment)


@pytest.mark.parametrize(
    ("attack", "sentence"),
    [
        (lambda pdf: rewritten(pdf, one_page_more), "What stands in it was changed"),
        (lambda pdf: rewritten(pdf, another_name), "What stands in it was changed"),
        (lambda pdf: appended(pdf, page_behind), "A page was added behind the signed file."),
        (lambda pdf: appended(pdf, name_over_it), "Something was written into it after it was signed."),
        (lambda pdf: pdf + b"\n", "Something was written into it after it was signed."),
    ],
    ids=["a page more", "another name", "a page behind", "a name over it", "an empty line"],
)
def test_an_altered_file_is_told_with_what_was_issued(country, pdf, client, clock, attack, sentence):
    forged = attack(pdf)
    page = brought(client, forged).text
    assert "This file was altered" in page
    assert sentence in page
    assert "Karimova001" in page  # as the register has it
    assert "What was issued: MO № 000001" in page
    assert "Genuine" not in page  # who reads in haste reads that word alone
    if forged.rstrip() != pdf.rstrip():
        assert not first_signature_holds(country, forged, clock.moment)


def test_a_second_signature_on_top_is_told(country, pdf, client, clock, monkeypatch):
    with pytest.raises(SigningError, match="forbids all changes"):
        signed_again(pdf, clock)
    # Whoever forges doesn't ask the first signature.
    monkeypatch.setattr(signers.PdfSigner, "_enforce_certification_constraints", lambda *_: None)
    forged = signed_again(pdf, clock)
    assert "Somebody put another signature on top of ours." in brought(client, forged).text
    assert not first_signature_holds(country, forged, clock.moment)


def test_a_whole_file_of_an_ended_document_says_so(country, issued, pdf, client):
    service.revoke(country.hr_officer, issued[0].id, "buyruq 40-k")
    page = brought(client, pdf).text
    assert "This is the file that was issued" in page
    assert "Revoked: MO № 000001" in page
    assert page.index("Revoked: MO № 000001") < page.index(
        "This is the file that was issued"
    )  # what counts is first
    assert "<title>Revoked" in page
    assert "It was revoked on 21 September 2026 and is not valid any more." in page
    other = files.read(service.file_of(country.hr_officer, issued[1].id))
    service.replace(country.hr_officer, issued[1].id, Ground.LOST, "ariza")
    assert (
        "another document, MO\N{NO-BREAK SPACE}№\N{NO-BREAK SPACE}000003, was issued in its place"
        in brought(client, other).text
    )


def test_a_file_of_somebody_else_is_unknown(pdf, client, clock):
    strange = pikepdf.new()
    strange.add_blank_page()
    out = io.BytesIO()
    strange.save(out)
    assert "This file is not known" in brought(client, out.getvalue()).text
    elsewhere = b"%PDF-1.7 (https://elsewhere.example/verify/AAAAAAAAAAAAAAAAAAAAAA) %%EOF"
    assert "This file is not known" in brought(client, elsewhere).text
    packed = b"%PDF-1.7\n" + b"stream\n" * 500 + b"%%EOF" * 5000
    assert "This file is not known" in brought(client, packed).text


def test_a_file_signed_with_our_key_that_the_register_lacks_is_told(issued, pdf, client):
    db.session.get(Certificate, issued[0].id).file_digest = hashlib.sha256(b"another").hexdigest()
    db.session.get(Certificate, issued[0].id).token = "x" * 22
    db.session.commit()
    assert "This file is not in the register" in brought(client, pdf).text


def test_what_is_no_pdf_is_refused_in_words(client, monkeypatch):
    assert "Choose the PDF file." in brought(client, b"\xff\xd8\xff picture", "photo.jpg").text
    assert "Choose the PDF file." in client.post("/verify/file?lang=en").text
    monkeypatch.setattr(pages, "LIMIT", 1024 * 1024 // 8)
    big = brought(client, b"%PDF-1.7" + b"0" * pages.LIMIT)
    assert (big.status_code, "This file is bigger than 0.1 MB" in big.text) == (422, True)


def test_trying_files_out_is_slowed_down(client):
    codes = [brought(client, b"%%PDF-1.7 %d" % turn).status_code for turn in range(pages.FREE_CHECKS + 3)]
    assert (codes[0], codes[-1]) == (200, 429)
