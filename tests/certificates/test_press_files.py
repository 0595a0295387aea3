"""Files of the press: sound, the same bytes every time, many in one, and what it leaves to WeasyPrint."""

from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest

from retrain.certificates import press
from retrain.certificates.designs import places
from retrain.certificates.press import check, compiling, files
from tests.certificates.papers import CERTIFICATE, DIPLOMA, OF
from tests.certificates.test_press_pixels import documents
from tests.documents.paper import pages_of, text_of


def forget() -> None:
    """As a new process: nothing is compiled, nothing is measured."""
    compiling.compiled.cache_clear()
    compiling._baselines.clear()
    files._starts.clear()


@pytest.mark.parametrize("design", OF)
def test_a_document_has_the_same_bytes_alone_in_company_and_tomorrow(design: str):
    company = documents(design, "uz", 4)
    forget()
    alone = press.single(company[2], design, "v2")
    assert [sheet.pdf for sheet in press.Press(places.drawn(design, "v2")).sheets(company)][2] == alone
    forget()
    assert press.single(company[2], design, "v2") == alone
    assert press.single(company[1], design, "v2") != alone


@pytest.mark.parametrize("design", OF)
def test_files_are_sound_and_say_where_their_parts_are(design: str):
    sheet = press.sheet(OF[design], design, "v2")
    with pikepdf.open(BytesIO(sheet.pdf)) as opened:
        assert opened.check_pdf_syntax() == []
        assert opened.trailer.Root.objgen == (sheet.root, 0)
        assert opened.pages[0].objgen == (sheet.page, 0)
        assert opened.docinfo["/Title"]
        assert len(opened.pages) == (2 if OF[design].modules else 1)
    assert sheet.pdf[sheet.startxref :].startswith(b"xref\n0 %d\n" % sheet.size)
    assert sheet.root_dict in sheet.pdf
    assert sheet.page_dict in sheet.pdf


def test_many_are_one_file_for_the_printer_in_their_order():
    people = documents("retraining_diploma", "uz", 12)
    made = b"".join(press.merged(people, "retraining_diploma", "v2"))
    with pikepdf.open(BytesIO(made)) as opened:
        assert opened.check_pdf_syntax() == []
        assert (
            len(opened.pages) == 24
        )  # face and supplement of each: printed on both sides they stay together
    text = text_of(made)
    found = [text.index(f"QT № {one.number:06d}") for one in people]
    assert found == sorted(found)


def test_what_is_not_compiled_weasyprint_prints_and_the_press_says_how_many():
    odd = replace(CERTIFICATE, name="Кы́рг Ёлкина")  # an accent no letter of the font bears by itself
    one = press.Press(places.drawn("advanced_training", "v2"))
    made = b"".join(one.merged([CERTIFICATE, odd, CERTIFICATE]))
    assert (one.stamped, one.by_weasyprint) == (2, 1)
    assert pages_of(made) == 3
    with pikepdf.open(BytesIO(made)) as opened:
        assert opened.check_pdf_syntax() == []


def test_a_weasyprint_the_press_does_not_know_prints_all_itself(monkeypatch):
    monkeypatch.setattr(check, "known", lambda: False)
    one = press.Press(places.drawn("advanced_training", "v2"))
    made = one.sheet(CERTIFICATE).pdf
    assert (one.stamped, one.by_weasyprint) == (0, 1)
    assert "Baxtiyorovna" in text_of(made)


def test_this_weasyprint_is_one_it_knows():
    assert check.known()


def test_a_state_blank_gets_only_what_varies_moved_as_the_printer_needs():
    full = press.Press(places.drawn("retraining_diploma", "v2"))
    over = press.Press(places.drawn("retraining_diploma", "v2"), overlay=True, shift=(1.5, -0.8))
    sheet = over.sheet(DIPLOMA)
    text = text_of(sheet.pdf)
    assert over.by_weasyprint == 0
    assert "Baxtiyorovna" in text
    assert "000831" in text
    assert "DIPLOM" not in text.replace(" ", "")
    assert len(sheet.pdf) < len(full.sheet(DIPLOMA).pdf)
    with pikepdf.open(BytesIO(sheet.pdf)) as opened:
        assert "/XObject" not in opened.pages[0].Resources or not opened.pages[0].Resources.XObject
