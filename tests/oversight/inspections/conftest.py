"""Three units: the credit office is designated to inspect, the construction office is drawn."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from tests.desk.conftest import County
from tests.desk.conftest import county as county
from tests.desk.conftest import quick_passwords as quick_passwords
from tests.desk.conftest import signed_in as signed_in
from tests.factors import signed_at
from zhengxin import journey
from zhengxin.accounts import queries as accounts
from zhengxin.accounts.models import Factor
from zhengxin.journey import inspecting_sheets as sheets
from zhengxin.journey.rectifying import new_order_sheet
from zhengxin.kernel.actor import Actor, Role
from zhengxin.oversight.inspections.models import Campaign, Case
from zhengxin.oversight.rectifying.models import Order

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=timezone.get_default_timezone())
ITEMS = [["承诺是否按期兑现", "国发〔2016〕76号"], ["政策变更是否补偿", "国发〔2016〕76号"]]


@dataclass
class Office:
    """Who does what, each signature half a minute after the one before."""

    county: County
    now: datetime = MONDAY

    @property
    def today(self) -> date:
        """The county's day."""
        return timezone.localdate(self.now)

    def actor(self, username: str, unit: str = "", role: Role | None = None) -> Actor:
        """The account in its post; as if in another unit or role, if given."""
        found = accounts.actor_for(self.county.accounts[username], self.today)
        if unit:
            found = replace(found, unit_id=self.county.units[unit])
        return replace(found, roles=frozenset({role})) if role else found

    def later(self, days: int) -> None:
        self.now += timedelta(days=days)

    def signs(self, actor: Actor, sheet: sheets.Sheet, nonce: str = "00") -> dict[str, object]:
        self.now += timedelta(seconds=30)
        signed = signed_at(actor.account_id, sheet, self.now, nonce)
        return {"signed": signed, "at": self.now, "actor": actor}

    def designated(self, **changes: object) -> int:
        said = {
            "unit_id": self.county.units["县发改局"],
            "matter": "政府承诺兑现",
            "scope": "县政府部门",
            "document": "示政发〔2026〕3号",
            "from_on": date(2026, 11, 1),
            "until_on": date(2026, 12, 31),
        }
        actor = self.actor("fuhe")
        sheet = sheets.new_designation_sheet("00")
        return journey.designate_inspection(**(said | changes), **self.signs(actor, sheet))

    def ends(self, designation: int, ended_on: date, username: str = "fuhe") -> int:
        actor = self.actor(username)
        said = {"ended_on": ended_on, "document": "示政发〔2026〕8号", "because": "机构调整"}
        return journey.end_designation(
            designation_id=designation,
            **said,
            **self.signs(actor, sheets.designation_end_sheet(designation)),
        )

    def planned(self, designation: int, **changes: object) -> Campaign:
        said = {
            "designation_id": designation,
            "title": "承诺兑现督查",
            "basis": "示政办发〔2026〕9号",
            "from_on": date(2026, 11, 4),
            "until_on": date(2026, 12, 18),
            "items": ITEMS,
            "kinds": ["department"],
            "n": 2,
            "per_kind": False,
            "seed_kind": "public",
            "seed_named": "11月3日双色球开奖号码",
            "seed_on": date(2026, 11, 3),
            "review_unit_id": self.county.units["县发改局"],
        }
        actor = changes.pop("actor", None) or self.actor("xinyong")
        sheet = sheets.new_inspection_sheet("00")
        number = journey.plan_inspection(**(said | changes), **self.signs(actor, sheet))
        return Campaign.objects.get(pk=number)

    def drawn(self, **changes: object) -> tuple[Campaign, Case]:
        """A campaign whose units are drawn, and the construction office's case."""
        campaign = self.planned(self.designated(), **changes)
        self.later(2)
        self.draws(campaign)
        case = Case.objects.get(campaign=campaign, unit_id=self.county.units["县住建局"])
        return campaign, case

    def draws(self, campaign: Campaign) -> None:
        journey.draw_inspection(
            campaign_id=campaign.pk,
            seed="03 07 12 21 29 30 08",
            seed_source="中国福彩网公告",
            at=self.now,
            actor=self.actor("xinyong"),
        )
        campaign.refresh_from_db()

    def finds(self, case: Case, number: int, verdict: str, **changes: object) -> int:
        said = {"words": "查阅了承诺台账", "due_on": None, "files": []} | changes
        actor = said.pop("actor", None) or self.actor("xinyong")
        return journey.record_finding(
            case_id=case.pk, number=number, verdict=verdict, **said, at=self.now, actor=actor
        )

    def concludes(self, case: Case, username: str = "xinyong") -> int:
        actor = self.actor(username)
        sheet = sheets.conclusion_sheet(case.pk)
        return journey.conclude_inspection(
            case_id=case.pk, conclusion="承诺均已兑现", **self.signs(actor, sheet)
        )

    def orders(self, username: str = "xinyong", **changes: object) -> Order:
        """The construction office is ordered to explain in a week and to rectify in four."""
        today = self.today
        said = {
            "unit_id": self.county.units["县住建局"],
            "title": "两户企业的奖补资金没有兑现",
            "cause": "承诺6月底前兑现，至今没有拨付",
            "about_id": None,
            "basis": "国发〔2016〕76号",
            "explain_by": today + timedelta(days=8),
            "rectify_by": today + timedelta(days=28),
        }
        actor = self.actor(username)
        number = journey.order_rectification(
            **(said | changes), **self.signs(actor, new_order_sheet("00"))
        )
        return Order.objects.get(pk=number)


@pytest.fixture
def office(county: County) -> Office:
    # The apps were enrolled yesterday; the story has days of its own.
    Factor.objects.update(last_step=0)
    return Office(county)
