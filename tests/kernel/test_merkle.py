import base64
import hashlib
import json
import os

import pytest

from zhengxin.kernel.merkle import (
    EMPTY_ROOT,
    consistency_ranges,
    fold,
    grow,
    inclusion_ranges,
    leaf_hash,
    node_hash,
    range_root,
    verify_consistency,
    verify_inclusion,
)


def slow_root(leaves):
    """RFC 6962 section 2.1, word by word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(slow_root(leaves[:k]), slow_root(leaves[k:]))


def leaves_of(n):
    return [leaf_hash(i.to_bytes(4, "big")) for i in range(n)]


def prove(ranges, leaves):
    def subtree(height, index):
        return fold(b"".join(leaves[index << height : (index + 1) << height]))

    return [range_root(lo, hi, subtree) for lo, hi in ranges]


def test_the_roots_of_the_eight_leaves_of_rfc6962(shared_data):
    vectors = json.loads((shared_data / "merkle/rfc6962_vectors.json").read_text())
    leaves = [leaf_hash(bytes.fromhex(x)) for x in vectors["leaf_inputs_hex"]]
    for size, expected in enumerate(vectors["root_by_tree_size"]):
        assert grow(0, (), b"".join(leaves[:size])).root.hex() == expected
    for height, hashes in enumerate(vectors["node_hashes_by_level"]):
        for index, expected in enumerate(hashes):
            chunk = leaves[index << height : (index + 1) << height]
            assert slow_root(chunk).hex() == expected


def test_every_inclusion_vector(shared_data):
    files = sorted((shared_data / "merkle/inclusion").rglob("*.json"))
    assert len(files) > 90
    wrong = []
    for path in files:
        case = json.loads(path.read_text())
        decoded = {k: base64.b64decode(case[k] or "") for k in ("root", "leafHash")}
        proof = [base64.b64decode(p) for p in case["proof"] or []]
        held = verify_inclusion(
            case["leafIdx"], case["treeSize"], decoded["leafHash"], proof, decoded["root"]
        )
        if held == case["wantErr"]:
            wrong.append(str(path))
    assert not wrong


def test_our_own_small_vector():
    # Leaves "0", "1", "2" hashed by hand with sha256sum.
    three = [leaf_hash(b"0"), leaf_hash(b"1"), leaf_hash(b"2")]
    expected = hashlib.sha256(
        b"\x01" + hashlib.sha256(b"\x01" + three[0] + three[1]).digest() + three[2]
    ).digest()
    assert grow(0, (), b"".join(three)).root == expected


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 513, 1000])
def test_growing_in_any_steps_gives_the_root_of_the_definition(size):
    leaves = leaves_of(size)
    expected = slow_root(leaves)
    for step in (1, 3, 256, 700):
        at, nodes = 0, list[tuple[int, int, bytes]]()
        frontier: tuple[bytes, ...] = ()
        for start in range(0, size, step):
            growth = grow(at, frontier, b"".join(leaves[start : start + step]))
            at, frontier = growth.size, growth.frontier
            nodes += growth.nodes
        assert grow(at, frontier, b"").root == expected
        assert nodes == [
            (1, i, slow_root(leaves[i * 256 : (i + 1) * 256])) for i in range(size // 256)
        ]


def test_a_finished_subtree_of_65536_is_a_node_of_level_2():
    leaves = b"".join(leaves_of(65536))
    first = grow(0, (), leaves[: 32 * 65000])
    second = grow(first.size, first.frontier, leaves[32 * 65000 :])
    assert second.nodes[-1] == (2, 0, fold(leaves))
    assert second.root == fold(leaves)


def test_frontier_of_another_size_is_refused():
    with pytest.raises(ValueError, match="frontier"):
        grow(3, (EMPTY_ROOT,), b"")


def test_every_inclusion_and_consistency_proof_up_to_40_leaves_holds():
    leaves = leaves_of(40)
    roots = [slow_root(leaves[:n]) for n in range(41)]
    for size in range(1, 41):
        for index in range(size):
            proof = prove(inclusion_ranges(index, size), leaves)
            assert verify_inclusion(index, size, leaves[index], proof, roots[size])
            assert not verify_inclusion(index, size, leaf_hash(b"x"), proof, roots[size])
            if size > 1:
                assert not verify_inclusion(index, size, leaves[index], proof[1:], roots[size])
        for old in range(1, size + 1):
            proof = prove(consistency_ranges(old, size), leaves)
            assert verify_consistency(old, size, roots[old], roots[size], proof)
            assert not verify_consistency(old, size, os.urandom(32), roots[size], proof)
            assert not verify_consistency(old, size, roots[old], os.urandom(32), proof)
            assert not verify_consistency(old, size, roots[old], roots[size], [*proof, leaves[0]])
            if proof:
                assert not verify_consistency(old, size, roots[old], roots[size], proof[:-1])


def test_the_empty_tree_is_extended_by_every_tree():
    assert verify_consistency(0, 5, EMPTY_ROOT, leaf_hash(b""), [])
    assert not verify_consistency(5, 3, EMPTY_ROOT, EMPTY_ROOT, [])
