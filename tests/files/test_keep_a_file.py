"""What somebody hands in is looked into, kept once, and given back to those who may have it."""

import zipfile
from io import BytesIO

import pytest
from werkzeug.http import parse_options_header

from retrain import audit, files
from retrain.extensions import db
from retrain.files import service, sniff, store
from retrain.refusal import NotThere, Refused
from retrain.web.downloads import made_file
from tests.ground import new_person
from tests.harness.actors import organisation, somebody

PDF = b"%PDF-1.7\n1 0 obj\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def archive(*names: str) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as out:
        for name in names:
            out.writestr(
                zipfile.ZipInfo(name), "x"
            )  # of no moment, so that every worker names the test alike
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, files.PDF),
        (PNG, files.PNG),
        (b"\xff\xd8\xff\xe0" + bytes(8), files.JPEG),
        (archive("[Content_Types].xml", "xl/workbook.xml"), files.XLSX),
        (archive("readme.txt"), files.ZIP),
        (archive("readme.txt")[:30], sniff.UNKNOWN),
        ("Фамилия;Имя\nАлиев;Бек\n".encode("cp1251"), files.CSV),
        ("Familiya\tIsm\n".encode("utf-16"), files.CSV),
        (b"MZ\x90\x00\x03\x00", sniff.UNKNOWN),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", sniff.OLE),
        (b"", sniff.UNKNOWN),
    ],
)
def test_a_file_is_what_it_holds(content, kind):
    assert sniff.media_type_of(content) == kind


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("order.pdf", "order.pdf"),
        ("C:\\Users\\Bek\\Буйруқ 12.PDF", "Буйруқ 12.PDF"),
        ("../../etc/passwd", "passwd.pdf"),
        ("page.html", "page.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ("a\r\nSet-Cookie: x", "aSet-Cookie: x.pdf"),
        ("", "file.pdf"),
        ("ў" * 300, "ў" * 197 + ".pdf"),
    ],
)
def test_a_name_keeps_nothing_that_deceives(given, kept):
    assert service.safe_name(given, files.PDF) == kept


def test_the_same_bytes_are_kept_once(app):
    first = files.keep(PDF, "a.pdf", allowed={files.PDF})
    second = files.keep(BytesIO(PDF), "b.pdf", allowed={files.PDF})
    assert first.id != second.id
    assert files.path(first) == files.path(second.id)
    with files.open(first) as file:
        assert file.read() == PDF
    assert [entry.name for entry in store.folder().iterdir()] == [first.digest[:2]], "no draft is left"


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "file-empty"), (PNG, "file-of-other-kind"), (PDF + bytes(200), "file-too-big")],
)
def test_what_can_not_be_kept_is_refused_and_leaves_nothing(app, content, code):
    with pytest.raises(Refused) as refused:
        files.keep(content, "order.pdf", allowed={files.PDF}, limit=100)
    assert [(why.code, why.field) for why in refused.value.why] == [(code, "file")]
    assert list(store.folder().iterdir()) == []


def test_only_its_owner_and_those_its_purpose_names_may_have_a_file(app, monkeypatch):
    person, other_person = new_person(), new_person()
    monkeypatch.setattr(service, "_READERS", {})
    owner = audit.Actor(person.id, "coordinator")
    row = files.keep(PDF, "order.pdf", allowed={files.PDF}, actor=owner, purpose="order.scan")
    secretary = audit.Actor(other_person.id, "secretary")
    assert files.for_reader(audit.Actor(person.id, "teacher"), row.id) is row
    for actor in (secretary, audit.NOBODY):
        with pytest.raises(NotThere):
            files.for_reader(actor, row.id)
    files.readable("order.scan")(lambda actor, stored: actor.role == "secretary")
    assert files.for_reader(secretary, row.id) is row
    with pytest.raises(NotThere):
        files.for_reader(secretary, row.id + 1)


def test_a_download_can_not_be_taken_for_a_page(app, client):
    owner = somebody(app, "coordinator", organisation("TDPU", "Universitet"))
    order = files.keep(PDF, "Буйруқ 12.pdf", allowed={files.PDF}, actor=owner.actor)
    table = files.keep(b"<script>alert(1)</script>", "a.html", allowed={files.CSV}, actor=owner.actor)
    db.session.commit()
    answer = owner.browser.get(f"/files/{order.id}")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, PDF, "application/pdf")
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
    answer = owner.browser.get(f"/files/{table.id}")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=a.csv")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert client.get(f"/files/{order.id}").status_code == 302
    other = somebody(app, "coordinator", owner.organisation_id, "Olimov")
    assert other.browser.get(f"/files/{order.id}").status_code == 404


@pytest.mark.parametrize("name", ["ro‘yxat.xlsx", "Гуруҳ рўйхати.pdf", 'a"b;c.pdf'])
def test_a_made_file_keeps_its_name_in_any_script(app, name):
    with app.test_request_context():
        answer = made_file(b"x", name, "application/pdf")
    _kind, said = parse_options_header(answer.headers["Content-Disposition"])
    assert said["filename"] == name
