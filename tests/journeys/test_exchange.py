"""The county and the city: an outage of a day, answers late, twice and lost, and records from above."""

import json
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import asyncssh
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.desk.conftest import County
from tests.desk.rows import table
from tests.handover.cities import City, city_on_http, city_on_sftp, describe, number_in, return_file
from tests.handover.conftest import ACTOR, city, licence, own_folders, penalty, report
from tests.homes import Home, new_home
from tests.journey.conftest import county, own_keys, quick_passwords
from tests.journeys.test_command_line import UNIT, licences
from zhengxin import journey
from zhengxin.handover import queries
from zhengxin.handover.manifests import manifest_bytes, signature_of
from zhengxin.handover.models import Arrival, Attempt, Dispatch, RecordStanding
from zhengxin.intake.models import Submission
from zhengxin.ledger.notes import verifier_key

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


# Records from above.


def from_above(home: Path, *rows: dict[str, str], name: str) -> bytes:
    content = table("licences" if "XK_WSH" in rows[0] else "penalties", *rows).read()
    folder = home / "exchange" / "in"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return bytes(content)


def taken_in() -> tuple[list[str], list[str]]:
    return journey.take_in(peer_code="city", at=timezone.now(), actor=ACTOR)


@everything
def test_records_from_above_are_ordinary_submissions(city: Path, county: County) -> None:
    describe(
        city / "peers",
        inward={"folder": "exchange/in", "unit": OFFICE, "signed": False},
    )
    wrong = licence(2, XK_JDRQ="2026-02-30")
    from_above(city, licence(1), wrong, name="licences-20261128.csv")
    told, faults = taken_in()
    assert faults == []
    assert "已作为报送收下" in told[0]
    submission = Submission.objects.get()
    assert submission.sender == "示例市信用平台"
    # Receipts and faults work as always.
    assert (submission.admitted, submission.refused) == (1, 1)
    # The same bytes under another name are recognised, a correction supersedes.
    from_above(city, licence(1), wrong, name="licences-again.csv")
    assert "没有重复收" in taken_in()[0][0]
    from_above(city, licence(1, XK_NR="准予扩建"), name="licences-2.csv")
    taken_in()
    assert Submission.objects.order_by("-id")[0].superseding == 1
    from_above(city, licence(9), name="unknown.csv")
    taken_in()
    assert Arrival.objects.get(state="held").because.startswith("文件名没有以来源名称开头")
    assert not list(city.joinpath("exchange/in").glob("*.csv"))


@everything
def test_a_mistake_in_the_description_keeps_the_files_where_they_are(
    city: Path, county: County
) -> None:
    describe(city / "peers", inward={"folder": "exchange/in", "unit": "没有的局", "signed": False})
    from_above(city, licence(1), name="licences-1.csv")
    told, [fault] = taken_in()
    assert (told, Submission.objects.count()) == ([], 0)
    assert "没有的局" in fault
    later = timezone.now() + timedelta(hours=25)
    assert [alarm.code for alarm in queries.alarms(at=later)] == ["arrival"]
    describe(city / "peers", inward={"folder": "exchange/in", "unit": OFFICE, "signed": False})
    assert taken_in()[1] == []
    assert Submission.objects.get().admitted == 1
    assert queries.alarms(at=later) == []


def batch(
    home: Path, key: Ed25519PrivateKey, serial: int, previous: str = "", operation: str = "new"
) -> str:
    """A signed batch of one licence laid into the folder; the digest of its manifest."""
    number = f"city-2026-{serial:06d}"
    name = f"{number}.licence.{operation}.csv"
    content = from_above(home, licence(serial), name=name)
    folder = home / "exchange" / "in"
    listed = {
        "name": name,
        "kind": "licence",
        "operation": operation,
        "rows": 1,
        "sha256": sha256(content).hexdigest(),
    }
    manifest = manifest_bytes({"number": number, "previous": previous, "files": [listed]})
    (folder / f"{number}.manifest.json").write_bytes(manifest)
    note = signature_of(manifest, f"{number}.manifest.json", "city", key)
    (folder / f"{number}.manifest.json.sig").write_text(note)
    return sha256(manifest).hexdigest()


@everything
def test_signed_batches_from_above(city: Path, county: County) -> None:
    key = Ed25519PrivateKey.generate()
    verifier = verifier_key("city", key.public_key().public_bytes_raw())
    inward = {"folder": "exchange/in", "signed": True}
    describe(city / "peers", inward={**inward, "unit": OFFICE}, verifier=verifier)
    batch(city, Ed25519PrivateKey.generate(), 1)
    told, [fault] = taken_in()
    assert told == []
    assert "签名" in fault
    assert Submission.objects.count() == 0
    first = batch(city, key, 1)
    told, faults = taken_in()
    assert (faults, Submission.objects.get().admitted) == ([], 1)
    # A revocation from above is not carried out by a machine.
    batch(city, key, 2, previous=first, operation="revoke")
    taken_in()
    assert Arrival.objects.get(state="held").because.startswith("撤销")
    # A batch that names one we never saw: taken, and somebody is told of the gap.
    batch(city, key, 4, previous="f" * 64)
    taken_in()
    assert Arrival.objects.filter(because="前一批没有收到。").exists()
    assert "arrivals" in [alarm.code for alarm in queries.alarms(at=timezone.now())]
    # A file that is not what the manifest says stays where it is.
    batch(city, key, 5)
    from_above(city, licence(66), name="city-2026-000005.licence.new.csv")
    assert "指纹不符" in taken_in()[1][0]


@everything
@pytest.mark.parametrize("form", ["json", "xml"])
def test_our_own_dispatch_can_be_taken_in_by_the_same_program(
    city: Path, county: County, form: str
) -> None:
    describe(city / "peers", form=form, delivery={"drop": {"folder": "exchange/in"}})
    report(county, licence(1))
    report(county, penalty(1))
    journey.export(to="city", at=timezone.now(), actor=ACTOR)
    journey.send(to="city", at=timezone.now(), actor=ACTOR)
    verifier = queries.public_line(queries.peer("city"))
    inward = {"folder": "exchange/in", "unit": OFFICE}
    describe(city / "peers", inward=inward, verifier=verifier)
    told, faults = taken_in()
    assert (len(told), faults) == (3, [])
    came = Submission.objects.filter(sender="示例市信用平台")
    assert [(s.records, s.admitted) for s in came] == [(1, 1), (1, 1)]
    # What a peer sent is not reported back to it.
    assert journey.export(to="city", at=timezone.now(), actor=ACTOR) == []
    assert states() == ["exempt", "exempt", "sent", "sent"]


@everything
def test_a_push_needs_the_key_and_counts_once(city: Path, county: County) -> None:
    describe(
        city / "peers",
        inward={
            "unit": OFFICE,
            "signed": False,
            "key_digest": sha256(KEY.encode()).hexdigest(),
        },
    )
    report(county, licence(1))
    [packed] = journey.export(to="city", at=timezone.now(), actor=ACTOR)
    first = RecordStanding.objects.get().root_id
    browser = Client(enforce_csrf_checks=True)
    key = {"Authorization": f"Bearer {KEY}"}

    def push(what: str, file: object, headers: dict[str, str]) -> tuple[int, dict[str, object]]:
        answer = browser.post(f"/exchange/city/{what}/", {"files": file}, headers=headers)
        return answer.status_code, answer.json()

    def rows() -> object:
        return table("licences", licence(5), name="licences-5.csv")

    for wrong in ({}, {"Authorization": "Bearer x"}):
        status, told = push("records", rows(), wrong)
        assert (status, told["what"]) == (401, "没有收下。")
    assert Submission.objects.count() == 1
    assert push("records", rows(), key)[0] == 200
    status, told = push("records", rows(), key)
    assert "没有重复收" in str(told)
    assert Submission.objects.count() == 2

    assert push("answers", SimpleUploadedFile("回执.csv", b"x"), key)[0] == 422
    content = return_file((packed.number, "", 1, "接收", ""))
    assert push("answers", SimpleUploadedFile("回执.csv", content), key)[0] == 200
    assert RecordStanding.objects.get(root_id=first).state == "accepted"
    assert browser.post("/exchange/nobody/records/").status_code == 401
    assert browser.get("/exchange/city/records/").status_code == 405


# At the desk and on the command line.


@everything
def test_the_desk_shows_acts_and_exports(city: Path, county: County) -> None:
    official = Client()
    official.force_login(county.accounts["xinyong"])
    assert official.get("/desk/exchange/").headers["Location"] == "/desk/exchange/city/"
    empty = official.get("/desk/exchange/city/").content.decode()
    assert "还没有核对过" in empty
    report(county, licence(1), licence(2), licence(3))
    assert "送出后不能收回" in official.get("/desk/exchange/city/export/").content.decode()
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
    visitor = Client()
    visitor.force_login(county.accounts[username])
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
