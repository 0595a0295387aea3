"""The door for devices: what they send, what stands now, a fresh token, and the worker that keeps pages for them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import current_app, jsonify, request
from flask_wtf.csrf import generate_csrf

from retrain.attendance import entitled, opened, register_page, service
from retrain.attendance.devices import reading as reading_devices
from retrain.attendance.devices.sending import Answer
from retrain.attendance.door import bp
from retrain.people.access import allow, public
from retrain.people.acting import current_actor
from retrain.refusal import Forbidden, Refusal, Refused
from retrain.timetable import queries as timetable
from retrain.web.words import say


@bp.get("/registers/token.json")
@public
def token() -> Any:
    """A token that lets marks be sent, and whose they would be: a page kept on a device outlives its own."""
    return jsonify(token=generate_csrf(), owner=register_page.owner_of(current_actor().person_id))


@bp.get("/registers/<int:session_id>/state.json")
@allow("register.mark")
def register_state(session_id: int) -> Any:
    """What stands in the register now."""
    meeting = timetable.session(session_id)
    found = opened.of(meeting)
    if not entitled.may_look(current_actor(), meeting, found.whose):
        raise Forbidden("register.mark")
    return jsonify(register_page.state_of(found))


@bp.post("/registers/<int:session_id>/operations.json")
@allow("register.mark")
def take_in(session_id: int) -> Any:
    """Marks, the topic, guests and the signature of a device; each is answered, and done once."""
    try:
        batch = _batch_of_reader()
    except Refused:
        # Who may not mark here is told so first, whatever they sent; for what can be read the use case asks it.
        entitled.require_to_mark(current_actor(), timetable.session(session_id))
        raise
    taken = service.take_in(current_actor(), session_id, batch.device, batch.starts_at, batch.operations)
    return jsonify(
        answers={name: _told(answer) for name, answer in taken.answers.items()},
        register=register_page.state_of(taken.opened),
    )


def _batch_of_reader() -> reading_devices.Batch:
    batch = reading_devices.batch(request.get_json(silent=True))
    if batch.owner != register_page.owner_of(current_actor().person_id):
        raise Refused(Refusal.of("not-your-marks"))
    return batch


def _told(answer: Answer) -> Mapping[str, Any]:
    return {
        "outcome": str(answer.outcome),
        "version": answer.version,
        "why": [say(refusal) for refusal in answer.why],
    }


@bp.get("/register-worker.js")
@public
def worker() -> Any:
    """The service worker; it stands at the root because it reaches no further up than where it lies."""
    scripts = Path(current_app.static_folder or "") / "js"
    written = [(scripts / f"{name}.js").read_bytes() for name in ("register-queue", "register-worker")]
    answer = current_app.response_class(b"\n".join(written), mimetype="text/javascript")
    answer.cache_control.no_cache = True
    answer.add_etag()
    return answer.make_conditional(request)
