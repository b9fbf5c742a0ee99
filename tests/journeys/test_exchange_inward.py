"""Records from above: ordinary submissions, signed where agreed, known again, never told back."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.desk.conftest import County
from tests.desk.rows import table
from tests.handover.cities import describe, return_file
from tests.handover.conftest import (
    ACTOR,
    city,
    licence,
    official,
    own_folders,
    penalty,
    report,
)
from tests.handover.test_sending import erase
from tests.journey.conftest import county, own_keys, quick_passwords
from zhengxin import journey
from zhengxin.handover import queries
from zhengxin.handover.manifests import manifest_bytes, signature_of
from zhengxin.handover.models import Arrival, RecordStanding
from zhengxin.intake.models import Submission
from zhengxin.kernel.actor import Role
from zhengxin.ledger.models import Entry
from zhengxin.ledger.notes import verifier_key
from zhengxin.subjects.models import Unit

__all__ = ["city", "county", "own_folders", "own_keys", "quick_passwords"]
everything = pytest.mark.django_db(databases="__all__")
OFFICE = "示例县发展和改革局"
KEY = "cs-0123456789abcdef"


@pytest.fixture(autouse=True)
def office(own_keys: None, county: County) -> None:
    """As in every real register: it collects for the whole county, so that others' decisions come by it."""
    Unit.objects.filter(subject__name=OFFICE).update(traits=["credit_office"])


def states() -> list[str]:
    return sorted(RecordStanding.objects.values_list("state", flat=True))


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
def test_erasing_a_record_from_above_takes_every_copy_of_its_file(
    city: Path, county: County
) -> None:
    """The folder where files from above lie aside, also under another name; a file without it stays."""
    describe(city / "peers", inward={"folder": "exchange/in", "unit": OFFICE, "signed": False})
    from_above(city, licence(1), name="licences-1.csv")
    taken_in()
    from_above(city, licence(1), name="licences-again.csv")
    from_above(city, licence(2), name="licences-2.csv")
    taken_in()
    aside = city / "exchange" / "in" / "read"
    assert len(list(aside.iterdir())) == 3
    journey.resume(at=timezone.now(), actor=ACTOR)
    first = Submission.objects.order_by("id")[0]
    entry = Entry.objects.get(batch_id=first.batch_id)
    erase(entry.id, official(county, "fuhe", Role.REVIEWER), timezone.now())
    assert [path.name for path in aside.iterdir()] == ["licences-2.csv"]


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
    # Of an organ the register does not know: else it is found to be the record that stands here already.
    report(county, licence(1, XK_XKJG="示例市住房和城乡建设局"))
    report(county, penalty(1, CF_CFJG="示例市住房和城乡建设局"))
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
