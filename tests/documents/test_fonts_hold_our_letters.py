"""The letters shipped can write every language of the house; peers print "?" for some of them."""

import pytest

from retrain.documents import fitting
from retrain.documents.pdf import FONTS

FACES = sorted(path.stem for path in FONTS.glob("*.ttf"))
LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
RUSSIAN = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя"
UZBEK = "ЎҚҒҲўқғҳ‘’ʻʼ'"
SIGNS = "№«»“”„–—-.,:;()/+·…%§&\u00a0 "
NEIGHBOURS = "ӘәӨөҮүҢңІіҰұҺһҶҷӢӣӮӯÄäÖöÜüßŞşİıĞğÇç"


def test_there_are_a_serif_and_a_sans():
    assert {face.partition("-")[0] for face in FACES} == {"SourceSerif4", "SourceSans3"}


@pytest.mark.parametrize("face", FACES)
def test_no_letter_is_missing(face: str):
    assert fitting.without_glyph(LATIN + RUSSIAN + UZBEK + SIGNS + NEIGHBOURS, face) == []


@pytest.mark.parametrize("strange", ["漢", "😀", "م", "\u202e", "\u200b", "\u0000"])
def test_what_no_face_has_is_told(strange: str):
    assert fitting.without_glyph(f"Ali{strange}") == [strange]
