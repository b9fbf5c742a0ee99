"""The log of acts, reads and refusals, for the audit administrator."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengxin import journey
from zhengxin.audit import queries as audit
from zhengxin.audit.enums import Outcome
from zhengxin.audit.permissions import check_read_audit
from zhengxin.audit.types import Line
from zhengxin.desk.asked import number
from zhengxin.desk.audit_form import AuditFilter
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, at_desk
from zhengxin.ledger.enums import Act

AT_ONCE = 50


# Words of the log as the program writes them, and as the audit administrator reads them.
WORDS = {
    # Acts of the ledger; those that have a shorter name in the log follow.
    **dict(Act.choices),
    "page.read": _("打开页面"),
    "page.refuse": _("打开页面被拒绝"),
    "page.send": _("提交表单"),
    "file.open": _("查看档案"),
    "account.sign_in": _("登录或退出"),
    "account.prove_factor": _("核对第二因子"),
    "paper.ask": _("改用纸质签署"),
    "paper.hand_in": _("上传签字扫描件"),
    "paper.compare": _("比对签字扫描件"),
    "paper.refuse": _("签字扫描件比对不符"),
    "paper.withdraw": _("撤回签署单"),
    "paper.expire": _("签署单过期"),
    "paper.read": _("查看签署单"),
    "identity.prove": _("统一认证登录"),
    "identity.bind": _("绑定统一认证"),
    "identity.end": _("解除统一认证绑定"),
    "account.unlock": _("解除锁定"),
    "factor.add": _("登记第二因子"),
    "factor.remove": _("移除第二因子"),
    "factor.recovery_codes": _("生成恢复码"),
    "factor.reset": _("重置第二因子"),
    "signature.refuse": _("签署未通过"),
    "mention": _("名称"),
    "account.open": _("开通账号"),
    "account.give_post": _("登记岗位"),
    "account.change_password": _("更换密码"),
    "account.first_link": _("打印首次启动链接"),
    "account.link": _("打开一次性链接"),
    "account.invite": _("发出邀请链接"),
    "account.invite_administrator": _("邀请管理员"),
    "account.set_password": _("本人设定密码"),
    "account.close": _("停用账号"),
    "account.reopen": _("重新启用账号"),
    "account.end_post": _("结束岗位"),
    "account.hand_over_post": _("移交岗位"),
    "account.delegate": _("委托岗位"),
    "account.end_delegation": _("结束委托"),
    "account.end_session": _("结束登录"),
    "submission.receive": _("报送"),
    "submission.withdraw": _("撤回报送"),
    "submission.marked_workbook": _("下载标注工作簿"),
    "attribution.decide": _("判断主体"),
    "attribution.redecide": _("改判主体"),
    "succession.confirm": _("确认沿革"),
    "grading": _("定级"),
    "text_release": _("放行文字"),
    "withholding": _("改为不公开"),
    "proposal.register": _("登记建议提案"),
    "proposal.import": _("导入建议提案名单"),
    "proposal.end_office": _("结束交办单位"),
    "proposal.bind_delegate": _("绑定代表委员的账号"),
    "proposal.read": _("查看建议提案"),
    "proposal.evidence": _("下载沟通记录、意见表"),
    "plan.implementing": _("下载实施方案"),
    "proposal": _("建议提案"),
    "proposal_office": _("交办单位"),
    "handling": _("建议提案的承办"),
    "proposal_delegate": _("代表委员"),
    "duty.open": _("产生职责"),
    "duty.turn": _("每日提醒"),
    "duty.take_over": _("接收接任清单"),
    "account.calendar": _("换新日历订阅地址"),
    "account.end_calendar": _("停用日历订阅地址"),
    "duty.read": _("查看职责"),
    "duty.evidence": _("下载佐证材料"),
    "duty_reported": _("报告办理情况"),
    "duty_returned": _("退回补充"),
    "duty_verified": _("核实办结"),
    "duty_extended": _("延长期限"),
    "duty_breached": _("认定未履行"),
    "duty_changed": _("依法变更职责"),
    "duty_handed_over": _("移交职责"),
    "duty": _("职责"),
    "inspection.read": _("查看督查"),
    "inspection": _("督查"),
    "inspection_case": _("被督查单位"),
    "inspection_case.evidence": _("下载佐证材料"),
    "order.read": _("查看整改"),
    "order": _("整改"),
    "order.evidence": _("下载佐证材料"),
    "issue.read": _("查看议题"),
    "issue": _("议题"),
    "entry.erase": _("抹去内容"),
    "hold.place": _("设保全"),
    "hold.lift": _("解除保全"),
    "agreement.make": _("登记共享协议"),
    "agreement.end": _("终止共享协议"),
    "recipient.register": _("登记取用人"),
    "recipient.end": _("停用取用密钥"),
    "county.open": _("登记全县单位"),
    "audit.dispose": _("清除到期审计内容"),
    "audit.export": _("导出审计记录"),
    "audit.prove": _("证明审计行"),
    "audit.read": _("查看审计记录"),
    "audit.verify": _("核验审计记录"),
    "command.refuse": _("命令被拒绝"),
    "entry.read": _("查看记录"),
    "follower.rebuild": _("从登记簿重建"),
    "ledger.checkpoint": _("签署检查点"),
    "mention.read": _("查看待判断的名称"),
    "publication.due": _("到期公示和终止"),
    "recipient.take": _("取用失信类记录"),
    "source.template": _("下载报送模板"),
    "submission.admit": _("入账"),
    "submission.read": _("查看回执"),
    "keys.rotate_master": _("轮换主密钥"),
    "keys.rotate_epoch": _("开启新一期密钥"),
    "keys.rewrap": _("重新包裹条目密钥"),
    "keys.rotate_signing": _("轮换检查点签名密钥"),
    "keys.split": _("拆分主密钥"),
    "keys.combine": _("核对主密钥分片"),
    "keys.restore": _("由分片恢复主密钥"),
    "keys.take_off_disk": _("删除硬盘上的主密钥"),
    "exchange.pack": _("编制上报批次"),
    "exchange.void": _("作废上报批次"),
    "exchange.deliver": _("送出上报批次"),
    "exchange.answers": _("读取回执"),
    "exchange.send_again": _("再次上报"),
    "exchange.take_in": _("收取上级来件"),
    "dispatch": _("上报交换"),
    "rows": _("行数"),
    "result": _("结果"),
    "peer": _("上报对象"),
    "page": _("页面"),
    "audit": _("审计记录"),
    "subject": _("主体"),
    "account": _("账号"),
    "submission": _("报送"),
    "judgement": _("判断"),
    "succession": _("沿革"),
    "entry": _("记录"),
    "hold": _("保全"),
    "agreement": _("协议"),
    "recipient": _("取用人"),
    "register": _("登记册"),
    "command": _("命令"),
    "follower": _("各档案"),
    "ledger": _("登记簿"),
    "board": _("公开库"),
    "asked": _("条件"),
    "batch": _("批"),
    "before": _("截至"),
    "first": _("从编号"),
    "last": _("到编号"),
    "lines": _("行数"),
    "problems": _("不符"),
    "shown": _("公示"),
    "ended": _("终止"),
    "words": _("查找的词"),
    "since": _("从"),
    "until": _("到"),
    "who": _("谁"),
    "act": _("事项"),
    "outcome": _("结果"),
    "object_kind": _("对象"),
    "object_id": _("对象编号"),
    "subject_id": _("主体编号"),
    "purpose": _("用途"),
    "keys": _("密钥"),
    "why": _("原因"),
    "kind": _("种类"),
    "name": _("名称"),
    "signature": _("签名"),
    "signed": _("签名校验码"),
    "signs": _("签署事项"),
    "locks": _("锁定"),
    "factors": _("第二因子"),
    "because": _("理由"),
    "records": _("行数"),
    "supersedes": _("取代的判断"),
    "source": _("来源"),
    "sha256": _("文件指纹"),
    "known_on": _("按哪天所知"),
    "owner": _("提供单位"),
    "reader": _("使用单位"),
    "grade": _("级别"),
    "fields": _("字段"),
    "reason": _("理由类别"),
    "review_on": _("复核日期"),
    "unit": _("单位"),
    "role": _("岗位"),
    "on_behalf_of": _("代谁"),
    "on_behalf_of_account": _("代谁的账号"),
    "delegate": _("受托账号"),
    "successor": _("接任账号"),
    "from_on": _("从哪天起"),
    "until_on": _("到哪天止"),
    "last_day": _("最后一天"),
    "sessions": _("处数"),
    "returns.open": _("建立季度报送"),
    "return.save": _("保存季度报送草稿"),
    "return.figures": _("重新取数"),
    "return.sign": _("签署季度报送"),
    "return.accept": _("受理季度报送"),
    "return.send_back": _("退回季度报送"),
    "return.reopen": _("重开季度报送"),
    "return.evidence": _("查看佐证"),
    "return.paper": _("导出季度报送"),
    "return.summary": _("导出全县通报"),
    "return.matrix": _("导出季度报送总表"),
}


# What an act can be about, for the filter.
KINDS = (
    "account", "agreement", "audit", "board", "command", "entry", "follower", "judgement", "ledger",
    "mention", "page", "recipient", "register", "source", "subject", "submission", "succession",
)  # fmt: skip


class Told(NamedTuple):
    """A line of the log with its words in Chinese, and the ledger entry that seals it (None: not yet)."""

    line: Line
    act: str
    object_kind: str
    detail: str
    sealed_in: int | None

    @property
    def outcome(self) -> str:
        """已办, 查看 or 拒绝."""
        return str(Outcome(self.line.outcome).label)

    @property
    def gone(self) -> bool:
        """True when the content was removed past its term."""
        return self.line.disposal_id is not None


def said(word: str) -> str:
    """A word of the log in Chinese; one that is not listed stays as it is."""
    return str(WORDS.get(word, word))


def asked_form(request: DeskRequest) -> AuditFilter:
    """The filter as the address has it."""
    return AuditFilter(
        request.GET,
        acts=[(act, said(act)) for act in audit.acts()],
        kinds=[(kind, said(kind)) for kind in KINDS],
    )


def told(line: Line, sealed_in: int | None) -> Told:
    """The line in words."""
    return Told(line, said(line.act), said(line.object_kind), detail_of(line), sealed_in)


def detail_of(line: Line) -> str:
    """What else a line says, in words."""
    return "；".join(_parts(line.detail.items()))


def _parts(items: Collection[tuple[str, object]]) -> Iterator[str]:
    for key, value in items:
        if isinstance(value, dict):
            if value:
                yield f"{said(key)}（{'，'.join(_parts(value.items()))}）"
        elif value not in ("", None):
            words = "、".join(map(str, value)) if isinstance(value, list) else str(value)
            yield f"{said(key)}：{words}"


@at_desk(check_read_audit)
@require_safe
def log(request: DeskRequest) -> HttpResponse:
    """Lines of the log, newest first; the filters live in the address."""
    form = asked_form(request)
    before = number(request, "before")
    found = journey.read_audit(
        wanted=form.wanted(), before=before, limit=AT_ONCE, at=timezone.now(), actor=request.actor
    )
    sealed = audit.entries_of_blocks([line.id for line in found.lines])
    return page(
        request,
        "desk/audit.html",
        section="audit",
        form=form,
        filtered=bool(form.wanted().said()),
        lines=[told(line, sealed.get(line.id)) for line in found.lines],
        older=found.older,
        at_start=before is None,
        refused=sum(line.outcome == Outcome.REFUSED for line in found.lines),
    )


@at_desk(check_read_audit)
@require_safe
def line(request: DeskRequest, line_id: int) -> HttpResponse:
    """One line, and whether it still is what was sealed into the ledger."""
    proved = journey.read_audit_line(line_id=line_id, at=timezone.now(), actor=request.actor)
    return page(
        request,
        "desk/audit_line.html",
        section="audit",
        told=told(proved.line, proved.place.entry_id if proved.place else None),
        proved=proved,
        leaf=proved.place.leaf.hex() if proved.place else "",
        root=proved.place.root.hex() if proved.place else "",
    )
