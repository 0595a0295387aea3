"""A roster between upload and confirmation: bytes in a folder, named by what they are, and nothing in the database."""

import hashlib
import re
import time
from pathlib import Path

from flask import current_app
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from retrain import clock
from retrain.refusal import NotThere, Refusal, Refused

KEPT = 24 * 60 * 60
"""Seconds after which an upload nobody confirmed is gone."""

_DIGEST = re.compile(r"[0-9a-f]{64}")


def put_by(content: bytes, filename: str, person_id: int | None, college_id: int | None) -> str:
    """A token that finds the upload again, for the same person only."""
    folder = _folder()
    _sweep(folder)
    digest = hashlib.sha256(content).hexdigest()
    draft = folder / f"{digest}.{time.monotonic_ns()}"
    try:
        draft.write_bytes(content)
        draft.replace(folder / digest)
    finally:
        draft.unlink(missing_ok=True)  # a disk that is full takes only a part
    return _signer().dumps([digest, filename[:255], person_id, college_id])


def take_up(token: str, person_id: int | None) -> tuple[bytes, str, int | None]:
    """(content, filename, college) of an upload; Refused when it is gone, NotThere for another's."""
    try:
        digest, filename, owner, college_id = _signer().loads(token, max_age=KEPT)
    except SignatureExpired:
        raise Refused(Refusal.of("upload-gone")) from None
    except BadSignature:
        raise NotThere from None
    path = _folder() / digest
    if owner != person_id or not _DIGEST.fullmatch(digest):
        raise NotThere
    if not path.exists():
        raise Refused(Refusal.of("upload-gone"))
    return path.read_bytes(), filename, college_id


def _folder() -> Path:
    folder = Path(current_app.config["RETRAIN"].instance) / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _sweep(folder: Path) -> None:
    for path in folder.iterdir():
        if clock.now().timestamp() - path.stat().st_mtime > KEPT:
            path.unlink(missing_ok=True)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="retrain roster upload")
