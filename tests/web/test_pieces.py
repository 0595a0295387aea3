"""What comes out the same for many readers is put together once, and never shows one reader what is another's."""

from contextlib import contextmanager

import pytest
from flask_babel import force_locale
from markupsafe import Markup

from retrain.web import addresses, icons, pieces

BUTTON = "layout/_own_menu.html"


@pytest.fixture
def page(app):
    """A visitor's request in a language, with nothing kept from before."""
    app.extensions[pieces.PIECES].clear()

    @contextmanager
    def asked(language, **more):
        with app.test_request_context("/", **more), force_locale(language):
            yield

    return asked


def test_a_piece_is_put_together_once_in_each_language(page):
    asked = []

    def values():
        asked.append(1)
        return {"unread": 3}

    seen = []
    for language in ("en", "ru", "en", "ru"):
        with page(language):
            seen.append(pieces.kept(BUTTON, 3, values))
    assert len(asked) == 2
    assert seen[0] == seen[2] != seen[1] == seen[3]
    assert "Messages" in seen[0]


def test_another_key_is_another_piece(page):
    with page("en"):
        assert "3</span>" in pieces.piece(BUTTON, unread=3)
        assert "3</span>" not in pieces.piece(BUTTON, unread=0)


def test_where_the_program_is_mounted_belongs_to_the_key(page):
    with page("en"):
        assert 'href="/messages' in pieces.piece(BUTTON, unread=0)
    with page("en", base_url="http://localhost/courses/"):
        assert 'href="/courses/messages' in pieces.piece(BUTTON, unread=0)


def test_what_a_visitor_typed_is_escaped_and_does_not_pile_up(app, page):
    typed = {"role": "", "place": ""}
    with page("en"):
        assert "<b>" not in pieces.piece("layout/_bar.html", asked="<b>", **typed)
        long = "x" * pieces.LONGEST
        before = len(app.extensions[pieces.PIECES])
        assert long in pieces.piece("layout/_bar.html", asked=long, **typed)
        assert len(app.extensions[pieces.PIECES]) == before
        for number in range(pieces.KEPT + 5):
            pieces.kept(BUTTON, number, lambda: {"unread": 0})
        assert len(app.extensions[pieces.PIECES]) <= pieces.KEPT


def test_pages_ask_for_addresses_and_icons_by_what_remembers_them(app):
    assert app.jinja_env.globals["url_for"] is addresses.address
    with app.test_request_context("/"):
        assert icons.icon("mail", "<em>") == Markup(
            '<svg class="icon icon-mail" role="img" aria-label="&lt;em&gt;" focusable="false">'
            '<use href="/static/icons.svg#mail"></use></svg>'
        )
        assert 'aria-hidden="true"' in icons.icon("mail")
