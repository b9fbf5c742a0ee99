"""The county and the city: an outage of a day, answers late, twice and lost, and records from above."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import asyncssh
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.desk.conftest import County
from tests.factors import DeskClient
from tests.handover.cities import City, city_on_http, city_on_sftp, describe, number_in, return_file
from tests.handover.conftest import ACTOR, city, licence, own_folders, report
from tests.homes import Home, new_home
from tests.journey.conftest import county, own_keys, quick_passwords
from tests.journeys.test_command_line import UNIT, licences
from zhengxin import journey
from zhengxin.handover import queries
from zhengxin.handover.models import Attempt, Dispatch, RecordStanding

__all__ = ["city", "county", "own_folders", "own_keys", "quick_passwords"]
everything = pytest.mark.django_db(databases="__all__")
OFFICE = "示例县发展和改革局"
KEY = "cs-0123456789abcdef"


def at_http(home: Path, peer: City, **more: object) -> None:
    """The city takes dispatches every hour over HTTP and lays its return files out below the same address."""
    http = {"url": peer.url, "seconds": 1}
    describe(
        home / "peers", every_minutes=60, delivery={"http": http}, answers={"http": http}, **more
    )


def rounds(start: datetime, end: datetime) -> None:
    """The worker's rounds between two moments, one every five minutes."""
    at = start
    while at < end:
        journey.exchange_due(at=at, actor=ACTOR)
        at += timedelta(minutes=5)


def states() -> list[str]:
    return sorted(RecordStanding.objects.values_list("state", flat=True))


@everything
def test_an_outage_of_a_day_loses_nothing(city: Path, county: County) -> None:
    begun = timezone.now()
    with city_on_http() as peer:
        at_http(city, peer)
        peer.mood = "down"
        report(county, licence(1), licence(2))
        rounds(begun, begun + timedelta(hours=12))
        # The county works on while the city is away.
        report(county, licence(3))
        rounds(begun + timedelta(hours=12), begun + timedelta(hours=25))
        assert peer.taken == {}
        tried = Attempt.objects.count()
        # Pauses grow to an hour: not one attempt every round, and never a last one.
        assert 25 < tried < 40
        assert Dispatch.objects.filter(state="waiting").count() == 2
        alarms = queries.alarms(at=begun + timedelta(hours=25))
        assert "undelivered" in [alarm.code for alarm in alarms]

        peer.mood = "well"
        rounds(begun + timedelta(hours=25), begun + timedelta(hours=27))
        numbers = sorted(peer.taken)
        assert [peer.manifest(n)["serial"] for n in numbers] == [1, 2]
        assert peer.manifest(numbers[1])["previous"] == peer.digests[numbers[0]]
        assert states() == ["sent"] * 3
        assert queries.alarms(at=begun + timedelta(hours=27)) == []

        # The answer comes late, then a second time under another name.
        answer = return_file(*((n, "", "全部", "接收", "") for n in numbers))
        peer.returns = {"late.csv": answer}
        rounds(begun + timedelta(days=9), begun + timedelta(days=9, hours=1, minutes=5))
        peer.returns["again.csv"] = answer + b"\n"
        rounds(begun + timedelta(days=10), begun + timedelta(days=10, hours=1, minutes=5))
        assert states() == ["accepted"] * 3
        assert queries.alarms(at=begun + timedelta(days=11)) == []
    tally = journey.reconcile(peer_code="city", at=timezone.now(), actor=ACTOR)
    assert (tally.records, tally.entries) == (3, 3)


@everything
def test_an_answer_lost_after_taking_is_recognised(city: Path, county: County) -> None:
    begun = timezone.now()
    with city_on_http() as peer:
        at_http(city, peer)
        report(county, licence(1))
        peer.mood = "lost"
        rounds(begun, begun + timedelta(minutes=4))
        assert len(peer.taken) == 1
        assert states() == ["packed"]
        peer.mood = "well"
        rounds(begun + timedelta(minutes=5), begun + timedelta(minutes=9))
        assert states() == ["sent"]
        assert list(Attempt.objects.values_list("outcome", flat=True)) == ["unreachable", "already"]


@everything
@pytest.mark.parametrize(
    ("mood", "outcome"),
    [
        ("hang", "unreachable"),
        ("refuses", "refused"),
        ("confused", "refused"),
        ("down", "unreachable"),
    ],
)
def test_what_the_city_may_do_instead(city: Path, county: County, mood: str, outcome: str) -> None:
    with city_on_http() as peer:
        at_http(city, peer)
        report(county, licence(1))
        journey.export(to="city", at=timezone.now(), actor=ACTOR)
        peer.mood = mood
        [(_, told)] = journey.send(to="city", at=timezone.now(), actor=ACTOR)
        assert told.told == outcome
        assert Dispatch.objects.get().state == "waiting"
        assert states() == ["packed"]


@everything
def test_a_refused_dispatch_does_not_hold_back_the_next(city: Path, county: County) -> None:
    begun = timezone.now()
    with city_on_http() as peer:
        at_http(city, peer)
        report(county, licence(1))
        peer.mood = "refuses"
        rounds(begun, begun + timedelta(minutes=4))
        peer.mood = "well"
        report(county, licence(2))
        journey.export(to="city", at=begun + timedelta(minutes=1), actor=ACTOR)
        # Seconds later: the first one's pause is not over.
        journey.exchange_due(at=begun + timedelta(seconds=30), actor=ACTOR)
        assert [n[-1] for n in peer.taken] == ["2"]


@everything
def test_the_token_comes_from_a_file_and_is_sent(city: Path, county: County) -> None:
    (city / "city.token").write_text(KEY + "\n")
    with city_on_http() as peer:
        describe(city / "peers", delivery={"http": {"url": peer.url, "token_file": "city.token"}})
        report(county, licence(1))
        journey.export(to="city", at=timezone.now(), actor=ACTOR)
        journey.send(to="city", at=timezone.now(), actor=ACTOR)
        assert peer.tokens == [f"Bearer {KEY}"]


@everything
def test_sftp_with_a_pinned_host(city: Path, county: County, tmp_path: Path) -> None:
    folder = tmp_path / "host"
    folder.mkdir()
    with city_on_sftp(folder) as host:
        sftp = {
            "host": "127.0.0.1",
            "port": host.port,
            "user": "taian",
            "key_file": str(host.key_file),
            "seconds": 10,
        }
        stranger = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
        report(county, licence(1))
        [packed] = journey.export(to="city", at=timezone.now(), actor=ACTOR)

        def described(key: str) -> None:
            place = {**sftp, "host_keys": [key]}
            describe(
                city / "peers",
                delivery={"sftp": {**place, "folder": "/in"}},
                answers={"sftp": {**place, "folder": "/out"}},
            )

        described(stranger)
        [(_, told)] = journey.send(to="city", at=timezone.now(), actor=ACTOR)
        assert told.told == "unreachable"
        assert "HostKeyNotVerifiable" in told.detail
        assert list(host.folder.iterdir()) == []

        described(host.host_key)
        [(_, told)] = journey.send(to="city", at=timezone.now(), actor=ACTOR)
        assert told.told == "delivered"
        there = sorted(path.name for path in host.folder.joinpath("in").iterdir())
        assert f"{packed.number}.manifest.json" in there
        assert not [name for name in there if name.endswith(".part")]

        host.folder.joinpath("out").mkdir()
        answer = host.folder / "out" / "回执.csv"
        answer.write_bytes(return_file((packed.number, "", 1, "接收", "")))
        [taken] = journey.fetch_answers(peer_code="city", at=timezone.now(), actor=ACTOR)
        assert taken.accepted == 1
        assert not answer.exists()
    assert states() == ["accepted"]


@everything
def test_a_place_that_cannot_be_reached_becomes_an_alarm(city: Path, county: County) -> None:
    with city_on_http() as peer:
        at_http(city, peer)
        peer.mood = "down"
        begun = timezone.now()
        rounds(begun, begun + timedelta(minutes=4))
        assert queries.alarms(at=begun) == []
        [alarm] = queries.alarms(at=begun + timedelta(hours=25))
        assert alarm.code == "fetch"


@everything
def test_the_desk_shows_acts_and_exports(city: Path, county: County) -> None:
    official = DeskClient(county.accounts["xinyong"], county.passkeys["xinyong"])
    assert official.get("/desk/exchange/").headers["Location"] == "/desk/exchange/city/"
    empty = official.get("/desk/exchange/city/").content.decode()
    assert "还没有核对过" in empty
    report(county, licence(1), licence(2), licence(3))
    asked = official.get("/desk/exchange/city/export/").content.decode()
    assert "送出后不能收回" in asked
    assert "另有3条没有核对" in asked
    done = official.post("/desk/exchange/city/export/", follow=True).content.decode()
    assert "3条，后台随即送出" in done
    dispatch = Dispatch.objects.get()
    official.post(f"/desk/exchange/city/dispatch/{dispatch.id}/")
    assert (
        "对方收下" in official.get(f"/desk/exchange/city/dispatch/{dispatch.id}/").content.decode()
    )

    content = return_file(
        (dispatch.number, "", 1, "退回", "=名称不符"), (dispatch.number, "", 2, "接收", "")
    )
    answer = SimpleUploadedFile("回执.csv", content)
    told = official.post("/desk/exchange/city/answers/", {"file": answer}, follow=True)
    assert "接收1条，退回1条" in told.content.decode()

    # The filter lives in the address; every record stands in one state.
    page = official.get("/desk/exchange/city/?state=rejected").content.decode()
    assert licence(1)["XK_WSH"] in page
    assert licence(2)["XK_WSH"] not in page
    listed = b"".join(official.get("/desk/exchange/city/csv/?state=rejected").streaming_content)  # type: ignore[arg-type]
    assert "'=名称不符" in listed.decode()
    assert len(listed.decode().strip().splitlines()) == 2

    row = RecordStanding.objects.get(state="rejected")
    address = f"/desk/exchange/city/record/{row.entry_id}/"
    assert "=名称不符" in official.get(address).content.decode()
    assert official.post(address, {"because": ""}).status_code == 422
    official.post(address, {"because": "市里已补录主体。"})
    assert states() == ["accepted", "due", "sent"]
    assert "要人看" not in official.get("/desk/").content.decode()
    assert official.get("/desk/exchange/nobody/").status_code == 404
    assert official.get("/desk/exchange/city/record/99999/").status_code == 404


@everything
@pytest.mark.parametrize(
    ("username", "sees", "acts"),
    [("xinyong", 200, 200), ("fuhe", 200, 403), ("jiandu", 200, 403), ("jingban", 403, 403)],
)
def test_who_may_see_and_act(
    city: Path, county: County, username: str, sees: int, acts: int
) -> None:
    visitor = DeskClient(county.accounts[username], county.passkeys.get(username))
    assert visitor.get("/desk/exchange/city/").status_code == sees
    assert visitor.get("/desk/exchange/city/export/").status_code == acts
    report(county, licence(1))
    [packed] = journey.export(to="city", at=timezone.now(), actor=ACTOR)
    posted = visitor.post(f"/desk/exchange/city/dispatch/{packed.dispatch_id}/", follow=True)
    assert posted.status_code == acts
    assert Attempt.objects.count() == (1 if acts == 200 else 0)


def test_the_whole_road_on_the_command_line(tmp_path: Path) -> None:
    with new_home(tmp_path / "home") as home:
        home.run("init", "taian")
        describe(home.path / "peers", most_rows=100)
        sent = licences(tmp_path / "许可.csv", 150)
        home.run("intake", sent, "--source", "licences", "--unit", UNIT)
        with city_on_http() as peer:
            place = {"http": {"url": peer.url, "seconds": 5}}
            describe(home.path / "peers", most_rows=100, delivery=place)
            peer.mood = "down"
            printed = home.run("exchange", "export", "--to", "city", fails=True)
            assert "不会丢" in printed
            peer.mood = "well"
            printed = home.run("exchange", "send", "--to", "city")
            assert printed.count("对方收下") == 2
            answers(home, tmp_path, peer)
        listed = tmp_path / "对账.csv"
        assert "150条" in home.run("exchange", "reconcile", "--csv", listed)
        assert len(listed.read_text(encoding="utf-8-sig").splitlines()) == 151
        assert "1条被退回" in home.run("exchange", "status", fails=True)
        assert "没有名为" in home.run("exchange", "export", "--to", "nation", fails=True)


def answers(home: Home, folder: Path, peer: City) -> None:
    numbers = sorted(peer.taken)
    assert number_in(numbers[0]) == numbers[0]
    rows = [
        (numbers[0], "", 1, "退回", "名称与代码不符"),
        *((n, "", "全部", "接收", "") for n in numbers),
    ]
    file = folder / "回执.csv"
    file.write_bytes(return_file(*rows))
    assert "接收149条，退回1条" in home.run("exchange", "answers", file)
    assert "没有变化" in home.run("exchange", "answers", file)
    told = json.loads(home.run("exchange", "reconcile", "--json"))
    assert told["states"] == {"accepted": 149, "rejected": 1}
    assert sum(told["states"].values()) == len(told["records_listed"]) == 150
