"""Anyone opens the check page: put together once for all visitors, it says of each document what is true of it now."""

from retrain.certificates import service
from retrain.certificates.states import Ground
from retrain.extensions import db
from retrain.web import moulds
from tests import scenario
from tests.harness.statements import counted

LANGUAGES = ("uz", "uz-Cyrl", "ru", "en")


def visitor(app, language="en", theme=None):
    """Somebody's browser, signed in to nothing."""
    client = app.test_client()
    with client.session_transaction() as kept:
        kept["language"] = language
    if theme:
        client.set_cookie("theme", theme)
    return client


def test_every_visitor_reads_what_the_template_writes(country, issued, app, monkeypatch):
    first, second = issued
    second.frozen = {**second.frozen, "public": {**second.frozen["public"], "name": 'O‘g‘li & <b>"Ўғли"</b>'}}
    db.session.commit()
    for _change in ("issued", "replaced", "revoked"):
        for language in LANGUAGES:
            for row in (first, second):
                address = f"/verify/{row.token}"
                page = visitor(app, language).get(address).text
                with monkeypatch.context() as here:
                    here.setattr(moulds, "_is_of_this_visitor", lambda: True)
                    assert page == visitor(app, language).get(address).text
                assert str(row.frozen["document"]["number"]) in page
        if _change == "issued":
            service.replace(country.hr_officer, first.id, Ground.LOST, "ariza")
        elif _change == "replaced":
            service.revoke(country.hr_officer, second.id, "buyruq")
    assert "<b>" not in page


def test_a_revoked_document_is_revoked_in_the_next_second(country, issued, client):
    addresses = [f"/verify/{row.token}" for row in issued]
    before = [client.get(address, headers={"Accept-Language": "en"}) for address in addresses]
    assert all("Genuine" in page.text and page.headers["Cache-Control"] == "no-cache" for page in before)
    service.revoke(country.hr_officer, issued[0].id, "buyruq 40-k")
    after = [client.get(address, headers={"Accept-Language": "en"}).text for address in addresses]
    assert ["was revoked" in page for page in after] == [True, False]


def test_whose_page_it_is_stays_out_of_what_others_see(country, issued, app):
    address = f"/verify/{issued[0].token}"
    office = scenario.signed_in(app, country.hr_officer)
    own = office.get(f"{address}?lang=en").text
    assert "Sign out" in own
    assert "Sign out" not in visitor(app).get(address).text
    assert 'data-bs-theme="dark"' in visitor(app, theme="dark").get(address).text
    assert "data-bs-theme" not in visitor(app).get(address).text
    assert "Sign out" in office.get(address).text


def test_the_check_of_one_document_is_one_question(issued, client):
    first, second = (f"/verify/{row.token}" for row in issued)
    client.get(first)
    with counted() as asked:
        page = client.get(second)
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    assert len([each for each in asked if each.startswith("SELECT")]) == 1


def test_no_search_engine_keeps_whose_document_it_is(issued, client):
    """A link to it may stand anywhere; who searches for a name must not find the person's documents."""
    assert '<meta name="robots" content="noindex">' in client.get(f"/verify/{issued[0].token}").text
    assert "noindex" not in client.get("/verify").text
