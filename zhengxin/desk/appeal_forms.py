"""Forms of appeals."""

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengxin.appeals.enums import AppealState
from zhengxin.desk.forms import DeskForm, reason_field
from zhengxin.desk.inspection_forms import evidence_field, long_field


class AppealForm(DeskForm):
    """Against which decision, and why."""

    decision = forms.IntegerField(
        label=_("决定的编号"),
        min_value=1,
        max_value=2**63 - 1,
        help_text=_("登记簿编号，写在定级、异议或者修复的决定里。"),
    )
    words = long_field(
        _("不服的理由"), _("写明决定哪里不对、要求怎样改。不写个人的号码和联系方式。")
    )
    evidence = evidence_field()


class ReviewingForm(DeskForm):
    """Kept or set aside, and why."""

    outcome = forms.ChoiceField(
        label=_("复核决定"),
        choices=(
            (AppealState.KEPT.value, AppealState.KEPT.label),
            (AppealState.SET_ASIDE.value, AppealState.SET_ASIDE.label),
        ),
        widget=forms.RadioSelect,
    )
    reasons = reason_field(_("理由"), _("逐项回应申诉的理由。会告知申诉人和有关单位。"))
