"""What a forger tries with documents that were really issued: their pages, numbers, QR codes, keys and the log."""

import io
import json
from dataclasses import replace

import pikepdf
import pytest
from click.testing import CliRunner
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from sqlalchemy import select, update

from retrain import files, jobs
from retrain.certificates import check_code, making, service
from retrain.certificates.commands import certificates
from retrain.certificates.finishing import Hand, finished
from retrain.certificates.log import log_audit, public_log
from retrain.certificates.log.log_audit import Finding, Kept
from retrain.certificates.models import Certificate, CertificateEvent, PublishedHead
from retrain.certificates.printing import render
from retrain.certificates.signature import keyring, keys
from retrain.certificates.signature.cms import Layout
from retrain.certificates.states import Ground
from retrain.extensions import db
from retrain.ledger import keys as ledger_keys
from tests.certificates.signatures import hanko


def brought(client, content: bytes) -> str:
    data = {"file": (io.BytesIO(content), "guvohnoma.pdf")}
    return client.post("/verify/file?lang=en", data=data, content_type="multipart/form-data").text


@pytest.fixture
def two(country, issued) -> list[bytes]:
    """The signed files of two people."""
    return [files.read(service.file_of(country.hr_officer, row.id)) for row in issued]


def page_of_another(one: bytes, other: bytes) -> bytes:
    """The first file with the page of the second, saved anew."""
    with pikepdf.open(io.BytesIO(one)) as mine, pikepdf.open(io.BytesIO(other)) as theirs:
        for part in ("/Contents", "/Resources"):
            theirs.pages[0].obj[part] = theirs.make_indirect(theirs.pages[0].obj[part])
            mine.pages[0].obj[part] = mine.copy_foreign(theirs.pages[0].obj[part])
        out = io.BytesIO()
        mine.save(out)
    return out.getvalue()


def page_of_another_behind(one: bytes, other: bytes) -> bytes:
    """The same without touching what was signed: the exchange is written behind it."""
    writer, out = IncrementalPdfFileWriter(io.BytesIO(one)), io.BytesIO()
    theirs = PdfFileReader(io.BytesIO(other)).root["/Pages"]["/Kids"][0]
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/Contents"], page["/Resources"] = (
        writer.import_object(theirs["/Contents"]), writer.import_object(theirs["/Resources"]),
    )  # fmt: skip
    writer.update_container(page)
    writer.write(out)
    return out.getvalue()


def without_signature(one: bytes, _other: bytes) -> bytes:
    """As it was before anybody signed it."""
    with pikepdf.open(io.BytesIO(one)) as mine:
        del mine.Root["/AcroForm"]
        del mine.pages[0].obj["/Annots"]
        out = io.BytesIO()
        mine.save(out)
    return out.getvalue()


def two_halves(one: bytes, other: bytes) -> bytes:
    """The front of one file, with what is its own, and the back of the other, signature and all."""
    own = next(at for at, (mine, theirs) in enumerate(zip(one, other, strict=False)) if mine != theirs)
    cut = (own + min(len(one), len(other))) // 2
    return one[:cut] + other[cut:]


@pytest.mark.parametrize(
    "forge",
    [page_of_another, page_of_another_behind, without_signature, two_halves],
    ids=lambda each: each.__name__,
)
def test_swapped_pages_and_halves_are_told(country, two, client, clock, forge):
    forged = forge(*two)
    page = brought(client, forged)
    assert "This is the file that was issued" not in page
    assert "This file was altered" in page
    if forge is page_of_another_behind:
        assert not hanko(forged, keyring.in_use(country.provider.id).chain, clock.moment).bottom_line


def test_a_qr_code_moved_to_another_document_shows_whose_it_is(issued, client):
    """A replayed code is genuine and leads to its own document, whatever number was printed beside it."""
    mine, theirs = issued
    page = client.get(f"/verify/{mine.token}?number={theirs.registration_number}&lang=en").text
    assert mine.frozen["public"]["name"] in page
    assert theirs.frozen["public"]["name"] not in page
    assert "MO № 000002" not in page
    told = client.get(f"/verify/{mine.token}.json?number={theirs.number}").json
    assert (told["name"], told["number"]) == (mine.frozen["public"]["name"], "MO № 000001")


def test_the_code_of_one_document_opens_no_other(issued, client):
    mine, theirs = issued
    for number, code in (("MO 000001", theirs.check_code), ("MO 000002", mine.check_code)):
        answer = client.get("/verify", query_string={"number": number, "code": code, "lang": "en"})
        assert answer.status_code == 200
        assert "No document has this number and this check code." in answer.text


def test_who_counts_through_numbers_waits_even_with_the_right_code(issued, client):
    """Right or wrong is not to be told from the answer once somebody has to wait."""
    for number in range(40):
        client.get("/verify", query_string={"number": f"MO {number:06d}", "code": "AAAA-AAAA"})
    right = {"number": "MO 000001", "code": issued[0].check_code}
    wrong = right | {"code": issued[1].check_code}
    answers = [client.get("/verify", query_string=asked) for asked in (right, wrong)]
    assert [answer.status_code for answer in answers] == [429, 429]
    assert client.get(f"/verify/{issued[0].token}").status_code == 200  # who has the document reads its code


def test_a_key_in_the_providers_name_that_is_not_its_own_is_unknown(country, issued, client, clock):
    """A forger's own key, with the provider's name in its certificate: the register never saw it."""
    made = keys.make("p256", "Texnika universiteti", clock.moment)
    theirs = Hand(country.provider.code, Layout(keys.FileSigner(made.private, made.chain)))
    own = keyring.make(country.hr_officer, country.provider.id).chain
    row = issued[0]
    forged = finished(row, render([row]), theirs)
    assert "This file was altered" in brought(client, forged)  # its QR code leads to a document of ours
    assert not hanko(forged, own, clock.moment).bottom_line


def test_files_signed_before_and_after_a_change_of_keys_in_one_share(
    country, issued, client, clock, monkeypatch
):
    """The provider takes another key while the worker is in the middle of the documents."""
    monkeypatch.setattr(making, "BITE", 1)
    write, written, provider_id = files.write_made, [], country.provider.id

    def then_another_key(contents):
        made = write(contents)
        if not written:
            keyring.make(country.hr_officer, provider_id)
        written.append(made)
        return made

    monkeypatch.setattr(files, "write_made", then_another_key)
    jobs.run_waiting()
    new, old = keyring.all_of(provider_id)
    assert (new.retired_at, old.retired_at is None) == (None, False)
    rows = db.session.scalars(select(Certificate).order_by(Certificate.number)).all()
    for row, key, other in zip(rows, (old, new), (new, old), strict=True):
        pdf = files.read(service.kept_file(row))
        assert hanko(pdf, key.chain, clock.moment).bottom_line
        assert not hanko(pdf, other.chain, clock.moment).bottom_line
        assert "This is the file that was issued" in brought(client, pdf)


def test_a_superseded_file_stays_itself_and_names_the_one_in_its_place(country, issued, two, client):
    new = service.replace(country.hr_officer, issued[0].id, Ground.LOST, "ariza")
    page = brought(client, two[0])
    assert "This is the file that was issued" in page
    assert check_code.shown(new.series, new.number).replace(" ", "\N{NO-BREAK SPACE}") in page
    page = client.get(f"/verify/{issued[0].token}?lang=en").text
    assert "Genuine" not in page


@pytest.fixture
def kept(issued, clock) -> Kept:
    """The head of the day after, as somebody keeps it."""
    clock.advance(days=1)
    public_log.publish_daily()
    return Kept.of(json.loads(json.dumps(public_log.as_json(public_log.latest()))))


def resigned(head: Kept) -> str:
    return ledger_keys.sign(
        ledger_keys.private(),
        ledger_keys.statement(public_log.LOG, head.size, head.root, head.at.isoformat()),
    )


@pytest.mark.parametrize("signed_anew", [False, True], ids=["as it was signed", "signed anew"])
@pytest.mark.parametrize(
    "change",
    [{"root": "00" * 32}, {"size": 1}, {"size": 3}, {"signature": "AAAA"}],
    ids=lambda each: next(iter(each)),
)
def test_a_published_head_that_was_changed_is_found(issued, kept, change, signed_anew):
    """In the table, even with the program's own key: it fits the log no more, or not what others kept."""
    forged = replace(kept, **change)
    if signed_anew and "signature" not in change:
        change = change | {"signature": resigned(forged)}
    db.session.execute(update(PublishedHead).values(**change))
    db.session.commit()
    assert Finding(f"{kept.at:%Y-%m-%d}", "head") in log_audit.verify()


@pytest.mark.parametrize(
    "change", [{"root": "00" * 32}, {"size": 1}, {"signature": "AAAA"}], ids=lambda each: next(iter(each))
)
def test_a_kept_head_that_was_changed_accuses_nobody(issued, kept, tmp_path, change):
    file = tmp_path / "head.json"
    file.write_text(json.dumps(public_log.as_json(public_log.latest()) | change))
    answer = CliRunner().invoke(certificates, ["audit", "--head", str(file)])
    assert (answer.exit_code, "its signature is not of what it says" in answer.output) == (2, True)


def test_neighbours_of_one_ipv6_network_are_one_who_counts(issued, client):
    """Whoever has one such address has all behind it, and could take another for each try."""
    wrong, right = (
        {"number": "MO 000001", "code": "AAAA-AAAA"},
        {"number": "MO 000001", "code": issued[0].check_code},
    )

    def asked(number: int, what: dict, network: str = "2001:db8:1:2") -> int:
        address = {"REMOTE_ADDR": f"{network}::{number:x}"}
        return client.get("/verify", query_string=what, environ_base=address).status_code

    for number in range(40):
        asked(number, wrong)
    assert asked(99, right) == 429
    assert asked(99, right, "2001:db8:1:3") == 303


def test_what_a_leaf_hides_is_not_to_be_guessed(country, issued):
    """Number and digest of a document may be known to many; the salt of each entry to its holder alone."""
    salts = [event.salt for event in db.session.scalars(select(CertificateEvent))]
    assert len(set(salts)) == len(salts) == 2
    assert all(len(bytes.fromhex(salt)) == 16 for salt in salts)
