"""The page that every form of the timetable shows before people are told: what changes, whom it touches, yes or no."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from retrain.extensions import db
from retrain.language import pick
from retrain.people import queries as people
from retrain.timetable import asking, showing
from retrain.timetable.asking import AskFirst, Stand, Turn
from retrain.timetable.door import bp
from retrain.timetable.entries import place_of
from retrain.timetable.models import Room
from retrain.web.forms import page_before
from retrain.web.language import current_language

SHOWN = 30
"""Classes that the page lists; of more it says how many."""

_OWN = frozenset({"csrf_token", "agreed"})


def asked() -> AbstractContextManager[None]:
    """Around what changes classes: the form is shown again with what it touches unless just that was agreed to."""
    return asking.first(request.form.get("agreed"))


def words(first: AskFirst) -> str:
    """Whom it touches, in a sentence."""
    return showing.touched_words(first.touched, people.display_names(first.touched.lecturers))


@bp.errorhandler(AskFirst)
def ask(first: AskFirst) -> Any:
    """What would change, and the same form with a yes in it."""
    return page(
        words(first), len(first.turns), first.mark, page_before(url_for(".rooms")), turns(first.turns[:SHOWN])
    )


def page(sentence: str, number: int, mark: str, back: str, shown: Sequence[Mapping[str, str]] = ()) -> str:
    """The form again with *mark* in it as a yes, under the sentence and those of *number* classes that are shown."""
    return render_template(
        "timetable/ask.html", words=sentence, turns=shown, number=number, mark=mark, back=back,
        fields=[(name, value) for name, value in request.form.items(multi=True) if name not in _OWN],
        action=request.full_path.rstrip("?"),
    )  # fmt: skip


def turns(found: Sequence[Turn]) -> list[dict[str, str]]:
    """Classes as they are and as they would be, in words."""
    stands = [stand for one in found for stand in (one.was, one.now)]
    rooms = {
        row.id: place_of(row)
        for row in db.session.scalars(db.select(Room).where(Room.id.in_({one.room_id for one in stands})))
    }
    names = people.display_names([one.lecturer_id for one in stands])
    return [
        {
            "what": f"{one.run_code} · {pick(one.topic, current_language())}",
            "was": _stand(one.was, rooms, names), "now": _stand(one.now, rooms, names),
        }
        for one in found
    ]  # fmt: skip


def _stand(one: Stand, rooms: dict[int, str], names: dict[int, str]) -> str:
    if one.on_date is None:
        return _("cancelled")
    when = _("%(day)s, pair %(pair)s", day=showing.day_words(one.on_date), pair=one.pair)
    return " · ".join(
        filter(None, (when, rooms.get(one.room_id or 0, ""), names.get(one.lecturer_id or 0, "")))
    )
