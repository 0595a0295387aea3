"""Codes of refusals and kinds of messages belong to everybody: each is given its words once."""

from types import ModuleType

import pytest
from flask import Flask

from retrain.web import words


def wording(name: str, **declared: dict[str, str]) -> ModuleType:
    room = ModuleType(name)
    vars(room).update(declared)
    return room


@pytest.mark.parametrize("declared", words.DECLARED)
def test_a_second_wording_of_a_code_stops_the_start(declared):
    app = Flask("words")
    words.take_in(app, wording("first", **{declared: {"file-empty": "The file is empty."}}))
    words.take_in(app, wording("second", **{declared: {"room-taken": "It is taken."}}))
    with pytest.raises(LookupError, match=r"third words \['file-empty'\] a second time"):
        words.take_in(app, wording("third", **{declared: {"file-empty": "Nothing in it."}}))
    assert words.declared(app, declared) == {"file-empty": "The file is empty.", "room-taken": "It is taken."}


def test_every_package_of_ours_is_taken_in(app):
    assert {"file-empty", "room-taken", "run-not-over"} <= words.declared(app, "REFUSALS").keys()
    assert "timetable.published" in words.declared(app, "MESSAGES")
