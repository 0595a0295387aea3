"""Documents reach the college's HR as one message with the list, and a page with the files."""

import zipfile
from io import BytesIO

from sqlalchemy import select

from retrain import files, jobs
from retrain.certificates import service
from retrain.certificates.states import Ground
from retrain.extensions import db
from retrain.files.models import StoredFile
from retrain.messages.models import Message
from retrain.people.states import OrganisationKind, RoleKind
from tests import scenario


def told() -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind == "certificates.college")))


def test_a_college_is_told_once_and_finds_its_documents(app, country, issued, as_user):
    officer = as_user(country.hr_officer)
    hr = scenario.role(scenario.person("Ergasheva"), RoleKind.COLLEGE_HR, country.college)
    code, numbers = country.run.code, [(row.id, row.registration_number) for row in issued]
    assert "Tell the colleges" in officer.get(f"/manage/runs/{code}/documents").text
    for _twice in range(2):
        sent = officer.post(f"/manage/runs/{code}/documents/send", follow_redirects=True)
        assert "1 college is told." in sent.text
    [message] = [row for row in told() if row.person_id == hr.person_id]
    path = message.facts["path"]
    assert all(number in message.facts["names"] for _id, number in numbers)
    reader = as_user(hr)
    page = reader.get(path).text
    assert all(f"/certificates/{key}.pdf" in page for key, _number in numbers)
    assert f'href="{path}"' in reader.get("/documents/of-college").text
    made = reader.post(f"{path}/zip")
    jobs.run_waiting()
    assert "2 documents are in the ZIP." in reader.get(made.location).text
    stored = db.session.scalars(select(StoredFile).where(StoredFile.purpose == "certificates")).one()
    assert reader.get(f"/files/{stored.id}").status_code == 200
    with zipfile.ZipFile(BytesIO(files.read(stored))) as archive:
        assert len(archive.namelist()) == 2
    service.replace(country.hr_officer, numbers[0][0], Ground.LOST, "ariza")
    officer.post(f"/manage/runs/{code}/documents/send")
    assert len([row for row in told() if row.person_id == hr.person_id]) == 2


def test_another_college_finds_nothing(country, issued, as_user):
    other = scenario.role(
        scenario.person("Begona"),
        RoleKind.COLLEGE_HR,
        scenario.organisation("other", OrganisationKind.COLLEGE, "5-texnikum"),
    )
    assert as_user(other).get(f"/documents/of-college/{country.run.code}").status_code == 404
    assert country.run.code not in as_user(other).get("/documents/of-college").text
