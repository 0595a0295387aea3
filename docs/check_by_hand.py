"""Checks a document's proof and heads of the public log without Retrain: for auditors.

    python check_by_hand.py kept.json proof.json [consistency.json]

*kept.json* is a head that you kept earlier, *proof.json* the "Proof from the public log" of a document's page,
*consistency.json* the answer of /log/consistency.json?from=SIZE&to=SIZE with the sizes of both heads. It needs Python
and its package cryptography. It ends with 1 when anything is not as it should be.
"""

import base64
import hashlib
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LATEST_SEAL = timedelta(minutes=10)  # what happens just before a head may come into the log after it


def node(left: bytes, right: bytes) -> bytes:
    """Two hashes as one: SHA-256 of the byte 1 and both."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def leaf(statement: dict) -> bytes:
    """The hash of an entry: SHA-256 of the byte 0 and the JSON with sorted keys and no spaces, in UTF-8."""
    said = json.dumps(statement, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(b"\x00" + said.encode()).digest()


def is_signed(head: dict) -> bool:
    """Whether a head's Ed25519 signature is of what it says: JSON of four parts, with sorted keys."""
    said = json.dumps({name: head[name] for name in ("at", "log", "root", "size")}, sort_keys=True)
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(head["key"]))
        key.verify(base64.b64decode(head["signature"]), said.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def is_under(found: bytes, place: int, head: dict, steps: list[bytes]) -> bool:
    """Whether the entry number *place* leads to the root of *head* (RFC 9162, 2.1.3.2)."""
    last = head["size"] - 1
    for step in steps:
        if place & 1 or place == last:
            found = node(step, found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = node(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found.hex() == head["root"]


def continues(before: dict, after: dict, steps: list[bytes]) -> bool:
    """Whether the log of the head *after* begins with that of the head *before* (RFC 9162, 2.1.4.2)."""
    if before["size"] == after["size"]:
        return before["root"] == after["root"]
    if before["size"] & (before["size"] - 1) == 0:
        steps = [bytes.fromhex(before["root"]), *steps]
    place, last = before["size"] - 1, after["size"] - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if place & 1 or place == last:
            old, new = node(step, old), node(step, new)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            new = node(new, step)
        place, last = place >> 1, last >> 1
    return last == 0 and (old.hex(), new.hex()) == (before["root"], after["root"])


def moment(said: dict) -> datetime:
    """When a head or an entry says that it was."""
    return datetime.fromisoformat(said["at"])


def steps_of(proof: list[str]) -> list[bytes]:
    """The hashes of a proof."""
    return [bytes.fromhex(step) for step in proof]


def problems(kept: dict, proof: dict, consistency: dict | None) -> list[str]:
    """All that is not as it should be."""
    head, found = proof["head"], []
    if head is None:
        return ["no head was published yet: ask again tomorrow"]
    found += [f"the head of {each['at']} is not signed" for each in (kept, head) if not is_signed(each)]
    if kept["key"] != head["key"]:
        found.append("the heads are signed with different keys")
    for event in proof["events"]:
        said, place = event["statement"], event["position"]
        name = f"{said['number']}, {said['event']}"
        if event["proof"] is None:
            found.append(f"{name}: not under this head yet, ask again tomorrow")
        elif not is_under(leaf(said), place, head, steps_of(event["proof"])):
            found.append(f"{name}: not in the log as it is said here")
        elif place >= kept["size"] and moment(kept) - moment(said) > LATEST_SEAL:
            found.append(f"{name}: back-dated, the head that was kept is later and without it")
    if consistency is not None:
        before, after = sorted((kept, head), key=lambda each: each["size"])
        sizes = consistency.get("from"), consistency.get("to")
        if sizes != (before["size"], after["size"]) or not continues(
            before, after, steps_of(consistency["proof"])
        ):
            found.append("the log was rewritten since the head that was kept")
    return found


if __name__ == "__main__":
    files = [json.loads(Path(name).read_text("utf-8")) for name in sys.argv[1:]]
    if len(files) not in (2, 3):
        sys.exit(__doc__)
    told = problems(files[0], files[1], files[2] if len(files) == 3 else None)
    sys.stdout.write(("\n".join(told) or "all is as it should be") + "\n")
    sys.exit(1 if told else 0)
