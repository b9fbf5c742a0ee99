"""What makes a plan sound, how units are drawn, when a case may be concluded and reviewed. Pure."""

from collections.abc import Callable, Collection, Iterable
from datetime import date, timedelta

from zhengxin.kernel.digests import sha256_hex
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.oversight.inspections.types import Counts, Drawn, Member, Planned, Sampling, Window

MOST_ITEMS = 200
# A seed: enough for a root in hexadecimal or the numbers of a lottery.
MOST_SEED = 200


class NotDesignated(Refused):
    """The unit may not carry out an inspection of this kind at this time."""

    def __init__(self, unit: str, why: str = "") -> None:
        super().__init__(
            say("{unit}现在不能开展督查。", unit=unit),
            why
            or say(
                "县级以上人民政府所属部门未经本级人民政府指定，不得开展政府督查"
                "（《政府督查工作条例》第七条）；登记册里没有覆盖这段时间的指定。"
            ),
            say("请先由县政府发文指定事项、范围和期限，再由信用办登记指定文件。"),
        )


class PlanUnsound(Refused):
    """A plan that could not be carried out or checked by others."""


class NotThus(Refused):
    """The act does not fit where the campaign or the case stands now."""


class TooLate(Refused):
    """The time in which a review may be asked for is over."""


def digest_of(seed: str, code: str) -> str:
    """By what a unit stands in line: SHA-256 of the seed, a line feed and the unit's code, in UTF-8."""
    return sha256_hex(f"{seed}\n{code}".encode())


def draw(sampling: Sampling) -> tuple[Drawn, ...]:
    """The units drawn, in line: by digest, the first n of all, or of every kind of unit in the order of kinds.

    Of a kind with fewer units all are drawn.
    """
    drawn: list[Drawn] = []
    for group in _groups(sampling):
        line = [Drawn(each.code, digest_of(sampling.seed, each.code)) for each in group]
        line.sort(key=lambda each: (each.digest, each.code))
        drawn += line[: sampling.n]
    return tuple(drawn)


def _groups(sampling: Sampling) -> Iterable[list[Member]]:
    if not sampling.per_kind:
        return [list(sampling.population)]
    kinds: dict[str, list[Member]] = {}
    for each in sampling.population:
        kinds.setdefault(each.kind, []).append(each)
    return [kinds[kind] for kind in sorted(kinds)]


def clean_seed(seed: str) -> str:
    """The seed as it is used: without spaces around it. Raises PlanUnsound."""
    bare = seed.strip()
    if not bare or len(bare) > MOST_SEED or "\n" in bare:
        raise PlanUnsound(
            say("没有抽取：随机数不能用。"),
            say("随机数要在一行里，不超过{n}个字符。", n=MOST_SEED),
            say("请照公布的写法原样填写。"),
        )
    return bare


def check_plan(planned: Planned, *, today: date, inspector_id: int) -> None:
    """Raises PlanUnsound, saying the first thing that is wrong."""
    texts = [words for words, _ in planned.items]
    faults = [
        (not texts, say("检查清单是空的。"), say("请至少列一项，一行一项。")),
        (
            len(texts) > MOST_ITEMS,
            say("检查清单超过{n}项。", n=MOST_ITEMS),
            say("请合并相近的项，或者分两次督查。"),
        ),
        (
            len(set(texts)) < len(texts),
            say("检查清单里有两项写得一样。"),
            say("请删去重复的一项。"),
        ),
        (
            any(not basis for _, basis in planned.items),
            say("有的检查项没有写依据。"),
            say("请在每一项后面用竖线隔开写依据。"),
        ),
        (
            planned.until_on < planned.from_on,
            say("结束日期在开始日期之前。"),
            say("请核对起止日期。"),
        ),
        (
            planned.seed_on <= today,
            say("随机数产生的日期不在今天之后，事先就能知道抽到谁。"),
            say("请选一个今天以后才产生的随机数。"),
        ),
        (
            planned.until_on < planned.seed_on,
            say("督查结束时随机数还没有产生。"),
            say("请核对随机数产生的日期。"),
        ),
        (
            planned.n < 1 or planned.n > len(planned.population),
            say("要抽{n}个，范围里有{all}个单位。", n=planned.n, all=len(planned.population)),
            say("请改抽取的数量，或者多选几类单位。"),
        ),
        (
            bool({inspector_id, planned.review_unit_id} & {m.unit_id for m in planned.population}),
            say("督查单位或者复核单位自己在抽取范围里。"),
            say("请另选复核单位，或者少选一类单位。"),
        ),
    ]
    for wrong, why, remedy in faults:
        if wrong:
            raise PlanUnsound(say("没有制定这次督查。"), why, remedy)


def last_day(until_on: date, ended_on: date | None) -> date:
    """The last day on which a designation is in force; ended_on: from when it no longer was, if ended early."""
    return until_on if ended_on is None else min(until_on, ended_on - timedelta(days=1))


def check_end(ended_on: date, *, from_on: date, until_on: date, before: date | None) -> None:
    """A designation is ended once, within its days. Raises NotThus."""
    what = say("没有终止这项指定。")
    if before is not None:
        raise NotThus(
            what,
            say("它已从{day}起终止。", day=before.isoformat()),
            say("请重新打开核对。"),
        )
    if not from_on <= ended_on <= until_on:
        raise NotThus(
            what,
            say(
                "终止的日期不在指定的期限里（{a}至{b}）。",
                a=from_on.isoformat(),
                b=until_on.isoformat(),
            ),
            say("请照县政府的文件填写从哪天起不再督查。"),
        )


def check_draw(seed_on: date, *, today: date) -> None:
    """Nobody draws before the seed is known. Raises NotThus."""
    if today < seed_on:
        raise NotThus(
            say("还不能抽取。"),
            say("随机数{day}才产生，早抽就不公平。", day=seed_on.isoformat()),
            say("请等到那一天，随机数公布以后再抽。"),
        )


def check_in_days(today: date, *, from_on: date, until_on: date) -> None:
    """Nobody inspects before the first or after the last day of an inspection. Raises NotThus."""
    if today < from_on:
        raise NotThus(
            say("没有记下检查结果：督查还没有开始。"),
            say("这次督查从{day}开始。", day=from_on.isoformat()),
            say("请到那一天以后再检查。"),
        )
    if today > until_on:
        raise NotThus(
            say("没有记下检查结果：督查的期限已过。"),
            say("这次督查到{day}为止。", day=until_on.isoformat()),
            say("没有检查的项，请写“没有检查”和原因；确需再查的，另定一次督查。"),
        )


def check_redraw(*, found: int, by_itself: bool, same: bool) -> None:
    """A draw is set aside for a mistyped seed only, and before anything was found by it. Raises NotThus."""
    faults = [
        (
            bool(found),
            say("已经记下{n}项检查结果。", n=found),
            say("请照现在抽到的单位办完；要查其他单位的，另定一次督查。"),
        ),
        (
            by_itself,
            say("随机数由系统从登记簿取，不会填错。"),
            say("请照现在抽到的单位办理。"),
        ),
        (
            same,
            say("填的随机数和上次抽取用的一样，抽到的不会变。"),
            say("请核对公布的随机数。"),
        ),
    ]
    for wrong, why, remedy in faults:
        if wrong:
            raise NotThus(say("没有重新抽取。"), why, remedy)


def check_conclude(counts: Counts) -> None:
    """Every item must have a finding, and no problem's rectification may still be owed. Raises NotThus."""
    if counts.open:
        raise NotThus(
            say("还不能出结论。"),
            say("还有{n}项没有写检查结果。", n=counts.open),
            say("没有检查的项，也要写明“没有检查”和原因。"),
        )
    if counts.running:
        raise NotThus(
            say("还不能出结论。"),
            say("还有{n}个问题没有整改到位。", n=counts.running),
            say("请等单位整改并复查；逾期拒不整改的，先在职责页认定未履行。"),
        )


def check_close(open_cases: int) -> None:
    """Every unit's case must be over. Raises NotThus."""
    if open_cases:
        raise NotThus(
            say("督查还不能结束。"),
            say("还有{n}个单位没有出结论，或者复核还没有决定。", n=open_cases),
            say("请先办完这些单位。"),
        )


def check_new_day(due_on: date | None, *, today: date, before: date | None = None) -> date:
    """The day by which a problem is to be rectified. `before`: the day set so far. Raises NotThus."""
    if due_on is None or due_on <= today or (before is not None and due_on <= before):
        raise NotThus(
            say("没有记下：整改期限不对。"),
            say("有问题的要写明整改期限，在今天和原来的期限之后。"),
            say("请填一个更晚的日期。"),
        )
    return due_on


def window(received_on: date, days: int, roll_forward: Callable[[date], date | None]) -> Window:
    """Within so many days after the day of receipt, to the end of the next working day when the last is a day off.

    roll_forward gives None where the calendar of that year is missing.
    """
    last = received_on + timedelta(days=days)
    moved = roll_forward(last)
    because = say(
        "{day}收到结论，次日起{n}日内可以申请复核（《政府督查工作条例》第十七条）",
        day=received_on.isoformat(),
        n=days,
    )
    if moved is None:
        because += say("；{year}年的放假安排未导入，末日遇休息日还会顺延", year=last.year)
    elif moved != last:
        because += say("；{day}是休息日，顺延", day=last.isoformat())
    return Window(moved or last, moved is not None, because + say("。"))


def check_apply(found: Window | None, *, today: date) -> None:
    """Raises TooLate, with the day. Before the conclusion was received nothing is late."""
    if found is not None and found.certain and today > found.until:
        raise TooLate(
            say("不能申请复核：期限已过。"),
            say("{because}最后一天是{day}。", because=found.because, day=found.until.isoformat()),
            say("仍有异议的，可以向作出结论的人民政府反映。"),
        )


def inspected(account_ids: Collection[int | None], inspectors: Collection[int]) -> bool:
    """Whether one of these accounts took part in the inspection."""
    return any(each in inspectors for each in account_ids if each is not None)
