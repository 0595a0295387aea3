"""A forger with one real PDF and a good editor: every hand laid on it is told, and what was issued in truth is shown."""

import io

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from retrain import files
from retrain.certificates import badges, service
from retrain.certificates.models import Certificate
from retrain.certificates.signature import keyring, keys
from retrain.certificates.verification import uploads
from retrain.extensions import db
from tests.certificates.signatures import hanko, poppler
from tests.certificates.test_sign_documents import authority, certified, named


@pytest.fixture
def pdf(country, issued) -> bytes:
    return files.read(service.file_of(country.hr_officer, issued[0].id))


def brought(client, content: bytes) -> str:
    data = {"file": (io.BytesIO(content), "guvohnoma.pdf")}
    return client.post("/verify/file?lang=en", data=data, content_type="multipart/form-data").text


def behind(content: bytes, change) -> bytes:
    """The file with something written behind what was signed."""
    writer, out = IncrementalPdfFileWriter(io.BytesIO(content)), io.BytesIO()
    change(writer, writer.root["/Pages"]["/Kids"][0].get_object())
    writer.write(out)
    return out.getvalue()


def anew(content: bytes, change) -> bytes:
    """The file opened in an editor, changed and saved whole, its signature left in."""
    with pikepdf.open(io.BytesIO(content)) as document:
        change(document)
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def noted(writer, page, note) -> None:
    page["/Annots"] = generic.ArrayObject([*page["/Annots"], writer.add_object(note)])
    writer.update_container(page)


def a_name_in_a_note(writer, page) -> None:
    """A text laid over the name, as any reader lets one add it."""
    noted(writer, page, generic.DictionaryObject({
        pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name("/FreeText"),
        pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (100, 400, 500, 440))),
        pdf_name("/Contents"): generic.pdf_string("Boshqa Odam"),
        pdf_name("/DA"): generic.pdf_string("/Helv 24 Tf 0 g"),
    }))  # fmt: skip


def a_square_over_the_qr_code(writer, page) -> None:
    """Another code stamped on top of ours, that opens a page of the forger's."""
    picture = generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"), pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 60, 60))),
        },
        stream_data=b"0 0 60 60 re f",
    )  # fmt: skip
    noted(writer, page, generic.DictionaryObject({
        pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name("/Stamp"),
        pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (40, 40, 100, 100))),
        pdf_name("/Contents"): generic.pdf_string("https://elsewhere.example/verify/AAAAAAAAAAAAAAAAAAAAAA"),
        pdf_name("/AP"): generic.DictionaryObject({pdf_name("/N"): writer.add_object(picture)}),
    }))  # fmt: skip


def a_field_to_fill(writer, page) -> None:
    """A field of a form with a value in it."""
    field = generic.DictionaryObject({
        pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name("/Widget"),
        pdf_name("/FT"): pdf_name("/Tx"), pdf_name("/T"): generic.pdf_string("name"),
        pdf_name("/V"): generic.pdf_string("Boshqa Odam"),
        pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (100, 400, 500, 440))),
    })  # fmt: skip
    noted(writer, page, field)
    form = writer.root["/AcroForm"]
    form["/Fields"].append(page["/Annots"].raw_get(-1))
    writer.update_root()


def another_catalogue(writer, page) -> None:
    """Shadow attack: the whole tree of pages is exchanged for one that was prepared."""
    content = writer.add_object(generic.StreamObject(stream_data=b"BT (Boshqa Odam) Tj ET"))
    prepared = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Page"), pdf_name("/Contents"): content,
            pdf_name("/MediaBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842))),
        }
    )  # fmt: skip
    tree = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Pages"), pdf_name("/Count"): generic.NumberObject(1),
            pdf_name("/Kids"): generic.ArrayObject([writer.add_object(prepared)]),
        }
    )  # fmt: skip
    writer.root["/Pages"] = writer.add_object(tree)
    writer.update_root()


def a_layer_hidden(writer, page) -> None:
    """Shadow attack: what stands on the page is put out of sight and other content takes its place."""
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT (Boshqa Odam) Tj ET"))
    writer.update_container(page)


def another_badge(writer, page) -> None:
    """The badge attached to the document exchanged for somebody else's."""
    theirs = writer.add_object(
        generic.StreamObject({pdf_name("/Type"): pdf_name("/EmbeddedFile")}, stream_data=b"a.b.c")
    )
    spec = writer.root["/AF"][0]
    spec["/EF"] = generic.DictionaryObject({pdf_name("/F"): theirs, pdf_name("/UF"): theirs})
    writer.update_container(spec)


WRITTEN_BEHIND = (
    a_name_in_a_note, a_square_over_the_qr_code, a_field_to_fill, another_catalogue, a_layer_hidden, another_badge,
)  # fmt: skip


@pytest.mark.parametrize("forge", WRITTEN_BEHIND, ids=lambda each: each.__name__)
def test_what_is_written_behind_the_signature_is_told(country, issued, pdf, client, clock, tmp_path, forge):
    forged = behind(pdf, forge)
    assert forged.startswith(pdf)  # what was signed is untouched: nothing but looking further finds it
    page = brought(client, forged)
    assert "This file was altered" in page
    assert "Something was written into it after it was signed." in page
    assert issued[0].frozen["public"]["name"] in page
    assert "This is the file that was issued" not in page
    assert not hanko(forged, keyring.in_use(country.provider.id).chain, clock.moment).bottom_line
    assert "Total document signed" not in poppler(forged, tmp_path)
    assert forge is not another_badge or badges.attached_to(forged) == b"a.b.c"


def badge_of_another(document) -> None:
    document.attachments[badges.FILE] = pikepdf.AttachedFileSpec(document, b"a.b.c", filename=badges.FILE)


def link_over_the_page(document) -> None:
    """A click anywhere opens the forger's page."""
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 842, 842],
        A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://elsewhere.example/verify/AAAAAAAAAAAAAAAAAAAAAA"),
    )  # fmt: skip
    document.pages[0].Annots.append(document.make_indirect(link))


def said_by_nobody(document) -> None:
    """The title and author of the file, which some readers show above the page."""
    document.docinfo["/Title"] = "Boshqa Odam"


@pytest.mark.parametrize(
    "forge", [badge_of_another, link_over_the_page, said_by_nobody], ids=lambda each: each.__name__
)
def test_what_an_editor_saves_anew_is_told(country, issued, pdf, client, clock, tmp_path, forge):
    forged = anew(pdf, forge)
    page = brought(client, forged)
    assert "This file was altered" in page
    assert "What stands in it was changed" in page
    assert issued[0].frozen["public"]["name"] in page
    assert not hanko(forged, keyring.in_use(country.provider.id).chain, clock.moment).bottom_line
    told = poppler(forged, tmp_path)
    assert not told or "Signature is Valid" not in told


def test_bytes_before_the_file_are_told_too(issued, pdf, client):
    """Readers look for a PDF's beginning in its first thousand bytes; something may stand before it."""
    assert "This file was altered" in brought(client, b"%!PS Boshqa Odam\n" + pdf)


def test_a_badge_taken_from_the_file_and_changed_is_no_badge_of_ours(issued, client, pdf):
    badge = badges.attached_to(pdf)
    assert badge == client.get(f"/verify/{issued[0].token}/badge").data


def test_a_file_under_a_certified_key_that_the_register_lacks_is_told(country, issued, client, clock):
    """After a backup came back a document may be missing; whose key signed it is found among all certificates in it."""
    provider_id = country.provider.id
    keyring.make(country.hr_officer, provider_id)
    for name in ("A", "Milliy markaz " + "x" * 40):  # in a set of certificates the shorter one stands first
        by, root = authority(clock, name)
        public = keyring.chain_of(keyring.in_use(provider_id))[0].public_key()
        own = certified(clock, public, named("B" * 20), by, root.subject)
        keyring.certify(country.hr_officer, provider_id, keys.pem([own, root]).encode())
        row = db.session.get(Certificate, issued[int(name == "A")].id)
        content = files.read(service.file_of(country.hr_officer, row.id))
        row.file_digest, row.token = "0" * 64, name[0].lower() * 22
        db.session.commit()
        assert uploads.tell(content).verdict == "unregistered", name


def test_a_signature_that_makes_no_sense_is_no_failure(issued, pdf, client):
    """Half a signature, one with its parts swapped, one of rubbish: none is ours, and none stops the page."""
    at = pdf.rindex(b"/Contents <") + len(b"/Contents <")
    db.session.get(Certificate, issued[0].id).file_digest = "0" * 64
    db.session.get(Certificate, issued[0].id).token = "x" * 22
    db.session.commit()
    for place in range(0, 1400, 37):
        broken = pdf[: at + place] + b"5" + pdf[at + place + 1 :]
        assert uploads.tell(broken).verdict in ("unknown", "unregistered")
    assert uploads.tell(pdf[:at] + pdf[at + 200 :]).verdict == "unknown"
