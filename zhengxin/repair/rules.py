"""May this record be repaired, and from which day? Values in, verdict with reason and article out. Pure."""

from dataclasses import replace
from datetime import date

from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.repair.types import Facts, Finding, Ground, Verdict

# Values of publication's enums.
_SUPERSEDED, _WITHDRAWN, _ERASED = "superseded", "withdrawn", "erased"
_REPAIRED, _MINOR, _PERIOD_OVER = "repaired", "minor", "period_over"
_ENDED, _UNGRADED, _WITHHELD = "ended", "ungraded", "withheld"


class NotYet(Refused):
    """Asked for before its time, or of a record that is not repaired in this way."""


class NotThus(Refused):
    """The act does not fit where the application stands now."""


def judge(facts: Facts, ground: Ground, on: date) -> Verdict:
    """Whether repair of the record may be applied for on that day.

    Every condition is told: what kind of record it is, the least display, what else is open, and the two that only
    the application proves.
    """
    bar, remedy = _bar(facts, on)
    if bar:
        finding = Finding(say("可以申请修复的记录"), False, bar, "")
        return Verdict(False, None, bar, remedy, ground.minimum_article, (finding,))
    from_on, least = _least(facts, ground, on)
    else_open = _else_open(facts, on)
    findings = (
        Finding(say("可以申请修复的记录"), True, _what(facts), ground.minimum_article),
        least,
        else_open,
        Finding(
            say("履行完毕"), None, say("申请时提交履行完毕的证明。"), ground.conditions_article
        ),
        Finding(
            say("信用承诺"), None, say("申请时作出信用承诺，承诺公开。"), ground.conditions_article
        ),
    )
    if least.met and else_open.met:
        because = say("现在可以申请修复。")
        return Verdict(True, from_on, because, "", ground.minimum_article, findings)
    failed = else_open if least.met else least
    remedy = say("请在{day}或者以后申请。", day=_day(from_on)) if from_on and from_on > on else ""
    return Verdict(
        False,
        from_on,
        failed.why,
        remedy or say("请等这件事办完再申请。"),
        failed.article,
        findings,
    )


def insist_may(verdict: Verdict) -> None:
    """Passes when repair may be applied for. Raises NotYet with the earliest day and the article."""
    if not verdict.may:
        article = say("（{article}）", article=verdict.article) if verdict.article else ""
        raise NotYet(say("没有收下修复申请。"), verdict.because + article, verdict.remedy)


def check_extension(due_on: date, *, before: date | None, today: date, extended: bool) -> None:
    """Once, to a day after the one that stands. Raises NotThus."""
    if extended:
        raise NotThus(
            say("没有延长：已经延长过一次。"),
            say("复杂的申请只能延长一次。"),
            say("请在延长后的期限内作出决定。"),
        )
    if due_on <= max(before or today, today):
        raise NotThus(
            say("没有延长：新的期限不在原期限之后。"),
            say("延长到的日期要在原期限和今天之后。"),
            say("请改填以后的日期。"),
        )


def check_again(again_on: date | None, *, granted: bool, today: date) -> None:
    """Whoever refuses says from when it may be asked for again. Raises NotThus."""
    if not granted and (again_on is None or again_on < today):
        raise NotThus(
            say("没有决定：没有写明哪天起可以再申请。"),
            say("不予修复的，要告诉申请人哪天起可以再申请。"),
            say("请填今天或者以后的日期。"),
        )


def check_complete(n_files: int, fulfilled: str) -> None:
    """An application carries its proof. Raises NotThus."""
    if not n_files or not fulfilled.strip():
        raise NotThus(
            say("没有收下：没有履行完毕的证明。"),
            say("申请修复只要两样：履行完毕的证明和信用承诺。"),
            say("请写明怎样履行的，并附上证明文件。"),
        )


def _bar(facts: Facts, on: date) -> tuple[str, str]:
    """Why this record is not repaired on application at all, and what to do; ("", "") when it may be."""
    gone = {
        _ERASED: (say("内容已依法删除。"), say("不用再修复。")),
        _SUPERSEDED: (say("这条记录已被更正。"), say("请查更正后的记录。")),
        _WITHDRAWN: (say("这条记录已被撤回。"), say("不用再修复。")),
        _REPAIRED: (say("这条记录已经修复。"), say("不用再申请。")),
    }
    if not facts.adverse:
        return say("不是失信记录，没有要修复的。"), say("记录有误的，请提出异议。")
    if facts.natural_person:
        return say("自然人的记录不公示，没有要终止的公示。"), say("记录有误的，请提出异议。")
    if facts.withheld in gone:
        return gone[facts.withheld]
    if facts.listed:
        return _list_bar(facts)
    if facts.state == _UNGRADED:
        return say("还没有定级，没有公示。"), say("请等认定单位定级后再查。")
    if facts.state == _ENDED or (facts.display_to is not None and facts.display_to < on):
        return say("公示期已满，公示已经终止。"), say("不用再修复。")
    if facts.state == _WITHHELD and facts.withheld != _MINOR:
        words = say("本来就没有公示（{why}）。", why=facts.withheld_words)
        return words, say("没有要终止的公示；记录有误的，请提出异议。")
    return "", ""


def _list_bar(facts: Facts) -> tuple[str, str]:
    if facts.state == _ENDED:
        return say("已从名单移出，公示已经终止。"), say("不用再修复。")
    return (
        say("名单类记录在列期间公示，移出名单即终止，不按申请修复。"),
        say("请履行义务后，向列入名单的法院或者机关申请移出。"),
    )


def _what(facts: Facts) -> str:
    if facts.withheld == _MINOR:
        return say("轻微失信原则上不公示；修复后也停止共享和使用。")
    return say("正在公示的失信记录。")


def _least(facts: Facts, ground: Ground, on: date) -> tuple[date | None, Finding]:
    """The first day on which it may be asked for, and the finding on the least display."""
    label = say("最短公示期已满")
    first = facts.repair_from
    if first is None:
        why = say("没有写明决定日期，最短公示期无从起算。")
        return None, Finding(label, False, why, ground.minimum_article)
    asked = max(first, facts.again_on or first)
    if first > on:
        why = say("最短公示期还没有满，{day}起可以申请。", day=_day(first))
        return asked, Finding(label, False, why, ground.minimum_article)
    if facts.withheld == _MINOR:
        why = say("轻微失信履行完毕即可申请。")
    else:
        why = say("{day}已满最短公示期。", day=_day(first))
    return asked, Finding(label, True, why, ground.minimum_article)


def _else_open(facts: Facts, on: date) -> Finding:
    finding = Finding(say("没有别的未了事项"), True, say("没有正在办理的申请和异议。"), "")
    if facts.open_receipt:
        why = say("已有一件申请在办：{receipt}。", receipt=facts.open_receipt)
        return replace(finding, met=False, why=why)
    if facts.disputed:
        return replace(finding, met=False, why=say("这条记录的异议还在处理。"))
    if facts.again_on is not None and facts.again_on > on:
        why = say("上一次申请没有准予，{day}起可以再申请。", day=_day(facts.again_on))
        return replace(finding, met=False, why=why)
    return finding


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
