"""What a document says is kept as data with a digest, and read back exactly."""

import json
from dataclasses import replace

import pytest

from retrain.certificates import frozen
from tests.certificates.papers import CERTIFICATE, DIPLOMA


@pytest.mark.parametrize("document", [CERTIFICATE, DIPLOMA])
def test_a_document_comes_back_from_its_row_unchanged(document: frozen.Frozen):
    kept = json.loads(json.dumps(frozen.to_dict(document)))
    assert frozen.from_dict(kept) == document
    assert frozen.digest(frozen.from_dict(kept)) == frozen.digest(document)


def test_any_change_shows_in_the_digest():
    assert frozen.digest(replace(CERTIFICATE, name="Toxtayeva Dilnoza")) != frozen.digest(CERTIFICATE)
    assert frozen.digest(replace(CERTIFICATE, hours=145)) != frozen.digest(CERTIFICATE)


def test_the_canonical_bytes_are_one_line_of_sorted_json():
    written = frozen.canonical_json(CERTIFICATE)
    assert b"\n" not in written
    assert list(json.loads(written)) == sorted(json.loads(written))
    assert "To‘xtayeva".encode() in written


def test_a_schema_of_the_future_is_not_misread():
    kept = frozen.to_dict(CERTIFICATE)
    with pytest.raises(ValueError, match="schema"):
        frozen.from_dict({**kept, "schema": 2})
    with pytest.raises(ValueError, match="stamp"):
        frozen.from_dict({**kept, "stamp": "x"})
