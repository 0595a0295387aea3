"""Security headers on every answer."""

from flask import Flask, Response, current_app, request
from flask_login import current_user

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def init_app(app: Flask) -> None:
    app.after_request(_protect)


def _protect(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "geolocation=(), microphone=(), payment=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if current_app.config["RETRAIN"].is_https:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint not in ("static", "bootstrap.static"):
        # What a signed-in person saw is not shown again by the back button after they left.
        signed_in = current_user and current_user.is_authenticated
        headers.setdefault("Cache-Control", "no-store" if signed_in else "no-cache")
        headers.add("Vary", "Cookie")
    if close := getattr(response.response, "close", None):
        # What compresses a file reads it to its end and forgets to close it.
        response.call_on_close(close)
    return response
