"""What the city says is matched once, kept, and never overwritten."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from tests.desk.conftest import County
from tests.handover.cities import describe, return_file
from tests.handover.conftest import ACTOR, answers, export, licence, report, states
from zhengxin import journey
from zhengxin.handover import queries
from zhengxin.handover.manifests import ManifestWrong, signature_of
from zhengxin.handover.models import Answer, Line, RecordStanding
from zhengxin.handover.returns import ReturnUnreadable
from zhengxin.ledger.notes import verifier_key

pytestmark = pytest.mark.django_db(databases="__all__")


def test_answers_are_matched_and_counted(city: Path, county: County) -> None:
    report(county, *(licence(n) for n in range(1, 5)))
    number = export()
    file = f"{number}.licence.new.csv"
    taken = answers(
        (number, file, 1, "接收", ""),
        (number, "", 2, "退回", "名称与代码不符（1001）"),
        ("city-2020-000009", "", 1, "接收", ""),
        (number, file, 99, "接收", ""),
        (number, file, 3, "也许", ""),
    )
    assert (taken.accepted, taken.rejected, taken.unknown) == (1, 1, 2)  # type: ignore[attr-defined]
    assert len(taken.problems) == 3  # type: ignore[attr-defined]
    tally = journey.reconcile(peer_code="city", at=timezone.now(), actor=ACTOR)
    assert tally.states == {"accepted": 1, "rejected": 1, "sent": 2}
    # Answers of batches that nobody knows are kept too.
    assert Answer.objects.filter(line_id__isnull=True).count() == 2


def test_a_record_may_be_named_by_document_and_party(city: Path, county: County) -> None:
    report(county, licence(1), licence(2))
    number = export()
    wsh = licence(2)["XK_WSH"]
    answers(
        (number, wsh, " 示例县惠民建材有限公司", "成功"), header="批次号,文书号,相对人名称,处理结果"
    )
    assert sorted(state for _op, state in states().values()) == ["accepted", "sent"]


def test_the_rest_of_a_batch_may_be_answered_at_once(city: Path, county: County) -> None:
    report(county, *(licence(n) for n in range(1, 5)))
    number = export()
    answers((number, "", 1, "退回", "不全"), (number, "", "全部", "接收", ""))
    counts = queries.counts(queries.peer("city"), at=timezone.now())
    assert (counts["accepted"], counts["rejected"]) == (3, 1)


def test_answers_twice_change_nothing_and_contradictions_are_shown(
    city: Path, county: County
) -> None:
    report(county, licence(1), licence(2))
    number = export()
    row = (number, "", 1, "接收", "")
    answers(row)
    again = answers(row)
    assert again.known_file  # type: ignore[attr-defined]
    other = answers(row, (number, "", 2, "接收", ""))
    assert (other.repeated, other.accepted) == (1, 1)  # type: ignore[attr-defined]
    assert Answer.objects.count() == 2
    told = answers((number, "", 1, "退回", "查重不过"))
    assert told.contradicting == 1  # type: ignore[attr-defined]
    states_now = sorted(state for _op, state in states().values())
    assert states_now == ["accepted", "contradicted"]
    assert Answer.objects.count() == 3


def test_a_rejected_record_goes_again_when_corrected_or_when_a_person_says_so(
    city: Path, county: County
) -> None:
    report(county, licence(1), licence(2))
    number = export()
    answers((number, "", 1, "退回", "内容不全"), (number, "", 2, "退回", "库里没有此户"))
    assert export() == ""
    report(county, licence(1, XK_NR="准予施工，补正"))
    export()
    # The city does not hold it, so it goes as new.
    assert Line.objects.order_by("-id")[0].operation == "new"
    second = RecordStanding.objects.get(state="rejected")
    journey.send_again(
        peer_code="city",
        entry_id=second.entry_id,
        because="市里已补录主体。",
        at=timezone.now(),
        actor=ACTOR,
    )
    export()
    assert {state for _op, state in states().values()} == {"sent"}


def test_a_late_answer_to_an_older_version_is_kept_and_moves_nothing(
    city: Path, county: County
) -> None:
    report(county, licence(1))
    first = export()
    report(county, licence(1, XK_NR="准予扩建"))
    export()
    answers((first, "", 1, "接收", ""))
    [row] = RecordStanding.objects.all()
    assert (row.operation, row.state) == ("correct", "sent")
    assert [len(chapter.answers) for chapter in queries.story(row)] == [1, 0]


def test_a_return_file_in_gb18030_is_read_and_one_in_no_encoding_is_told(
    city: Path, county: County
) -> None:
    report(county, licence(1))
    number = export()
    text = return_file((number, "", 1, "接收", "")).decode()
    folder = city / "exchange" / "answers"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_bytes(b"\xff\xfe\x00\xd8broken")
    (folder / "b.csv").write_bytes(text.encode("gb18030"))
    taken = journey.fetch_answers(peer_code="city", at=timezone.now(), actor=ACTOR)
    assert "编码" in taken[0].problems[0]
    assert taken[1].accepted == 1
    # The unreadable one is kept to be looked at, and neither is read again.
    assert len(list(city.joinpath("exchange/unreadable/city").iterdir())) == 1
    assert journey.fetch_answers(peer_code="city", at=timezone.now(), actor=ACTOR) == []
    assert "unreadable" in [alarm.code for alarm in queries.alarms(at=timezone.now())]
    with pytest.raises(ReturnUnreadable):
        answers(("x",), header="甲,乙")


def test_a_city_that_signs_is_held_to_it(city: Path, county: County) -> None:
    key = Ed25519PrivateKey.generate()
    verifier = verifier_key("city", key.public_key().public_bytes_raw())
    describe(city / "peers", verifier=verifier)
    report(county, licence(1))
    number = export()
    content = return_file((number, "", 1, "接收", ""))
    told = {"peer_code": "city", "filename": "r.csv", "content": content}
    at = timezone.now()
    note = signature_of(content, "r.csv", "city", key)
    forged = signature_of(content, "r.csv", "city", Ed25519PrivateKey.generate())
    for wrong in (forged, signature_of(b"other", "r.csv", "city", key)):
        with pytest.raises(ManifestWrong):
            journey.read_answers(**told, signature=wrong, at=at, actor=ACTOR)  # type: ignore[arg-type]
    folder = city / "exchange" / "answers"
    folder.mkdir(parents=True)
    (folder / "r.csv").write_bytes(content)
    # Without its signature it waits where it lies.
    assert journey.fetch_answers(peer_code="city", at=at, actor=ACTOR) == []
    (folder / "r.csv.sig").write_text(note)
    assert journey.fetch_answers(peer_code="city", at=at, actor=ACTOR)[0].accepted == 1
