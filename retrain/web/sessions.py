"""The cookie that keeps who is signed in, their language and what the next page says."""

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class Sessions(SecureCookieSessionInterface):
    """Flask's own, whose signer is made once: to make it takes as long as to sign with it."""

    def __init__(self) -> None:
        self._signers: dict[str, URLSafeTimedSerializer | None] = {}

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs with the app's key."""
        key = str(app.secret_key)
        if key not in self._signers:
            self._signers[key] = super().get_signing_serializer(app)
        return self._signers[key]


def init_app(app: Flask) -> None:
    app.session_interface = Sessions()
