"""Forms of objections."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengxin.desk.forms import BecauseForm, DeskForm, reason_field
from zhengxin.desk.inspection_forms import evidence_field, long_field
from zhengxin.objections.enums import ObjectorKind, Ruling

MOST_STATEMENT = 300


class LodgeForm(DeskForm):
    """Which record, what is wrong with it, and how the objector is reached."""

    entry_id = forms.IntegerField(
        label=_("记录编号"),
        min_value=1,
        max_value=10**15,
        help_text=_("在公示页面“登记”一栏，或者档案里。"),
    )
    claim = long_field(
        _("异议内容"),
        _("哪一项有误、应当是什么、为什么。会给报送单位看，请不要写个人的号码。"),
    )
    statement = forms.CharField(
        label=_("声明"),
        required=False,
        max_length=MOST_STATEMENT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("异议没有得到支持时，想附在记录旁边公开的话；不写姓名和号码，最多300个字。"),
    )
    evidence = evidence_field()
    phone = forms.CharField(
        label=_("联系电话"),
        max_length=40,
        help_text=_("加密保存，只给办理的人看。"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )


class CounterForm(LodgeForm):
    """The same, at the counter for somebody else."""

    kind = forms.ChoiceField(
        label=_("异议人"),
        choices=[each for each in ObjectorKind.choices if each[0] != ObjectorKind.UNIT],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=_("姓名或者名称"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    code = forms.CharField(
        label=_("证件号码或者统一社会信用代码"),
        max_length=30,
        required=False,
        help_text=_("核对身份用，加密保存。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    address = forms.CharField(
        label=_("送达地址"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = [
        "entry_id", "claim", "evidence", "statement", "kind", "name", "code", "phone", "address",
    ]  # fmt: skip


class CheckForm(BecauseForm):
    """Taken up or not."""

    admit = forms.TypedChoiceField(
        label=_("是否受理"),
        choices=[("yes", _("受理，转报送单位答复")), ("no", _("不予受理，取消标注"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    field_order = ["admit", "because"]


class AnswerForm(DeskForm):
    """What the unit that recorded says."""

    words = long_field(_("情况说明"), _("逐项回应；有误的写明应当是什么。请不要写个人姓名和号码。"))
    evidence = evidence_field()


class RulingForm(DeskForm):
    """The decision."""

    ruling = forms.ChoiceField(label=_("决定"), choices=Ruling.choices, widget=forms.RadioSelect)
    reasons = long_field(
        _("理由"), _("写明查了什么、依据是什么。会告知异议人，请不要写个人姓名和号码。")
    )


class ConfirmForm(DeskForm):
    """How it is known that the correction arrived."""

    words = reason_field(_("回执情况"), _("写明哪天、怎样改的；收到书面回执的写明文号。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].widget.attrs["rows"] = 3
