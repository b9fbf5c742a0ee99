"""A county that reports to a city described in a folder of the test."""

from datetime import datetime
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone

from tests.desk.conftest import County, county, quick_passwords
from tests.desk.rows import licence, penalty, table
from tests.handover.cities import describe
from zhengxin import journey
from zhengxin.intake.models import Submission
from zhengxin.kernel.actor import Actor
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


__all__ += ["licence", "penalty", "report"]
