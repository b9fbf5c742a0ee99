"""What may come back from a witness, and the file that says who they are."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.witness.logs import Log
from zhengxin import journey, witness
from zhengxin.audit.models import AuditLine
from zhengxin.kernel.actor import Actor
from zhengxin.ledger.keys import log_name, signing_key
from zhengxin.ledger.notes import NoteWrong
from zhengxin.witnesses import actions, queries
from zhengxin.witnesses.models import Cosignature
from zhengxin.witnesses.reading import WitnessesUnreadable, read_witnesses
from zhengxin.witnesses.rules import due

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
ACTOR = Actor.system("test")


@pytest.fixture
def at():
    """Now: the programs of the witnesses look at the clock themselves."""
    return datetime.now(UTC)


@pytest.fixture
def renda(grow, program, configure, settings, at):
    """A configured witness that saw the mirror of three entries."""
    found = program("renda", "县人大办")
    configure((found, "file", "exchange/renda"))
    grow(3)
    journey.publish_due(at=at, actor=ACTOR)
    journey.write_mirror(at=at, actor=ACTOR)
    found.running.do_check(str(settings.MIRROR_DIR))
    return found


def receive(note, at):
    return journey.receive_cosigned(note=note, at=at, actor=ACTOR)


def test_it_is_kept_and_noted(renda, at):
    assert receive(renda.note(3), at) == 1
    kept = Cosignature.objects.get()
    assert (kept.witness, kept.size) == ("renda.example/zhengxin", 3)
    assert abs(kept.signed_at - at) < timedelta(minutes=1)
    line = AuditLine.objects.get(act="cosignature.receive")
    assert (line.object_id, line.outcome) == ("3", "done")
    assert queries.newest_cosigned() == renda.note(3)


def test_a_stranger_is_not_taken_in(renda, at, program, settings):
    stranger = program("stranger", "路人")
    stranger.running.do_check(str(settings.MIRROR_DIR))
    with pytest.raises(actions.NoWitnessSigned):
        receive(stranger.note(3), at)
    with pytest.raises(actions.NoWitnessSigned):
        receive((settings.MIRROR_DIR / "checkpoint").read_text(encoding="utf-8"), at)
    assert Cosignature.objects.count() == 0


@pytest.mark.parametrize("spoiled", ["", "garbage", "x\n\n— y AAAA\n"])
def test_garbage(renda, at, spoiled):
    with pytest.raises(NoteWrong):
        receive(spoiled, at)


def test_a_cosignature_that_does_not_hold(renda, at):
    note = renda.note(3)
    cut = note.rindex(" ") + 20
    spoiled = note[:cut] + ("A" if note[cut] != "A" else "B") + note[cut + 1 :]
    with pytest.raises(NoteWrong):
        receive(spoiled, at)


def test_our_key_over_another_tree_is_the_gravest_thing(renda, at):
    forged = Log(3, name=log_name(), key=signing_key())
    with pytest.raises(actions.OtherTree, match="立即报告"):
        receive(forged.checkpoint(), at)
    assert AuditLine.objects.get(act="cosignature.receive").outcome == "refused"


def test_a_clock_far_ahead(renda, at, monkeypatch, settings):
    ahead = (at + timedelta(days=2)).timestamp()
    monkeypatch.setattr(witness.time, "time", lambda: ahead)
    renda.running.do_check(str(settings.MIRROR_DIR))
    with pytest.raises(NoteWrong, match="校准"):
        receive(renda.note(3), at)


def test_an_older_tree_may_come_late(renda, at, grow, settings):
    grow(2)
    journey.publish_due(at=at, actor=ACTOR)
    journey.write_mirror(at=at, actor=ACTOR)
    renda.running.do_check(str(settings.MIRROR_DIR))
    assert receive(renda.note(5), at) == 1
    assert receive(renda.note(3), at) == 1
    (seen,) = queries.seen()
    assert seen.size == 5


def test_no_file_no_witnesses():
    assert read_witnesses() == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("witnesses: [", "YAML"),
        ("- a", "witnesses:"),
        ("witnesses:\n- office: 人大\n", "第1段"),
        ("witnesses:\n- {office: a, verifier: x, channel: pigeon, address: y}", "mail、file或http"),
        ("witnesses:\n- {office: a, verifier: x, channel: mail, address: y}", "公钥"),
        (
            "witnesses:\n- {office: a, verifier: x, channel: mail, address: y, silent_after: soon}",
            "天数",
        ),
    ],
)
def test_a_wrong_file_says_what_is_wrong(settings, text, words):
    settings.WITNESSES_FILE.write_text(text, encoding="utf-8")
    with pytest.raises(WitnessesUnreadable, match=words):
        read_witnesses()


def test_a_witness_named_twice(renda, configure):
    configure((renda, "file", "a"), (renda, "mail", "b@example.invalid"))
    with pytest.raises(WitnessesUnreadable, match="写了两次"):
        read_witnesses()


def test_the_log_s_own_key_is_no_witness(renda, settings):
    text = settings.WITNESSES_FILE.read_text(encoding="utf-8")
    own = renda.running.log.line
    settings.WITNESSES_FILE.write_text(text.replace(renda.verifier, own), encoding="utf-8")
    with pytest.raises(WitnessesUnreadable, match="公钥"):
        read_witnesses()


def test_when_to_send_again():
    at = datetime(2026, 11, 28, 1, tzinfo=UTC)
    assert due(sent_today=False, failed_at=None, at=at)
    assert not due(sent_today=True, failed_at=None, at=at)
    assert not due(sent_today=False, failed_at=at - timedelta(minutes=59), at=at)
    assert due(sent_today=False, failed_at=at - timedelta(hours=1), at=at)
