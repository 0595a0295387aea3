"""The second step of signing in: a number from an app on the phone (TOTP)."""

import base64
import hashlib
import hmac

import pyotp
from cryptography.fernet import Fernet
from flask import current_app

from retrain import clock

STEP = 30


def new_secret() -> str:
    """A fresh secret to put into the app on the phone."""
    return pyotp.random_base32()


def address_for(secret: str, name: str) -> str:
    """What the square code for the app says."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="Retrain")


def step_of(secret: str, typed: str, last: int | None = None) -> int | None:
    """The time step *typed* is the number of, at most one off from now and later than *last*; else None."""
    digits = "".join(typed.split())
    now = int(clock.now().timestamp()) // STEP
    for step in (now, now - 1, now + 1):
        if hmac.compare_digest(pyotp.TOTP(secret).generate_otp(step).encode(), digits.encode()) and (
            last is None or step > last
        ):
            return step
    return None


def sealed(secret: str) -> str:
    """*secret* as it is stored: unreadable without the program's key."""
    return _box().encrypt(secret.encode()).decode()


def opened(stored: str) -> str:
    """The secret behind what is stored."""
    return _box().decrypt(stored.encode()).decode()


def _box() -> Fernet:
    key = hmac.digest(current_app.config["SECRET_KEY"].encode(), b"retrain second step 1", hashlib.sha256)
    return Fernet(base64.urlsafe_b64encode(key))
