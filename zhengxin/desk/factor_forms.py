"""Forms about second factors."""

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengxin.desk.forms import DeskForm, reason_field


class ResetForm(DeskForm):
    """Whose second factors are taken away, and why."""

    username = forms.CharField(label=_("账号"), max_length=60)
    because = reason_field(help_text=_("写明怎样核实是本人，例如当面核对工作证。"))
    confirmed = forms.BooleanField(
        label=_("我已核实是本人要求：原来的验证器、通行密钥和恢复码都不能再用。"),
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
