"""Names of a plan against the register of units: who is meant, and what a group expands to. Pure."""

import re
from collections.abc import Iterable, Sequence

from zhengxin.kernel.names import fold_name
from zhengxin.kernel.say import say
from zhengxin.oversight.grammar.spellings import same_units, spelling_key
from zhengxin.oversight.grammar.units import bare_name, is_collective
from zhengxin.oversight.types import (
    Finding,
    FindingKind,
    Plan,
    Registered,
    Resolved,
    RuleKind,
)

# Kinds of units (values of UnitKind) that the words of a group stand for.
_KINDS: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = (
    (re.compile(r"[镇乡]"), frozenset({"town"})),
    (re.compile(r"街道|镇街|街镇|场街"), frozenset({"subdistrict"})),
    (re.compile(r"农场|牧场|场(?!监|所)"), frozenset({"state_farm"})),
    (re.compile(r"开发区|园区|管委会|功能区"), frozenset({"development_zone"})),
    (
        re.compile(r"部门|单位|机构|机关"),
        frozenset({"department", "party_body", "supervisory", "institution"}),
    ),
)
_OPEN = re.compile(r"有关|相关|其他|其它|责任|成员|牵头")
# Every department of the county, and nothing said of which: 各部门, 县直各部门和单位. Whatever says more
# (各审批部门, 县政府各部门, 各窗口单位) means fewer than the register's kinds can tell.
_EVERY = re.compile(
    r"(?:[全本][县市区旗州]|[县市区旗州](?:直|级|直属)|各|所有|全体|部门|单位|机构|机关|和|及|、)+"
)
_ALIAS = re.compile(r"[（(〔\[［]([^（(〔\[［）)〕\]］]+)[）)〕\]］]$")


def resolve(plan: Plan, register: Sequence[Registered]) -> tuple[Resolved, ...]:
    """What each name of the plan stands for, in the order of the text; nobody is guessed at.

    A group becomes the open units of its kinds, with those that a standing rule adds.
    """
    index: dict[str, dict[int, Registered]] = {}
    for unit in register:
        for name in unit.names | {unit.name}:
            index.setdefault(fold_name(name), {})[unit.id] = unit
            index.setdefault(spelling_key(name), {})[unit.id] = unit
    spelt = {name: group for group in same_units(plan.unit_names) for name in group}
    found = []
    for name in plan.unit_names:
        if is_collective(name):
            found.append(_expand(name, plan, register))
        else:
            found.append(Resolved(name, _one(spelt.get(name, (name,)), index)))
    return tuple(found)


def findings(resolved: Iterable[Resolved]) -> tuple[Finding, ...]:
    """Names that the register does not know, and units that are no longer there."""
    found = []
    for each in resolved:
        closed = each.units[0].closed_on if each.units and not each.collective else None
        if not each.units:
            kind = FindingKind.UNKNOWN_UNIT
            message = say(
                "单位登记册里没有“{name}”对应的单位；请补上单位或名称，或改正方案。", name=each.name
            )
        elif closed:
            kind = FindingKind.CLOSED_UNIT
            message = say(
                "“{name}”是{unit}，已于{day}撤销；请核对由哪个单位承接。",
                name=each.name,
                unit=each.units[0].name,
                day=closed.isoformat(),
            )
        else:
            continue
        found.append(Finding(kind, say("单位名称"), message))
    return tuple(found)


def _one(names: Sequence[str], index: dict[str, dict[int, Registered]]) -> tuple[Registered, ...]:
    """The one unit of that name, or of another spelling of it in the plan; two candidates are none."""
    for name in names:
        alias = _ALIAS.search(name)
        forms = [name, bare_name(name), *([alias[1]] if alias else [])]
        for form in forms:
            for key in (fold_name(form), spelling_key(form)):
                units = tuple(index.get(key, {}).values())
                open_units = tuple(unit for unit in units if unit.closed_on is None)
                for candidates in (open_units, units):
                    if len(candidates) == 1:
                        return candidates
    return ()


def _expand(name: str, plan: Plan, register: Sequence[Registered]) -> Resolved:
    words = [name]
    for rule in plan.rules:
        if rule.kind is RuleKind.ALSO_INCLUDES and rule.term and rule.term in name:
            words += rule.units
    kinds: frozenset[str] = frozenset()
    for word in (part for each in words for part in re.split("[、，,和及]", each)):
        own = [kinds for pattern, kinds in _KINDS[:-1] if pattern.search(word)]
        # 各镇场街道办事处 are no departments; 各有关部门 are, and so is the second half of 各乡镇、部门.
        kinds = (
            kinds.union(*own)
            if own
            else kinds | (_KINDS[-1][1] if _KINDS[-1][0].search(word) else frozenset())
        )
    units = tuple(unit for unit in register if unit.kind in kinds and unit.closed_on is None)
    open_ended = _OPEN.search(name) is not None or (
        _KINDS[-1][1] <= kinds and _EVERY.fullmatch(name) is None
    )
    return Resolved(name, units, collective=True, open_ended=open_ended)
