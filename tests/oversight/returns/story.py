"""A small county of 2026 with a confirmed plan: who acts, at fixed moments, through the journey alone."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.factors import add_app, add_passkey, signed_at
from zhengxin import journey
from zhengxin.accounts import actions as accounts
from zhengxin.accounts.models import Account, Factor
from zhengxin.accounts.proofs import STEP, step_of
from zhengxin.accounts.queries import actor_for
from zhengxin.accounts.types import Proof, Signed
from zhengxin.evidence.types import Sent
from zhengxin.journey.accepting import accepting_sheet, reopening_sheet
from zhengxin.journey.returning import signing_sheet
from zhengxin.journey.showing import Sheet, plan_sheet
from zhengxin.kernel.actor import Actor
from zhengxin.ledger.vault import keyring
from zhengxin.oversight.models import Plan
from zhengxin.oversight.returns import queries
from zhengxin.oversight.returns.models import QuarterlyReturn
from zhengxin.oversight.returns.types import Words
from zhengxin.subjects import actions as subjects

ZONE = ZoneInfo("Asia/Shanghai")
SYSTEM = Actor.system("测试")
UNITS = {
    "县住建局": ("示例县住房和城乡建设局", ()),
    "县市场监管局": ("示例县市场监督管理局", ()),
    "县发改局": ("示例县发展和改革局", ("credit_office",)),
    "县政务公开办": ("示例县政务公开办公室", ("open_government_office",)),
}
POSTS = {
    "jingban": ("林禾", "县住建局", "clerk"),
    "fuze": ("周远山", "县住建局", "leader"),
    "shichang": ("孟秋", "县市场监管局", "clerk"),
    "shichang-fuze": ("石清和", "县市场监管局", "leader"),
    "xinyong": ("许知", "县发改局", "credit_officer"),
    "fuhe": ("方正言", "县发改局", "reviewer"),
    "jiandu": ("程鉴", "县发改局", "supervisor"),
    "gongkai": ("顾清和", "县政务公开办", "leader"),
}
PLAN = """示例县政务诚信工作方案（虚构）
一、主要任务
（一）管好承诺
1.清理合同。逐份核对到期没有兑现的合同，2026年8月底前办结。（牵头单位：示例县住房和城乡建设局）
2.公开时限。窗口摆出每个事项的时限。（牵头单位：示例县住房和城乡建设局、示例县市场监督管理局）
3.登记承诺。把会议纪要里的承诺逐条登记。（牵头单位：示例县政务公开办公室）
示例县人民政府办公室
2026年4月1日
"""
DONE = Words("report", "（虚构）核对合同46份，付清2份。", "1份文书不全。", "下季度付清。")
NOTHING = Words("zero", zero_because="（虚构）本季度没有到期的合同。")
PDF = Sent("核对表.pdf", b"%PDF-1.7 fictional")


def at(day: str, clock: str = "09:30") -> datetime:
    """A moment of 2026, such as 10-08."""
    return datetime.fromisoformat(f"2026-{day}T{clock}").replace(tzinfo=ZONE)


@dataclass
class Story:
    """Units by short name, accounts by user name. Each verb takes who and when."""

    units: dict[str, int] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)

    def build(self) -> "Story":
        """The register and the people in March; the plan confirmed on 7 April."""
        opened = at("03-01")
        keyring.ensure()
        for place, (short, (name, traits)) in enumerate(UNITS.items(), start=1):
            self.units[short] = subjects.register_unit(
                name=name,
                kind="department",
                code=f"ZX-T{place:02}",
                traits=traits,
                position=place,
                at=opened,
                actor=SYSTEM,
            ).pk
        for username, (name, short, role) in POSTS.items():
            self.accounts[username] = account = accounts.open_account(
                username=username, name=name, password=None, at=opened, actor=SYSTEM
            )
            accounts.give_post(
                account_id=account.pk,
                unit_id=self.units[short],
                role=role,
                from_on=date(2026, 3, 1),
                at=opened,
                actor=SYSTEM,
            )
            if role != "clerk":
                add_app(account, at=opened)
        plan_id, _new = journey.send_plan(
            content=PLAN.encode(),
            filename="方案.txt",
            at=at("04-06"),
            actor=self.actor("xinyong", at("04-06")),
        )
        self.sign(journey.confirm_plan, "fuhe", plan_sheet(plan_id, date(2026, 4, 7)), at("04-07"),
                  plan_id=plan_id, replaces=None)  # fmt: skip
        return self

    @property
    def plan(self) -> Plan:
        return Plan.objects.get()

    def actor(self, username: str, moment: datetime) -> Actor:
        return actor_for(self.accounts[username], moment.astimezone(ZONE).date())

    def sign(
        self,
        verb: Callable[..., object],
        username: str,
        sheet: Sheet,
        moment: datetime,
        **said: object,
    ) -> object:
        """One signed act, at the next moment for which the official's app has an unused code."""
        actor = self.actor(username, moment)
        factor = Factor.objects.filter(account_id=actor.account_id, kind="totp").first()
        if factor is None:
            return verb(**said, signed=Signed(sheet.digest, "00", Proof()), at=moment, actor=actor)
        step = max(step_of(moment), factor.last_step + 1)
        then = max(moment, datetime.fromtimestamp(step * STEP, ZONE))
        signed = signed_at(actor.account_id, sheet, then)
        return verb(**said, signed=signed, at=then, actor=actor)

    def open(self, quarter: str, moment: datetime) -> int:
        return journey.open_returns(quarter=quarter, at=moment, actor=SYSTEM)

    def row(self, short: str, quarter: str, mandate: int) -> QuarterlyReturn:
        return QuarterlyReturn.objects.select_related("mandate").get(
            unit_id=self.units[short], quarter=quarter, mandate__number=mandate
        )

    def save(
        self,
        username: str,
        row: QuarterlyReturn,
        words: Words,
        moment: datetime,
        *files: Sent,
        saving: int | None = None,
    ) -> None:
        journey.save_return(
            return_id=row.pk,
            saving=row.saving if saving is None else saving,
            words=words,
            keep=row.pieces,
            files=files,
            at=moment,
            actor=self.actor(username, moment),
        )

    def sign_sheet(self, username: str, short: str, quarter: str, moment: datetime) -> object:
        unit = self.units[short]
        return self.sign(
            journey.sign_returns,
            username,
            signing_sheet(unit, quarter, moment.date()),
            moment,
            unit_id=unit,
            quarter=quarter,
        )

    def accept(
        self, username: str, short: str, quarter: str, moment: datetime, *mandates: int
    ) -> object:
        unit = self.units[short]
        ids = [self.row(short, quarter, each).pk for each in mandates]
        return self.sign(
            journey.accept_returns,
            username,
            accepting_sheet(unit, quarter, moment.date()),
            moment,
            unit_id=unit,
            quarter=quarter,
            return_ids=ids,
            because="内容与佐证相符",
        )

    def reopen(self, username: str, row: QuarterlyReturn, moment: datetime) -> object:
        return self.sign(
            journey.reopen_return,
            username,
            reopening_sheet(row.pk),
            moment,
            return_id=row.pk,
            because="合同数有误，请重报",
        )

    def send_back(self, username: str, row: QuarterlyReturn, moment: datetime) -> None:
        journey.send_back_return(
            return_id=row.pk,
            because="没有写付清的份数",
            at=moment,
            actor=self.actor(username, moment),
        )

    def versions(self, row: QuarterlyReturn) -> list[queries.Version]:
        return queries.versions([row])[row.pk]

    def reported(self, quarter: str = "2026Q3") -> "Story":
        """Q3 opened on 1 October; 县住建局 reports on mandate 1 with a file, confirms zero on 2, signed on 8 October."""
        self.open(quarter, at("10-01"))
        self.save("jingban", self.row("县住建局", quarter, 1), DONE, at("10-05"), PDF)
        self.save("jingban", self.row("县住建局", quarter, 2), NOTHING, at("10-05"))
        self.sign_sheet("fuze", "县住建局", quarter, at("10-08"))
        return self


def later(moment: datetime, days: int) -> datetime:
    """So many days later."""
    return moment + timedelta(days=days)


def with_passkeys(story: Story) -> dict[str, object]:
    """A passkey in software for everybody whose role needs one."""
    return {
        username: add_passkey(account)
        for username, account in story.accounts.items()
        if POSTS[username][2] != "clerk"
    }
