"""Checkpoints go out once a day by three roads, and every attempt is on record."""

from datetime import UTC, datetime, timedelta

import pytest

from zhengxin import journey, witness
from zhengxin.kernel.actor import Actor
from zhengxin.publication.board import queries as board
from zhengxin.witnesses import queries
from zhengxin.witnesses.actions import OtherTree
from zhengxin.witnesses.models import Cosignature, Sending

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
ACTOR = Actor.system("test")
# The last nine o'clock in the county: witnesses sign by their own clock, and may not be a day ahead.
AT = (datetime.now(UTC) - timedelta(hours=1)).replace(hour=1, minute=0, second=0, microsecond=0)


def tend(at=AT):
    return {
        each.witness.office: each.delivery for each in journey.tend_witnesses(at=at, actor=ACTOR)
    }


def publish(at=AT):
    journey.publish_due(at=at, actor=ACTOR)


def test_by_mail_and_back(grow, program, configure, mailbox, tmp_path):
    renda = program("renda", "县人大办")
    configure((renda, "mail", "renda@example.invalid"))
    grow(3)
    publish()
    assert tend() == {"县人大办": "sent"}
    (letter,) = mailbox.letters
    assert letter["To"] == "renda@example.invalid"
    assert letter["From"] == "zx@b.invalid"
    text = letter.get_body()
    assert text is not None
    assert "cosigned/3.txt" in text.get_content()
    (attached,) = letter.iter_attachments()
    file = tmp_path / str(attached.get_filename())
    file.write_bytes(attached.get_content())
    assert "3条" in renda.running.do_check(str(file))
    assert journey.receive_cosigned(note=renda.note(3), at=AT, actor=ACTOR) == 1
    assert journey.receive_cosigned(note=renda.note(3), at=AT, actor=ACTOR) == 0
    (seen,) = queries.seen()
    assert seen.size == 3
    # The next letter carries the proof from there.
    grow(5)
    publish(AT + timedelta(days=1))
    tend(AT + timedelta(days=1))
    (attached,) = mailbox.letters[1].iter_attachments()
    assert attached.get_content().startswith(b"old 3\n")
    file.write_bytes(attached.get_content())
    assert "8条" in renda.running.do_check(str(file))


@pytest.mark.parametrize("channels", [None, "smtp: {host: 127.0.0.1}"])
def test_without_a_mail_server_it_is_told(grow, program, configure, tmp_path, channels):
    renda = program("renda", "县人大办")
    configure((renda, "mail", "renda@example.invalid"))
    if channels:
        (tmp_path / "channels.yaml").write_text(channels, encoding="utf-8")
    grow(3)
    publish()
    assert tend() == {"县人大办": "failed"}
    (seen,) = queries.seen()
    assert "channels.yaml" in seen.failure


def test_by_file_and_back(grow, program, configure, tmp_path):
    zhengxie = program("zhengxie", "县政协办")
    configure((zhengxie, "file", "exchange/zhengxie"))
    grow(2)
    publish()
    assert tend() == {"县政协办": "sent"}
    folder = tmp_path / "exchange" / "zhengxie"
    zhengxie.running.do_check(str(folder / "checkpoint-2.txt"))
    replies = folder / "cosigned"
    replies.mkdir()
    (replies / "1.txt").write_text("garbage")
    (replies / "2.txt").write_text(zhengxie.note(2), encoding="utf-8")
    assert tend() == {}
    (seen,) = queries.seen()
    assert seen.size == 2


def test_a_new_signing_key_reaches_the_witness_and_is_followed(grow, program, configure, tmp_path):
    zhengxie = program("zhengxie", "县政协办")
    configure((zhengxie, "file", "exchange/zhengxie"))
    grow(2)
    publish()
    tend()
    folder = tmp_path / "exchange" / "zhengxie"
    zhengxie.running.do_check(str(folder / "checkpoint-2.txt"))
    line = journey.rotate_signing_key(at=AT, actor=ACTOR)
    later = AT + timedelta(days=1)
    grow(3)
    publish(later)
    assert tend(later) == {"县政协办": "sent"}
    mirror = tmp_path / "mirror"
    assert (mirror / "keys").read_bytes() == (folder / "keys").read_bytes()
    for place in (mirror, folder / "checkpoint-5.txt"):
        with pytest.raises(witness.Trouble, match="登记簿换了密钥") as told:
            zhengxie.running.do_check(str(place))
        assert not isinstance(told.value, witness.Alarm)
    assert line in zhengxie.running.do_rekey(str(mirror), line)
    assert "5条" in zhengxie.running.do_check(str(mirror))
    assert journey.receive_cosigned(note=zhengxie.note(2), at=later, actor=ACTOR) == 1
    assert journey.receive_cosigned(note=zhengxie.note(5), at=later, actor=ACTOR) == 1


def test_by_network(grow, program, configure, served):
    fayuan = program("fayuan", "县法院")
    configure((fayuan, "http", served(fayuan)))
    for day, n in enumerate((4, 0, 300)):
        at = AT + timedelta(days=day)
        if n:
            grow(n)
        publish(at)
        assert tend(at) == {"县法院": "sent"}
    (seen,) = queries.seen()
    assert seen.size == 304
    assert Cosignature.objects.count() >= 2


def test_the_server_learns_how_far_a_witness_is(grow, program, configure, served):
    """The answer was lost, or the witness checked the mirror by itself: 409 tells the size."""
    fayuan = program("fayuan", "县法院")
    configure((fayuan, "http", served(fayuan)))
    grow(4)
    publish()
    journey.write_mirror(at=AT, actor=ACTOR)
    fayuan.running.do_check(str(witness.Path(fayuan.folder, "../../mirror")))
    grow(3)
    publish()
    assert tend() == {"县法院": "sent"}
    (seen,) = queries.seen()
    assert seen.size == 7


def test_once_a_day(grow, program, configure, mailbox):
    configure((program("renda", "县人大办"), "mail", "renda@example.invalid"))
    grow(1)
    publish()
    assert tend() == {"县人大办": "sent"}
    assert tend(AT + timedelta(hours=10)) == {}
    # Midnight is the county's.
    assert tend(AT.replace(hour=16)) == {"县人大办": "sent"}
    assert journey.send_checkpoints(at=AT, actor=ACTOR)[0].delivery == "sent"


def test_a_failed_sending_is_told_and_tried_again(grow, program, configure, mailbox):
    configure((program("renda", "县人大办"), "mail", "renda@example.invalid"))
    grow(1)
    publish()
    mailbox.refusing = True
    assert tend() == {"县人大办": "failed"}
    (seen,) = queries.seen()
    assert "mailbox busy" in seen.failure
    assert tend(AT + timedelta(minutes=59)) == {}
    mailbox.refusing = False
    assert tend(AT + timedelta(hours=1)) == {"县人大办": "sent"}
    (seen,) = queries.seen()
    assert seen.failure == ""
    deliveries = Sending.objects.order_by("id").values_list("delivery", flat=True)
    assert list(deliveries) == ["failed", "sent"]


def test_one_witness_that_cannot_be_reached_does_not_keep_the_others_waiting(
    grow, program, configure, mailbox
):
    configure(
        (program("fayuan", "县法院"), "http", "http://127.0.0.1:9"),
        (program("renda", "县人大办"), "mail", "renda@example.invalid"),
    )
    grow(1)
    publish()
    assert tend() == {"县法院": "failed", "县人大办": "sent"}


def test_a_witness_that_saw_another_tree_refuses_and_it_is_told(
    grow, program, configure, served, tmp_path
):
    from tests.witness.logs import Log
    from zhengxin.ledger.keys import log_name, signing_key

    fayuan = program("fayuan", "县法院")
    configure((fayuan, "http", served(fayuan)))
    grow(3)
    publish()
    # Somebody with our key showed the court another tree of 50.
    forged = Log(50, name=log_name(), key=signing_key())
    fayuan.running.take_request(b"old 0\n\n" + forged.checkpoint().encode())
    assert tend() == {"县法院": "refused"}
    (seen,) = queries.seen()
    assert "见过50条" in seen.failure
    with pytest.raises(OtherTree, match="不是本登记簿的"):
        journey.receive_cosigned(note=fayuan.note(50), at=AT, actor=ACTOR)
    grow(60)
    publish(AT + timedelta(hours=2))
    assert tend(AT + timedelta(hours=2)) == {"县法院": "refused"}
    (seen,) = queries.seen()
    assert "不是它见过的延续" in seen.failure


def test_never_newer_than_the_mirror(grow, program, configure, mailbox):
    """A witness that got a letter of 2 and looks at a mirror of 1 would see a shortened tree."""
    configure((program("renda", "县人大办"), "mail", "renda@example.invalid"))
    grow(1)
    publish()
    grow(1)
    journey.sign_checkpoint(at=AT, actor=ACTOR)
    tend()
    (attached,) = mailbox.letters[0].iter_attachments()
    assert b"\n1\n" in attached.get_content()


def test_board_and_mirror_show_what_came_back(grow, program, configure, served, settings):
    fayuan, renda = program("fayuan", "县法院"), program("renda", "县人大办")
    configure((fayuan, "http", served(fayuan)), (renda, "file", "exchange/renda"))
    grow(3)
    publish()
    tend()
    states = {each.office: (each.size, each.standing) for each in board.witnesses(AT)}
    assert states == {"县法院": (3, "current"), "县人大办": (None, "never")}
    mirrored = (settings.MIRROR_DIR / "checkpoint").read_text(encoding="utf-8")
    assert "— fayuan.example/zhengxin " in mirrored
    assert board.cosigned_note() == mirrored
    grow(1)
    publish(AT + timedelta(hours=1))
    journey.write_mirror(at=AT, actor=ACTOR)
    assert "fayuan" not in (settings.MIRROR_DIR / "checkpoint").read_text(encoding="utf-8")
    assert (settings.MIRROR_DIR / "cosigned").read_text(encoding="utf-8") == mirrored
