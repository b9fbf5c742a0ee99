"""A form made from the description of a source: every column that is kept becomes one field."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from zhengxin.desk.forms import DeskForm, date_field, dress
from zhengxin.intake.types import Column, ColumnType, Disclosure, Source
from zhengxin.kernel.idcard import IdState, check_id_number
from zhengxin.kernel.personal import kinds_found
from zhengxin.kernel.uscc import CodeState, check_uscc
from zhengxin.subjects.types import UnitLine

# Beyond this many characters a text is written on several lines.
LONG = 200


class RowForm(DeskForm):
    """One row of a source. Intake checks it again with every rule, as it does a file."""

    def __init__(self, source: Source, values: Mapping[str, Any] | None, *, unit: UnitLine) -> None:
        known = {
            "unit_name": unit.name,
            "unit_code": unit.uscc,
            "source_unit_name": unit.name,
            "source_unit_code": unit.uscc,
        }
        super().__init__(
            values,
            initial={c.field: known[c.role] for c in source.kept if c.role in known},
        )
        self.source = source
        for column in source.kept:
            self.fields[column.field] = _field(source, column)
        dress(self.fields.values())

    def clean(self) -> dict[str, Any]:
        """What can be said at once, beside the input it concerns."""
        cleaned: dict[str, Any] = super().clean() or {}
        for column in self.source.kept:
            value = str(cleaned.get(column.field) or "")
            needed = column.required_when
            if not value:
                if needed and cleaned.get(needed.field) in needed.values:
                    self.add_error(column.field, _("这种情况必填。还没有填写。"))
            elif fault := _fault(column, value):
                self.add_error(column.field, fault)
        return cleaned

    def row(self) -> dict[str, str]:
        """Field code -> text as it would stand in a file; empty fields are left out."""
        return {
            code: str(value) for code, value in self.cleaned_data.items() if value not in ("", None)
        }


def _fault(column: Column, value: str) -> str:
    """What is wrong with a value that is there; empty when nothing is."""
    if column.type == ColumnType.USCC:
        code = check_uscc(value)
        return code.reason if code.state == CodeState.BAD else ""
    if column.type == ColumnType.ID_NUMBER:
        number = check_id_number(value)
        return number.reason if number.state == IdState.BAD else ""
    if column.disclosure == Disclosure.TEXT and (kinds := kinds_found(value)):
        return _("文字里有{kinds}。请删去号码再提交。").format(kinds=kinds)
    return ""


def _note(source: Source, column: Column) -> str:
    """What stands under the label: the note, when it is needed, an example."""
    parts = [column.note] if column.note else []
    if column.required_when:
        when = source.by_field[column.required_when.field].header
        values = "、".join(column.required_when.values)
        parts.append(_("{when}是“{values}”时必填。").format(when=when, values=values))
    if not column.note and column.type == ColumnType.AMOUNT:
        parts.append(_("单位是万元。2000元填0.2。"))
    if not column.note and column.disclosure == Disclosure.CLOSED:
        parts.append(_("只用于核对，不公开。"))
    elif not column.note and column.disclosure == Disclosure.TEXT:
        parts.append(_("经人工审核后才公开，请不要写个人的证件、手机和银行卡号码。"))
    if column.example:
        parts.append(_("例如：{example}").format(example=column.example))
    return "".join(part if part.endswith("。") else part + "。" for part in parts)


def _field(source: Source, column: Column) -> forms.Field:
    """One input of the right kind with label and note."""
    label, note = column.header, _note(source, column)
    if column.type == ColumnType.DATE:
        return date_field(label, required=column.required, help_text=note)
    if column.type == ColumnType.ENUM:
        labels = [(choice.label, choice.label) for choice in column.choices]
        return forms.ChoiceField(
            label=label,
            help_text=note,
            required=column.required,
            choices=[("", _("请选择")), *labels],
        )
    attrs = {"inputmode": "decimal"} if column.type == ColumnType.AMOUNT else {}
    long = column.disclosure == Disclosure.TEXT or not column.length or column.length > LONG
    plain_text = column.type == ColumnType.TEXT
    return forms.CharField(
        label=label,
        help_text=note,
        required=column.required,
        max_length=column.length or None,
        widget=forms.Textarea(attrs={"rows": 3}) if long and plain_text else forms.TextInput(attrs),
        error_messages={
            "max_length": _("太长，最多{n}个字。").format(n=column.length),
        },
    )
