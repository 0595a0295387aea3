"""Files that are made while one waits."""

import io

from flask import Response, send_file


def made_file(content: bytes, name: str, media_type: str, *, shown: bool = False) -> Response:
    """*content* as a file called *name*, to be saved or, when *shown*, opened in the browser's window."""
    answer = send_file(io.BytesIO(content), media_type, as_attachment=not shown, download_name=name)
    answer.direct_passthrough = False
    # Made for one reader: Flask would let everybody on the way keep it as long as a stylesheet.
    del answer.headers["Cache-Control"]
    return answer
