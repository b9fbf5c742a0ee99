"""A firm's penalty was graded; the firm, at the counter, appeals against the grade."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.utils import timezone

from tests.desk.conftest import FROM, PASSWORD, SYSTEM, County
from tests.desk.conftest import county as county
from tests.desk.conftest import quick_passwords as quick_passwords
from tests.desk.conftest import signed_in as signed_in
from tests.desk.rows import penalty, table
from tests.factors import add_app, signed_at
from zhengxin import journey
from zhengxin.accounts import actions as accounts
from zhengxin.accounts.models import Factor
from zhengxin.accounts.queries import actor_for
from zhengxin.appeals.models import Appeal
from zhengxin.evidence.types import Sent
from zhengxin.journey.appealing import appeal_sheet
from zhengxin.journey.showing import Sheet, entry_sheet
from zhengxin.kernel.actor import Actor
from zhengxin.publication.models import Notice
from zhengxin.subjects import actions as subjects

PROOF = Sent("申诉材料.pdf", b"%PDF-1.7 x")
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

    def signs(self, username: str, sheet: Callable[[], Sheet]) -> dict[str, object]:
        given = self.by(username)
        account = self.actor(username).account_id
        return {"signed": signed_at(account, sheet(), self.now), **given}

    def penalty(self, serial: int = 1, **changes: str) -> int:
        """One penalty that waits for a grade; its entry."""
        row = penalty(serial, CF_JDRQ="2026-10-28", **changes)
        journey.submit(
            upload=BytesIO(table("penalties", row).read()),
            filename="报送.csv",
            source="penalties",
            unit_id=self.county.units["县住建局"],
            wait=True,
            **self.by("jingban"),
        )
        return Notice.objects.filter(kind="penalty").latest("entry_id").entry_id

    def grades(self, entry_id: int, username: str = "xinyong", grade: str = "serious") -> int:
        return journey.grade(
            entry_id=entry_id,
            grade=grade,
            because="裁量基准第三条",
            **self.signs(username, lambda: entry_sheet("grading", entry_id)),
        )

    def lodges(self, decision_id: int, username: str = "xinyong", **changes: object) -> Appeal:
        said = {"words": "情节轻微，已经改正", "files": [PROOF]} | changes
        number = journey.lodge_appeal(decision_id=decision_id, **said, **self.by(username))
        return Appeal.objects.get(pk=number)

    def decides(self, row: Appeal, outcome: str = "set_aside", username: str = "fuhe") -> None:
        journey.decide_appeal(
            appeal_id=row.pk,
            outcome=outcome,
            reasons="裁量基准第三条不适用于这种情节",
            **self.signs(username, lambda: appeal_sheet(row.pk)),
        )
        row.refresh_from_db()

    def withdraws(self, row: Appeal, username: str = "xinyong") -> None:
        journey.withdraw_appeal(appeal_id=row.pk, because="已经谈妥", **self.by(username))
        row.refresh_from_db()


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"


@pytest.fixture
def counter(county: County) -> Counter:
    """Also a county government, whose leader may review."""
    unit = subjects.register_unit(
        name="示例县人民政府", kind="government", code="ZX-T00", at=BEGAN, actor=SYSTEM
    )
    county.units["县政府"] = unit.pk
    account = accounts.open_account(
        username="xianzhang", name="温朗", password=PASSWORD, at=BEGAN, actor=SYSTEM
    )
    accounts.give_post(
        account_id=account.pk,
        unit_id=unit.pk,
        role="leader",
        from_on=FROM,
        at=BEGAN,
        actor=SYSTEM,
    )
    county.accounts["xianzhang"] = account
    add_app(account)
    Factor.objects.update(last_step=0)
    return Counter(county)
