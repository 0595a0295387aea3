"""The keyed codes of an audit entry: pure functions over a key and plain values."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

AUTHENTICATED = (
    "uid", "at", "actor_id", "role", "organisation_id", "delegated_by",
    "action", "subject_type", "subject_id", "before", "after", "why",
)  # fmt: skip
"""The columns a mac covers: all but the row's number, the mac itself and the place in the ledger."""


def key_of(secret: str) -> bytes:
    """The audit key derived from the program's secret, so that no other use of the secret makes the same codes."""
    return hmac.digest(secret.encode(), b"retrain audit 1", "sha256")


def new_uid(key: bytes, nonce: str | None = None) -> str:
    """A fresh identity that only a holder of *key* can make; the demo country brings its own *nonce*."""
    nonce = nonce or secrets.token_hex(12)
    return nonce + _uid_code(key, nonce)


def uid_is_ours(key: bytes, uid: str) -> bool:
    """Whether the program made *uid*."""
    return len(uid) == 48 and hmac.compare_digest(uid[24:], _uid_code(key, uid[:24]))


def _uid_code(key: bytes, nonce: str) -> str:
    return hmac.new(key, b"uid" + nonce.encode(), hashlib.sha256).hexdigest()[:24]


def canonical(values: Mapping[str, Any]) -> bytes:
    """The same bytes for the same entry, whatever the database did to key order and time zones."""
    plain = {name: values[name] for name in AUTHENTICATED}
    at = plain["at"]
    plain["at"] = int(at.timestamp()) * 1_000_000 + at.microsecond if isinstance(at, datetime) else at
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def mac(key: bytes, values: Mapping[str, Any]) -> str:
    """The code over everything in the entry."""
    return hmac.new(key, canonical(values), hashlib.sha256).hexdigest()
