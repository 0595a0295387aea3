"""What is decided about a register beside its marks: guests, two devices that disagree, papers, a substitute."""

from typing import Any
from uuid import uuid4

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from retrain.attendance import service
from retrain.attendance.devices.operation_rules import Sent
from retrain.attendance.door import bp
from retrain.attendance.reading import minutes_typed
from retrain.attendance.register_page import hour_of
from retrain.attendance.states import IN_PART, MarkKind, What
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.refusal import Refusal, Refused
from retrain.timetable import queries as timetable
from retrain.web.language import shown_date
from retrain.web.requests import file_sent, whole


def _back(session_id: int) -> Any:
    return redirect(url_for("attendance.register", session_id=session_id), 303)


@bp.post("/registers/<int:session_id>/undo")
@allow("register.mark")
def undo(session_id: int) -> Any:
    """Take back what one last did."""
    service.undo(current_actor(), session_id)
    flash(_("The last change is taken back."), "done")
    return _back(session_id)


@bp.post("/registers/<int:session_id>/guests")
@allow("register.mark")
def add_guest(session_id: int) -> Any:
    """Somebody in the room who is not on the list."""
    meeting = timetable.session(session_id)
    typed = request.form.get("kind", "present")
    kind = MarkKind(typed) if typed in list(MarkKind) else MarkKind.PRESENT
    minutes = minutes_typed(request.form.get("missed", ""), hour_of(meeting)) if kind in IN_PART else 0
    if minutes is None:
        raise Refused(Refusal.of("late-hours-wrong", field="missed"))
    guest = Sent(
        str(uuid4()), 0, What.GUEST, kind=kind, minutes=minutes,
        said=request.form.get("name", "").strip()[:200], workplace=request.form.get("workplace", "").strip()[:200],
    )  # fmt: skip
    service.add_guest(current_actor(), session_id, guest)
    flash(_("The guest is noted. The coordinator settles it."), "done")
    return _back(session_id)


@bp.post("/registers/<int:session_id>/guests/<int:guest_id>")
@allow("register.settle")
def settle_guest(session_id: int, guest_id: int) -> Any:
    """A guest becomes the mark of somebody in the group, or is let go with a reason."""
    if "dismiss" in request.form:
        service.dismiss_guest(current_actor(), session_id, guest_id, request.form.get("reason", ""))
        flash(_("The guest has no mark. The reason is kept."), "done")
    else:
        service.take_guest(current_actor(), session_id, guest_id, whole(request.form.get("enrolment")))
        flash(_("The guest’s mark now stands at the person’s name."), "done")
    return _back(session_id)


@bp.post("/registers/<int:session_id>/settle/<int:operation_id>")
@allow("register.mark")
def settle(session_id: int, operation_id: int) -> Any:
    """Which of two devices holds, or that a mark turned away was seen."""
    why = request.form.get("why", "").strip()[:500]
    service.settle(current_actor(), session_id, operation_id, take="take" in request.form, why=why)
    flash(_("It is settled."), "done")
    return _back(session_id)


@bp.post("/registers/<int:session_id>/papers/<int:enrolment_id>")
@allow("register.mark")
def attach_paper(session_id: int, enrolment_id: int) -> Any:
    """The paper behind an excuse."""
    if not (sent := file_sent("paper")):
        raise Refused(Refusal.of("file-not-chosen", field="paper"))
    service.attach_paper(current_actor(), session_id, enrolment_id, *sent)
    flash(_("The paper is kept with the mark."), "done")
    return _back(session_id)


@bp.post("/registers/<int:session_id>/substitute")
@allow("register.substitute")
def give_to_substitute(session_id: int) -> Any:
    """The register is somebody else's for a day."""
    day = service.give_to_substitute(current_actor(), session_id, whole(request.form.get("person")))
    flash(
        _("The register is theirs on %(day)s. They have a message with the link.", day=shown_date(day)),
        "done",
    )
    return _back(session_id)
