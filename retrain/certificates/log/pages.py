"""The public log: its daily heads, and proofs for whoever wants to check them."""

from datetime import date
from typing import Any

from flask import jsonify, render_template, request

from retrain.certificates import queries
from retrain.certificates.door import bp
from retrain.certificates.log import public_log
from retrain.certificates.models import PublishedHead
from retrain.extensions import db
from retrain.ledger import keys, tiles
from retrain.people.access import public
from retrain.refusal import NotThere
from retrain.web.requests import whole

SHOWN = 31
GIVEN = 400
"""Heads: on the page, and in the list for programs."""


@bp.get("/log")
@public
def log() -> Any:
    """What the log is for, and the heads of the last days."""
    heads = public_log.heads(SHOWN)
    return render_template("certificates/log.html", heads=heads, key=keys.public_text())


@bp.get("/log/heads.json")
@public
def log_heads() -> Any:
    """The heads of a year, the latest first."""
    return jsonify(heads=[public_log.as_json(head) for head in public_log.heads(GIVEN)])


@bp.get("/log/heads/<filename>.json")
@public
def log_head(filename: str) -> Any:
    """The head of one day."""
    try:
        head = db.session.get(PublishedHead, (public_log.LOG, date.fromisoformat(filename)))
    except ValueError:
        head = None
    if head is None:
        return jsonify(status="unknown"), 404
    return jsonify(public_log.as_json(head))


@bp.get("/log/consistency.json")
@public
def log_consistency() -> Any:
    """The proof that one published head only continues another."""
    before, after = whole(request.args.get("from")), whole(request.args.get("to"))
    if not 0 < before <= after or not public_log.are_published({before, after}):
        return jsonify(status="unknown"), 404
    steps = tiles.consistency(public_log.LOG, before, after)
    return jsonify({"from": before, "to": after, "proof": [step.hex() for step in steps]})


@bp.get("/verify/<token>/proof.json")
@public
def proof(token: str) -> Any:
    """What the log tells of a document, and the proofs of it under the latest head."""
    row = queries.by_token(token)
    if row is None:
        raise NotThere(token)
    head = public_log.latest()
    events = [
        {
            "statement": each.statement,
            "leaf_hash": each.leaf,
            "position": each.position,
            "proof": each.steps,
        }
        for each in public_log.proofs(row.id, head)
    ]
    return jsonify(events=events, head=public_log.as_json(head) if head else None)
