"""The Merkle tree of RFC 9162 over leaves in order: roots, proofs that something is in, and that nothing was rewritten.

Pure: bytes in, bytes out. Hashes are SHA-256 (section 2.1).
"""

from collections.abc import Callable, Sequence
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


RootOf = Callable[[int, int], bytes]
"""The root over the leaves from one position to before another."""


def inclusion(leaves: Sequence[bytes], position: int) -> list[bytes]:
    """The hashes that lead from leaf *position* to the root (2.1.3.1), the lowest first."""
    return inclusion_by(lambda start, end: root(leaves[start:end]), position, len(leaves))


def inclusion_by(root_of_range: RootOf, position: int, size: int) -> list[bytes]:
    """The same for who knows the roots of ranges of *size* leaves."""
    if not 0 <= position < size:
        raise IndexError(position)
    found, start, end = [], 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if position < middle:
            found.append(root_of_range(middle, end))
            end = middle
        else:
            found.append(root_of_range(start, middle))
            start = middle
    return found[::-1]


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
    return consistency_by(lambda start, end: root(leaves[start:end]), before, len(leaves))


def consistency_by(root_of_range: RootOf, before: int, size: int) -> list[bytes]:
    """The same for who knows the roots of ranges of *size* leaves."""
    if not 0 < before <= size:
        raise IndexError(before)
    found, start, end = [], 0, size
    known = True  # the verifier holds the root of this subtree already
    while before != end:
        middle = start + split(end - start)
        if before <= middle:
            found.append(root_of_range(middle, end))
            end = middle
        else:
            found.append(root_of_range(start, middle))
            start, known = middle, False
    if not known:
        found.append(root_of_range(start, end))
    return found[::-1]


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
