"""A letter from the portal: sealed where it is written, opened and lodged by the house, told of by its code alone."""

import json

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.desk.conftest import SYSTEM
from tests.objections.conftest import FIRM, Counter
from zhengxin import journey
from zhengxin.audit.models import AuditLine
from zhengxin.kernel.letters import (
    LetterUnreadable,
    code_digest,
    new_code,
    public_key,
    seal,
    unseal,
)
from zhengxin.objections import queries as objections
from zhengxin.objections.models import Objection
from zhengxin.publication.board.letters import KEY
from zhengxin.publication.board.models import BoardFigure, BoardLetter, BoardStanding
from zhengxin.publication.models import Notice

pytestmark = pytest.mark.django_db(databases="__all__")
SAID = {
    "claim": "罚款金额多写了一位",
    "statement": "",
    "kind": "organisation",
    "name": FIRM.name,
    "phone": FIRM.phone,
    "id_code": "",
}


def sends(counter: Counter, client: Client | None = None, **changes: str) -> str:
    """The code that the page gives."""
    answer = (client or Client()).post(f"/entries/{counter.entry_id}/object/", SAID | changes)
    assert answer.status_code == 200
    assert not answer.cookies
    return answer.context["code"]


def asks(code: str) -> tuple[int, str]:
    answer = Client().post("/objection/", {"code": code})
    assert not answer.cookies
    return answer.status_code, answer.content.decode()


def takes(counter: Counter) -> int:
    return journey.take_letters(at=counter.now, actor=SYSTEM)


def test_only_the_key_it_was_sealed_to_opens_a_letter() -> None:
    private, other = bytes(range(32)), bytes(range(1, 33))
    letter = seal(public_key(private), "虚构".encode())
    assert unseal(private, letter).decode() == "虚构"
    for key, changed in ((other, letter), (private, letter[:-1] + b"x"), (private, b"short")):
        with pytest.raises(LetterUnreadable):
            unseal(key, changed)
    assert letter != seal(public_key(private), "虚构".encode())
    code = new_code()
    assert code_digest(f" {code[:4]}-{code[4:].lower()} ") == code_digest(code)


def test_a_letter_marks_the_record_and_its_code_tells_the_rest(counter: Counter) -> None:
    assert f"/entries/{counter.entry_id}/object/" in (
        Client().get(f"/entries/{counter.entry_id}/").content.decode()
    )
    code = sends(counter)
    [letter] = BoardLetter.objects.using("board").all()
    at_rest = bytes(letter.sealed) + str(vars(letter)).encode()
    for secret in (FIRM.name, FIRM.phone, SAID["claim"], code):
        assert secret.encode() not in at_rest
    assert "已收到，等登记" in asks(code)[1]
    assert takes(counter) == 1
    [row] = Objection.objects.all()
    assert (row.claim, objections.objector_of(row)) == (SAID["claim"], FIRM)
    assert Notice.objects.get(entry_id=counter.entry_id).disputed
    assert "异议处理中" in Client().get(f"/entries/{counter.entry_id}/").content.decode()
    letter.refresh_from_db()
    assert letter.sealed is None
    assert "待审查" in asks(code)[1]
    counter.checks(row)
    assert "待报送单位答复" in asks(code.lower())[1]
    counter.answers(row)
    assert "待决定" in asks(code)[1]
    counter.decides(row, "dismissed")
    told = asks(code)[1]
    assert "不支持" in told
    for secret in (FIRM.name, SAID["claim"], row.reasons, f"记录{row.entry_id}"):
        assert secret not in told
    assert takes(counter) == 0


def test_a_wrong_code_is_answered_like_an_unknown_one(counter: Counter) -> None:
    code = sends(counter)
    answers = {asks(wrong) for wrong in (code[:-1] + "2", new_code(), "", "错")}
    assert {status for status, _page in answers} == {404}
    assert len({page for _status, page in answers}) == 1


def test_broken_off_after_the_lodging_it_is_not_lodged_twice(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = sends(counter)
    with monkeypatch.context() as broken:
        broken.setattr("zhengxin.publication.actions.empty_letter", lambda **_given: None)
        takes(counter)
    assert takes(counter) == 1
    assert Objection.objects.count() == 1
    assert "待审查" in asks(code)[1]


def test_what_cannot_be_lodged_is_told_by_its_code_without_a_reason(counter: Counter) -> None:
    first, again = sends(counter), sends(counter)
    takes(counter)
    assert Objection.objects.count() == 1
    assert "待审查" in asks(first)[1]
    assert "没有登记" in asks(again)[1]
    assert AuditLine.objects.filter(act="letter.refuse").exists()
    # Something that is no letter, and one with another letter's code.
    board = BoardLetter.objects.using("board")
    key = public_half()
    forged = json.dumps({**SAID, "entry_id": counter.entry_id, "code": "x"}).encode()
    for place, sealed in enumerate((b"nonsense", seal(key, forged), seal(key, b"[]"))):
        board.create(sent_at=counter.now, sender="s", code_digest=str(place) * 64, sealed=sealed)
    assert takes(counter) == 3
    assert AuditLine.objects.filter(act="letter.unreadable").count() == 3
    assert Objection.objects.count() == 1


def public_half() -> bytes:
    return bytes.fromhex(BoardFigure.objects.using("board").get(name=KEY).value)


def test_so_many_of_one_address_and_so_many_at_once(
    counter: Counter, settings: LazySettings
) -> None:
    settings.LETTERS_A_DAY, settings.LETTERS_WAITING = 2, 3
    address = f"/entries/{counter.entry_id}/object/"
    sends(counter)
    sends(counter)
    refused = Client().post(address, SAID)
    assert (refused.status_code, "最多提出2件" in refused.content.decode()) == (409, True)
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    sends(counter, elsewhere)
    refused = Client(REMOTE_ADDR="192.0.2.8").post(address, SAID)
    assert (refused.status_code, "等着登记" in refused.content.decode()) == (409, True)
    takes(counter)
    # Taken in, they still count for the day.
    assert Client().post(address, SAID).status_code == 409


def test_a_form_from_elsewhere_or_with_faults_leaves_nothing(counter: Counter) -> None:
    address = f"/entries/{counter.entry_id}/object/"
    for headers in ({"origin": "https://example.com"}, {"sec-fetch-site": "cross-site"}):
        assert Client().post(address, SAID, headers=headers).status_code == 409
    for changes in (
        {"claim": ""},
        {"claim": "打13812345678问我就知道"},
        {"claim": "长" * 2001},
        {"statement": "长" * 301},
        {"kind": "unit"},
        {"phone": ""},
    ):
        assert Client().post(address, SAID | changes).status_code == 422, changes
    assert Client().post("/entries/999999/object/", SAID).status_code == 404
    assert not BoardLetter.objects.using("board").exists()
    own = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
    assert Client().post(address, SAID, headers=own).status_code == 200


def test_a_board_filled_anew_still_answers_codes(counter: Counter) -> None:
    code = sends(counter)
    takes(counter)
    journey.rebuild(name="publication", at=counter.now, actor=SYSTEM)
    assert not BoardStanding.objects.using("board").exists()
    counter.publishes()
    assert "待审查" in asks(code)[1]
    assert sends(counter)
