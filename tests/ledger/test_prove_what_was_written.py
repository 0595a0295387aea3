"""The Merkle tree of RFC 9162, against a naive one; and logs whose heads anybody can check."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.ledger import keys, queries, service, tree
from retrain.ledger.models import LedgerHead

entries = st.lists(st.binary(max_size=4), max_size=70)


def naive(leaves: list[bytes]) -> bytes:
    """The definition of section 2.1.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\x01" + naive(leaves[:half]) + naive(leaves[half:])).digest()


def hashed(given: list[bytes]) -> list[bytes]:
    return [sha256(b"\x00" + entry).digest() for entry in given]


@given(entries)
def test_the_root_grows_leaf_by_leaf_as_the_definition_says(given):
    leaves = hashed(given)
    peaks: list[bytes] = []
    for position, entry in enumerate(given):
        tree.append(peaks, position, tree.leaf_hash(entry))
    assert tree.root_of(peaks) == tree.root(leaves) == naive(leaves)


@given(entries.filter(bool), st.data())
def test_a_leaf_is_shown_to_be_in_and_nothing_else_is(given, data):
    leaves = hashed(given)
    position = data.draw(st.integers(0, len(leaves) - 1))
    proof, root = tree.inclusion(leaves, position), naive(leaves)
    assert tree.includes(leaves[position], position, len(leaves), proof, root)
    other = data.draw(st.integers(0, len(leaves) + 2))
    if other != position:
        assert not tree.includes(leaves[position], other, len(leaves), proof, root) or (
            other < len(leaves) and leaves[other] == leaves[position]
        )
    assert not tree.includes(tree.leaf_hash(b"another"), position, len(leaves), proof, root)
    assert not tree.includes(leaves[position], position, len(leaves), [*proof, root], root)
    assert not tree.includes(leaves[position], position, len(leaves), proof[:-1], root) or not proof


@given(entries.filter(bool), st.data())
def test_a_log_that_only_grew_is_told_from_one_that_was_rewritten(given, data):
    leaves = hashed(given)
    before = data.draw(st.integers(1, len(leaves)))
    proof = tree.consistency(leaves, before)
    old, new = naive(leaves[:before]), naive(leaves)
    assert tree.continues(before, old, len(leaves), new, proof)
    assert not tree.continues(before, tree.leaf_hash(b"another"), len(leaves), new, proof)
    assert not tree.continues(before, old, len(leaves), tree.leaf_hash(b"another"), proof)
    if proof:
        assert not tree.continues(before, old, len(leaves), new, proof[:-1])


@use_case
def write(*subjects: str) -> int:
    return service.append("test", [(subject, subject.encode()) for subject in subjects])


def test_a_log_hangs_together_and_proves_what_is_in_it(app):
    assert write("a", "b", "c") == 0
    assert write("d") == 3
    assert write() == 4
    assert queries.problems("test") == []
    shown = queries.inclusion("test", "b")
    assert shown is not None
    assert (shown.position, shown.size) == (1, 4)
    steps = [bytes.fromhex(step) for step in shown.proof]
    assert tree.includes(tree.leaf_hash(b"b"), 1, 4, steps, bytes.fromhex(shown.root))
    said = keys.statement("test", shown.size, shown.root, shown.at)
    assert keys.is_signed(keys.private().public_key(), said, shown.signature)
    assert not keys.is_signed(keys.private().public_key(), said + b" ", shown.signature)
    assert queries.inclusion("test", "z") is None


def test_two_logs_do_not_meet(app):
    write("a")
    use_case(lambda: service.append("other", [("a", b"x")]))()
    heads = db.session.scalars(db.select(LedgerHead.root).order_by(LedgerHead.log)).all()
    assert heads == [tree.leaf_hash(b"x").hex(), tree.leaf_hash(b"a").hex()]


def test_the_key_is_made_once_and_is_nobody_elses(app, tmp_path):
    first = keys.kept(tmp_path / "key.pem")
    assert (tmp_path / "key.pem").stat().st_mode & 0o777 == 0o600
    again = keys.kept(tmp_path / "key.pem")
    assert first.public_key() == again.public_key()
    assert [path.name for path in tmp_path.iterdir()] == ["key.pem"]


@pytest.mark.parametrize("signature", ["", "x", "!!", "ab" * 44])
def test_what_is_no_signature_signs_nothing(app, tmp_path, signature):
    assert not keys.is_signed(keys.kept(tmp_path / "key.pem").public_key(), b"said", signature)
