"""Which objection is taken in, what fits where it stands, who may decide. Pure."""

from collections.abc import Collection

from zhengxin.kernel.refused import NotAllowed, Refused
from zhengxin.kernel.say import say
from zhengxin.objections.types import Disputed, Objector

MOST_STATEMENT = 300
SUPERSEDED = "superseded"


class NoSuchRecord(Refused):
    """There is no record of this number to object to, or it is given to nobody: answered alike."""

    def __init__(self) -> None:
        super().__init__(
            say("没有登记：没有这条可以提异议的记录。"),
            say("编号有误，或者这条记录不提供查询。"),
            say("请核对公示页面或者告知书上的编号。"),
        )


class ObjectionRefused(Refused):
    """An objection that is not taken in as it stands."""


class NotThus(Refused):
    """The act does not fit where the objection stands now."""


def check_record(found: Disputed | None) -> Disputed:
    """The record, where somebody may object to it. Raises NoSuchRecord, ObjectionRefused."""
    if found is None or found.sealed or found.erased:
        raise NoSuchRecord
    if found.ending == SUPERSEDED:
        raise ObjectionRefused(
            say("没有登记：第{id}号记录已经更正。", id=found.entry_id),
            say("更正前的一条不再展示和使用。"),
            say("对更正后的有异议的，请写更正后的编号。"),
        )
    if found.ending:
        raise ObjectionRefused(
            say("没有登记：第{id}号记录已经撤回或者撤销。", id=found.entry_id),
            say("它不再展示和使用，没有可以更正的。"),
            say("别处还在用的，请把那里的网址或者文件告诉信用办。"),
        )
    return found


def check_objector(objector: Objector) -> None:
    """There is a name and a way to answer. Raises ObjectionRefused."""
    if len(objector.name.strip()) < 2 or len(objector.phone.strip()) < 5:
        raise ObjectionRefused(
            say("没有登记：没有写全异议人的名称和联系电话。"),
            say("审查、补充材料和送达决定都要能联系上。"),
            say("请补填；联系信息加密保存，只给办理的人看。"),
        )


def check_statement(statement: str) -> None:
    """It is short enough to stand beside the record. Raises ObjectionRefused."""
    if len(statement) > MOST_STATEMENT:
        raise ObjectionRefused(
            say("没有登记：声明有{n}个字。", n=len(statement)),
            say("声明附在记录旁边，最多{most}个字。", most=MOST_STATEMENT),
            say("请缩短；详细的写在异议内容里。"),
        )


def check_earlier(*, running: bool, decided: bool) -> None:
    """One open objection of an objector to a record; what was decided is not heard again here. Raises ObjectionRefused."""
    if running:
        raise ObjectionRefused(
            say("没有再登记一次：同一异议人对这条记录的异议正在办理。"),
            say("一条记录、一个异议人，同时只办一件。"),
            say("要补充材料的，请告诉信用办并报原来的受理码。"),
        )
    if decided:
        raise ObjectionRefused(
            say("没有登记：同一异议人对这条记录的异议已经作过决定。"),
            say("同一件事不重复受理。"),
            say("不服决定的，可以申诉，由另外的人复核；请到信用办窗口提出。"),
        )


def check_decider(*, recorded: bool, imposed: bool) -> None:
    """Whoever decides neither recorded nor imposed. Raises NotAllowed."""
    if not (recorded or imposed):
        return
    why = (
        say("这条记录是您报送、定级、认定的，或者这件异议是您登记的。")
        if recorded
        else say("这条记录是您所在的单位作出或者报送的。")
    )
    raise NotAllowed(say("您不能决定这件异议。"), why, say("请由没有经手过的另一名复核人员决定。"))


def check_answered(*, answered: bool, overdue: bool) -> None:
    """The unit was heard, or let its days go by. Raises NotThus."""
    if not (answered or overdue):
        raise NotThus(
            say("还不能决定：报送单位没有答复，期限也没有过。"),
            say("决定以前要听报送单位说明。"),
            say("请等它答复，或者等期限过后。"),
        )


def check_state(state: str, label: str, fits: Collection[str], by: str) -> None:
    """Raises NotThus where the act does not fit; names who was first."""
    if state not in fits:
        raise NotThus(
            say("没有办理：这件异议现在是“{state}”。", state=label),
            say("最近由{name}办理。", name=by),
            say("请重新打开核对。"),
        )


def check_corrected(corrected: bool) -> None:
    """The record was corrected or withdrawn since it was decided. Raises NotThus."""
    if not corrected:
        raise NotThus(
            say("还不能办结：登记簿里没有见到更正。"),
            say("支持的异议要等记录真的更正或者撤回，才取消标注。"),
            say("请报送单位按原文书号重新报送正确的一行，入账后再来。"),
        )
