"""The Merkle tree of RFC 9162 over leaves in order: roots, proofs that something is in, and that nothing was rewritten.

Pure: bytes in, bytes out. Hashes are SHA-256 (section 2.1).
"""

from collections.abc import Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry. The zero byte keeps a leaf from being taken for an inner node."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two smaller than *size* (> 1): how many leaves stand in the left subtree."""
    return 1 << (size - 1).bit_length() - 1


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over *leaves*, which are hashes."""
    peaks: list[bytes] = []
    for position, leaf in enumerate(leaves):
        append(peaks, position, leaf)
    return root_of(peaks)


def append(peaks: list[bytes], size: int, leaf: bytes) -> None:
    """Add the leaf number *size* to the growing edge: *peaks*, roots of the full subtrees, the largest first."""
    while size & 1:
        leaf = node_hash(peaks.pop(), leaf)
        size >>= 1
    peaks.append(leaf)


def root_of(peaks: Sequence[bytes]) -> bytes:
    """The root of the tree whose full subtrees have these roots."""
    if not peaks:
        return EMPTY
    *rest, found = peaks
    for peak in reversed(rest):
        found = node_hash(peak, found)
    return found


def inclusion(leaves: Sequence[bytes], position: int) -> list[bytes]:
    """The hashes that lead from leaf *position* to the root (2.1.3.1), the lowest first."""
    if not 0 <= position < len(leaves):
        raise IndexError(position)
    if len(leaves) == 1:
        return []
    half = split(len(leaves))
    if position < half:
        return [*inclusion(leaves[:half], position), root(leaves[half:])]
    return [*inclusion(leaves[half:], position - half), root(leaves[:half])]


def includes(leaf: bytes, position: int, size: int, proof: Sequence[bytes], wanted: bytes) -> bool:
    """Whether *proof* shows that *leaf* is number *position* of the *size* leaves under the root *wanted* (2.1.3.2)."""
    if not 0 <= position < size:
        return False
    place, last, found = position, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(step, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == wanted


def consistency(leaves: Sequence[bytes], before: int) -> list[bytes]:
    """The hashes that show the tree over *leaves* to be a continuation of its first *before* ones (2.1.4.1)."""
    if not 0 < before <= len(leaves):
        raise IndexError(before)
    return _subproof(leaves, before, known=True)


def _subproof(leaves: Sequence[bytes], before: int, *, known: bool) -> list[bytes]:
    """*known*: the verifier holds the root of this subtree already."""
    size = len(leaves)
    if before == size:
        return [] if known else [root(leaves)]
    half = split(size)
    if before <= half:
        return [*_subproof(leaves[:half], before, known=known), root(leaves[half:])]
    return [*_subproof(leaves[half:], before - half, known=False), root(leaves[:half])]


def continues(before: int, before_root: bytes, size: int, size_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether *proof* shows that the later tree only added to the earlier one (2.1.4.2)."""
    if before == size:
        return not proof and before_root == size_root
    if not 0 < before < size or not proof:
        return False
    steps = list(proof)
    if before & (before - 1) == 0:
        steps.insert(0, before_root)
    place, last = before - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, step)
        place, last = place >> 1, last >> 1
    return last == 0 and old == before_root and new == size_root
