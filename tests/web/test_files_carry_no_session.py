"""A file that any cache may keep must not bring somebody's session along."""

from datetime import date

from tests import scenario


def test_a_stylesheet_sets_no_cookie_for_somebody_signed_in(app, clock):
    country = scenario.country(date(2026, 9, 14))
    client = scenario.signed_in(app, country.coordinator)
    with client.session_transaction() as session:
        session.permanent = True
    answer = client.get("/static/css/retrain.css")
    assert "public" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
