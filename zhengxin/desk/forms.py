"""Forms of the desk. They check shape only; the rooms decide."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import (
    validate_password,
)
from django.core.exceptions import ValidationError
from django.core.validators import BaseValidator, MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhengxin.accounts.models import Account
from zhengxin.kernel.personal import kinds_found
from zhengxin.publication.enums import GIVEN_GROUNDS, Grade

PASSWORD_HELP = _(
    "至少10个字符，不能全是数字，不能是常见的，不能有账号名或姓名，也不能是最近用过的。"
)
REASON = _("理由")
REASON_HELP = _("会写进记录，当事人和审计可以看到。请不要写身份证件号码。")


class DeskForm(forms.Form):
    """A form whose inputs carry the classes of the look and whose messages are finished sentences."""

    required_css_class = ""
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self.fields.values())


def dress(fields: Iterable[forms.Field]) -> None:
    """Gives inputs the classes of the look and a plain sentence for a missing value."""
    for field in fields:
        widget = field.widget
        if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
            pass
        elif isinstance(widget, forms.Select):
            widget.attrs.setdefault("class", "form-select")
        else:
            widget.attrs.setdefault("class", "form-control")
        missing = _("还没有选择文件。") if isinstance(field, forms.FileField) else _("还没有填写。")
        field.error_messages["required"] = str(missing)


# Days beyond these have no moment in every time zone.
MOMENTS = (MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31)))


def date_field(
    label: Any,
    *,
    required: bool = True,
    help_text: Any = "",
    validators: Sequence[BaseValidator] = (),
) -> forms.DateField:
    """A day, entered with the browser's own date input."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        validators=validators,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("不是一个日期。请写成2026-11-23这样。")},
    )


def without_number(text: str) -> None:
    """Refuses words with a person's number in them: they are read by others than their writer."""
    if kinds := kinds_found(text):
        raise ValidationError(
            _("里面有{kinds}，别人也会看到。请删去号码；要指明是谁，写文书号。").format(kinds=kinds)
        )


def reason_field(label: Any = REASON, help_text: Any = REASON_HELP) -> forms.CharField:
    """Why something is decided; goes into the record."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        min_length=2,
        max_length=400,
        validators=[without_number],
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"min_length": _("理由太短，请写成一句话。")},
    )


class SignInForm(DeskForm):
    """User name and password."""

    username = forms.CharField(
        label=_("账号"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label=_("密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasswordForm(DeskForm):
    """One's own new password."""

    old = forms.CharField(
        label=_("现在的密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("新密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("再输一遍新密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        self.fields["new"].help_text = PASSWORD_HELP

    def clean_old(self) -> str:
        """The present password must be right."""
        old: str = self.cleaned_data["old"]
        if not self.account.check_password(old):
            raise ValidationError(_("现在的密码不对。"))
        return old

    def clean_new(self) -> str:
        """The new one must pass the house's rules."""
        new: str = self.cleaned_data["new"]
        validate_password(new, self.account)
        return new

    def clean(self) -> dict[str, Any]:
        """Both spellings must agree."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("new") and cleaned.get("again") and cleaned["new"] != cleaned["again"]:
            self.add_error("again", _("两次输入的新密码不一样。"))
        return cleaned


class UploadForm(DeskForm):
    """A file for a source."""

    file = forms.FileField(
        label=_("文件"),
        help_text=_("CSV（UTF-8或GB18030）或XLSX，不超过100MB。列名与模板一致，顺序不限。"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
        allow_empty_file=True,
    )


class ReturnFileForm(DeskForm):
    """A return file of an office above, with its signature where one is agreed."""

    file = forms.FileField(
        label=_("回执文件"),
        help_text=_("CSV、XLSX或JSON，至少有批次号、结果，以及行号或文书号。"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.json,.txt"}),
    )
    signature = forms.FileField(
        label=_("签名文件"),
        help_text=_("约定要签名的，附上同名的.sig文件。"),
        widget=forms.FileInput(attrs={"accept": ".sig"}),
        required=False,
    )


class BecauseForm(DeskForm):
    """Only a reason."""

    because = reason_field()


class AttributionForm(DeskForm):
    """Whose record it is."""

    choice = forms.ChoiceField(label=_("这是谁"), widget=forms.RadioSelect)
    because = reason_field()

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["choice"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class RedecisionForm(AttributionForm):
    """Whose record it is after all; what was admitted moves with it, so it is confirmed."""

    confirmed = forms.BooleanField(
        label=_("我已核对：按原判断入账的记录会跟着改，原判断和原记录都留着。"),
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )


class GradeForm(DeskForm):
    """Which grade a breach has."""

    grade = forms.ChoiceField(
        label=_("定为"),
        choices=Grade.choices,
        widget=forms.RadioSelect,
        help_text=_("一般和严重会按规定的期限公示；轻微原则上不公示。"),
    )
    because = reason_field(help_text=_("写明依据的文件和条款。会写进记录。"))


class ReleaseForm(DeskForm):
    """Which texts of a record may be shown."""

    fields_chosen = forms.MultipleChoiceField(
        label=_("可以公开的文本"), widget=forms.CheckboxSelectMultiple
    )
    because = reason_field()

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["fields_chosen"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices


class WithholdForm(DeskForm):
    """On which ground a record is not shown."""

    reason = forms.ChoiceField(
        label=_("不公开的理由"), choices=[(r.value, r.label) for r in GIVEN_GROUNDS]
    )
    because = reason_field(_("说明"))
    review_on = date_field(_("复核日期"), help_text=_("到这一天再看一次是否仍需不公开。"))

    def clean_review_on(self) -> date:
        """A day that has not passed: nobody looks again on one that has."""
        day: date = self.cleaned_data["review_on"]
        if day < timezone.localdate():
            raise ValidationError(_("复核日期已经过去，请写今天或以后的一天。"))
        return day


PURPOSES = (
    (_("办理行政许可时核对"), _("办理行政许可时核对")),
    (_("监督检查"), _("监督检查")),
    (_("处理投诉或异议"), _("处理投诉或异议")),
    (_("核对报送内容"), _("核对报送内容")),
    (_("评优评先审核"), _("评优评先审核")),
    (_("项目资金审核"), _("项目资金审核")),
    ("other", _("其他用途")),
)


class PurposeForm(DeskForm):
    """Why a file is opened."""

    purpose = forms.ChoiceField(label=_("用途"), choices=PURPOSES, widget=forms.RadioSelect)
    detail = forms.CharField(
        label=_("具体说明"),
        required=False,
        max_length=120,
        validators=[without_number],
        help_text=_("选“其他用途”必须写明。例如事项编号、来函文号。"),
    )

    def clean(self) -> dict[str, Any]:
        """Another purpose must be said in words."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("purpose") == "other" and len(cleaned.get("detail", "").strip()) < 4:
            self.add_error("detail", _("请写明是什么用途。"))
        return cleaned

    def said(self) -> str:
        """The purpose as it goes into the log."""
        chosen, detail = self.cleaned_data["purpose"], self.cleaned_data["detail"].strip()
        if chosen == "other":
            return str(detail)
        return f"{chosen}：{detail}" if detail else str(chosen)


class KnownOnForm(DeskForm):
    """Which day's knowledge to show."""

    known_on = date_field(_("按哪一天所知"), required=False, validators=MOMENTS)


class AgreementForm(DeskForm):
    """The terms under which one unit reads another's subjects."""

    owner = forms.ChoiceField(label=_("提供单位"))
    reader = forms.ChoiceField(label=_("使用单位"))
    fields_shared = forms.MultipleChoiceField(
        label=_("共享的字段"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("只勾办事用得到的。证件号码和未放行的文字不能共享。"),
    )
    basis = forms.CharField(
        label=_("依据"),
        max_length=200,
        validators=[without_number],
        help_text=_("文件名称、文号和条款。"),
    )
    purpose = forms.CharField(label=_("用途"), max_length=200, validators=[without_number])
    valid_from = date_field(_("生效日期"))
    expires_on = date_field(_("到期日期"), help_text=_("到期后自动停止，需要时另行签订。"))

    def __init__(
        self,
        *args: Any,
        units: Sequence[tuple[str, str]],
        shared: Sequence[tuple[str, Sequence[tuple[str, str]]]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in ("owner", "reader"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("请选择")), *units]
        field = self.fields["fields_shared"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = shared

    def clean(self) -> dict[str, Any]:
        """Two units, and an end after the beginning that has not passed."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("owner") and cleaned.get("owner") == cleaned.get("reader"):
            self.add_error("reader", _("提供单位和使用单位不能是同一个。"))
        start, end = cleaned.get("valid_from"), cleaned.get("expires_on")
        if isinstance(start, date) and isinstance(end, date) and end <= start:
            self.add_error("expires_on", _("到期日期要晚于生效日期。"))
        elif isinstance(end, date) and end < timezone.localdate():
            self.add_error("expires_on", _("到期日期已经过去，协议一订立就失效。"))
        return cleaned


class RecipientForm(DeskForm):
    """Who downloads adverse entries."""

    name = forms.CharField(label=_("机构名称"), max_length=200, validators=[without_number])
    contact = forms.CharField(
        label=_("联系方式"),
        max_length=200,
        validators=[without_number],
        help_text=_("记录更正后要能通知到。写办公电话或邮箱。"),
    )
    purpose = forms.CharField(label=_("用途"), max_length=200, validators=[without_number])
