"""Standing rules: what a plan says once and means from there on (下同, 不再列出)."""

import re

from zhengxin.oversight.types import Rule, RuleKind

_FIRST = re.compile(
    r"(?:(?:排|列|排名|排序|居)在?(?:第一|首|最前)(?:位|个)?|第一(?:个|位|家)?|首(?:位|个|家))[^，。；）)]{0,12}?(?:为|是)?(?:第一)?牵头"
    r"|牵头(?:单位|部门)?(?:为|是)?(?:排|列)在?(?:第一|首)"
)
_INCLUDES = re.compile(
    r"(?P<term>[各全所有][^，。；、（(:：]{1,20}|[一-鿿]{2,12})[（(〔](?:含|包括|不含)(?P<units>[^，,（()）〕]{2,40})[，,、]?(?:以?下同)[）)〕]"
)
_SHORT = re.compile(
    r"(?P<units>[一-鿿]{4,24})[（(〔](?:以下|下)?简称[：:]?[“\"]?(?P<term>[一-鿿]{2,12})[”\"]?(?:[，,]下同)?[）)〕]"
)
_LISTED = r"(?:列出|列明|罗列|标注|注明|写明|列|(?:[做作]|进行)?分工|说明|赘述)"
_ALSO = re.compile(
    r"(?:以下|下列|上述|以上|各项|所有|本方案|具体)[^，。；]{0,20}?(?:均|都)(?:需|须|由|涉及|要|应)?(?:要|由)?(?P<units>[^，。；]{2,40}?)(?:的?(?:负责|配合|落实|参与|实施|贯彻落实))?[，,](?:文中|以下|下文|后文|下面|均|不)*不?再(?:单独|逐一|一一|另行|重复)*"
    + _LISTED
)
_ANY = re.compile(r"^[（(]?(?:以)?下同[）)]?$|不再(?:单独|逐一|一一|另行|重复)*" + _LISTED)


def is_rule(piece: str) -> bool:
    """Whether a piece of a clause states a standing rule instead of naming units."""
    plain = piece.strip(" 　。")
    return _FIRST.search(plain) is not None or _ANY.search(plain) is not None


def without_rules(text: str) -> str:
    """A clause without the rule that names others for all clauses (以下均需各县区负责，不再列出)."""
    return _ALSO.sub("", text)


def rules_of(text: str, line: int) -> tuple[Rule, ...]:
    """The standing rules that a paragraph states."""
    found = [
        Rule(RuleKind.FIRST_LISTED_IS_LEAD, _sentence(text, match), line)
        for match in _FIRST.finditer(text)
    ][:1]
    for match in _INCLUDES.finditer(text):
        units = tuple(part for part in re.split(r"[、和及]", match["units"]) if part)
        term = match["term"]
        # The term is the group that the bracket explains, not the words before it.
        start = max(term.rfind("各"), term.rfind("所有"), 0)
        found.append(Rule(RuleKind.ALSO_INCLUDES, match[0][start:], line, term[start:], units))
    for match in _SHORT.finditer(text):
        found.append(Rule(RuleKind.SHORT_NAME, match[0], line, match["term"], (match["units"],)))
    for match in _ALSO.finditer(text):
        found.append(Rule(RuleKind.ALSO_RESPONSIBLE, match[0], line, units=(match["units"],)))
    return tuple(found)


def bearing(rules: tuple[Rule, ...], line: int, names: tuple[str, ...]) -> tuple[Rule, ...]:
    """Those rules, stated at or before the line, that bear on a task naming these units."""
    return tuple(
        rule
        for rule in rules
        if rule.line <= line
        and (
            rule.kind in (RuleKind.FIRST_LISTED_IS_LEAD, RuleKind.ALSO_RESPONSIBLE)
            or any(rule.term in name for name in names)
        )
    )


def _sentence(text: str, match: re.Match[str]) -> str:
    """The rule with what belongs to it, up to the end of its bracket or sentence."""
    begin = max(text.rfind(mark, 0, match.start()) for mark in "，,。；（(") + 1
    ends = [place for mark in "。；）)" if (place := text.find(mark, match.end())) >= 0]
    return text[begin : min(ends, default=len(text))]
