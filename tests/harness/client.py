"""A test client whose requests are as separate from the test as those of a browser."""

from contextvars import Context
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient

from retrain.extensions import db


class Client(FlaskClient):
    """Every request gets an application context, a database session and ``g`` of its own.

    What the test has put into its own session is committed first, and read anew afterwards.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        # The body is read while the request's own context is still there.
        kwargs.setdefault("buffered", True)
        if has_app_context():
            db.session.commit()
        try:
            return Context().run(super().open, *args, **kwargs)
        finally:
            if has_app_context():
                db.session.expire_all()
