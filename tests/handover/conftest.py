"""A county that reports to a city described in a folder of the test."""

import csv
import io
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone

from tests.desk.conftest import County, county, quick_passwords
from tests.desk.rows import licence, penalty, table
from tests.handover.cities import describe, return_file
from zhengxin import journey
from zhengxin.handover.models import RecordStanding
from zhengxin.intake.models import Submission
from zhengxin.kernel.actor import Actor, Role
from zhengxin.subjects import actions as subjects

__all__ = ["county", "quick_passwords"]
ACTOR = Actor.system("测试")


@pytest.fixture(autouse=True)
def own_folders(settings: LazySettings, tmp_path: Path) -> None:
    """Keys, outbox and descriptions of peers lie in a folder of the test."""
    settings.ZHENGXIN_HOME = tmp_path
    settings.KEYS_DIR = tmp_path / "keys"
    settings.EXCHANGE_DIR = tmp_path / "exchange"
    settings.PEERS_DIRS = [tmp_path / "peers"]


@pytest.fixture
def city(tmp_path: Path, county: County) -> Path:
    """The city behind a drop folder; the folder it lies in."""
    describe(tmp_path / "peers")
    for source in ("licences", "penalties"):
        subjects.grant_power(
            unit_id=county.units["县发改局"],
            source=source,
            basis="三定规定",
            at=timezone.now(),
            actor=ACTOR,
        )
    return tmp_path


def report(county: County, *rows: dict[str, str], at: datetime | None = None) -> Submission:
    """Licences or penalties, as rows of tests.desk.rows, sent by the department."""
    source = "penalties" if "CF_WSH" in rows[0] else "licences"
    return journey.submit(
        upload=table(source, *rows),
        filename="报送.csv",
        source=source,
        unit_id=county.units["县住建局"],
        at=at or timezone.now(),
        actor=ACTOR,
        wait=True,
    )


def export(**more: object) -> str:
    """Packs and delivers; the number of the last dispatch, "" when nothing was due."""
    packed = journey.export(to="city", at=timezone.now(), actor=ACTOR, **more)  # type: ignore[arg-type]
    journey.send(to="city", at=timezone.now(), actor=ACTOR)
    return packed[-1].number if packed else ""


def official(county: County, username: str, role: Role) -> Actor:
    account = county.accounts[username]
    return Actor(account.pk, account.name, county.units["县发改局"], frozenset({role}))


def out(home: Path, end: str) -> Path:
    """The one file in the city's folder whose name ends so."""
    [found] = home.joinpath("exchange", "out").glob(f"*{end}")
    return found


def states() -> dict[int, tuple[str, str]]:
    """Operation and state by the root entry's id."""
    rows = RecordStanding.objects.values_list("root_id", "operation", "state")
    return {root: (operation, state) for root, operation, state in rows}


def answers(*rows: tuple[object, ...], **more: str) -> object:
    return journey.read_answers(
        peer_code="city",
        filename="回执.csv",
        content=return_file(*rows, **more),
        at=timezone.now(),
        actor=ACTOR,
    )


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


__all__ += ["licence", "penalty", "report"]
