"""The page of a design can show what it is given and nothing else: no file, no network, no endless loop."""

from dataclasses import replace

import pytest

from retrain.certificates import press
from retrain.certificates.designs import composing, design, markup, places
from retrain.documents import pdf
from tests.certificates.papers import CERTIFICATE
from tests.documents.paper import text_of

DRAWN = places.drawn("advanced_training", "v2")


def printed(page: str, style: str = "") -> bytes:
    return press.Press(replace(DRAWN, page=page, style=style, digest=f"{page}{style}")).sheet(CERTIFICATE).pdf


@pytest.mark.parametrize(
    "page",
    [
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{{ sheets.__class__.__mro__ }}",
        "{{ ''.__class__ }}",
        "{{ cycler.__init__.__globals__ }}",
        "{% for a in range(10**9) %}{% endfor %}",
        "{% for a in 'x' * 1000000000 %}{% endfor %}",
        "{{ 'x'.center(1000000000) }}",
        "{{ '%1000000000d' % 7 }}",
        "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}",
        "{% for a in sheets recursive %}{{ loop(sheets) }}{% endfor %}",
        "{% for a in sheets %}" * 5 + "x" + "{% endfor %}" * 5,
        "{{ document }}",
        "{{ sheets | map('upper') }}",
    ],
)
def test_a_page_that_wants_out_or_no_end_is_no_design(page: str):
    with pytest.raises(markup.NotADesign):
        printed(page)


@pytest.mark.parametrize(
    ("page", "style"),
    [
        ('<img src="file:///etc/hostname">', ""),
        ('<img src="http://127.0.0.1:9/x.png">', ""),
        ('<link rel="attachment" href="file:///etc/hostname">', ""),
        ("", "@import url(file:///etc/hostname);"),
        ("", "body { background: url(https://example.uz/x.png) }"),
    ],
)
def test_a_design_that_reads_files_or_the_network_is_refused(page: str, style: str):
    with pytest.raises(pdf.ForbiddenResource):
        printed(DRAWN.page + page, style)


def test_a_page_that_loses_or_adds_sheets_is_no_design():
    with pytest.raises(markup.NotADesign):
        printed(DRAWN.page + '<section class="sheet">one too many</section>')


@pytest.mark.parametrize(
    "name", ["A", "Ў", "Abdurahmonova-To‘xtasheva " * 4 + "Gulnora Hojimurodova", "O" * 120]
)
def test_names_of_one_letter_and_of_120_stay_in_their_place(name: str):
    assert len(name) in (1, 120) or len(name) > 110
    lines = composing.compose(replace(CERTIFICATE, name=name[:120]), DRAWN).lines[0]
    place = DRAWN.places["name"]
    told = [line for line in lines if line.ink == place.ink]
    assert "".join(line.text for line in told).replace(" ", "") == name[:120].replace(" ", "")
    for line in told:
        assert place.top <= line.top <= line.top + line.size * 1.2 * 25.4 / 72 <= place.top + 21


@pytest.mark.parametrize("name", ["عليّ", "שלום", "漢字", "😀", "\u202eevil"])
def test_letters_no_font_has_or_from_right_to_left_are_refused_before_a_number_is_taken(name: str):
    found = design.problems(replace(CERTIFICATE, name=name), "advanced_training", "v2")
    assert [one.code for one in found] == ["no-glyph"]


def test_cyrillic_and_apostrophes_print_as_themselves_complaint_23():
    name = "Ғуломов Ўткир Ҳасан Қодир ўғли №1 «О‘» ’"
    assert name.replace(" ", "") in "".join(
        text_of(press.single(replace(CERTIFICATE, name=name), "advanced_training", "v2")).split()
    )
