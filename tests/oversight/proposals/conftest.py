"""A small county whose offices assign proposals, and two who raise them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.desk.conftest import FROM, PASSWORD, SYSTEM, County
from tests.desk.conftest import county as county
from tests.desk.conftest import quick_passwords as quick_passwords
from tests.desk.conftest import signed_in as signed_in
from tests.factors import add_app, signed_at
from zhengxin import journey
from zhengxin.accounts import actions as accounts
from zhengxin.accounts.models import Factor
from zhengxin.accounts.proofs import step_of
from zhengxin.accounts.queries import actor_for
from zhengxin.journey.proposal_sheets import handling_sheet, proposal_sheet
from zhengxin.kernel.actor import Actor
from zhengxin.oversight.proposals.models import Delegate, Handling, Proposal
from zhengxin.oversight.proposals.types import Met, Name, Raised

AT = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
TEXT = "建议在城关街道主要路口增设人行信号灯，并在学校门口划设临时停车区。"
REPLY = "已在三个路口装好信号灯，学校门口的停车区已经划设，9月1日起使用。"
MET = Met(date(2026, 11, 3), "visit", "江雨眠", "代表同意先在三个路口装。")


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Any) -> None:
    settings.KEYS_DIR = tmp_path / "keys"


@pytest.fixture
def people(county: County) -> County:
    """The county, with a second leader and a second delegate."""
    for username, name, unit, role in (
        ("shichang-fuze", "乔木", "县市场监管局", "leader"),
        ("weiyuan", "顾南风", "县发改局", "delegate"),
    ):
        account = accounts.open_account(
            username=username, name=name, password=PASSWORD, at=AT, actor=SYSTEM
        )
        accounts.give_post(
            account_id=account.pk,
            unit_id=county.units[unit],
            role=role,
            from_on=FROM,
            at=AT,
            actor=SYSTEM,
        )
        county.accounts[username] = account
        if role == "leader":
            add_app(account)
    return county


class Desk:
    """Whoever does what, at moments of 2026-11 and later; a code of the app is used once."""

    def __init__(self, county: County) -> None:
        self.county = county
        # The apps were enrolled as of yesterday by the machine's clock: codes of the story's days come before.
        Factor.objects.update(last_step=0)

    def actor(self, username: str, at: datetime) -> Actor:
        return actor_for(self.county.accounts[username], at.date())

    def at(self, days: int = 0) -> datetime:
        return AT + timedelta(days=days)

    def sign(self, username: str, sheet: Any, at: datetime) -> dict[str, Any]:
        """`signed`, `at`, `actor` of a signed verb, at the next moment with an unused code."""
        who = self.actor(username, at)
        factor = Factor.objects.get(account_id=who.account_id, kind="totp")
        step = max(step_of(at), factor.last_step + 1)
        at = datetime.fromtimestamp(step * 30, UTC)
        return {"signed": signed_at(who.account_id, sheet, at), "at": at, "actor": who}

    def register(
        self, number: str = "1", at: datetime = AT, by: str = "xinyong", **changes: Any
    ) -> Proposal:
        values = {
            "kind": "suggestion",
            "session": "第十八届人大第五次会议",
            "number": number,
            "title": "关于增设人行信号灯的建议",
            "text": TEXT,
            "received_on": date(2026, 10, 30),
            "signers": (Name("江雨眠", "城关代表团"), Name("石清和", "柳湾代表团")),
        }
        pk = journey.register_proposal(
            raised=Raised(**(values | changes)), at=at, actor=self.actor(by, at)
        )
        return Proposal.objects.get(pk=pk)

    def assign(
        self, row: Proposal, *units: str, at: datetime = AT, by: str = "xinyong", **changes: Any
    ) -> list[Handling]:
        given = {"cohandler_ids": [], "opinion_due_on": None, "difficult": False}
        parts = journey.assign_proposal(
            proposal_id=row.pk,
            unit_ids=[self.county.units[unit] for unit in units],
            **(given | changes),
            **self.sign(by, proposal_sheet("proposal_assigned", row.pk), at),
        )
        return [Handling.objects.get(pk=pk) for pk in parts]

    def contact(self, part: Handling, at: datetime, met: Met = MET, by: str = "jingban") -> None:
        journey.note_contact(
            handling_id=part.pk, met=met, files=[], at=at, actor=self.actor(by, at)
        )

    def reply(self, part: Handling, at: datetime, by: str = "fuze", **changes: Any) -> int:
        given = {"answer_class": "A", "text": REPLY, "promised_on": None}
        return journey.reply_to_proposal(
            handling_id=part.pk,
            **(given | changes),
            **self.sign(by, handling_sheet("proposal_replied", part.pk), at),
        )

    def send(self, part: Handling, at: datetime, by: str = "xinyong") -> None:
        journey.send_reply(
            handling_id=part.pk,
            **self.sign(by, handling_sheet("proposal_sent", part.pk), at),
        )

    def replied(self, number: str = "1") -> Handling:
        """A suggestion that was assigned to 县住建局, talked over, replied to and sent out on 11-05."""
        [part] = self.assign(self.register(number), "县住建局")
        self.contact(part, self.at(1))
        self.reply(part, self.at(2))
        self.send(part, self.at(3))
        part.refresh_from_db()
        return part

    def bind(self, name: str, username: str) -> None:
        delegate = Delegate.objects.get(name=name)
        journey.bind_delegate(
            delegate_id=delegate.pk, username=username, at=AT, actor=self.actor("xinyong", AT)
        )


@pytest.fixture
def desk(people: County) -> Desk:
    return Desk(people)


SignedIn = Callable[[str], Any]
