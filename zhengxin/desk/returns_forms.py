"""Forms of quarterly returns. They check shape only; the room decides."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhengxin.desk.forms import DeskForm, reason_field, without_number
from zhengxin.oversight.returns.enums import ReturnKind
from zhengxin.oversight.returns.types import Words

MOST_WORDS = 4000
Choices = Sequence[tuple[str, Any]]


class Several(forms.FileInput):
    """An input for several files at once."""

    allow_multiple_selected = True


class Files(forms.FileField):
    """Several files; none is no fault."""

    widget = Several

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        """Each of them, as they came. Raises ValidationError when together they are too large."""
        found = [super(Files, self).clean(each, initial) for each in data or ()]
        if sum(each.size for each in found) > settings.DESK_UPLOAD_LIMIT:
            raise ValidationError(
                _now("文件一共不能超过%(n)sMB。") % {"n": settings.DESK_UPLOAD_LIMIT >> 20}
            )
        return found


class Kept(forms.MultipleChoiceField):
    """Evidence that stays. What a colleague took off meanwhile is no fault of the form: it is not kept."""

    def valid_value(self, value: Any) -> bool:
        """Any number of a piece."""
        return str(value).isdecimal()


def _words(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=MOST_WORDS,
        validators=[without_number],
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ReturnForm(DeskForm):
    """What a unit says of one mandate in a quarter."""

    kind = forms.ChoiceField(
        label=_("这一季度"),
        choices=ReturnKind.choices,
        widget=forms.RadioSelect,
        help_text=_("没有做事也要说明，不能空着：空着就是未报。"),
    )
    work = _words(_("工作开展情况"), _("做了哪些事、办成多少、谁能证明。"))
    problems = _words(_("存在问题"))
    next_steps = _words(_("下步打算"))
    zero_because = _words(_("确无工作开展的理由"), _("只在选“本季度确无工作开展”时填写。"))
    keep = Kept(
        label=_("已附的佐证"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不要的去掉勾。"),
    )
    evidence = Files(
        label=_("再附佐证"),
        required=False,
        widget=Several(attrs={"accept": ".pdf,.docx,.xlsx,.jpg,.jpeg,.png,.txt"}),
        help_text=_("PDF、DOCX、XLSX、JPG、PNG或纯文本，可以一次选几份。"),
    )
    saving = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, pieces: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep = self.fields["keep"]
        assert isinstance(keep, forms.ChoiceField)
        keep.choices = pieces
        if not pieces:
            del self.fields["keep"]

    def words(self) -> Words:
        """What was typed."""
        said = self.cleaned_data
        return Words(
            said["kind"],
            *(said[name].strip() for name in ("work", "problems", "next_steps", "zero_because")),
        )

    @property
    def kept(self) -> list[int]:
        """The pieces that stay."""
        return [int(pk) for pk in self.cleaned_data.get("keep", ())]


class AcceptForm(DeskForm):
    """Which returns the office accepts, and why."""

    return_ids = forms.MultipleChoiceField(
        label=_("受理哪些任务的报送"), widget=forms.CheckboxSelectMultiple
    )
    because = reason_field(_("受理意见"))

    def __init__(self, *args: Any, waiting: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["return_ids"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = waiting

    def said(self) -> dict[str, Any]:
        """The decision as it is signed."""
        chosen = sorted(int(pk) for pk in self.cleaned_data["return_ids"])
        return {"return_ids": chosen, "because": self.cleaned_data["because"]}


class BackForm(DeskForm):
    """Why a return is given back, or opened once more."""

    because = reason_field()
