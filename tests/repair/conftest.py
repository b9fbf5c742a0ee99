"""A firm's penalty of the construction office, shown on the board; its leader decides on repair."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.utils import timezone

from tests.desk.conftest import SYSTEM, County
from tests.desk.conftest import county as county
from tests.desk.conftest import quick_passwords as quick_passwords
from tests.desk.conftest import signed_in as signed_in
from tests.desk.rows import penalty, table
from tests.factors import signed_at
from zhengxin import journey
from zhengxin.accounts.models import Factor
from zhengxin.accounts.queries import actor_for
from zhengxin.evidence.types import Sent
from zhengxin.journey.repair_deciding import repair_sheet
from zhengxin.kernel.actor import Actor
from zhengxin.publication.models import Notice
from zhengxin.repair.models import Application

PROOF = Sent("缴款凭证.pdf", b"%PDF-1.7 x")
BEGAN = datetime(2026, 11, 2, 9, 0, tzinfo=timezone.get_default_timezone())


@dataclass
class Counter:
    """Who does what, each act a minute after the one before."""

    county: County
    now: datetime = BEGAN

    @property
    def today(self) -> date:
        """The county's day."""
        return timezone.localdate(self.now)

    def actor(self, username: str) -> Actor:
        return actor_for(self.county.accounts[username], self.today)

    def by(self, username: str) -> dict[str, object]:
        self.now += timedelta(minutes=1)
        return {"at": self.now, "actor": self.actor(username)}

    def signs(self, username: str, act: str, application_id: int) -> dict[str, object]:
        given = self.by(username)
        actor = self.actor(username)
        sheet = repair_sheet(act, application_id)
        return {"signed": signed_at(actor.account_id, sheet, self.now), **given}

    def penalty(self, serial: int = 1, **changes: str) -> int:
        """Sends one penalty and shows it; its entry."""
        said = {"CF_JDRQ": "2026-07-01", "CF_CFLB": "没收违法所得", "CF_NR_WFFF": "1"} | changes
        self.now += timedelta(minutes=1)
        journey.submit(
            upload=BytesIO(table("penalties", penalty(serial, **said)).read()),
            filename="报送.csv",
            source="penalties",
            unit_id=self.county.units["县住建局"],
            at=self.now,
            actor=self.actor("jingban"),
            wait=True,
        )
        self.publish()
        return Notice.objects.filter(kind="penalty").latest("entry_id").entry_id

    def publish(self) -> None:
        journey.publish_due(at=self.now, actor=SYSTEM)

    def applies(self, entry_id: int, username: str = "xinyong", **changes: object) -> Application:
        said = {
            "fulfilled": "罚没款已于8月3日缴清",
            "commitment": "承诺依法诚信经营",
            "files": [PROOF],
        } | changes
        number = journey.apply_for_repair(entry_id=entry_id, **said, **self.by(username))
        return Application.objects.get(pk=number)

    def accepts(self, application: Application, username: str = "jingban") -> None:
        journey.accept_repair(application_id=application.pk, **self.by(username))
        application.refresh_from_db()

    def decides(
        self,
        application: Application,
        granted: bool = True,
        username: str = "fuze",
        **changes: object,
    ) -> int:
        said = {"granted": granted, "because": "看过缴款凭证，已经履行完毕", "again_on": None}
        act = journey.decide_repair(
            application_id=application.pk,
            **(said | changes),
            **self.signs(username, "repair_decided", application.pk),
        )
        application.refresh_from_db()
        return act

    def revokes(self, application: Application, username: str = "fuze") -> int:
        act = journey.revoke_repair(
            application_id=application.pk,
            because="凭证系伪造",
            **self.signs(username, "repair_revoked", application.pk),
        )
        application.refresh_from_db()
        return act

    def granted(self, entry_id: int) -> Application:
        application = self.applies(entry_id)
        self.accepts(application)
        self.decides(application)
        return application


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path) -> None:
    settings.KEYS_DIR = tmp_path / "keys"
    settings.DOWNLOADS_DIR = tmp_path / "downloads"


@pytest.fixture
def counter(county: County) -> Counter:
    # The apps were enrolled yesterday; the story has days of its own.
    Factor.objects.update(last_step=0)
    return Counter(county)
