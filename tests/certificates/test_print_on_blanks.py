"""Numbered paper: received, handed on, printed on, jammed, written off; the count always adds up."""

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import select

from retrain import clock
from retrain.catalogue.states import DocumentType
from retrain.certificates import queries
from retrain.certificates.models import Blank, BlankEntry, PrintedSheet
from retrain.certificates.paper import blank_queries, blanks, printings
from retrain.certificates.paper.blank_rules import CameOut, Range
from retrain.certificates.states import BlankState, CertificateState, Fate
from retrain.certificates.verification import lookup
from retrain.extensions import db
from retrain.people.states import RoleKind
from retrain.refusal import Refused
from tests import scenario
from tests.documents.paper import text_of
from tests.timetable import together

KIND = DocumentType.ADVANCED_TRAINING_CERTIFICATE


def receive(country, first: int, last: int, actor=None) -> None:
    officer = actor or country.hr_officer
    blanks.receive(officer, country.provider.id, KIND, Range("UZ", first, last), clock.today(), "17")


@pytest.fixture
def stocked(country, issued):
    """Two documents, and five blanks with the officer."""
    receive(country, 101, 105)
    return country


def ids(issued) -> list[int]:
    return [row.id for row in issued]


def state_of(number: int) -> BlankState:
    return db.session.scalars(select(Blank.state).where(Blank.number == number)).one()


def refused(call, *args) -> list[str]:
    with pytest.raises(Refused) as why:
        call(*args)
    return [each.code for each in why.value.why]


def adds_up(country) -> bool:
    balance = blank_queries.balances(country.provider.id)[KIND]
    rows = db.session.scalars(select(Blank)).all()
    return balance.adds_up and balance.received == len(rows)


def test_through_the_front_door_from_the_delivery_to_the_signed_act(app, country, issued):
    client = scenario.signed_in(app, country.hr_officer)
    code = country.run.code
    assert "No blanks yet" in client.get("/documents/blanks?lang=en").text
    typed = {
        "series": "uz",
        "first": "101",
        "last": "104",
        "kind": KIND,
        "on_date": "2026-09-21",
        "note": "17",
    }
    assert client.post("/documents/blanks/receive", data=typed).status_code == 303
    shown = client.get("/documents/blanks").text
    assert "UZ 0000101–0000104" in shown
    assert "adds up" in shown
    page = client.get(f"/manage/runs/{code}/print").text
    assert 'value="UZ 0000101"' in page
    misread = client.post(f"/manage/runs/{code}/print", data={"rendition": "overlay", "first": "101"})
    assert "Write series and number as they stand on the sheet" in misread.text
    begun = client.post(f"/manage/runs/{code}/print", data={"rendition": "overlay", "first": "UZ 101"})
    assert begun.status_code == 303
    over = text_of(client.get(begun.location + ".pdf").data)
    assert "SERTIFIKAT" not in over.replace(" ", "")
    assert f"{issued[0].number:06d}" in over
    wrong = client.post(begun.location, data={"spoiled": "7", "reason": "jam"})
    assert wrong.status_code == 422
    assert "There is no sheet 7: the printing has sheets 1 to 2." in wrong.text
    assert 'value="7"' in wrong.text
    told = client.post(begun.location, data={"spoiled": "2", "reason": "paper jam"})
    assert told.status_code == 303
    shown = client.get(begun.location).text
    assert "Print 1 that is left" in shown
    act = blank_queries.drafted_act(country.provider.id)
    assert "paper jam" in client.get(f"/documents/blanks/acts/{act.id}").text
    assert client.get(f"/documents/blanks/acts/{act.id}.pdf?in=ru").data.startswith(b"%PDF")
    signed = {"number": "3", "on_date": "2026-09-21", "members": "A. Karimova\nB. Aliyev"}
    assert client.post(f"/documents/blanks/acts/{act.id}", data=signed).status_code == 303
    assert "This act is signed already." in client.post(f"/documents/blanks/acts/{act.id}", data=signed).text
    assert "blank UZ 0000101" in client.get(f"/manage/runs/{code}/documents").text
    assert client.get(f"/manage/runs/{code}/hand-over.pdf?in=uz-Cyrl").data.startswith(b"%PDF")
    assert adds_up(country)


def test_the_file_opened_again_is_moved_as_the_printer_needs(app, stocked, issued):
    client = scenario.signed_in(app, stocked.hr_officer)
    url = f"/manage/runs/{stocked.run.code}"
    client.post(f"{url}/printers", data={"printer": "Room 12", "right": "1.5", "down": "-0.8"})
    told = {"rendition": "overlay", "first": "UZ 101", "printer": "Room 12", "document": str(issued[0].id)}
    begun = client.post(f"{url}/print", data=told)
    asked = {"rendition": "overlay", "right": "1.5", "down": "-0.8", "document": issued[0].id}
    moved = client.get(f"{url}/documents.pdf", query_string=asked).data
    assert client.get(begun.location + ".pdf").data == moved
    assert client.get(begun.location + ".pdf").data == moved


def test_a_jam_moves_blanks_and_leaves_the_document_as_it_was(stocked, issued):
    before = [(row.digest, row.state, row.registration_number) for row in issued]
    printing = printings.begin(stocked.hr_officer, stocked.run.code, ids(issued), ("UZ", 101))
    told = CameOut(passed_from=1, passed=1, went_on=True, passed_clean=False)
    printings.came_out(stocked.hr_officer, printing.id, told, "two sheets at once")
    assert blank_queries.blanks_of(ids(issued)) == {issued[0].id: "UZ 0000102", issued[1].id: "UZ 0000103"}
    assert state_of(101) is BlankState.SPOILED
    rows = queries.of_run(stocked.run.id)
    assert [(row.digest, row.state, row.registration_number) for row in rows] == before
    assert lookup.by_token(rows[0].token).status == "valid"
    assert adds_up(stocked)


def test_the_digest_of_what_is_on_the_blank_stands_beside_that_of_the_whole_file(app, stocked, issued):
    printing = printings.begin(stocked.hr_officer, stocked.run.code, [issued[0].id], ("UZ", 101), (1.5, -0.8))
    office = scenario.signed_in(app, stocked.hr_officer)
    sent = hashlib.sha256(office.get(f"/documents/printings/{printing.id}.pdf").data).hexdigest()
    assert queries.certificate(issued[0].id).overlay_digest is None  # it may come out crooked
    office.post(f"/documents/printings/{printing.id}", data={})
    office.get(f"/certificates/{issued[0].id}.pdf")
    row = queries.certificate(issued[0].id)
    assert row.overlay_digest == sent
    assert row.file_digest not in (None, sent)
    assert queries.certificate(issued[1].id).overlay_digest is None


def test_a_sheet_found_spoiled_later_is_printed_again(stocked, issued):
    printing = printings.begin(stocked.hr_officer, stocked.run.code, ids(issued), ("UZ", 101))
    printings.came_out(stocked.hr_officer, printing.id, CameOut())
    assert blank_queries.to_print(stocked.run.id) == []
    blanks.spoil_paper(stocked.hr_officer, issued[0].id, "coffee")
    assert [row.id for row in blank_queries.to_print(stocked.run.id)] == [issued[0].id]
    again = printings.begin(stocked.hr_officer, stocked.run.code, [issued[0].id], ("UZ", 103))
    printings.came_out(stocked.hr_officer, again.id, CameOut())
    assert blank_queries.blanks_of([issued[0].id]) == {issued[0].id: "UZ 0000103"}
    assert queries.certificate(issued[0].id).state is CertificateState.ISSUED
    assert adds_up(stocked)


def test_too_few_blanks_are_counted_before_anything_starts(country, issued):
    receive(country, 101, 101)
    assert refused(printings.begin, country.hr_officer, country.run.code, ids(issued), ("UZ", 101)) == [
        "too-few-blanks"
    ]
    assert state_of(101) is BlankState.UNUSED
    assert db.session.scalars(select(PrintedSheet)).all() == []


def test_a_printing_is_settled_once_and_before_the_next_begins(stocked, issued):
    officer, code = stocked.hr_officer, stocked.run.code
    printing = printings.begin(officer, code, [issued[0].id], ("UZ", 101))
    assert refused(printings.begin, officer, code, [issued[1].id], ("UZ", 102)) == ["printing-unsettled"]
    printings.came_out(officer, printing.id, CameOut())
    assert refused(printings.came_out, officer, printing.id, CameOut()) == ["printing-settled"]
    assert refused(printings.give_up, officer, printing.id) == ["printing-settled"]
    assert refused(printings.begin, officer, code, [issued[0].id], ("UZ", 102)) == ["nobody-to-print"]


def test_nothing_came_out(stocked, issued):
    printing = printings.begin(stocked.hr_officer, stocked.run.code, ids(issued), ("UZ", 101))
    assert state_of(101) is BlankState.SET_ASIDE
    printings.give_up(stocked.hr_officer, printing.id)
    assert {row.fate for row in blank_queries.sheets(printing.id)} == {Fate.NOT_PRINTED}
    assert state_of(101) is BlankState.UNUSED
    assert adds_up(stocked)


def test_blanks_pass_from_hand_to_hand_and_are_written_off(stocked):
    officer, provider = stocked.hr_officer, stocked.provider.id
    other = scenario.role(scenario.person("Ergasheva"), RoleKind.HR_OFFICER, stocked.provider)
    today = clock.today()
    blanks.hand(officer, provider, Range("UZ", 104, 105), other.person_id, today)
    assert refused(blanks.hand, officer, provider, Range("UZ", 103, 104), other.person_id, today) == [
        "blanks-of-several"
    ]
    lost = (Range("UZ", 105, 105), BlankState.LOST, today)
    assert refused(blanks.write_off, officer, provider, *lost, " ") == ["reason-missing"]
    blanks.write_off(officer, provider, *lost, "fire")
    assert refused(blanks.write_off, officer, provider, *lost, "fire") == ["blank-not-unused"]
    assert refused(receive, stocked, 105, 106) == ["blanks-known"]
    assert refused(blanks.hand, officer, provider, Range("UZ", 105, 106), other.person_id, today) == [
        "blank-unknown"
    ]
    assert refused(receive, stocked, 9, 8) == ["range-backwards"]
    assert refused(receive, stocked, 1000, 90000) == ["range-too-long"]
    assert len(db.session.scalars(select(BlankEntry)).all()) == 3
    assert adds_up(stocked)


def test_somebody_elses_blank_is_not_in_my_tray(stocked, issued):
    other = scenario.role(scenario.person("Ergasheva"), RoleKind.HR_OFFICER, stocked.provider)
    receive(stocked, 201, 205, other)
    assert refused(printings.begin, stocked.hr_officer, stocked.run.code, ids(issued), ("UZ", 201)) == [
        "too-few-blanks"
    ]
    assert refused(printings.begin, other, stocked.run.code, ids(issued), ("UZ", 101)) == ["not-your-blank"]


@pytest.mark.race
def test_two_officers_printing_at_once_never_take_one_blank_or_one_document(
    app, database, stocked, issued, tmp_path: Path
):
    asked = [
        {"actor": [who.person_id, who.role, who.organisation_id, who.role_id], "code": stocked.run.code,
         "documents": ids(issued), "first": ["UZ", 101]}
        for who in [stocked.hr_officer] * 4
    ]  # fmt: skip
    run_id = stocked.run.id
    db.session.remove()
    answers = together.all_at_once("tests.certificates.printing_writer", database.url, tmp_path, asked)
    assert sorted(answers) == ["begun", "refused", "refused", "refused"]
    sheets = db.session.scalars(select(PrintedSheet)).all()
    assert (
        len({row.blank_id for row in sheets})
        == len({row.certificate_id for row in sheets})
        == len(sheets)
        == 2
    )
    assert blank_queries.to_print(run_id) == []
