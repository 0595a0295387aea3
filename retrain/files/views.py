"""Downloads."""

from typing import Any

from flask import Blueprint, g, send_file

from retrain.files import service, sniff
from retrain.refusal import NotThere

bp = Blueprint("files", __name__)
SHOWN = {sniff.PDF, sniff.PNG, sniff.JPEG}
"""What a browser may show in its own window; all else is saved."""


@bp.get("/files/<int:file_id>")
def download(file_id: int) -> Any:
    """The file, for those who may have it."""
    row = service.for_reader(g.actor, file_id)
    place = service.path(row)
    if not place.exists():
        raise NotThere("file")
    answer = send_file(
        place, mimetype=row.media_type, download_name=row.name, as_attachment=row.media_type not in SHOWN,
        etag=row.digest, max_age=0, conditional=True,
    )  # fmt: skip
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.cache_control.private = True
    answer.cache_control.no_cache = True
    return answer


# Below people in the house, so the door is marked by the bare word (see retrain.people.access).
download.action = "account"  # type: ignore[attr-defined]
