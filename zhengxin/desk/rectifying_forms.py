"""Forms of orders to explain and rectify, and of issues."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengxin.desk.forms import MOMENTS, DeskForm, date_field, reason_field
from zhengxin.desk.inspection_forms import Choices, evidence_field, line_field, long_field


class OrderForm(DeskForm):
    """To whom, for what, by when."""

    unit_id = forms.TypedChoiceField(label=_("责令哪个单位"), coerce=int)
    title = line_field(
        _("事由"), _("一句话，公开站照这句话显示。不写个人姓名，不写企业的秘密。"), 120
    )
    cause = long_field(_("原因"), _("查明的事实，给被责令的单位看，不公开。不写个人的号码。"))
    about_id = forms.IntegerField(
        label=_("登记簿条目"),
        required=False,
        min_value=1,
        max_value=10**15,
        help_text=_("起因是登记簿里的一条的，写它的编号。"),
    )
    basis = reason_field(_("依据"), _("文件名称、文号和条款。"))
    explain_by = date_field(_("书面说明期限"), required=False, validators=MOMENTS)
    rectify_by = date_field(
        _("整改期限"),
        required=False,
        validators=MOMENTS,
        help_text=_("两个期限至少填一个；都填的，两件都要办。"),
    )

    def __init__(self, *args: Any, units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_id"].choices = [("", _("请选择")), *units]  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        """Something is asked for."""
        said: dict[str, Any] = super().clean() or {}
        asked = ("explain_by", "rectify_by")
        if not any(said.get(name) or name in self.errors for name in asked):
            self.add_error("rectify_by", _("请至少填写一个期限。"))
        return said


class ExplanationForm(DeskForm):
    """Why it came so, and what will be done."""

    why = long_field(_("原因"), _("为什么没有做到。不写个人姓名和号码。"))
    plan = long_field(_("整改打算"), _("怎样改、谁负责（写科室和职务）、哪天前改完。"))
    evidence = evidence_field()


class IssueForm(DeskForm):
    """A question for the leading group."""

    question = line_field(_("议题"), _("一句话写清要定的事。"))
    words = long_field(_("情况和建议"), _("难在哪里、试过什么、建议怎样定。不写个人姓名和号码。"))
    repeats_id = forms.TypedChoiceField(
        label=_("以前提过的同一议题"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("又提出来的，选上以前那一个，次数接着算。"),
    )

    def __init__(self, *args: Any, earlier: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["repeats_id"].choices = [("", _("第一次提出")), *earlier]  # type: ignore[attr-defined]  # a choice field


class IssueDecisionForm(DeskForm):
    """What the leading group decided."""

    met_on = date_field(_("会议日期"), validators=MOMENTS)
    decision = long_field(_("议定的事"), _("照会议纪要写。"))
    lead_id = forms.TypedChoiceField(label=_("牵头单位"), coerce=int)
    supporter_ids = forms.TypedMultipleChoiceField(
        label=_("配合单位"),
        required=False,
        coerce=int,
        widget=forms.SelectMultiple(attrs={"class": "form-select", "size": 6}),
        help_text=_("可以选几个：电脑上按住Ctrl键逐个点。"),
    )
    due_on = date_field(_("办结期限"), validators=MOMENTS)

    def __init__(self, *args: Any, units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead_id"].choices = [("", _("请选择")), *units]  # type: ignore[attr-defined]  # a choice field
        self.fields["supporter_ids"].choices = units  # type: ignore[attr-defined]  # a choice field
