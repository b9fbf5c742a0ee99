"""A form made from the description of a source: every column one field."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from zhengxin.desk.forms import DeskForm, date_field
from zhengxin.intake.types import Column, Source


class RowForm(DeskForm):
    """One row of a source. Its meaning is checked by intake, as for a file."""

    def row(self) -> dict[str, str]:
        """Field code -> text as it would stand in a file; empty fields are left out."""
        return {code: str(value) for code, value in self.cleaned_data.items() if value not in ("", None)}


def row_form(source: Source, values: Mapping[str, Any] | None) -> RowForm:
    """The form of `source`, filled from `values` when it was sent."""
    form = RowForm(values)
    for column in source.columns:
        if column.disclosure != "ignored":
            form.fields[column.code] = _field(column)
    return form
