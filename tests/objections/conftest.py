"""A small county with a published penalty, and what its people do about an objection to it."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone

from tests.desk.conftest import SYSTEM, County
from tests.desk.conftest import county as county
from tests.desk.conftest import quick_passwords as quick_passwords
from tests.desk.conftest import signed_in as signed_in
from tests.desk.rows import penalty, table
from tests.factors import DeskClient, signed_at
from zhengxin import journey
from zhengxin.accounts import queries as accounts
from zhengxin.accounts.models import Factor
from zhengxin.accounts.types import Proof, Signed
from zhengxin.evidence.types import Sent
from zhengxin.journey import objection_steps as steps
from zhengxin.journey.showing import Sheet, entry_sheet
from zhengxin.kernel.actor import Actor, Role
from zhengxin.objections.models import Objection
from zhengxin.objections.types import Lodged, Objector
from zhengxin.publication.models import Notice

FIRM = Objector("organisation", "示例县惠民建材有限公司", "0000-1234567")


class Counter:
    """Who does what, each signature half a minute after the one before."""

    def __init__(self, county: County) -> None:
        self.county, self.now = county, timezone.now()
        self.entry_id = self.sends(penalty(1))

    def actor(self, username: str, unit: str = "", role: Role | None = None) -> Actor:
        """The account in its post; as if in another unit or role, if given."""
        found = accounts.actor_for(self.county.accounts[username], timezone.localdate())
        if unit:
            found = replace(found, unit_id=self.county.units[unit])
        return replace(found, roles=frozenset({role})) if role else found

    def signs(self, actor: Actor, sheet: Sheet) -> dict[str, Any]:
        self.now += timedelta(seconds=30)
        # Who has no second factor is refused before it is asked for.
        signed = Signed(sheet.digest, "00", Proof())
        if Factor.objects.filter(account_id=actor.account_id, kind="totp").exists():
            signed = signed_at(actor.account_id, sheet, self.now)
        return {"signed": signed, "at": self.now, "actor": actor}

    def sends(self, row: dict[str, str]) -> int:
        """The newest penalty, graded and on the board."""
        clerk = DeskClient(self.county.accounts["jingban"], None)
        answer = clerk.post("/desk/submissions/new/penalties/", {"file": table("penalties", row)})
        assert answer.status_code == 302
        notice = Notice.objects.filter(kind="penalty").latest("entry_id")
        if notice.state == "ungraded":
            journey.grade(
                entry_id=notice.entry_id,
                grade="general",
                because="按裁量基准",
                **self.signs(self.actor("xinyong"), entry_sheet("grading", notice.entry_id)),
            )
        self.publishes()
        return notice.entry_id

    def publishes(self, at: datetime | None = None) -> None:
        journey.publish_due(at=at or self.now, actor=SYSTEM)

    def lodges(
        self, entry_id: int | None = None, username: str = "xinyong", **changes: Any
    ) -> Lodged:
        said: dict[str, Any] = {
            "objector": FIRM,
            "claim": "罚款金额写错了",
            "statement": "本公司已缴清罚款",
            "files": [Sent("凭证.txt", "虚构的凭证".encode())],
            "actor": self.actor(username),
        } | changes
        return journey.lodge_objection(entry_id=entry_id or self.entry_id, **said, at=self.now)

    def lodged(self, **changes: Any) -> Objection:
        return Objection.objects.get(pk=self.lodges(**changes).id)

    def checks(self, row: Objection, admit: bool = True, actor: Actor | None = None) -> None:
        sheet = steps.check_sheet(row.pk)
        said = self.signs(actor or self.actor("xinyong"), sheet)
        journey.check_objection(objection_id=row.pk, admit=admit, because="材料齐全", **said)
        row.refresh_from_db()

    def answers(self, row: Objection, actor: Actor | None = None) -> None:
        journey.answer_objection(
            objection_id=row.pk,
            words="经查属实",
            at=self.now,
            actor=actor or self.actor("jingban"),
        )
        row.refresh_from_db()

    def decides(self, row: Objection, ruling: str, actor: Actor | None = None) -> None:
        sheet = steps.decision_sheet(row.pk)
        said = self.signs(actor or self.actor("fuhe"), sheet)
        journey.decide_objection(objection_id=row.pk, ruling=ruling, reasons="查阅了决定书", **said)
        row.refresh_from_db()

    def withdraws(self, row: Objection, actor: Actor | None = None) -> None:
        journey.withdraw_objection(
            objection_id=row.pk,
            because="异议人当面提出",
            at=self.now,
            actor=actor or self.actor("xinyong"),
        )
        row.refresh_from_db()

    def settles(self, row: Objection, actor: Actor | None = None) -> None:
        journey.settle_objection(
            objection_id=row.pk, at=self.now, actor=actor or self.actor("jingban")
        )
        row.refresh_from_db()

    def releases(self, row: Objection, actor: Actor | None = None) -> None:
        sheet = steps.statement_sheet(row.pk)
        journey.release_statement(
            objection_id=row.pk, **self.signs(actor or self.actor("fuhe"), sheet)
        )
        row.refresh_from_db()

    def decided(self, ruling: str) -> Objection:
        row = self.lodged()
        self.checks(row)
        self.answers(row)
        self.decides(row, ruling)
        return row


@pytest.fixture(autouse=True)
def own_folders(settings: LazySettings, tmp_path: Path) -> None:
    settings.KEYS_DIR = tmp_path / "keys"
    settings.DOWNLOADS_DIR = tmp_path / "downloads"


@pytest.fixture
def counter(county: County) -> Counter:
    return Counter(county)
