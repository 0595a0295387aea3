"""An officer changes how documents look; what was issued stays (complaint 24: old certificates change with a template)."""

from io import BytesIO

import pytest

from retrain.catalogue.models import Run
from retrain.certificates import printing, service, telling
from retrain.certificates.designs import changing, composing, design, designing, places
from retrain.certificates.states import Ground
from retrain.extensions import db
from retrain.files import store
from retrain.refusal import Refused
from tests.certificates.papers import CERTIFICATE
from tests.documents.paper import text_of
from tests.harness import pictures

URL = "/documents/designs/advanced_training"


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_texts_and_places_change_from_now_on_and_issued_documents_do_not(country, issued, as_user):
    officer = as_user(country.hr_officer)
    language = country.run.language
    before = printing.render(issued[:1])
    page = officer.get(URL, query_string={"language": language})
    assert "from the top, mm" in page.text
    answer = officer.post(
        URL, query_string={"language": language}, data={"word-given": "Given with pride to", "name-top": "91"}
    )
    assert answer.status_code == 303, answer.text
    assert printing.render(issued[:1]) == before
    service.revoke(country.hr_officer, issued[0].id, "misprint")
    new = service.replace(country.hr_officer, issued[0].id, Ground.MISTAKE, "misprint", [service.Part.NAME])
    assert "Givenwithprideto" in squeezed(text_of(printing.render([new])))
    assert new.frozen["design"]["changes"]["places"] == {"name": {"top": 91.0}}


def test_the_sheet_follows_what_is_typed_before_it_is_saved(country, as_user):
    officer = as_user(country.hr_officer)
    plain = officer.get(f"{URL}/preview.svg", query_string={"language": "uz"})
    moved = officer.get(f"{URL}/preview.svg", query_string={"language": "uz", "name-top": "80"})
    assert plain.status_code == moved.status_code == 200
    assert plain.mimetype == "image/svg+xml"
    assert plain.data != moved.data
    assert "sandbox" in plain.headers["Content-Security-Policy"]
    off = officer.get(f"{URL}/preview.svg", query_string={"language": "uz", "name-top": "260"})
    assert off.status_code == 422


def test_the_sheet_shows_the_emblem_the_series_and_the_longest_college_of_real_documents(
    country, issued, as_user
):
    shown = designing.hardest(country.provider.id, "uz", "retraining_diploma")
    assert {record.series for record in shown} == {"QT"}
    assert {record.workplace for record in shown} == {country.college.names[-1].names["uz"]}
    officer = as_user(country.hr_officer)
    shipped = officer.get(f"{URL}/preview.svg").text
    assert shipped.count("<svg ") > 2, "the emblem that the design is shipped with is drawn"
    own = {"logo": (BytesIO(pictures.png(60, 60)), "emblem.png")}
    assert officer.post(URL, data=own, content_type="multipart/form-data").status_code == 303
    assert "data:image/png;base64," in officer.get(f"{URL}/preview.svg").text
    before = printing.render(issued[:1])
    new = service.replace(country.hr_officer, issued[0].id, Ground.MISTAKE, "misprint", [service.Part.NAME])
    assert b"/Subtype /Image" in printing.render([new])
    assert b"/Subtype /Image" not in before


def test_the_supplement_is_seen_and_moved_like_the_face(country, as_user):
    officer, diploma = as_user(country.hr_officer), "/documents/designs/retraining_diploma"
    assert 'data-side="1"' in officer.get(diploma).text
    assert 'data-side="1"' not in officer.get(URL).text
    face = officer.get(f"{diploma}/preview.svg").data
    plain = officer.get(f"{diploma}/preview.svg?side=1").data
    moved = officer.get(f"{diploma}/preview.svg?side=1&who-left=90&word-supplement=Ilova").data
    assert len({face, plain, moved}) == 3
    grounds = {officer.get(f"{diploma}/ground.svg?side={side}").data for side in (0, 1)}
    assert len(grounds) == 2
    # A title no sheet has room for, and a side that no document has.
    endless = {"side": "1", "word-supplement": "Diplomga ilova " * 12}
    assert officer.get(f"{diploma}/preview.svg", query_string=endless).status_code == 422
    assert officer.get(f"{URL}/preview.svg?side=1").status_code == 422


@pytest.mark.parametrize("name", design.DESIGNS)
def test_a_place_that_can_be_moved_is_seen(country, issued, name: str):
    drawn = places.drawn(name, design.CURRENT[name])
    record = designing.hardest(country.provider.id, "ru", name)[0]
    texts = telling.texts(record, drawn.words["ru"])
    empty = {place for place in designing.PLACES if place in drawn.places and not texts.get(place, "-")}
    # The scene has no ministry, no legal text, no speciality, and names in one script.
    assert empty <= {"speciality", "authority", "legal_basis", "name_second"}


def test_a_lost_picture_of_the_emblem_is_told_and_nothing_is_issued_without_it(country, issued, as_user):
    officer = as_user(country.hr_officer)
    own = {"logo": (BytesIO(pictures.png(60, 60)), "emblem.png")}
    officer.post(URL, data=own, content_type="multipart/form-data")
    store.path_of(designing.of(country.provider.id, "advanced_training")["logo"]).unlink()
    sentence = "The picture of your emblem is not among the files any more."
    assert sentence in officer.get(URL).text
    assert officer.get(f"{URL}/preview.svg").status_code == 200
    saved = officer.post(URL, data={"name-top": "91"})
    assert (saved.status_code, sentence in saved.text) == (422, True)
    run = db.session.get(Run, issued[0].run_id)
    assert "emblem-lost" in [why.code for why in service.refusals_to_issue(run, [])]
    chosen = issued[0].id
    with pytest.raises(Refused) as refused:
        service.replace(country.hr_officer, chosen, Ground.MISTAKE, "misprint", [service.Part.NAME])
    assert [why.code for why in refused.value.why] == ["emblem-lost"]
    again = {"logo": (BytesIO(pictures.png(60, 60)), "emblem.png")}
    assert officer.post(URL, data=again, content_type="multipart/form-data").status_code == 303
    assert sentence not in officer.get(URL).text


def test_a_text_that_leaves_the_sheet_is_refused_with_a_sentence(country, as_user):
    answer = as_user(country.hr_officer).post(URL, data={"name-top": "260"})
    assert answer.status_code == 422
    assert "leaves the sheet" in answer.text


def test_a_lost_document_gets_a_duplicate_that_says_what_it_stands_for(country, issued):
    old = issued[0]
    new = service.replace(country.hr_officer, old.id, Ground.LOST, "lost on a journey")
    assert new.design == "duplicate"
    shown = squeezed(text_of(printing.render([new])))
    assert squeezed(f"{old.series} № {old.number:06d}") in shown
    assert squeezed(f"{new.series} № {new.number:06d}") in shown
    again = service.replace(country.hr_officer, new.id, Ground.LOST, "lost again")
    assert again.frozen["document"]["duplicate_of"] == new.frozen["document"]["duplicate_of"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"places": {"name": {"top": 205}}}, "outside"),
        ({"places": {"name": {"size": 200}}}, "size"),
        ({"places": {"name": {"face": "/etc/passwd"}}}, "unknown"),
        ({"places": {"nobody": {"top": 1}}}, "unknown"),
        ({"places": {"name": {"top": "1; } body { display: none"}}}, "unknown"),
        ({"places": {"name": {"top": float("nan")}}}, "unknown"),
        ({"words": {"uz": {"months": "x"}}}, "unknown"),
        ({"words": {"uz": {"given": "x" * 300}}}, "too-long"),
        ({"square": [10, 10, 4]}, "size"),
        ({"style": "@import url(http://example.uz)"}, "unknown"),
    ],
)
def test_a_change_that_is_none_is_told_apart(changes: dict, code: str):
    with pytest.raises(changing.NotAChange) as wrong:
        places.drawn("advanced_training", "v2", changes)
    assert wrong.value.code == code


def test_code_in_a_text_is_printed_as_letters():
    drawn = places.drawn("advanced_training", "v2", {"words": {"uz": {"given": "{{ 7*7 }}<b>x</b>"}}})
    told = composing.compose(CERTIFICATE, drawn).fixed[0].lines
    assert any(line.text == "{{ 7*7 }}<b>x</b>" for line in told)
