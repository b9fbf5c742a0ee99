"""Forms of repair: what is asked for an application, and what is decided about it."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from zhengxin.desk.forms import MOMENTS, BecauseForm, DeskForm, date_field, reason_field
from zhengxin.desk.inspection_forms import evidence_field, long_field

COMMITMENT = _(
    "本单位已纠正失信行为、履行完毕全部责任，承诺所交材料真实，今后依法诚信经营；违反承诺的，自愿接受撤销修复和公示。"
)


class ProofForm(DeskForm):
    """What was handed in, with the proof."""

    fulfilled = long_field(
        _("怎样履行完毕的"), _("写明缴款、改正的日期和凭证。不写个人姓名和号码。")
    )
    evidence = evidence_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evidence"].required = True
        self.fields["evidence"].label = _("履行完毕的证明")

    def clean_evidence(self) -> "list[UploadedFile[Any]]":
        """At least one file."""
        files: list[UploadedFile[Any]] = self.cleaned_data["evidence"]
        if not files:
            raise forms.ValidationError(_("请附上履行完毕的证明。"))
        return files


class ApplicationForm(ProofForm):
    """Proof and commitment: nothing else is asked for."""

    commitment = long_field(_("信用承诺"), _("照申请人签署的承诺书录入；承诺向社会公开。"))

    field_order = ("fulfilled", "evidence", "commitment")


class NoForm(DeskForm):
    """Nothing but the confirmation."""


class GrantForm(DeskForm):
    """Granted or not, why, and from when it may be asked for again."""

    granted = forms.TypedChoiceField(
        label=_("决定"),
        choices=(("yes", _("准予修复")), ("no", _("不予修复"))),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    because = reason_field(_("理由"), _("写明看了什么证明、是否履行完毕。会告知申请人。"))
    again_on = date_field(
        _("哪天起可以再申请"),
        required=False,
        validators=MOMENTS,
        help_text=_("不予修复的必填；准予的不填。"),
    )

    def clean(self) -> dict[str, object]:
        """Whoever refuses says from when it may be asked for again."""
        said: dict[str, object] = super().clean() or {}
        missing = not said.get("again_on") and "again_on" not in self.errors
        if said.get("granted") is False and missing:
            self.add_error("again_on", _("不予修复的，请填写哪天起可以再申请。"))
        return said


class ExtensionForm(BecauseForm):
    """Another day, once."""

    due_on = date_field(_("延长到"), validators=MOMENTS)
