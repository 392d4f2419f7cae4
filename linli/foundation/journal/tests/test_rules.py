from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from linli.foundation.journal import rules
from linli.foundation.journal.types import Fault, Proof, SealHeader

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
leaves = st.lists(st.binary(min_size=1, max_size=8).map(rules.leaf_hash), min_size=1, max_size=40, unique=True)


@given(leaves, st.data())
def test_every_leaf_climbs_to_the_root(hashes, data):
    index = data.draw(st.integers(0, len(hashes) - 1))
    path = rules.merkle_path(hashes, index)
    assert rules.climb(hashes[index], path) == rules.merkle_root(hashes)
    assert rules.climb(rules.leaf_hash(b"another"), path) != rules.merkle_root(hashes)


@given(leaves, st.data())
def test_any_change_changes_the_root(hashes, data):
    index = data.draw(st.integers(0, len(hashes) - 1))
    changed = [*hashes[:index], rules.leaf_hash(b"something longer than eight"), *hashes[index + 1 :]]
    assert rules.merkle_root(changed) != rules.merkle_root(hashes)
    assert rules.merkle_root(hashes[:index] + hashes[index + 1 :]) != rules.merkle_root(hashes)


@given(leaves, st.data())
def test_first_difference_names_what_happened(hashes, data):
    pairs = [(i.to_bytes(16), h) for i, h in enumerate(hashes)]
    index = data.draw(st.integers(0, len(pairs) - 1))
    assert rules.first_difference(pairs, pairs) is None
    assert rules.first_difference(pairs, pairs[:index] + pairs[index + 1 :]) == (Fault.REMOVED, pairs[index][0])
    new = (b"x" * 16, b"y" * 32)
    assert rules.first_difference(pairs, [*pairs[:index], new, *pairs[index:]]) == (Fault.INSERTED, b"x" * 16)
    altered = [*pairs[:index], (pairs[index][0], b"y" * 32), *pairs[index + 1 :]]
    assert rules.first_difference(pairs, altered) == (Fault.ALTERED, pairs[index][0])
    assert rules.split_leaves(rules.join_leaves(pairs)) == pairs


def test_a_proof_holds_only_for_its_entry_and_seal():
    entries = [b"a", b"b", b"c"]
    hashes = [rules.leaf_hash(e) for e in entries]
    header = SealHeader(1, NOW, 3, rules.merkle_root(hashes), rules.FIRST)
    trusted = rules.seal_hash(header)
    good = Proof(b"b", rules.merkle_path(hashes, 1), header, trusted)
    assert rules.proves(good, trusted)
    assert not rules.proves(Proof(b"x", good.path, header, trusted), trusted)
    assert not rules.proves(good, bytes(32))


def test_plain_values_survive_both_databases():
    value = {
        "at": NOW,
        "day": NOW.date(),
        "f": 1e20,
        "d": Decimal("1.50"),
        "u": UUID(int=1),
        "s": {"b", "a"},
        "t": (1, None),
        "nul": "a\x00b\ud800",
        "yes": True,
    }
    assert rules.plain(value) == {
        "at": "2026-03-02T09:00:00.000000Z",
        "day": "2026-03-02",
        "f": "1e+20",
        "d": "1.50",
        "u": "00000000-0000-0000-0000-000000000001",
        "s": ["a", "b"],
        "t": [1, None],
        "nul": "ab?",
        "yes": True,
    }
