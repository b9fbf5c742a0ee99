"""Forms of what must be gone and what must be kept. They check shape only; the rooms decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengxin.desk.forms import DeskForm, date_field, reason_field, without_number
from zhengxin.retention.enums import HoldOn


class EraseForm(DeskForm):
    """Why a record's content is erased for good, and whether its other versions go with it."""

    scope = forms.ChoiceField(label=_("抹去的范围"), widget=forms.RadioSelect, initial="chain")
    because = reason_field(help_text=_("写明依据，如裁定文号、当事人的申请。不要写要抹去的内容。"))
    confirmed = forms.BooleanField(
        label=_("我已核对编号：抹去以后，任何人都不能再看到或恢复这些内容。"),
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def __init__(self, *args: Any, versions: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if versions == 1:
            del self.fields["scope"]
            return
        field = self.fields["scope"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("chain", _("上面%(n)s条都抹去：它们记的是同一件事") % {"n": versions}),
            ("one", _("只抹去这一条：其他几条的内容还在")),
        ]


class HoldForm(DeskForm):
    """What must not be erased for now, on which ground."""

    on = forms.ChoiceField(label=_("保全什么"), choices=HoldOn.choices, widget=forms.RadioSelect)
    target = forms.CharField(
        label=_("编号"),
        max_length=20,
        help_text=_("记录编号、主体编号，或报送批次号（如1120-0107）。"),
    )
    legal_basis = forms.CharField(
        label=_("依据"),
        max_length=200,
        validators=[without_number],
        help_text=_("法律条款，或法院、检察院、监察机关的文书号。"),
    )
    because = reason_field(help_text=_("为什么要留着，例如正在诉讼。不要写记录的内容。"))
    until = date_field(
        _("保全到哪一天"), required=False, help_text=_("不填就一直保全，直到有人解除。")
    )
