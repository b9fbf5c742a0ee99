"""Reading sources/<name>/source.yaml into a Source. No Django: a checking process reads it too."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from zhengxin.intake.types import (
    Choice,
    Column,
    ColumnType,
    Condition,
    Disclosure,
    RowRule,
    Severity,
    Source,
    TraitRule,
)
from zhengxin.kernel.loading import SAFE
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say

DESCRIPTION = "source.yaml"
STATUSES = ("read", "excerpt", "memory")
RULES = {
    "filler_needs_registration_number": {"registration"},
    "code_prefix_fits_category": set(),
    "person_has_no_code": set(),
    "valid_from_before_to": set(),
    "pattern_refused": {"fields", "pattern"},
    "amount_plausible": {"field", "above"},
    "one_of": {"fields"},
    "sender_decided": set(),
}
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")
_ROLES_OF_A_RECORD = ("party_name",)


class SourceUnreadable(Refused):
    """A source description cannot be used; names the file and what is wrong in it."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            say("来源说明“{path}”不能使用。", path=f"{path.parent.name}/{path.name}"),
            why,
            say("请按“怎样新增一个来源”改正后重试。"),
        )


class SourceUnknown(Refused):
    """No folder of that name holds a source description."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(
            say("没有名为“{name}”的来源。", name=name),
            say("现有来源：{known}。", known="、".join(known)) if known else "",
            say("请核对来源名称；新增来源只需一个文件夹，见“怎样新增一个来源”。"),
        )


def read_sources(folders: tuple[Path, ...]) -> dict[str, Source]:
    """Every source in `folders` by name; a later folder overrides an earlier one."""
    found: dict[str, Source] = {}
    for folder in folders:
        for path in sorted(folder.glob(f"*/{DESCRIPTION}")):
            source = read_source(path)
            found[source.name] = source
    return found


def read_source(path: Path) -> Source:
    """The source described at `path`. Raises SourceUnreadable."""
    return _read_source(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _read_source(path: Path, _changed: int) -> Source:
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=SAFE)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SourceUnreadable(path, say("不是合格的YAML：{error}。", error=error)) from error
    if not isinstance(data, dict):
        raise SourceUnreadable(path, say("文件里没有内容。"))
    try:
        source = _source(path, data)
    except KeyError as error:
        raise SourceUnreadable(path, say("缺少{key}。", key=error)) from error
    except (ValueError, TypeError, AttributeError) as error:
        raise SourceUnreadable(path, say("有一处写法不对：{error}。", error=error)) from error
    _insist(path, source)
    return source


def _source(path: Path, data: dict[str, Any]) -> Source:
    _only(data, _SOURCE_KEYS, "source")
    basis = data["basis"]
    _only(basis, {"document", "article", "purpose", "status"}, "basis")
    rhythm = data["rhythm"]
    _only(rhythm, {"days", "rows"}, "rhythm")
    fewest, most = rhythm["rows"]
    return Source(
        name=path.parent.name,
        title=data["title"],
        record_kind=data["record_kind"],
        edition=data["edition"],
        basis=f"{basis['document']} {basis['article']}".strip(),
        purpose=basis["purpose"],
        status=basis["status"],
        rhythm_days=int(rhythm["days"]),
        fewest_rows=int(fewest),
        most_rows=int(most),
        columns=tuple(_column(item) for item in data["columns"]),
        rules=tuple(_rule(item) for item in data.get("rules") or ()),
        traits=tuple(TraitRule(**item) for item in data.get("traits") or ()),
        natural_key=tuple(data["natural_key"]),
        path=path,
    )


_SOURCE_KEYS = {
    "title",
    "record_kind",
    "edition",
    "basis",
    "rhythm",
    "columns",
    "rules",
    "traits",
    "natural_key",
}
_COLUMN_KEYS = {
    "field",
    "header",
    "aliases",
    "type",
    "length",
    "required",
    "required_when",
    "disclosure",
    "role",
    "choices",
    "separator",
    "words",
    "note",
    "example",
    "status",
}


def _column(item: dict[str, Any]) -> Column:
    _only(item, _COLUMN_KEYS, str(item.get("field")))
    when = item.get("required_when")
    return Column(
        field=str(item["field"]),
        header=str(item["header"]),
        aliases=tuple(str(alias) for alias in item.get("aliases") or ()),
        type=ColumnType(item.get("type", "text")),
        length=int(item.get("length", 0)),
        required=bool(item.get("required", False)),
        required_when=None
        if when is None
        else Condition(field=when["field"], values=tuple(when["values"])),
        disclosure=Disclosure(item["disclosure"]),
        role=str(item.get("role", "")),
        choices=tuple(_choice(choice) for choice in item.get("choices") or ()),
        separator=str(item.get("separator", "")),
        words=dict(item.get("words") or {}),
        note=str(item.get("note", "")),
        example=str(item.get("example", "")),
        memory=item.get("status") == "memory",
    )


def _choice(item: Any) -> Choice:
    if isinstance(item, Mapping):
        ((label, aliases),) = item.items()
        return Choice(str(label), tuple(str(alias) for alias in aliases))
    return Choice(str(item))


def _rule(item: dict[str, Any]) -> RowRule:
    options = {
        key: value
        for key, value in item.items()
        if key not in {"rule", "severity", "because", "remedy"}
    }
    return RowRule(
        rule=item["rule"],
        severity=Severity(item.get("severity", "refuse")),
        because=item.get("because", ""),
        remedy=item.get("remedy", ""),
        options=options,
    )


def _only(item: Mapping[str, Any], allowed: set[str], where: str) -> None:
    unknown = sorted(set(item) - allowed)
    if unknown:
        raise ValueError(
            say("{where}里有不认识的{unknown}", where=where, unknown="、".join(unknown))
        )


def _insist(path: Path, source: Source) -> None:
    """Every name that a rule, a condition or the key mentions must exist, once."""
    fields = [column.field for column in source.columns]
    for name in fields:
        if not _FIELD.fullmatch(name):
            raise SourceUnreadable(path, say("列代码“{name}”只能用字母、数字和下划线。", name=name))
        if fields.count(name) > 1:
            raise SourceUnreadable(path, say("列“{name}”写了两次。", name=name))
    roles = [column.role for column in source.columns if column.role]
    for role in _ROLES_OF_A_RECORD:
        if role not in roles:
            raise SourceUnreadable(path, say("没有一列的role是{role}。", role=role))
    if source.status not in STATUSES:
        raise SourceUnreadable(path, say("status只能是{known}。", known="、".join(STATUSES)))
    mentioned = list(source.natural_key)
    for column in source.columns:
        if column.required_when is not None:
            mentioned.append(column.required_when.field)
        if column.type is ColumnType.ENUM and not column.choices:
            raise SourceUnreadable(path, say("列“{name}”没有choices。", name=column.field))
    for rule in source.rules:
        needed = RULES.get(rule.rule)
        if needed is None or needed - set(rule.options):
            raise SourceUnreadable(path, say("规则“{rule}”不认识或缺少参数。", rule=rule.rule))
        if rule.rule == "sender_decided" and not {"unit_name", "unit_code"} & set(roles):
            raise SourceUnreadable(path, say("没有一列的role是unit_name或unit_code。"))
        mentioned += [rule.options[key] for key in ("field", "registration") if key in rule.options]
        mentioned += rule.options.get("fields", [])
    mentioned += [trait.field for trait in source.traits]
    for name in mentioned:
        if name not in source.by_field:
            raise SourceUnreadable(path, say("提到的列“{name}”不存在。", name=name))
