"""One-time links and codes on their way: encrypted in the outbox, so that reading the database opens no account."""

import base64
import hashlib
import hmac
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken


def _fernet(secret_key: str) -> Fernet:
    key = hmac.new(secret_key.encode(), b"retrain messages 1", hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def seal(secret_key: str, facts: dict[str, Any]) -> str:
    """The facts as text that only a holder of *secret_key* can read."""
    return _fernet(secret_key).encrypt(json.dumps(facts).encode()).decode()


def unseal(secret_key: str, sealed: str) -> dict[str, Any]:
    """The facts again; empty when they were sealed under another key."""
    try:
        return dict(json.loads(_fernet(secret_key).decrypt(sealed.encode())))
    except InvalidToken:
        return {}
