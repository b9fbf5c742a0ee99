"""A credit office with a leader of its own, and a unit on the judgment-defaulter list."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.desk.conftest import FROM, PASSWORD, SYSTEM, County
from tests.desk.conftest import county as bare
from tests.desk.conftest import quick_passwords as quick_passwords
from tests.desk.conftest import signed_in as signed_in
from tests.factors import add_app, add_passkey, signed_at
from zhengxin import journey
from zhengxin.accounts import actions as accounts
from zhengxin.accounts import queries as account_queries
from zhengxin.accounts.models import Factor
from zhengxin.journey import imposing_sheets as sheets
from zhengxin.journey.showing import Sheet
from zhengxin.kernel.actor import Actor, Role
from zhengxin.ledger import actions as ledger
from zhengxin.ledger.types import Draft
from zhengxin.sanctions import queries as sanctions
from zhengxin.sanctions.enums import Factor as Weight
from zhengxin.sanctions.models import Case
from zhengxin.subjects.models import Unit

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=timezone.get_default_timezone())
REPLY_DAYS = "parameters/sanction_reply_days@2018-01-01"
FACTS = "法院列入名单以后，工程款二十万元仍没有付清，有执行裁定书。"

__all__ = ["bare"]


@pytest.fixture
def county(bare: County) -> County:
    """The three units; the third is the credit office and has a leader."""
    office = bare.units["县发改局"]
    Unit.objects.filter(pk=office).update(traits=["credit_office"])
    account = accounts.open_account(
        username="juzhang", name="季临川", password=PASSWORD, at=timezone.now(), actor=SYSTEM
    )
    accounts.give_post(
        account_id=account.pk,
        unit_id=office,
        role="leader",
        from_on=FROM,
        at=timezone.now(),
        actor=SYSTEM,
    )
    bare.accounts["juzhang"] = account
    add_app(account)
    bare.passkeys["juzhang"] = add_passkey(account)
    return bare


@dataclass
class Office:
    """Who does what about one unit, each signature half a minute after the one before."""

    county: County
    now: datetime = MONDAY

    @property
    def today(self) -> date:
        """The county's day."""
        return timezone.localdate(self.now)

    @property
    def unit_id(self) -> int:
        """The unit that did not pay."""
        return self.county.units["县住建局"]

    def actor(self, username: str, role: Role | None = None) -> Actor:
        """The account in its post; as if in another role, if given."""
        found = account_queries.actor_for(self.county.accounts[username], self.today)
        return replace(found, roles=frozenset({role})) if role else found

    def later(self, days: int) -> None:
        self.now += timedelta(days=days)

    def signs(self, actor: Actor, sheet: Sheet, nonce: str = "00") -> dict[str, Any]:
        self.now += timedelta(seconds=30)
        signed = signed_at(actor.account_id, sheet, self.now, nonce)
        return {"signed": signed, "at": self.now, "actor": actor}

    def acts(self, username: str) -> dict[str, Any]:
        return {"at": self.now, "actor": self.actor(username)}

    def listed(self, kind: str = "judgment_defaulter", **changes: object) -> int:
        """A record about the unit; returns its entry's number."""
        values: dict[str, Any] = {
            "kind": kind,
            "subject_id": self.unit_id,
            "unit_id": self.county.units["县市场监管局"],
            "true_on": date(2026, 10, 12),
            "known_at": self.now,
            "open": {"SX_AH": "（2026）示执1号"},
        }
        by = changes.pop("by", SYSTEM)
        draft = Draft(**(values | changes))
        [entry_id] = ledger.append(drafts=[draft], at=self.now, actor=by)  # type: ignore[arg-type]  # an actor
        journey.follow(at=self.now)
        return entry_id

    def confirms(self, address: str = REPLY_DAYS, username: str = "fuhe") -> None:
        actor = self.actor(username)
        journey.confirm_law_value(
            address=address,
            words="县惩戒办理规则（虚构）第三条",
            **self.signs(actor, sheets.law_sheet(address)),
        )

    def steps(self, *codes: str) -> list[str]:
        """One basis, the first, of each of these measures."""
        found = {each.measure: each.address for each in reversed(sanctions.steps_on(self.today))}
        return [found[code] for code in codes]

    def proposes(
        self, entry_id: int, *codes: str, username: str = "xinyong", **changes: Any
    ) -> Case:
        chosen = self.steps(*(codes or ("rectification_by_date", "loss_of_honours")))
        said = {"unit_id": self.unit_id, "measures": chosen, "facts": FACTS} | changes
        number = journey.propose_sanction(entry_id=entry_id, **said, **self.acts(username))
        return Case.objects.get(pk=number)

    def noticed(self, *codes: str) -> Case:
        """A case of which the unit had notice."""
        case = self.proposes(self.listed(), *codes)
        if not sanctions.confirmable(REPLY_DAYS).confirmation:
            self.confirms()
        journey.notice_sanction(case_id=case.pk, **self.acts("xinyong"))
        case.refresh_from_db()
        return case

    def decides(self, case: Case, *codes: str, username: str = "juzhang", **changes: Any) -> None:
        """The leader takes these of the announced measures (none: none)."""
        due = (self.today + timedelta(days=30)).isoformat()
        kept = [
            [each.pk, due if each.code == "rectification_by_date" else ""]
            for each in case.measures.order_by("id")
            if each.code in codes
        ]
        said = {
            "kept": kept,
            "reasons": "事实清楚，名单未撤销。",
            "answer": "付款计划已核对，不影响事实。",
            "factors": [[each.value, False, "", ""] for each in Weight],
            "executing": [self.county.units["县市场监管局"]],
        } | changes
        actor = self.actor(username)
        journey.decide_sanction(
            case_id=case.pk, **said, **self.signs(actor, sheets.decision_sheet(case.pk))
        )
        case.refresh_from_db()

    def in_force(self, *codes: str) -> Case:
        """A case whose measures run, without any reply."""
        chosen = codes or ("rectification_by_date", "loss_of_honours")
        case = self.noticed(*chosen)
        self.later(10)
        self.decides(case, *chosen)
        journey.serve_decision(case_id=case.pk, **self.acts("xinyong"))
        case.refresh_from_db()
        return case


@pytest.fixture
def office(county: County) -> Office:
    # The apps were enrolled yesterday; the story has days of its own.
    Factor.objects.update(last_step=0)
    return Office(county)
