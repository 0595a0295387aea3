"""Printing a run (complaint 27: all documents of a group in one go): whole or over blanks, tried first, or as a ZIP."""

import zipfile
from io import BytesIO

from retrain import files, jobs
from retrain.certificates import service
from retrain.certificates.paper import stacks
from retrain.extensions import db
from retrain.files.models import StoredFile
from tests.documents.paper import pages_of, text_of


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_complaint_27_all_of_a_run_in_one_file_twice_the_same(country, issued, as_user):
    officer = as_user(country.hr_officer)
    url = f"/manage/runs/{country.run.code}/documents.pdf"
    first, again = officer.get(url), officer.get(url)
    assert first.data == again.data
    assert pages_of(first.data) == len(issued)
    for row in issued:
        assert squeezed(row.frozen["document"]["name"]) in squeezed(text_of(first.data))


def test_a_large_stack_is_made_by_a_worker_the_same_page_for_page(country, issued, as_user, monkeypatch):
    officer, url = as_user(country.hr_officer), f"/manage/runs/{country.run.code}"
    at_once = officer.get(f"{url}/documents.pdf").data
    monkeypatch.setattr(stacks, "AT_ONCE", 1)
    wanted = officer.post(f"{url}/print", data={"rendition": "full"})
    assert "/jobs/" in wanted.location
    jobs.run_waiting()
    shown = officer.get(wanted.location)
    assert "2 documents are in the PDF." in shown.text
    stored = db.session.scalars(db.select(StoredFile).where(StoredFile.purpose == "certificates")).one()
    assert f"/files/{stored.id}" in shown.text
    assert officer.get(f"/files/{stored.id}").data == at_once
    progress = officer.get(f"{wanted.location}.json").json
    assert (progress["done"], progress["total"]) == (2, 2)


def test_state_blanks_get_only_what_varies_and_plain_paper_a_test(country, issued, as_user):
    officer = as_user(country.hr_officer)
    page = officer.get(f"/manage/runs/{country.run.code}/print")
    assert "Test print" in page.text
    asked = {"rendition": "overlay", "right": "2.5", "down": "-1"}
    over = officer.get(f"/manage/runs/{country.run.code}/documents.pdf", query_string=asked)
    whole = officer.get(f"/manage/runs/{country.run.code}/documents.pdf")
    assert "CERTIFICATE" not in squeezed(text_of(over.data))
    assert "CERTIFICATE" in squeezed(text_of(whole.data)) or "SERTIFIKAT" in squeezed(text_of(whole.data))
    assert squeezed(issued[0].frozen["document"]["name"]) in squeezed(text_of(over.data))
    trial = officer.get(f"/manage/runs/{country.run.code}/trial.pdf", query_string=asked)
    assert pages_of(trial.data) == 1


def test_a_printer_keeps_its_shift_under_its_name(country, issued, as_user):
    officer = as_user(country.hr_officer)
    url = f"/manage/runs/{country.run.code}"
    told = {"printer": "Room 12", "right": "1.5", "down": "-0.8"}
    page = officer.get(officer.post(f"{url}/printers", data=told).location).text
    assert '<option selected value="Room 12">' in page
    assert "-0.8" in page
    asked = {"rendition": "overlay", "right": "1.5", "down": "-0.8"}
    moved = officer.get(f"{url}/documents.pdf", query_string=asked).data
    asked = {"rendition": "overlay", "printer": "Room 12"}
    assert officer.get(f"{url}/documents.pdf", query_string=asked).data == moved
    wrong = officer.post(f"{url}/printers", data={"printer": "Room 12", "right": "900"})
    assert wrong.status_code == 422
    assert 'value="900"' in wrong.text


def test_print_opens_all_documents_or_those_chosen_and_a_test_sheet_needs_no_blank(country, issued, as_user):
    officer = as_user(country.hr_officer)
    url = f"/manage/runs/{country.run.code}/print"
    assert "You keep no blanks for these documents." in officer.get(url).text
    every = officer.post(url, data={"rendition": "full"})
    assert pages_of(officer.get(every.location).data) == len(issued)
    one = officer.post(url, data={"rendition": "full", "document": str(issued[1].id)})
    shown = squeezed(text_of(officer.get(one.location).data))
    assert squeezed(issued[1].frozen["document"]["name"]) in shown
    assert squeezed(issued[0].frozen["document"]["name"]) not in shown
    tried = officer.post(url, data={"rendition": "overlay", "trial": "1"})
    assert "thisedgeisabove" in squeezed(text_of(officer.get(tried.location).data))


def test_nonsense_in_the_address_prints_whole_documents(country, issued, as_user):
    officer = as_user(country.hr_officer)
    asked = {"rendition": "overlay", "right": "9999", "down": "x"}
    answer = officer.get(f"/manage/runs/{country.run.code}/documents.pdf", query_string=asked)
    assert answer.data == officer.get(f"/manage/runs/{country.run.code}/documents.pdf").data


def test_each_persons_own_file_in_one_zip(country, issued, as_user):
    officer = as_user(country.hr_officer)
    people = [(row.id, row.frozen["document"]["name"]) for row in issued]
    answer = officer.post(f"/manage/runs/{country.run.code}/documents.zip")
    jobs.run_waiting()
    shown = officer.get(answer.location)
    assert "2 documents are in the ZIP." in shown.text
    stored = db.session.scalars(db.select(StoredFile).where(StoredFile.purpose == "certificates")).one()
    with zipfile.ZipFile(BytesIO(files.read(stored))) as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    assert len(packed) == len(people)
    for certificate_id, person in people:
        own = files.read(service.file_of(country.hr_officer, certificate_id))
        assert [content == own for name, content in packed.items() if person in name] == [True]


def test_a_full_disk_loses_nothing_and_the_work_can_be_tried_again(country, issued, as_user, monkeypatch):
    def full(*_args: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    officer = as_user(country.hr_officer)
    answer = officer.post(f"/manage/runs/{country.run.code}/documents.zip")
    with monkeypatch.context() as now:
        now.setattr(files, "keep", full)
        jobs.run_waiting()
    assert officer.get(answer.location).status_code == 200
    db.session.execute(db.text("UPDATE job SET not_before = created_at, state = 'queued'"))
    db.session.commit()
    jobs.run_waiting()
    assert "2 documents are in the ZIP." in officer.get(answer.location).text


def test_a_worker_killed_between_number_and_file_leaves_a_number_whose_file_is_made_later(country, issued):
    row = issued[0]
    assert (
        row.file_digest is None
    )  # the number is taken in its own transaction, the file comes when it is asked for
    first = files.read(service.file_of(country.hr_officer, row.id))
    assert files.read(service.file_of(country.hr_officer, row.id)) == first
