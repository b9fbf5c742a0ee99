"""From rows of the board to the types that pages receive."""

from datetime import date
from typing import Any

from zhengxin.kernel.say import say
from zhengxin.publication.board.models import BoardItem, BoardSubject
from zhengxin.publication.board.types import (
    Disclosure,
    HiddenField,
    ItemBrief,
    NameSpan,
    ShownField,
    SubjectCard,
    Successor,
)
from zhengxin.publication.enums import Grade, WithholdReason

# Deferred in lists: the proof makes up most of a row.
BRIEF = tuple(
    field.name
    for field in BoardItem._meta.concrete_fields
    if field.name
    not in {"disclosure", "statement", "prefix_id", "document_year", "document_serial", "true_year"}
)
_TIMELINESS = {
    "on_time": "按时",
    "late": "迟报",
    "missing": "缺日期，无法计算",
    "no_calendar": "缺放假安排，期限待定",
}
_NAME_KINDS = {"official": "正式名称", "short": "简称", "former": "曾用名", "alias": "别称"}
_SUCCESSIONS = {"renamed": "更名", "merged": "并入", "split": "分设", "abolished": "撤销"}


def brief(row: BoardItem, kinds: dict[str, str]) -> ItemBrief:
    """A line of a list. kinds: code to Chinese name."""
    return ItemBrief(
        entry_id=row.entry_id,
        kind=row.kind,
        kind_label=kinds.get(row.kind, row.kind),
        adverse=row.adverse,
        grade=row.grade,
        grade_label=str(Grade(row.grade).label) if row.grade else "",
        title=row.title,
        subject_id=row.subject_id,
        subject_name=row.subject_name,
        unit_id=row.unit_id,
        unit_name=row.unit_name,
        document_number=row.document_number,
        true_on=row.true_on,
        known_at=row.known_at,
        due_on=row.due_on,
        timeliness=row.timeliness,
        timeliness_label=say(_TIMELINESS[row.timeliness]) if row.timeliness else "",
        shown_from=row.shown_from,
        shown_to=row.shown_to,
        disputed=row.disputed,
    )


def disclosure(
    value: dict[str, Any], labels: dict[str, str], articles: dict[str, str]
) -> Disclosure:
    """Fields shown in the order of `labels`, then any the law does not name, by code."""
    proof = value.get("proof", {})
    shown: list[ShownField] = []
    for group, fields in (("open", proof.get("open", {})), ("text", proof.get("text", {}))):
        for code, content in fields.items():
            if content:
                name = group if group == "open" else f"text:{code}"
                shown.append(ShownField(code, labels.get(code, code), content, name))
    order = {code: place for place, code in enumerate(labels)}
    shown.sort(key=lambda field: (order.get(field.code, len(order)), field.code))
    hidden = tuple(
        HiddenField(
            code=code,
            label=labels.get(code, code),
            reason=reason,
            reason_label=str(WithholdReason(reason).label),
            article=articles.get(reason, ""),
            review_on=date.fromisoformat(review_on) if review_on else None,
        )
        for code, reason, review_on in value.get("hidden", [])
    )
    return Disclosure(tuple(shown), hidden, proof)


def card(row: BoardSubject) -> SubjectCard:
    """A unit or organisation."""
    return SubjectCard(
        id=row.id,
        name=row.name,
        kind=row.unit_kind or row.kind,
        kind_label=row.kind_label,
        uscc=row.uscc,
        is_unit=row.is_unit,
        names=tuple(
            NameSpan(
                text=name["text"],
                kind=name["kind"],
                kind_label=say(_NAME_KINDS.get(name["kind"], name["kind"])),
                valid_from=_day(name.get("from")),
                valid_to=_day(name.get("to")),
            )
            for name in row.names
        ),
        successions=tuple(
            Successor(
                kind=step["kind"],
                kind_label=say(_SUCCESSIONS.get(step["kind"], step["kind"])),
                direction=step.get("direction", "successor"),
                on=_day(step.get("on")),
                other_id=step.get("other_id"),
                other_name=step.get("other_name", ""),
                confirmed=bool(step.get("confirmed")),
            )
            for step in row.successions
        ),
        closed_on=row.closed_on,
    )


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
