"""One body under two names: 县发改局 and 县发展和改革局, 县委政府督查室〔县督考办〕 and 县委县政府督查室〔县督考办〕."""

import re
from collections import defaultdict
from collections.abc import Iterable

from zhengxin.kernel.names import fold_name
from zhengxin.oversight.grammar.units import bare_name, is_collective

# Usual short forms of what offices do. Longest first; connecting words are gone before.
_SHORT = (
    ("人力资源社会保障", "人社"),
    ("互联网信息", "网信"),
    ("退役军人事务", "退役军人"),
    ("市场监督管理", "市监"),
    ("市场监管", "市监"),
    ("住房城乡建设", "住建"),
    ("综合行政执法", "执法"),
    ("城市管理执法", "城管"),
    ("城市管理", "城管"),
    ("文化广电旅游", "文旅"),
    ("文化旅游", "文旅"),
    ("文广旅", "文旅"),
    ("卫生计划生育", "卫计"),
    ("卫生健康", "卫健"),
    ("卫生计生", "卫计"),
    ("工业信息化", "工信"),
    ("经济信息化", "经信"),
    ("机构编制委员会", "编"),
    ("机构编制", "编"),
    ("民族宗教事务", "民宗"),
    ("民族宗教", "民宗"),
    ("民宗事务", "民宗"),
    ("国有资产监督管理", "国资"),
    ("自然资源规划", "自规"),
    ("农业农村", "农业"),
    ("发展改革", "发改"),
    ("科学技术", "科技"),
    ("应急管理", "应急"),
    ("医疗保障", "医保"),
    ("交通运输", "交通"),
    ("行政审批服务", "审批"),
    ("行政审批", "审批"),
    ("政务服务数据管理", "政数"),
    ("教育体育", "教体"),
    ("金融工作", "金融"),
    ("扶贫开发", "扶贫"),
    ("人民检察", "检察"),
    ("人民法", "法"),
    ("人民政府", "政府"),
    ("纪律检查委员会", "纪委"),
    ("监察委员会", "监委"),
    ("人民代表大会常务委员会", "人大常委会"),
)
_JOINING = re.compile(r"[和与及、]")
_ENDINGS = (("委员会", "委"), ("办公室", "办"), ("办公厅", "办"))
_LEVELS = "省市县区州旗"
_LEVEL_AGAIN = re.compile(rf"(?<=委)[{_LEVELS}](?=政府)")
_ALIAS = re.compile(r"[(\[〔](?:以下简称|简称|挂)?([^)\]〕]{3,16})(?:牌子?)?[)\]〕]$")


def spelling_key(name: str) -> str:
    """What all spellings of one name share: width, connecting words and usual short forms are gone."""
    plain = _JOINING.sub("", bare_name(fold_name(name).replace("[", "〔").replace("]", "〕")))
    for long, short in _SHORT:
        plain = plain.replace(long, short)
    plain = _LEVEL_AGAIN.sub("", plain)
    for long, short in _ENDINGS:
        if plain.endswith(long):
            plain = plain.removesuffix(long) + short
    return plain.removeprefix("国家").removeprefix("中共")


def same_units(names: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Groups of names that are spellings of one body, each in the order given; groups are left out."""
    single = [name for name in dict.fromkeys(names) if not is_collective(name)]
    roots: dict[str, str] = {name: name for name in single}
    by_key: dict[str, str] = {}
    for name in single:
        root = name
        for key in _keys(name):
            root = roots.get(by_key.get(key, root), root)
        for key in _keys(name):
            by_key.setdefault(key, root)
        roots[name] = root
    _join_without_level(single, roots)
    groups: dict[str, list[str]] = defaultdict(list)
    for name in single:
        groups[roots[name]].append(name)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def _keys(name: str) -> list[str]:
    alias = _ALIAS.search(fold_name(name))
    return [spelling_key(name), *([spelling_key(alias[1])] if alias else [])]


def _join_without_level(names: list[str], roots: dict[str, str]) -> None:
    """发改局 is 县发改局 where the plan has only one body that ends so."""
    keys = {name: spelling_key(name) for name in names}
    for name, key in keys.items():
        if len(key) < 3 or key[0] in _LEVELS:
            continue
        longer = {
            roots[other] for other, its in keys.items() if its[:1] in _LEVELS and its[1:] == key
        }
        if len(longer) == 1:
            roots[name] = longer.pop()
