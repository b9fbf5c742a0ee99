"""What was said on the form of every act survives being frozen, and the act is done as if signed at the desk."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.desk.conftest import County
from tests.desk.rows import licence, penalty, table
from tests.desk.test_papers import DECIDED, hand_in, on_paper
from tests.desk.test_papers import own_folder as own_folder
from tests.factors import DeskClient
from zhengxin.accounts.models import Paper, Signature
from zhengxin.intake.models import WaitingRecord
from zhengxin.objections.models import Objection
from zhengxin.oversight.inspections.models import Campaign, Designation
from zhengxin.oversight.models import Plan
from zhengxin.oversight.proposals.models import Handling, Proposal
from zhengxin.oversight.rectifying.models import Issue, Order
from zhengxin.publication.models import Notice
from zhengxin.retention.models import Hold
from zhengxin.subjects import queries as subjects
from zhengxin.subjects.enums import SuccessionKind
from zhengxin.subjects.models import Succession

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
SignedIn = Callable[[str], DeskClient]


def signed_by_hand(signed_in: SignedIn, username: str, path: str, said: dict[str, object]) -> None:
    """Asked for and handed in by the same person, compared by a colleague."""
    decider = signed_in(username)
    paper = on_paper(decider, path, said)
    hand_in(decider, paper)
    other = {"xinyong": "fuhe", "fuhe": "xinyong"}[username]
    done = signed_in(other).sign(paper, {})
    assert done.status_code == 302, done.content.decode()
    row = Paper.objects.latest("id")
    assert row.state == "done"
    kept = Signature.objects.get(digest=row.statement)
    assert (kept.factor_kind, kept.account.username) == ("paper", username)
    assert row.signature_id == kept.pk


def send(signed_in: SignedIn, source: str, *rows: dict[str, str]) -> None:
    signed_in("jingban").post(f"/desk/submissions/new/{source}/", {"file": table(source, *rows)})


def test_a_text_is_released_and_a_record_withheld(signed_in: SignedIn) -> None:
    send(signed_in, "penalties", penalty(1))
    entry = Notice.objects.get().entry_id
    signed_by_hand(signed_in, "xinyong", f"/desk/grading/{entry}/", {**DECIDED, "grade": "serious"})
    said: dict[str, object] = {"fields_chosen": ["CF_SY"], "because": "已通读"}
    signed_by_hand(signed_in, "fuhe", f"/desk/release/{entry}/", said)
    day = timezone.localdate() + timedelta(days=30)
    said = {"reason": "trade_secret", "because": "企业申请保密", "review_on": day.isoformat()}
    signed_by_hand(signed_in, "fuhe", f"/desk/release/{entry}/withhold/", said)
    assert Notice.objects.get().state == "withheld"


def test_a_hold_is_placed_and_lifted(signed_in: SignedIn) -> None:
    send(signed_in, "penalties", penalty(1))
    entry = Notice.objects.get().entry_id
    until = timezone.localdate() + timedelta(days=30)
    said: dict[str, object] = {
        "on": "entry",
        "target": str(entry),
        "legal_basis": "民事诉讼法第八十四条",
        "because": "正在诉讼",
        "until": until.isoformat(),
    }
    signed_by_hand(signed_in, "xinyong", "/desk/holds/new/", said)
    hold = Hold.objects.get()
    assert (hold.target_id, hold.until, hold.placed_by_name) == (entry, until, "许知")
    signed_by_hand(signed_in, "fuhe", f"/desk/holds/{hold.pk}/lift/", {"because": "诉讼已经结束"})
    hold.refresh_from_db()
    assert hold.lifted_by_name == "方正言"


def test_a_name_is_decided_and_decided_again(signed_in: SignedIn) -> None:
    send(signed_in, "licences", licence(1))
    send(signed_in, "licences", licence(2, XK_XDR_MC="示例县惠民建筑材料有限公司"))
    row = WaitingRecord.objects.get()
    path = f"/desk/attribution/{row.pk}/"
    said: dict[str, object] = {"choice": row.candidates[0], "because": "营业执照上已更名"}
    signed_by_hand(signed_in, "xinyong", path, said)
    row.refresh_from_db()
    assert row.state == "admitted"
    said = {"choice": "drop", "because": "执照是另一家", "confirmed": "on"}
    signed_by_hand(signed_in, "fuhe", f"{path}redecide/", said)
    row.refresh_from_db()
    assert row.state == "dropped"


def test_an_agreement_is_made_and_ended(county: County, signed_in: SignedIn) -> None:
    today = timezone.localdate()
    said: dict[str, object] = {
        "owner": county.units["县发改局"],
        "reader": county.units["县住建局"],
        "fields_shared": ["XK_WSH", "XK_JDRQ"],
        "basis": "示发改发〔2026〕2号",
        "purpose": "核对项目许可",
        "valid_from": today.isoformat(),
        "expires_on": (today + timedelta(days=90)).isoformat(),
    }
    signed_by_hand(signed_in, "xinyong", "/desk/agreements/new/", said)
    [line] = subjects.agreements()
    assert (line.valid_from, sorted(line.fields)) == (today, ["XK_JDRQ", "XK_WSH"])
    signed_by_hand(signed_in, "xinyong", f"/desk/agreements/{line.id}/end/", {})
    [line] = subjects.agreements()
    assert line.ended_at is not None


def test_a_succession_is_confirmed(county: County, signed_in: SignedIn) -> None:
    row = Succession.objects.create(
        predecessor_id=county.units["县发改局"],
        successor_id=county.units["县住建局"],
        kind=SuccessionKind.RENAMED,
        basis="示编发〔2026〕1号",
    )
    signed_by_hand(signed_in, "xinyong", f"/desk/attribution/succession/{row.pk}/", {})
    row.refresh_from_db()
    assert row.confirmed_by == county.accounts["xinyong"].pk


def test_a_unit_is_designated_and_an_inspection_planned(
    county: County, signed_in: SignedIn
) -> None:
    today = timezone.localdate()
    days = {"from_on": today.isoformat(), "until_on": (today + timedelta(days=40)).isoformat()}
    said: dict[str, object] = {
        "unit_id": county.units["县发改局"],
        "document": "示政发〔2026〕3号",
        "matter": "承诺兑现",
        "scope": "各部门",
        **days,
    }
    signed_by_hand(signed_in, "fuhe", "/desk/inspections/designations/new/", said)
    said = {
        "title": "承诺兑现督查",
        "designation_id": Designation.objects.get().pk,
        "basis": "示政办发〔2026〕9号",
        "items": "承诺是否兑现｜国发〔2016〕76号",
        "kinds": ["department"],
        "n": 1,
        "per_kind": "on",
        "seed_kind": "checkpoint",
        "seed_named": "当天第一个检查点",
        "seed_on": (today + timedelta(days=3)).isoformat(),
        "review_unit_id": county.units["县发改局"],
        **days,
    }
    signed_by_hand(signed_in, "xinyong", "/desk/inspections/new/", said)
    campaign = Campaign.objects.get()
    assert (campaign.per_kind, campaign.seed_on) == (True, today + timedelta(days=3))
    assert campaign.items.get().basis == "国发〔2016〕76号"
    number = Designation.objects.get().pk
    end = f"/desk/inspections/designations/{number}/end/"
    said = {"document": "示政发〔2026〕8号", "ended_on": today.isoformat(), "because": "机构调整"}
    signed_by_hand(signed_in, "fuhe", end, said)
    shown = signed_in("fuze").get("/desk/inspections/designations/").content.decode()
    assert "起提前终止（示政发〔2026〕8号）" in shown
    assert end not in shown


def test_a_unit_is_ordered_and_an_issue_decided(county: County, signed_in: SignedIn) -> None:
    later = (timezone.localdate() + timedelta(days=40)).isoformat()
    said: dict[str, object] = {
        "unit_id": county.units["县住建局"],
        "title": "承诺没有兑现",
        "cause": "逾期两个月",
        "basis": "国发〔2016〕76号",
        "rectify_by": later,
    }
    signed_by_hand(signed_in, "xinyong", "/desk/rectifying/new/", said)
    order = Order.objects.get()
    assert (order.explain_duty_id, order.rectify_duty_id is None) == (None, False)
    said = {"reason": "privacy", "because": "涉及个人", "review_on": later}
    signed_by_hand(signed_in, "fuhe", f"/desk/rectifying/{order.pk}/withhold/", said)
    order.refresh_from_db()
    assert order.withheld == "privacy"
    signed_in("xinyong").post("/desk/issues/new/", {"question": "资金来源", "words": "没有预算"})
    issue = Issue.objects.get()
    said = {
        "met_on": timezone.localdate().isoformat(),
        "decision": "县住建局列出清单",
        "lead_id": county.units["县住建局"],
        "supporter_ids": [county.units["县市场监管局"]],
        "due_on": later,
    }
    signed_by_hand(signed_in, "xinyong", f"/desk/issues/{issue.pk}/decide/", said)
    issue.refresh_from_db()
    assert issue.lead_id == county.units["县住建局"]


def test_a_plan_is_confirmed_and_ended(county: County, signed_in: SignedIn) -> None:
    text = "示例县方案\n一、任务。（牵头单位：示例县发展和改革局）\n2026年3月1日\n".encode()
    signed_in("xinyong").post("/desk/plans/new/", {"file": SimpleUploadedFile("方案.txt", text)})
    plan = Plan.objects.get()
    signed_by_hand(signed_in, "fuhe", f"/desk/plans/{plan.pk}/confirm/", {"replaces": ""})
    plan.refresh_from_db()
    assert (plan.state, plan.confirmed_by_name) == ("confirmed", "方正言")
    signed_by_hand(signed_in, "xinyong", f"/desk/plans/{plan.pk}/end/", {"because": "已经办完"})
    plan.refresh_from_db()
    assert plan.state == "ended"


def test_a_suggestion_is_assigned_kept_sent_out_and_released(
    county: County, signed_in: SignedIn
) -> None:
    today = timezone.localdate()
    said: dict[str, object] = {
        "unit": county.units["县发改局"],
        "kind": "suggestion",
        "from_on": today.isoformat(),
        "basis": "示政办发〔2026〕3号",
    }
    signed_by_hand(signed_in, "xinyong", "/desk/proposals/offices/new/", said)
    row = registered(signed_in("xinyong"))
    said = {
        "lead": county.units["县住建局"],
        "others": [county.units["县市场监管局"]],
        "how": "cohandle",
        "opinion_due_on": (today + timedelta(days=20)).isoformat(),
    }
    signed_by_hand(signed_in, "xinyong", f"/desk/proposals/{row.pk}/assign/", said)
    part = Handling.objects.get()
    base = f"/desk/proposals/part/{part.pk}/"
    signed_in("jingban").post(f"{base}decline/", {"because": "不归我们", "proposed": ""})
    said = {"unit": "0", "because": "职责清单写明归住建"}
    signed_by_hand(signed_in, "xinyong", f"{base}decide/", said)
    met = {"on": today.isoformat(), "form": "none", "with_whom": "", "outcome": "代表在外地"}
    signed_in("jingban").post(f"{base}contact/", met)
    answer = {
        "answer_class": "A",
        "promised_on": "",
        "text": "信号灯已经装好，从今天起使用，欢迎监督。",
    }
    assert signed_in("fuze").sign(f"{base}reply/", answer).status_code == 302
    signed_by_hand(signed_in, "xinyong", f"{base}send/", {})
    signed_by_hand(signed_in, "fuhe", f"{base}release/", {"because": "已通读"})
    part.refresh_from_db()
    assert (part.state, part.replies.get().released_by_name) == ("sent", "方正言")


def registered(officer: DeskClient) -> Proposal:
    """A suggestion that may be public."""
    said = {
        "kind": "suggestion",
        "session": "第十八届人大第五次会议",
        "number": "12",
        "title": "关于信号灯的建议",
        "text": "建议装信号灯。",
        "received_on": timezone.localdate().isoformat(),
        "first": "江雨眠（城关代表团）",
        "others": "",
        "consent": "yes",
    }
    assert officer.post("/desk/proposals/new/", said).status_code == 302
    return Proposal.objects.get()


def test_an_objection_is_looked_at_decided_and_its_words_released(
    county: County, signed_in: SignedIn
) -> None:
    send(signed_in, "licences", licence(1))
    entry = Notice.objects.get().entry_id
    lodged = {
        "entry_id": entry,
        "claim": "有效期写错了",
        "statement": "许可还在有效期内",
        "kind": "organisation",
        "name": "示例县惠民建材有限公司",
        "phone": "0000-1234567",
    }
    signed_in("xinyong").post("/desk/objections/new/", lodged)
    row = Objection.objects.get()
    path = f"/desk/objections/{row.pk}/"
    said: dict[str, object] = {"admit": "yes", "because": "材料齐全"}
    signed_by_hand(signed_in, "xinyong", f"{path}check/", said)
    signed_in("jingban").post(f"{path}answer/", {"words": "证照一致"})
    said = {"ruling": "dismissed", "reasons": "证照一致"}
    signed_by_hand(signed_in, "fuhe", f"{path}decide/", said)
    signed_by_hand(signed_in, "fuhe", f"{path}statement/", {})
    row.refresh_from_db()
    assert (row.state, row.decided_by_name) == ("dismissed", "方正言")
    assert row.statement_entry_id
