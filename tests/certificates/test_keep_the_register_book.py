"""The register book: added to and never changed, printed by page, told to a national register, with what was before."""

import io
import re

import openpyxl
import pytest
from sqlalchemy import func, select

from retrain.certificates import service
from retrain.certificates.book import entries, registry, registry_pages
from retrain.certificates.book.models import OldDocument, RegistryLine
from retrain.certificates.paper import blanks, printings
from retrain.certificates.paper.blank_rules import CameOut, Range
from retrain.certificates.states import Ground, RegistryState
from retrain.extensions import db
from retrain.language.transliteration import to_cyrillic
from retrain.people.states import OrganisationKind, RoleKind
from retrain.refusal import Refused
from retrain.tabular.write import write_xlsx
from tests import scenario
from tests.documents.paper import pages_of, text_of


@pytest.fixture
def office(country, as_user):
    return as_user(country.hr_officer)


def squeezed(text: str) -> str:
    return "".join(text.split())


def name_of(row) -> str:
    return f"{row.series}-{row.year}"


def posted(office, url: str, content: bytes, name: str = "list.xlsx", **more):
    data = {"file": (io.BytesIO(content), name), **more}
    return office.post(url, data=data, content_type="multipart/form-data")


def test_a_page_of_the_book_is_a_page_on_paper(country, issued, office, monkeypatch):
    monkeypatch.setattr(entries, "LINES", 1)
    service.hand_over(country.hr_officer, issued[0].id, issued[0].issued_at.date(), "proxy", "Aliyeva, 3")
    shown = office.get("/documents/register").text
    assert "page 2 of 2" in shown
    assert issued[1].registration_number in shown
    assert issued[0].registration_number not in shown
    first = text_of(office.get("/documents/register.pdf?page=1&in=en").data)
    assert "Register book of documents · MO / 2026" in first
    assert squeezed("Aliyeva, 3") in squeezed(first)
    second = office.get("/documents/register.pdf?page=2&in=en").data
    assert squeezed("Aliyeva, 3") not in squeezed(text_of(second))
    assert pages_of(office.get("/documents/register.pdf").data) == 2


def test_a_document_is_found_by_a_name_in_either_script_a_number_or_its_blank(
    country, issued, office, as_user
):
    officer, today = country.hr_officer, issued[0].issued_at.date()
    blanks.receive(officer, country.provider.id, issued[0].document_type, Range("UZ", 101, 101), today, "17")
    printing = printings.begin(officer, country.run.code, [issued[0].id], ("UZ", 101))
    printings.came_out(officer, printing.id, CameOut())
    before = [["MO", "000831", "Qodirov Anvar", "3-texnikum", "Payvandlash", 144, "12.05.2019"]]
    looked = posted(
        office, "/documents/old", write_xlsx(OLD, before, "x"), kind="advanced_training_certificate"
    )
    assert office.post(looked.location).status_code == 303
    wanted, other = issued[0].registration_number, issued[1].registration_number

    def found(words: str) -> str:
        return office.get("/documents/register", query_string={"find": words}).text

    family = issued[0].frozen["public"]["name"].split()[0]
    for words in (
        family,
        to_cyrillic(family),
        family.lower(),
        f"{family} {wanted}",
        wanted,
        "101",
        "UZ 0000101",
    ):
        page = found(words)
        assert wanted in page, words
        assert other not in page, words
        assert "1 document was found." in page
    old = found("қодиров 831")
    assert "MO 000831/2019" in old
    assert "from before" in old
    assert "0 documents were found." in found("nobody 100%_")
    elsewhere = scenario.organisation("BDU", OrganisationKind.UNIVERSITY, "Buxoro universiteti")
    stranger = as_user(scenario.role(scenario.person("Begona"), RoleKind.HR_OFFICER, elsewhere))
    assert wanted not in stranger.get("/documents/register", query_string={"find": family}).text


def test_a_page_of_a_number_that_is_none_is_the_first(country, issued, office):
    nines = "9" * 5000
    for address in ("/documents/register", "/documents/register.pdf"):
        assert office.get(f"{address}?page={nines}").status_code == 200


def test_the_book_is_only_added_to(country, issued, office):
    number = issued[0].registration_number
    empty = office.post(f"/certificates/{issued[0].id}/note", data={"text": " "})
    assert "Write the note." in empty.text
    office.post(f"/certificates/{issued[0].id}/note", data={"text": "taken by proxy by mistake"})
    office.post(f"/certificates/{issued[0].id}/note", data={"text": "the holder came"})
    row = re.search(rf"{re.escape(number)}.*?</tr>", office.get("/documents/register").text, re.S)
    assert row is not None
    assert row[0].index("taken by proxy by mistake") < row[0].index("the holder came")


def test_a_national_register_is_sent_what_it_does_not_know_and_its_answer_is_kept(
    country, issued, office, monkeypatch
):
    url = f"/documents/register/registry?book={name_of(issued[0])}"
    assert "2 documents wait to be sent." in office.get(url).text
    file = office.get(office.post(url.replace("?", "/send?")).location).data
    table = [
        [cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(file)).active.iter_rows()
    ]
    assert table[0][:5] == ["Tinglovchi", "Asosiy ish joyi", "Kursi", "Seriyasi", "Raqami"]
    assert [row[4] for row in table[1:]] == [f"{row.number:06d}" for row in issued]
    again = office.post(url.replace("?", "/send?"), follow_redirects=True)
    assert "The register knows every document of this book already." in again.text
    answer = [
        [issued[0].series, f"{issued[0].number:06d}", "qabul qilindi", ""],
        [issued[1].series, issued[1].number, "xato", "PINFL topilmadi"],
        ["ZZ", 999, "xato", ""],
    ]
    told = posted(office, url, write_xlsx(["Seriyasi", "Raqami", "Natija", "Izoh"], answer, "javob"))
    assert "Accepted: 1, with an error: 1." in told.text
    assert "Row 4: no document of this number was sent." in told.text
    shown = office.get(url).text
    assert "PINFL topilmadi" in shown
    assert "1 document waits to be sent." in shown
    monkeypatch.setattr(registry_pages, "ROWS", 1)
    pages = [office.get(f"{url}&page={at}").text for at in "12"]
    # What came back is first.
    assert [issued[1].registration_number in page for page in pages] == [True, False]
    assert [issued[0].registration_number in page for page in pages] == [False, True]
    service.revoke(country.hr_officer, issued[0].id, "buyruq 40-k")
    assert "2 documents wait to be sent." in office.get(url).text
    office.post(url.replace("?", "/send?"))
    said = db.session.execute(
        select(RegistryLine.said, RegistryLine.state).order_by(
            RegistryLine.sending_id, RegistryLine.certificate_id
        )
    ).all()
    assert [tuple(row) for row in said] == [
        ("valid", RegistryState.ACCEPTED), ("valid", RegistryState.ERROR),
        ("revoked", RegistryState.SENT), ("valid", RegistryState.SENT),
    ]  # fmt: skip


def test_an_answer_without_its_columns_says_which_are_missing(country, issued, office):
    url = f"/documents/register/registry?book={name_of(issued[0])}"
    told = posted(office, url, write_xlsx(["a", "b"], [["1", "2"]], "x"))
    assert told.status_code == 422
    assert "Seriyasi, Raqami, Natija" in told.text


def test_a_profile_says_which_columns_there_are_and_what_they_are_called(country, issued, office):
    wish = {
        "format": "csv", "days": "iso", "field_1": "registration", "title_1": "No", "field_2": "issued_on", "title_2": "",
        "answer_state": "result", "answer_accepted": "ok",
    } | {f"field_{at}": "" for at in range(3, 17)}  # fmt: skip
    assert office.post("/documents/register/profile", data=wish).status_code == 303
    file = office.get(
        office.post(f"/documents/register/registry/send?book={name_of(issued[0])}").location
    ).data
    first, second, *_rest = file.decode("utf-8-sig").splitlines()
    assert first == "No;Issued on"
    assert second == f"{issued[0].registration_number};{issued[0].frozen['public']['issued_on']}"
    without = office.post("/documents/register/profile", data=wish | {"field_1": "name"})
    assert "no answer can be matched" in without.text.replace("\n", " ")


def test_a_file_for_the_register_is_for_its_office_alone(app, country, issued, office):
    stored = registry.send(country.hr_officer, country.provider.id, issued[0].series, issued[0].year)
    teacher = scenario.signed_in(
        app, scenario.role(scenario.person("Begona"), RoleKind.COORDINATOR, country.provider)
    )
    assert teacher.get(f"/files/{stored.id}").status_code == 404
    with pytest.raises(Refused):
        registry.send(country.hr_officer, country.provider.id, issued[0].series, issued[0].year)


OLD = ["Seriyasi", "Raqami", "F.I.Sh.", "Asosiy ish joyi", "Kursi", "Soat", "Berilgan sana"]


def test_documents_from_before_come_in_as_a_whole_and_marked_so(country, issued, office):
    rows = [
        ["MO", "000831", "Karimova Dilnoza", "3-texnikum", "Payvandlash", 144, "12.05.2019"],
        ["MO", "832", "Qodirov Anvar", "3-texnikum", "Payvandlash", 144, "2019-05-12"],
    ]
    looked = posted(
        office, "/documents/old", write_xlsx(OLD, rows, "x"), kind="advanced_training_certificate"
    )
    page = office.get(looked.location).text
    assert "2 rows, 0 of them wrong. Nothing is saved yet." in page
    assert db.session.scalar(select(func.count(OldDocument.id))) == 0
    assert office.post(looked.location).status_code == 303
    shown = office.get("/documents/register?book=MO-2019").text
    assert "MO 000831/2019" in shown
    assert "from before Retrain, entered from list.xlsx" in shown
    twice = office.post(looked.location)
    assert twice.status_code == 422
    assert "2 rows are wrong." in twice.text
    assert db.session.scalar(select(func.count(OldDocument.id))) == 2


def test_every_wrong_row_is_told_and_nothing_is_half_done(country, issued, office):
    here = issued[0]
    rows = [
        ["MO", "1", "Karimova Dilnoza", "", "Payvandlash", "", "12.05.2019"],
        ["MO", "1", "Karimova Dilnoza", "", "Payvandlash", "", "12.05.2019"],
        ["MO", "bir", "Qodirov", "", "Payvandlash", "", "12.05.2019"],
        ["MO", "3", "", "", "Payvandlash", "", "32.05.2019"],
        [here.series, str(here.number), "Kimdir", "", "Kurs", "", here.frozen["public"]["issued_on"]],
        ["MO", "9", "Kimdir", "", "Kurs", "", "12.05.2030"],
    ]
    looked = posted(
        office, "/documents/old", write_xlsx(OLD, rows, "x"), kind="advanced_training_certificate"
    )
    page = office.get(looked.location).text
    for sentence in (
        "6 rows, 5 of them wrong.", "MO 000001 stands in row 2 already.", "raqami is not a whole number: bir.",
        "f.i.sh. is empty.", "berilgan sana is no day: 32.05.2019.", "is in the register book already.",
        "is still to come.",
    ):  # fmt: skip
        assert sentence in page, sentence
    assert office.post(looked.location).status_code == 422
    assert db.session.scalar(select(func.count(OldDocument.id))) == 0


def test_a_list_that_is_none_is_told_what_it_lacks(country, office):
    told = posted(
        office, "/documents/old", write_xlsx(["a"], [["b"]], "x"), kind="advanced_training_certificate"
    )
    assert told.status_code == 422
    assert "The list has no header with these columns: seriyasi, raqami" in told.text
    broken = posted(office, "/documents/old", b"PK\x03\x04 nonsense", kind="advanced_training_certificate")
    assert broken.status_code == 422


def test_numbers_of_a_series_still_counted_are_not_given_again(country, issued, office):
    last = issued[-1].number
    rows = [[issued[0].series, last + 5, "Karimova", "", "Kurs", "", issued[0].frozen["public"]["issued_on"]]]
    looked = posted(
        office, "/documents/old", write_xlsx(OLD, rows, "x"), kind="advanced_training_certificate"
    )
    assert office.post(looked.location).status_code == 303
    new = service.replace(country.hr_officer, issued[0].id, Ground.LOST, "ariza")
    assert new.number == last + 6
