"""What makes a proposal, a decision and an end lawful. Pure."""

from collections.abc import Collection, Sequence
from datetime import date

from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.sanctions.types import CREDIT_OFFICE, TASKS, Ground, Kept, Step, Weighed

YEAR_END = "year_end"


class Unlawful(Refused):
    """What was proposed or decided may not be done."""


class NotThus(Refused):
    """The act does not fit where the case stands now."""


def check_ground(ground: Ground, *, target: Collection[int]) -> None:
    """The record stands, is adverse, undisputed, and is about this unit (target: it and those it followed).

    Raises Unlawful.
    """
    why = ""
    if not ground.adverse:
        why = say("这一条不是失信记录。")
    elif ground.subject_id not in target:
        why = say("这一条说的不是这个单位。")
    elif ground.ending:
        why = say("这一条已经更正或者撤回。")
    elif ground.sealed:
        why = say("这一条依法封存，谁也不能用。")
    elif ground.repaired:
        why = say("这一条已经修复。")
    elif ground.disputed:
        why = say("这一条有人提出异议，还没有处理完。")
    if why:
        raise Unlawful(
            say("没有办理：登记簿第{n}号不能作为依据。", n=ground.entry_id),
            why,
            say("请核对条目；异议处理完、记录仍然成立的，再提出。"),
        )


def check_steps(steps: Sequence[Step], *, wanted: Collection[str], day: date) -> None:
    """Every wanted measure has a basis in force that day, is for units, and is the credit office's to decide.

    wanted: "measure|address of the basis". Raises Unlawful.
    """
    found = {each.address: each for each in steps}
    if not wanted:
        raise _not_proposed(say("没有选措施。"), say("请至少选一种。"))
    measures = [found[each].measure for each in wanted if each in found]
    if len(measures) != len(wanted):
        raise _not_proposed(
            say("选的措施在{day}没有有效的依据，或者不在清单里。", day=day),
            say("清单见zhengxin measures；没有依据的不得采取。"),
        )
    if len(set(measures)) != len(measures):
        raise _not_proposed(say("同一种措施只凭一条依据。"), say("请只选一条。"))
    for each in (found[one] for one in wanted):
        if each.target != "unit":
            raise _not_proposed(
                say("“{name}”不是对单位的措施。", name=each.name), say("请在对单位的措施里选。")
            )
        if CREDIT_OFFICE not in each.imposed_by:
            raise _not_proposed(
                say("“{name}”不由信用办决定。", name=each.name),
                say("请把事实和证据移送有权机关，见“移送”。"),
            )
        check_confirmed(each.name, each.basis, from_memory=each.from_memory, done=each.confirmed)


def check_confirmed(name: str, basis: str, *, from_memory: bool, done: bool) -> None:
    """What nobody read in the document carries no decision before a named official confirmed it. Raises Unlawful."""
    if from_memory and not done:
        raise Unlawful(
            say("没有办理：“{name}”的依据还没有人核对过原文。", name=name),
            say("依据写的是{basis}，凭记忆录入。凭记忆的条文不能用来对单位作决定。", basis=basis),
            say("请复核人员对照原文，在“法律值”里确认后再办。"),
        )


def check_other_unit(*, target: Collection[int], office_id: int | None) -> None:
    """Nobody decides about itself. Raises Unlawful."""
    if office_id in target:
        raise _not_proposed(
            say("信用办所在的单位不能对自己采取措施。"), say("请把事实和证据移送上级。")
        )


def check_facts(facts: str) -> None:
    """Facts stand in the notice: they say something. Raises Unlawful."""
    if len(facts.strip()) < 10:
        raise _not_proposed(say("事实写得太少。"), say("请写清什么时候、什么事、凭什么材料认定。"))


def check_second(
    *, deciding: Collection[int], recorder_ids: Collection[int], proposer_id: int | None
) -> None:
    """Whoever decides neither recorded nor proposed. deciding: the person, and whose post it acts in. Raises Unlawful."""
    if not set(recorder_ids).isdisjoint(deciding):
        raise Unlawful(
            say("没有办理：这条记录是您录入或者认定的。"),
            say("录入记录的人不能提出或者决定惩戒。"),
            say("请由另一个人办理。"),
        )
    if proposer_id is not None and proposer_id in deciding:
        raise Unlawful(
            say("没有办理：这件惩戒是您提出的。"),
            say("提出的人不能决定。"),
            say("请由另一位负责人决定。"),
        )


def check_heard(*, unheard: bool) -> None:
    """Every reply was heard. Raises NotThus."""
    if unheard:
        raise NotThus(
            say("没有决定：单位的陈述还没有听取。"),
            say("先听取陈述，才能决定。"),
            say("请先写下对每一点的意见。"),
        )


def check_period_over(*, reply_by: date | None, today: date) -> None:
    """The reply period is over. Raises NotThus."""
    if reply_by is None or today <= reply_by:
        raise NotThus(
            say("没有决定：陈述期还没有过。"),
            say("到{day}为止单位都可以陈述，期限不缩短。", day=reply_by or say("期限待定的那天")),
            say("请在这一天以后决定。"),
        )


def check_decision(
    kept: Sequence[Kept],
    *,
    proposed: dict[int, str],
    answer: str,
    replied: bool,
    weighed: Sequence[Weighed],
    executing: Collection[int],
    today: date,
) -> None:
    """Never more than was announced; the reply is answered; factors have proof; somebody carries it out.

    proposed: measure by step id. Raises Unlawful.
    """
    if any(each.step_id not in proposed for each in kept):
        raise _not_decided(say("决定不能重于告知的内容。"), say("要采取别的措施，另外提出、告知。"))
    if replied and len(answer.strip()) < 2:
        raise _not_decided(say("没有回应单位的陈述。"), say("请逐点写明采纳或者不采纳的理由。"))
    for each in weighed:
        if each.holds and (len(each.proof.strip()) < 2 or len(each.words.strip()) < 2):
            raise _not_decided(
                say("认定的从轻情形没有写明证据和理由。"), say("每一项写明凭什么材料、为什么。")
            )
    for one in kept:
        task = proposed[one.step_id] in TASKS
        if task and (one.due_on is None or one.due_on <= today):
            raise _not_decided(
                say("要单位说明或者整改的，要写明今天以后的期限。"), say("请填日期。")
            )
    carried = [one for one in kept if proposed[one.step_id] not in TASKS]
    if carried and not executing:
        raise _not_decided(
            say("没有写明由哪些单位执行。"),
            say("取消评优由办理评选的单位执行，通报由印发的单位执行，请选上。"),
        )


def until(ends: str, *, decided_on: date) -> date | None:
    """The last day of a measure that ends by itself; None: it ends when it is done."""
    return date(decided_on.year, 12, 31) if ends == YEAR_END else None


def check_shown(*, from_on: date, until_on: date) -> None:
    """A circulated criticism is shown from today to a day to come. Raises Unlawful."""
    if until_on <= from_on:
        raise Unlawful(
            say("没有办理：结束公开的日期不在今天以后。"), "", say("请填以后的日期；到期自行撤下。")
        )


def _not_proposed(why: str, remedy: str) -> Unlawful:
    return Unlawful(say("没有提出。"), why, remedy)


def _not_decided(why: str, remedy: str) -> Unlawful:
    return Unlawful(say("没有决定。"), why, remedy)
