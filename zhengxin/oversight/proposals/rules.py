"""What may be assigned, declined, replied and rated. Pure: values in, a refusal with its reason out."""

from collections.abc import Collection
from datetime import date

from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.oversight.proposals.types import (
    MOST_NAME,
    MOST_NUMBER,
    MOST_SESSION,
    MOST_TEXT,
    MOST_TITLE,
    Answer,
    Given,
    Met,
    Raised,
    Rated,
    Term,
)

PLANNED, NONE, DISSATISFIED = "B", "none", "dissatisfied"
CLASSES = ("A", "B", "C", "D")
RATINGS = ("satisfied", "mostly", "dissatisfied")
LEAST_REPLY = 20
_UNITS = {"working_days": "{n}个工作日", "days": "{n}日", "months": "{n}个月"}


class ProposalNotThus(Refused):
    """The act does not fit the proposal, or where it stands."""


def day(on: date) -> str:
    """2026年11月23日."""
    return say("{y}年{m}月{d}日", y=on.year, m=on.month, d=on.day)


def read_term(value: object, kind: str) -> Term:
    """The term of a kind as the law folder has it: {kind: {"unit": ..., "count": ...}}. Raises ValueError."""
    term = value.get(kind) if isinstance(value, dict) else None
    if not isinstance(term, dict) or term.get("unit") not in _UNITS:
        raise ValueError(f"no term of {kind}: {value}")
    return Term(str(term["unit"]), int(term["count"]))


def read_count(value: object) -> int:
    """A whole number as the law folder has it. Raises ValueError."""
    if not isinstance(value, int):
        raise ValueError(f"no number: {value}")
    return value


def term_words(term: Term) -> str:
    """3个工作日."""
    return say(_UNITS[term.unit], n=term.count)


def place_of(number: str) -> int:
    """The digits of a number, for the order of a list; 0 where there are none."""
    digits = "".join(char for char in number if char in "0123456789")[:9]
    return int(digits) if digits else 0


def objections(raised: Raised) -> list[tuple[str, str]]:
    """What is wrong with one proposal by itself: (field of Raised, a sentence); empty when it is sound."""
    found: list[tuple[str, str]] = []
    for field, most in (
        ("session", MOST_SESSION),
        ("number", MOST_NUMBER),
        ("title", MOST_TITLE),
        ("text", MOST_TEXT),
    ):
        written = str(getattr(raised, field))
        if not written.strip():
            found.append((field, say("没有填。")))
        elif len(written) > most:
            found.append((field, say("超过{n}个字，现有{m}个。", n=most, m=len(written))))
    if not raised.signers:
        found.append(("signers", say("没有写由谁提出。")))
    names = [(each.name, each.delegation) for each in raised.signers]
    if any(len(part) > MOST_NAME for name in names for part in name):
        found.append(("signers", say("姓名或代表团超过{n}个字。", n=MOST_NAME)))
    if len(set(names)) < len(names):
        found.append(("signers", say("同一人署名两次。")))
    return found


def check_given(given: Given, *, today: date, open_units: Collection[int]) -> None:
    """Whether it may be assigned like this. Raises ProposalNotThus."""
    what = say("没有交办。")
    everybody = [*given.units, *given.cohandlers]
    if not given.units:
        raise ProposalNotThus(what, say("没有选承办单位。"), say("请选主办单位或者分办单位。"))
    if len(set(everybody)) < len(everybody):
        raise ProposalNotThus(
            what, say("同一单位不能既承办又会办。"), say("请每个单位只选一种分工。")
        )
    if not set(everybody) <= set(open_units):
        raise ProposalNotThus(
            what, say("有的单位今天已经撤销，或者没有登记。"), say("请从单位列表中选择。")
        )
    if len(given.units) > 1 and given.cohandlers:
        raise ProposalNotThus(
            what,
            say("分办的各自答复，没有会办单位。"),
            say("要会办的，只选一个主办单位。"),
        )
    if bool(given.cohandlers) != (given.opinion_due_on is not None):
        raise ProposalNotThus(
            what,
            say("会办单位和会办意见的期限要一起填。"),
            say("请写明会办单位在哪天前把意见交给主办单位；没有会办的，两项都不填。"),
        )
    if given.opinion_due_on is not None and given.opinion_due_on <= today:
        raise ProposalNotThus(
            what, say("会办意见的期限不在今天之后。"), say("请填今天以后的日期。")
        )


def check_decline(
    *, today: date, last_day: date | None, term: Term, assigned_on: date, nth: int
) -> None:
    """Whether a unit may still say that it is the wrong one. Raises ProposalNotThus with the day.

    last_day: None where the calendar of its year is not loaded.
    """
    if nth > 1:
        raise ProposalNotThus(
            say("没有收下退办申请。"),
            say("这是再次办理，原来就由您单位承办。"),
            say("请重新沟通并答复。"),
        )
    if last_day is not None and today > last_day:
        raise ProposalNotThus(
            say("没有收下退办申请：已经过了期限。"),
            say(
                "{assigned}交办，退办要在{term}内提出，最后一天是{last}。",
                assigned=day(assigned_on),
                term=term_words(term),
                last=day(last_day),
            ),
            say("请按交办办理；确有困难的，向交办单位申请延期。"),
        )


def check_met(met: Met, *, today: date, assigned_on: date) -> None:
    """Whether a contact is sound. Raises ProposalNotThus."""
    what = say("没有记下沟通情况。")
    if not assigned_on <= met.on <= today:
        raise ProposalNotThus(
            what,
            say("沟通的日期要在{since}交办以后、今天以前。", since=day(assigned_on)),
            say("请核对日期。"),
        )
    if met.form != NONE and not met.with_whom.strip():
        raise ProposalNotThus(what, say("没有写与谁沟通。"), say("请写明代表、委员的姓名。"))
    if met.form == NONE and met.with_whom.strip():
        raise ProposalNotThus(
            what, say("选了没能沟通，又写了与谁沟通。"), say("请二选一，并写明原因。")
        )


def check_answer(answer: Answer, *, contacts: int, today: date) -> None:
    """Whether a reply may be signed. Raises ProposalNotThus."""
    what = say("没有签署答复。")
    if not contacts:
        raise ProposalNotThus(
            what,
            say("还没有记下与代表、委员的沟通。"),
            say("答复前先沟通，记下哪天、怎样、与谁、结果如何；没能沟通的，记下原因。"),
        )
    if len(answer.text.strip()) < LEAST_REPLY:
        raise ProposalNotThus(
            what,
            say("答复不到{n}个字。", n=LEAST_REPLY),
            say("请写明办了什么、结果如何；暂不能解决的，写明理由。"),
        )
    if len(answer.text) > MOST_TEXT:
        raise ProposalNotThus(what, say("答复超过{n}个字。", n=MOST_TEXT), say("请删减后再签。"))
    if (answer.answer_class == PLANNED) != (answer.promised_on is not None):
        raise ProposalNotThus(
            what,
            say("办结日期只有列入计划的（B类）才写，也必须写。"),
            say("列入计划的请写明哪天前办结；其他几类请把日期留空。"),
        )
    if answer.promised_on is not None and answer.promised_on <= today:
        raise ProposalNotThus(
            what, say("承诺的办结日期不在今天之后。"), say("请填今天以后的日期。")
        )


def check_rated(rated: Rated) -> None:
    """Whether both answers were given. Raises ProposalNotThus."""
    if rated.contact not in RATINGS or rated.result not in RATINGS:
        raise ProposalNotThus(
            say("没有记下评价。"),
            say("沟通和结果两项都要选，没有默认的选项。"),
            say("请各选一项。"),
        )
    if rated.result == DISSATISFIED and len(rated.words.strip()) < 2:
        raise ProposalNotThus(
            say("没有记下评价。"),
            say("不满意的没有写原因，承办单位不知道怎样改。"),
            say("请写一句不满意在哪里。"),
        )


def goes_again(rated: Rated, *, nth: int, most: int) -> bool:
    """Whether the first signer's rating of the nth handling opens another one; at most so many second ones."""
    return rated.result == DISSATISFIED and nth <= most
