"""What stands beside a name in an order's list: facts frozen with the order, worded in the document's language."""

from collections.abc import Mapping
from typing import Any

from retrain.documents.timetable_wording import TIMETABLE
from retrain.documents.wording import ORDER
from retrain.language.dates import number


def worded(facts: Mapping[str, Any], lang: str) -> str:
    """The reason why somebody left, their points, or every condition they did not meet."""
    if facts.get("why"):
        return str(facts["why"])
    if facts.get("points") is not None:
        return ORDER[lang]["points"].format(n=number(facts["points"], lang, 1))
    return "; ".join(_condition(each, lang) for each in facts.get("conditions", ()))


def _condition(facts: Mapping[str, Any], lang: str) -> str:
    words = ORDER[lang]
    key = "note_" + str(facts["code"]).replace("-", "_")
    shown = {
        name: number(value, lang, 1)
        if isinstance(value, int | float) and not isinstance(value, bool)
        else value
        for name, value in facts.items()
    }
    if "points" in shown and shown["points"] is None:
        shown["points"] = words["no_points"]
    if "kind" in shown:
        shown["kind"] = TIMETABLE[lang][str(shown["kind"])]
    return words[key].format(**shown) if key in words else str(facts["code"])
