"""A server that lies in every way we could think of: the witness signs none of it and keeps what it was shown."""

import random

import pytest

from tests.witness.logs import NAME, OTHER_KEY, Log, site
from zhengxin.ledger import notes

SEEN, LARGER = 600, 1100


@pytest.fixture
def served(renda):
    """A server whose honest tree of 600 the witness has seen."""
    with site(Log(SEEN)) as found:
        assert renda("check", found.address) == 0
        assert renda.sizes == [SEEN]
        yield found


def alarmed(renda, served, words):
    """The witness raised an alarm, signed nothing and kept the checkpoint it was shown."""
    before = len(renda.evidence)
    assert renda("check", served.address) == 2
    assert renda.said.startswith("报警：")
    assert words in renda.said
    assert renda.sizes == [SEEN]
    assert len(renda.evidence) == before + 1
    shown = [path / "checkpoint" for path in renda.evidence]
    assert served.files["checkpoint"] in [path.read_bytes() for path in shown]


def test_an_honest_server_is_followed_as_it_grows(renda, served):
    for size in (SEEN + 1, 768, 1024, LARGER):
        served.files = Log(size).files()
        assert renda("check", served.address) == 0
    assert renda.sizes == [SEEN, SEEN + 1, 768, 1024, LARGER]
    assert renda.evidence == []


def test_same_size_other_root(renda, served):
    served.files = Log(SEEN, forked_at=17).files()
    alarmed(renda, served, "分叉")


@pytest.mark.parametrize("forked_at", [0, 255, 256, 511, 512, SEEN - 1])
def test_larger_but_inconsistent(renda, served, forked_at):
    served.files = Log(LARGER, forked_at=forked_at).files()
    alarmed(renda, served, "后来被改过")


def test_forked_after_what_was_seen_is_no_fork_for_this_witness(renda, served):
    served.files = Log(LARGER, forked_at=SEEN).files()
    assert renda("check", served.address) == 0


def test_shortened(renda, served):
    served.files = Log(SEEN - 1).files()
    alarmed(renda, served, "变短")
    served.files = Log(0).files()
    alarmed(renda, served, "变短")


def test_back_to_honest_after_an_alarm(renda, served):
    served.files = Log(LARGER, forked_at=3).files()
    alarmed(renda, served, "后来被改过")
    served.files = Log(LARGER).files()
    assert renda("check", served.address) == 0
    assert renda.sizes == [SEEN, LARGER]


def test_wrong_tiles(renda, served):
    honest = Log(LARGER).files()
    tiles = ["tile/0/002", "tile/0/004.p/76", "tile/1/000.p/4"]
    for name in tiles:
        spoiled = bytearray(honest[name])
        spoiled[random.Random(name).randrange(len(spoiled))] ^= 1
        served.files = {**honest, name: bytes(spoiled)}
        alarmed(renda, served, "镜像里")


def test_every_tile_is_looked_at_when_asked(renda, served):
    """Consistency needs few tiles; --all finds one spoiled elsewhere."""
    honest = Log(LARGER).files()
    served.files = {**honest, "tile/0/000": honest["tile/0/001"]}
    assert renda("check", served.address, "--all") == 2
    assert "tile/0/000" in renda.said
    assert renda.sizes == [SEEN]


@pytest.mark.parametrize("name", ["tile/0/002", "tile/0/004.p/76"])
def test_missing_or_short_tiles(renda, served, name):
    served.files = Log(LARGER).files()
    tile = served.files.pop(name)
    alarmed(renda, served, "缺少")
    served.files[name] = tile[:-1]
    alarmed(renda, served, "太短")


def test_a_partial_tile_that_gave_way_to_the_full_one(renda, served):
    """The checkpoint was fetched just before the tree grew."""
    old, new = Log(700).files(), Log(800).files()
    served.files = {**new, "checkpoint": old["checkpoint"], "tile/1/000.p/2": old["tile/1/000.p/2"]}
    assert "tile/0/002.p/188" not in served.files
    assert renda("check", served.address) == 0
    assert renda.sizes == [SEEN, 700]


def test_signed_by_another_key(renda, served):
    served.files = Log(LARGER, key=OTHER_KEY).files()
    alarmed(renda, served, "不是用登记簿的密钥签的")


def test_a_signature_that_does_not_hold(renda, served):
    honest = Log(LARGER).checkpoint()
    served.files["checkpoint"] = honest.replace(f"\n{LARGER}\n", f"\n{LARGER + 1}\n").encode()
    alarmed(renda, served, "不是用登记簿的密钥签的")


def test_another_log(renda, served):
    text = notes.checkpoint_text(notes.TreeHead("elsewhere.example", LARGER, Log(LARGER).root()))
    served.files["checkpoint"] = notes.sign(text, NAME, Log(1).key).encode()
    alarmed(renda, served, "不是“log.example/register”的")


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"<html>502 Bad Gateway</html>",
        b"\xff\xfe\x00" * 100,
        b"log.example/register\n600\n\n",
        Log(LARGER).checkpoint().encode()[:-20],
        Log(LARGER).checkpoint().replace("\n1100\n", "\n01100\n").encode(),
        Log(LARGER).checkpoint().replace("\n1100\n", "\n-1\n").encode(),
        Log(LARGER).checkpoint().replace("\n1100\n", "\n" + "9" * 40 + "\n").encode(),
        "\n".join(["— x AAAA"] * 1000).encode(),
    ],
)
def test_garbage(renda, served, garbage):
    served.files["checkpoint"] = garbage
    assert renda("check", served.address) == 1
    assert "没有签名" in renda.said
    assert renda.sizes == [SEEN]
    assert renda.evidence[-1].joinpath("checkpoint").read_bytes() == garbage


def test_huge(renda, served):
    served.files["checkpoint"] += b"x" * (1 << 20)
    assert renda("check", served.address) == 1
    assert "太大" in renda.said
    assert renda.evidence[-1].joinpath("checkpoint").stat().st_size < 100_000
    served.files = Log(LARGER).files()
    served.files["tile/0/004.p/76"] += b"x" * (1 << 20)
    assert renda("check", served.address) == 1
    assert renda.sizes == [SEEN]


def test_slow(renda, served):
    served.files = Log(LARGER).files()
    served.drip = 0.2
    assert renda("check", served.address) == 1
    assert "太慢" in renda.said
    assert renda.sizes == [SEEN]


def test_nobody_there(renda):
    assert renda("check", "http://127.0.0.1:9/log") == 1
    assert "没有取到" in renda.said
    assert renda.sizes == []


def test_a_tree_of_a_claimed_size_costs_no_more_than_its_edge(renda, served):
    """A signed checkpoint may claim any size: the witness asks for a few tiles, not for all."""
    text = notes.checkpoint_text(notes.TreeHead(NAME, 10**17 + 1, bytes(32)))
    served.files["checkpoint"] = notes.sign(text, NAME, Log(1).key).encode()
    served.asked.clear()
    alarmed(renda, served, "缺少")
    assert len(served.asked) < 20


def test_a_split_view_shows_when_two_witnesses_compare(new_witness, tmp_path):
    renda, fayuan = new_witness("renda"), new_witness("fayuan")
    honest, other = Log(300), Log(300, forked_at=299)
    with site(honest) as one, site(other) as two:
        assert renda("check", one.address) == 0
        assert fayuan("check", two.address) == 0
        left = renda.folder / "cosigned" / "300.txt"
        right = fayuan.folder / "cosigned" / "300.txt"
        assert renda("compare", left, right) == 2
        assert "不同的内容" in renda.said
        assert renda("compare", left, left) == 0
        # At different sizes the mirror is needed, and tells.
        two.files = Log(310, forked_at=299).files()
        assert fayuan("check", two.address) == 0
        later = fayuan.folder / "cosigned" / "310.txt"
        assert renda("compare", left, later) == 1
        assert "镜像" in renda.said
        assert renda("compare", left, later, two.address) == 2
        assert renda("compare", right, later, two.address) == 0
