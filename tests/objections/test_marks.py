"""The mark of an objection is wherever the record is, in the call that lodges it, and again after a rebuild."""

import csv
import json

import pytest
from django.test import Client
from django.utils import timezone

from tests.desk.conftest import SYSTEM
from tests.desk.rows import licence, table
from tests.factors import DeskClient
from tests.handover.cities import describe
from tests.objections.conftest import Counter
from tests.publication.test_rebuild import TABLES, rows
from zhengxin import journey
from zhengxin.handover.models import RecordStanding
from zhengxin.publication.board.models import BoardCorrection, BoardItem
from zhengxin.publication.models import Notice

pytestmark = pytest.mark.django_db(databases="__all__")
MARK = "异议处理中"


def shown_licence(counter: Counter) -> int:
    clerk = DeskClient(counter.county.accounts["jingban"], None)
    clerk.post("/desk/submissions/new/licences/", {"file": table("licences", licence(1))})
    counter.publishes()
    journey.write_downloads(at=counter.now, actor=SYSTEM)
    return Notice.objects.filter(kind="licence").latest("entry_id").entry_id


def test_every_public_page_list_file_and_answer_bears_it_at_once(counter: Counter) -> None:
    entry_id = shown_licence(counter)
    client = Client()
    before = client.get(f"/entries/{entry_id}/").content.decode()
    assert MARK not in before
    row = counter.lodged(entry_id=entry_id)
    subject = Notice.objects.get(entry_id=entry_id).subject_id
    for address in (
        f"/entries/{entry_id}/",
        f"/subjects/{subject}/",
        f"/units/{row.unit_id}/",
        "/items/",
        "/",
        "/search/?q=惠民建材",
    ):
        assert MARK in client.get(address).content.decode(), address
    api = client.get("/api/v1/entries").json()["items"]
    assert [each["entry"]["disputed"] for each in api] == [True]
    one = client.get(f"/api/v1/entries/{entry_id}").json()
    assert (one["entry"]["disputed"], one["statement"]) == (True, "")
    [fed] = client.get("/api/v1/corrections").json()["items"]
    assert (fed["entry_id"], fed["reason"], fed["reason_label"]) == (entry_id, "disputed", MARK)
    assert f"第{entry_id}号记录：{MARK}" in client.get("/corrections.atom").content.decode()
    taken = b"".join(client.get("/api/v1/downloads/licence.csv").streaming_content)
    [line] = csv.DictReader(taken.decode("utf-8-sig").splitlines())
    assert line["disputed"] == MARK
    counter.withdraws(row)
    assert MARK not in client.get(f"/entries/{entry_id}/").content.decode()
    fed = [each["reason"] for each in client.get("/api/v1/corrections").json()["items"]]
    assert fed == ["disputed", "undisputed"]
    taken = b"".join(client.get("/api/v1/downloads/licence.csv").streaming_content)
    [line] = csv.DictReader(taken.decode("utf-8-sig").splitlines())
    assert line["disputed"] == ""


def test_a_rebuild_gives_the_same_and_tells_the_feed_nothing_twice(counter: Counter) -> None:
    other = shown_licence(counter)
    counter.lodged()
    dismissed = counter.lodged(entry_id=other)
    counter.checks(dismissed)
    counter.answers(dismissed)
    counter.decides(dismissed, "dismissed")
    counter.releases(dismissed)
    counter.publishes()
    before = {name: rows(name) for name in (*TABLES, "board.BoardCorrection")}
    marks = set(BoardItem.objects.using("board").values_list("entry_id", "disputed", "statement"))
    assert marks == {(counter.entry_id, True, ""), (other, False, "本公司已缴清罚款")}
    journey.rebuild(name="all", at=counter.now, actor=SYSTEM)
    counter.publishes()
    assert {name: rows(name) for name in before} == before
    board = BoardItem.objects.using("board")
    assert set(board.values_list("entry_id", "disputed", "statement")) == marks


def test_a_board_that_missed_it_has_it_after_the_next_publishing(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("zhengxin.publication.actions.show_marks", lambda **_given: None)
        counter.lodged()
    item = BoardItem.objects.using("board").filter(entry_id=counter.entry_id)
    assert not item.get().disputed
    counter.publishes()
    assert item.get().disputed
    assert [each.reason for each in BoardCorrection.objects.using("board").all()] == ["disputed"]


def test_files_at_the_desk_bear_it_as_known_on_the_day(counter: Counter) -> None:
    subject = Notice.objects.get(entry_id=counter.entry_id).subject_id
    officer = DeskClient(counter.county.accounts["xinyong"], counter.county.passkeys["xinyong"])
    officer.post(f"/desk/files/{subject}/purpose/", {"purpose": "other", "words": "核对异议"})
    session = officer.session
    session["purposes"] = {str(subject): ["核对异议", timezone.now().isoformat()]}
    session.save()
    counter.lodged()
    assert MARK in officer.get(f"/desk/files/{subject}/").content.decode()
    assert MARK in officer.get(f"/desk/notices/{counter.entry_id}/").content.decode()
    assert MARK in officer.get("/desk/notices/").content.decode()


def test_what_goes_up_bears_it_and_what_went_before_goes_again(
    counter: Counter, settings, tmp_path
) -> None:
    settings.ZHENGXIN_HOME, settings.EXCHANGE_DIR = tmp_path, tmp_path / "exchange"
    settings.PEERS_DIRS = [tmp_path / "peers"]
    describe(tmp_path / "peers")

    def sends() -> list[dict[str, object]]:
        packed = journey.export(to="city", at=counter.now, actor=counter.actor("xinyong"))
        numbers = [each.number for each in packed if each.number]
        found = [
            json.loads(path.read_bytes())
            for number in numbers
            for path in tmp_path.rglob(f"{number}.manifest.json")
        ]
        return [file for each in found for file in each["files"]]

    [first] = sends()
    assert (first["operation"], "disputed" in first) == ("new", False)
    row = counter.lodged()
    [marked] = sends()
    assert (marked["operation"], marked["disputed"]) == ("correct", [1])
    [index] = tmp_path.rglob("*2.lines.csv")
    assert MARK in index.read_text("utf-8-sig")
    assert sends() == []
    counter.withdraws(row)
    [unmarked] = sends()
    assert (unmarked["operation"], "disputed" in unmarked) == ("correct", False)
    assert not RecordStanding.objects.get().held_disputed
