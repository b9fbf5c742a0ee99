"""Forms of duties: reporting with evidence, and what is decided about them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from zhengxin.desk.forms import MOMENTS, BecauseForm, DeskForm, date_field, reason_field
from zhengxin.evidence.types import Sent


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """None, one or several files; what they are the room of evidence decides."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        """Every file that came."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(each, initial) for each in given]


def sent(files: "Sequence[UploadedFile[Any]]") -> list[Sent]:
    """The files as the journey takes them."""
    return [Sent(each.name or "", each.read()) for each in files]


class ReportForm(DeskForm):
    """What was done, with evidence."""

    words = reason_field(_("办理情况"), _("写清做了什么、哪天做的、结果怎样。请不要写个人的号码。"))
    evidence = FilesField(
        label=_("佐证材料"),
        required=False,
        help_text=_("PDF、JPG、PNG、DOCX、XLSX或纯文本，每个不超过20兆字节，最多10个。"),
    )


class VerifyForm(DeskForm):
    """What was found on verifying."""

    because = reason_field(_("核实情况"), _("写明看了什么、是否属实。会写进记录。"))


class ExtendForm(BecauseForm):
    """Another last day."""

    due_on = date_field(_("新的期限"), validators=MOMENTS)
    basis = reason_field(_("依据"), _("准许延长的文件和条款。"))
    field_order = ["due_on", "because", "basis"]


class ChangeForm(BecauseForm):
    """No longer owed, lawfully."""

    basis = reason_field(_("依据"), _("准许变更的法律、文件和条款。"))
    compensation = reason_field(_("补偿"), _("依法应当补偿的，写明补偿什么；没有的不填。"))
    compensation_due_on = date_field(_("补偿期限"), required=False, validators=MOMENTS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["compensation"].required = False


class HandOverForm(BecauseForm):
    """Another unit owes it from now on."""

    unit_id = forms.TypedChoiceField(label=_("承接单位"), coerce=int)
    field_order = ["unit_id", "because"]

    def __init__(self, *args: Any, units: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_id"].choices = [("", _("请选择")), *units]  # type: ignore[attr-defined]  # a choice field


class TakeoverForm(DeskForm):
    """What the new leader says of the list."""

    because = reason_field(_("接收意见"), _("写明已逐项核对；有疑问的写明哪一项、什么疑问。"))
