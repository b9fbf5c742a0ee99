"""The words of one duty clause into roles: 牵头单位：…；配合单位：… or …牵头，…配合 or …负责."""

import re
from dataclasses import dataclass, field

from zhengxin.oversight.grammar.standing import is_rule, without_rules
from zhengxin.oversight.grammar.terms import deadline_of, is_time, terms_of
from zhengxin.oversight.grammar.units import (
    cut,
    looks_like_unit,
    may_be_unit,
    outside,
    split_units,
)
from zhengxin.oversight.types import Role, Term

_BODY = r" ?(?:单 ?位|部 ?门|机 ?构|主 ?体|科 ?室|处 ?室|县 ?区|区 ?县|股 ?室|站 ?所|乡 ?镇|镇 ?街|街 ?道|社 ?区|企 ?业|地 ?区|支 ?部|党 ?[组委]|组 ?织|公 ?司|学 ?校|院 ?所|专 ?班|站 ?办|办 ?所|科 ?股|村|方|组|处|科|局|办|所|站)"
_LABELS: tuple[tuple[Role | str, str], ...] = (
    ("people", r"(?:牵 ?头|责 ?任|分 ?管|包 ?[保联抓挂]|挂 ?[点包]|联 ?系|主 ?管|配 ?合|协 ?助|市 ?级|县 ?级|区 ?级|具 ?体|主 ?要|负 ?责)*(?:领 ?导|责任人|负责人|联系人|负责同志|经办人|联络员)"),
    ("time", r"(?:完 ?成|办 ?理|整 ?改|工 ?作|推 ?进|实 ?施|落 ?实|责 ?任|任 ?务|办 ?结)*(?:时 ?限|时 ?间|期 ?限)(?:要 ?求|安 ?排|节 ?点|进 ?度)?|时 ?间 ?节 ?点|进 ?度 ?(?:安 ?排|要 ?求)|完 ?成 ?(?:日 ?期|节 ?点)"),
    (Role.LEAD, rf"(?:总 ?|责 ?任 ?)?(?:牵 ?头|主 ?办|主 ?责|主 ?要 ?责 ?任|第 ?一 ?责 ?任|首 ?要 ?责 ?任)(?:[（(]?(?:责 ?任|负 ?责|组 ?织)[）)]?)?{_BODY}?"),
    (Role.SUPPORTING, rf"(?:主 ?要 ?)?(?:配 ?合|协 ?办|协 ?助|协 ?同|协 ?作|参 ?与|参 ?加|会 ?办|支 ?持|协 ?调)(?:[（(]?(?:责 ?任|落 ?实)[）)]?)?{_BODY}?"),
    (Role.RESPONSIBLE, rf"(?:具 ?体 ?|直 ?接 ?|共 ?同 ?|相 ?关 ?|主 ?体 ?)?(?:责 ?任|负 ?责|承 ?办|落 ?实|实 ?施|承 ?担|执 ?行|责 ?任 ?落 ?实|组 ?织 ?实 ?施)(?:[（(]?(?:牵 ?头|配 ?合|落 ?实)[）)]?)?{_BODY}"),
)  # fmt: skip
# Two roles in one label (牵头及责任单位) mean the weaker claim: these units answer for it.
_BOTH = rf"(?:牵 ?头|责 ?任|主 ?办|承 ?办)(?:[、/和及与](?:牵 ?头|责 ?任|配 ?合|协 ?办|参 ?与|落 ?实))+{_BODY}"
_QUALIFIER = r"(?: ?[（(](?:单位|部门|按|排|列|首|第|第一|含|涉及)[^）)：:]{0,20}[）)])?"
_LABEL = re.compile(
    '(?:(?<=^)|(?<=[。；;，,、\\s）)】〕\\]：:.．…“”"（(【〔\\[]))'
    + "(?:[省市县区州镇乡](?:级|直|里)?(?:的)?)?(?:"
    + "|".join(
        [
            rf"(?P<both>{_BOTH})",
            *(f"(?P<l{n}>{pattern})" for n, (_, pattern) in enumerate(_LABELS)),
            r"(?P<other>[一-鿿]{2,4}(?:单位|部门))",
        ]
    )
    + f")(?:[及和、](?:责任人|负责人|责任领导|联系人))?{_QUALIFIER}(?:(?:为|是)? ?(?:[：:﹕∶]|—{{1,2}})|为(?=[省市县区州镇乡各]))"
)
_SHORT_LABEL = re.compile(
    r"(?:^|(?<=[。；;，,\s（(【〔\[]))(?:牵头|配合|责任|主办|协办|负责) ?[：:]"
)
_MANNER = (
    r"(?:(?:等)?(?:分别|共同|具体|联合|统一|各自|统筹|组织|总体|全面|会同|按照?|依据?|根据|按各自)?"
    r"(?:各自)?(?:职责|职能|分工|权限|任务)(?:和|及)?(?:分工|权限|范围)?(?:内|范围内)?(?:分别|具体|共同|各自)?)|分别|共同|具体|联合|统一|各自|统筹"
)
_VERBS: dict[str, Role] = {
    "牵头": Role.LEAD,
    "主办": Role.LEAD,
    "主责": Role.LEAD,
    "统筹": Role.LEAD,
    "负责": Role.RESPONSIBLE,
    "落实": Role.RESPONSIBLE,
    "承办": Role.RESPONSIBLE,
    "实施": Role.RESPONSIBLE,
    "配合": Role.SUPPORTING,
    "协助": Role.SUPPORTING,
    "参与": Role.SUPPORTING,
    "参加": Role.SUPPORTING,
    "协办": Role.SUPPORTING,
    "协同": Role.SUPPORTING,
    "支持": Role.SUPPORTING,
    "指导": Role.SUPPORTING,
    "协调": Role.SUPPORTING,
}
# Verbs that name a role only beside a stronger one: 上级部门指导 alone is no duty clause.
_WEAK = ("指导", "协调", "支持")
_PHRASE = re.compile(
    rf"(?P<units>.+?)(?:{_MANNER}){{0,2}}"
    r"(?P<verb>牵头|主办|主责|统筹|负责|落实|承办|组织实施|实施|(?:积极|密切|协同|协助)?配合|协助|参与|参加|协办|协同(?!配合)|支持|指导|协调)"
    r"(?:、?(?:并)?(?:牵头|负责|配合|组织|具体|抓好|做好|贯彻|共同){0,2}(?:落实|实施|推进|推动|办理|完成|负责|配合|参与|执行|工作|落实到位|落地)){0,3}"
)
_PARTS = re.compile(
    r"[，,；;。]|(?<=牵头)[、 ]|(?<=负责)[、 ]|(?<=配合)[、 ]|(?<=参与)[、 ]|(?<=参加)[、 ]"
)
# The longest clause known names forty bodies.
_LONGEST = 1200
_STOPS = re.compile(r"[，,；;。]")
_TOGETHER = re.compile(r"(?:牵头)?(?:负责)?[，,、]?(?:并)?(?:会同|联合)(?!会|社|体)")
_OPENING = re.compile(r"^(?:由|分别由|以上由|并?会同|请|统一由)(?=.)")
_PARTNER = re.compile(r"^并?会同")
# How something is done, behind the comma after who does it.
_HOW = re.compile(r"每|确保|力争|争取|逐步|定期|按时|适时|分批")
_SHORT_NAMES = re.compile(r"[一-鿿]等(?:有关|相关)?(?:职能)?部门")
# What an empty cell is filled with.
_FILLED = " \t—－-/无"
_ASIDE = re.compile(r"[（(〔\[]([^（(〔\[）)〕\]]+)[）)〕\]]$")
_MARKED = re.compile(r"[（(〔\[](?P<role>牵头|主办|配合|协办|责任|负责)(?:单位|部门)?[）)〕\]]")


@dataclass(slots=True)
class Said:
    """What a clause says: units by role, whether the list is open, when.

    named: a role was named at all; heads: the labels that named it, without spaces; odd: times that set no term.
    """

    units: list[tuple[Role, str]] = field(default_factory=list)
    others: bool = False
    terms: list[Term] = field(default_factory=list)
    named: bool = False
    heads: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)

    def add(self, role: Role, text: str) -> None:
        """The names of a list under a role; one that carries a role of its own keeps it."""
        names, others = split_units(text)
        self.others = self.others or others
        for name in map(self._without_time, names):
            mark = _MARKED.search(name)
            if mark is not None:
                plain = name[: mark.start()] + name[mark.end() :]
                found = {"责任": Role.RESPONSIBLE, "负责": Role.RESPONSIBLE}.get(mark["role"])
                self.units.append((found or _VERBS[mark["role"]], plain))
            else:
                self.units.append((role, name))

    def when(self, value: str) -> None:
        """The value of a field of time; words that set no term are kept for whoever checks the plan."""
        found = deadline_of(value)
        self.terms += found
        if value.strip(_FILLED) and not found:
            self.odd.append(value)

    def _without_time(self, name: str) -> str:
        """县文明办（12月底前） says when as well as who."""
        inner = _ASIDE.search(name)
        if inner is None or not is_time(inner[1]):
            return name
        self.terms += deadline_of(inner[1])
        return name[: inner.start()]

    def join(self, other: "Said") -> None:
        """Take in what the next line of the same clause says."""
        self.units += other.units
        self.heads += other.heads
        self.terms += other.terms
        self.odd += other.odd
        self.others = self.others or other.others
        self.named = self.named or other.named

    def of(self, role: Role) -> tuple[str, ...]:
        """Names under a role, each once, in their order."""
        return tuple(dict.fromkeys(name for each, name in self.units if each is role))


def labels(text: str) -> list[tuple[int, int, Role | str]]:
    """Every label with a colon: where it begins, where its value begins, and what it announces."""
    found: list[tuple[int, int, Role | str]] = []
    for match in _LABEL.finditer(text):
        if match["both"]:
            found.append((match.start(), match.end(), Role.RESPONSIBLE))
            continue
        if match["other"]:
            found.append((match.start(), match.end(), "other"))
            continue
        kind = next(kind for n, (kind, _) in enumerate(_LABELS) if match[f"l{n}"])
        found.append((match.start(), match.end(), kind))
    return found


def short_labels(text: str) -> list[tuple[int, int, Role | str]]:
    """Labels of two characters (牵头：), which count within brackets only."""
    roles = {**_VERBS, "责任": Role.RESPONSIBLE}
    return [
        (match.start(), match.end(), roles[match[0].strip(" ：:")])
        for match in _SHORT_LABEL.finditer(text)
    ]


def read_labels(text: str, found: list[tuple[int, int, Role | str]]) -> Said:
    """The values behind the labels."""
    said = Said(named=any(isinstance(kind, Role) for _, _, kind in found))
    before = text[: found[0][0]]
    if before.strip():
        earlier = read_phrases(before)
        if earlier is not None:
            said.join(earlier)
        else:
            said.terms += deadline_of(before)
    said.heads += [
        text[start:begin].replace(" ", "").rstrip("：:﹕∶—")
        for start, begin, kind in found
        if isinstance(kind, Role)
    ]
    for (_, begin, kind), following in zip(found, [*found[1:], None], strict=True):
        value = text[begin : following[0] if following else len(text)].strip(" \t，,；;。、")
        if kind == "time":
            said.when(value)
        elif isinstance(kind, Role):
            inner = read_phrases(value) if kind is not Role.SUPPORTING else None
            if inner is not None and _all_bodies([name for _, name in inner.units]):
                if all(role is Role.RESPONSIBLE for role, _ in inner.units):
                    # 牵头单位：…按职责分工负责 does not take back that they lead.
                    inner.units = [(kind, name) for _, name in inner.units]
                said.join(inner)
            else:
                _list(said, kind, value)
    return said


def _list(said: Said, role: Role, value: str) -> None:
    value = without_rules(value)
    kept, begin = "", 0
    stops = [match.start() for match in outside(value, _STOPS)]
    for stop in [*stops, len(value)]:
        piece = value[begin:stop]
        begin = stop
        bare = piece.lstrip("，,；;。 ")
        when = deadline_of(bare) if is_time(bare) else terms_of(bare)
        if when and not any(looks_like_unit(name) for name in split_units(bare)[0]):
            # 每月10日前发放: when, and what then, but nobody.
            said.terms += when
        elif bare and not is_rule(bare):
            # With its own comma: a group (各镇,街道) is kept as written.
            kept += piece
    said.add(role, kept)


def read_phrases(text: str) -> Said | None:
    """A clause made of nothing but units with a role word behind them; None where it is anything else."""
    if len(text) > _LONGEST:
        return None
    text = without_rules(text)
    said, waiting = Said(), list[str]()
    for piece in cut(text, _PARTS):
        part = piece.strip(" \t　")
        if not part or is_rule(part):
            continue
        part, terms = _without_time(part)
        said.terms += terms
        if not part:
            continue
        partner = _PARTNER.match(part)
        part = _OPENING.sub("", part)
        match = _PHRASE.fullmatch(part) if len(part) <= _LONGEST // 3 else None
        if match is None and not _HOW.match(part):
            waiting.append(part)
        if match is None:
            continue
        role = _VERBS[
            match["verb"].removeprefix("组织").removeprefix("积极").removeprefix("密切")[-2:]
        ]
        if partner and any(each is Role.LEAD for each, _ in said.units):
            role = Role.SUPPORTING
        units, together = _with_partners(match["units"])
        if "牵头" in match["units"] and together:
            role = Role.LEAD
        said.add(role, "，".join([*waiting, units]))
        if together:
            said.add(Role.SUPPORTING if role is Role.LEAD else role, together)
        waiting = []
        said.named = said.named or not match["verb"].endswith(_WEAK)
    if not said.named:
        return None
    if waiting:
        leading = any(role is Role.LEAD for role, _ in said.units)
        said.add(Role.SUPPORTING if leading else Role.RESPONSIBLE, "，".join(waiting))
    names = [name for _, name in said.units]
    # 市场监管、公安等部门 are bodies by their short names.
    short = _SHORT_NAMES.search(text) is not None and all(map(may_be_unit, names))
    return said if short or _all_bodies(names) else None


def _without_time(part: str) -> tuple[str, tuple[Term, ...]]:
    """A piece without its time; nothing is left of one that says when something is done, not by whom."""
    terms = deadline_of(part) if is_time(part) else terms_of(part)
    rest = part
    for term in terms:
        rest = rest.replace(term.text, "", 1)
    if not terms:
        return part, ()
    match = _PHRASE.fullmatch(rest) if len(rest) <= _LONGEST // 3 else None
    named = match["units"] if match else rest
    return (
        rest if split_units(named)[0] and looks_like_unit(split_units(named)[0][-1]) else ""
    ), terms


def _with_partners(text: str) -> tuple[str, str]:
    """X会同Y: who is named first, and with whom."""
    found = outside(text, _TOGETHER)
    if not found or not found[0].start():
        return text, ""
    return text[: found[0].start()], text[found[0].end() :]


def _all_bodies(names: list[str]) -> bool:
    """Whether a list is one of bodies: most look so, and none looks like anything else."""
    sure = sum(1 for name in names if looks_like_unit(name))
    return sure * 2 > len(names) and all(may_be_unit(name) for name in names)
