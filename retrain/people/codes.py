"""One-time links and slip codes: how they are made, read from a hand, and kept as keyed digests. Pure."""

import hashlib
import hmac
import re
import secrets

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits that no hand or printer confuses: no I, L, O, 0, 1."""

LENGTH = 10
_GROUP = 5
_TYPED_IN_CYRILLIC = str.maketrans("АВЕКМНРСТУХЗ", "ABEKMHPCTYX3")


def new_token() -> str:
    """What a mailed link carries."""
    return secrets.token_urlsafe(32)


def new_slip_code() -> str:
    """Ten signs for a slip, 49 bits: ``K7QMX-3FD9T``."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{code[:_GROUP]}-{code[_GROUP:]}"


def tidy(typed: str) -> str:
    """A slip code as it was printed, from what a person typed: any case, any gaps, Cyrillic look-alikes."""
    signs = re.sub(r"[^0-9A-Z]", "", typed[:100].upper().translate(_TYPED_IN_CYRILLIC))
    return f"{signs[:_GROUP]}-{signs[_GROUP:]}" if len(signs) == LENGTH else signs


def digest(secret: str, code: str) -> str:
    """What is stored of *code*: worth nothing without the program's *secret*."""
    key = hmac.digest(secret.encode(), b"retrain one-time code 1", "sha256")
    return hmac.new(key, code.encode(), hashlib.sha256).hexdigest()


def session_digest(token: str) -> str:
    """What is stored of a session's token, which is too long to be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()
