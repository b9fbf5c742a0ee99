"""A file longer than one vector of the engine: every record keeps its own party, key and place."""

from datetime import UTC, datetime

import pytest

from zhengxin import journey
from zhengxin.console.bench import generate
from zhengxin.kernel.actor import Actor
from zhengxin.ledger import queries as ledger
from zhengxin.ledger.models import Entry
from zhengxin.subjects import queries as subjects
from zhengxin.subjects.models import Subject

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ACTOR = Actor.system("test")
N = 9000


@pytest.mark.parametrize("big", [False, True])
def test_every_record_keeps_its_own_party(settings, tmp_path, monkeypatch, big):
    settings.SUBMISSIONS_DIR, settings.KEYS_DIR = tmp_path / "submissions", tmp_path / "keys"
    if big:
        monkeypatch.setattr("zhengxin.intake.ground.SMALL", 10)
    register = settings.BASE_DIR / "registers" / "example.yaml"
    journey.open_county(register=register, at=AT, actor=ACTOR)
    unit = subjects.unit_by_name("县市场监管局", AT.date())
    path = tmp_path / "many.csv"
    generate.write_csv(path, N, today=AT.date(), unit=(unit.name, unit.uscc))
    sent = {row[13]: row for row in generate.rows(N, seed=1, today=AT.date(), unit=("", ""))}
    submission = journey.submit(
        upload=path,
        filename=path.name,
        source="penalties",
        unit_id=unit.id,
        at=AT,
        actor=ACTOR,
        wait=True,
    )
    assert submission.admitted == N - N // 100
    entries = list(Entry.objects.order_by("id"))
    codes = dict(Subject.objects.values_list("id", "uscc"))
    contents = ledger.payloads([entry.id for entry in entries])
    numbers = []
    for entry in entries:
        content = contents[entry.id].open
        row = sent[content["CF_WSH"]]
        assert (content["CF_XDR_SHXYM"], str(entry.true_on)) == (row[2], row[22])
        assert codes[entry.subject_id] == row[2]
        assert entry.about_id is None
        numbers.append(content["CF_WSH"])
    # In the order of the file, each once.
    assert numbers == sorted(numbers, key=lambda number: place_of(number))
    assert len({entry.key for entry in entries}) == len(entries)
    again = tmp_path / "again.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    again.write_text(lines[0] + "".join(lines[-100:]), encoding="utf-8")
    repeated = journey.submit(
        upload=again,
        filename=again.name,
        source="penalties",
        unit_id=unit.id,
        at=AT,
        actor=ACTOR,
        wait=True,
    )
    assert (repeated.admitted, repeated.superseding, repeated.refused) == (0, 0, 100)


def place_of(number: str) -> int:
    """The place of a document number in the file."""
    return int(number.rsplit("〕1", 1)[1].removesuffix("号"))
