"""Forms of suggestions and proposals. They check shape only; the room decides."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengxin.desk.account_forms import choices_of
from zhengxin.desk.duty_forms import FilesField, sent
from zhengxin.desk.forms import MOMENTS, DeskForm, date_field, reason_field, without_number
from zhengxin.evidence.types import Sent
from zhengxin.oversight.proposals.enums import (
    AnswerClass,
    Consent,
    ContactForm,
    ProposalKind,
    Rating,
)
from zhengxin.oversight.proposals.reading import named
from zhengxin.oversight.proposals.types import (
    MOST_NUMBER,
    MOST_SESSION,
    MOST_TEXT,
    MOST_TITLE,
    Met,
    Name,
    Rated,
)

Units = Sequence[tuple[str, str]]
_SESSION_HELP = _("例如：第十八届人大第五次会议。同一届次的编号不重复。")


def _tick(label: Any, help_text: Any = "") -> forms.BooleanField:
    return forms.BooleanField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )


def _choice(
    label: Any, choices: Sequence[tuple[str, Any]], help_text: Any = ""
) -> forms.ChoiceField:
    """Radio buttons of which none is chosen beforehand."""
    return forms.ChoiceField(
        label=label,
        choices=choices,
        help_text=help_text,
        widget=forms.RadioSelect,
        error_messages={"required": _("还没有选。")},
    )


def _words(
    label: Any, help_text: Any = "", *, rows: int = 6, required: bool = True
) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=MOST_TEXT,
        validators=[without_number],
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class ProposalForm(DeskForm):
    """One suggestion or proposal."""

    kind = _choice(_("类别"), ProposalKind.choices)
    session = forms.CharField(label=_("届次"), max_length=MOST_SESSION, help_text=_SESSION_HELP)
    number = forms.CharField(label=_("编号"), max_length=MOST_NUMBER, help_text=_("例如：12。"))
    title = forms.CharField(label=_("标题"), max_length=MOST_TITLE, validators=[without_number])
    text = _words(_("内容"))
    received_on = date_field(_("收到日期"), validators=MOMENTS)
    first = forms.CharField(
        label=_("领衔人"),
        max_length=120,
        help_text=_("姓名后面写代表团或界别，例如：江雨眠（城关代表团）。"),
    )
    others = forms.CharField(
        label=_("联名人"),
        required=False,
        max_length=2000,
        help_text=_("用顿号隔开，例如：石清和（柳湾代表团）、顾南风。"),
    )
    difficult = _tick(_("涉及面广、处理难度大"), _("勾选的，答复期限按较长的计算。"))
    consent = _choice(
        _("提出人是否同意公开"), Consent.choices, _("没有说明的不公开。以后说明了可以补记。")
    )

    def signers(self) -> tuple[Name, ...]:
        """Who raised it, the leading one first."""
        found: list[Name] = []
        for field in ("first", "others"):
            found += named(str(self.cleaned_data.get(field) or "")) or []
        return tuple(found)

    def clean(self) -> dict[str, Any]:
        """One name leads; the others can be read."""
        cleaned: dict[str, Any] = super().clean() or {}
        first = named(str(cleaned.get("first") or ""))
        if cleaned.get("first") and (not first or len(first) > 1):
            self.add_error("first", _("只写一位；其他人写在联名人里。"))
        if named(str(cleaned.get("others") or "")) is None:
            self.add_error("others", _("姓名认不出来，请写成：石清和（柳湾代表团）、顾南风。"))
        return cleaned


class ImportForm(DeskForm):
    """A session's list."""

    session = forms.CharField(label=_("届次"), max_length=MOST_SESSION, help_text=_SESSION_HELP)
    received_on = date_field(_("收到日期"), validators=MOMENTS)
    file = forms.FileField(
        label=_("名单"),
        help_text=_("XLSX或CSV，第1行是列名。有一处不对，整份都不导入，逐处告诉您怎么改。"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )


class AssignForm(DeskForm):
    """To whom a proposal goes."""

    lead = forms.ChoiceField(label=_("承办单位"), help_text=_("一个单位主办；分办时是其中第一个。"))
    others = forms.MultipleChoiceField(
        label=_("其他单位"),
        required=False,
        help_text=_("没有的不选。按住Ctrl可选几个；用键盘时按空格选。"),
        widget=forms.SelectMultiple(attrs={"class": "form-select", "size": "8"}),
    )
    how = forms.ChoiceField(
        label=_("其他单位怎样办"),
        required=False,
        choices=[
            ("cohandle", _("会办：把意见交给承办单位，由承办单位统一答复")),
            ("separate", _("分办：各自答复自己的部分")),
        ],
        widget=forms.RadioSelect,
    )
    opinion_due_on = date_field(
        _("会办意见的期限"), required=False, help_text=_("会办的必填。"), validators=MOMENTS
    )
    difficult = _tick(
        _("涉及面广、处理难度大"), _("勾选的答复期限是6个月，不勾选的3个月，从今天的次日起算。")
    )

    def __init__(self, *args: Any, units: Units, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_of(self, "lead", units)
        self.fields["others"].choices = list(units)  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        """Other units need to be told how."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("others") and not cleaned.get("how"):
            self.add_error("how", _("选了其他单位，请写明是会办还是分办。"))
        return cleaned

    def given(self) -> dict[str, Any]:
        """As the act says it."""
        said = self.cleaned_data
        others = [int(each) for each in said["others"]]
        separate = said["how"] == "separate"
        return {
            "unit_ids": [int(said["lead"]), *(others if separate else [])],
            "cohandler_ids": [] if separate else others,
            "opinion_due_on": said["opinion_due_on"],
            "difficult": said["difficult"],
        }


class DeclineForm(DeskForm):
    """Why it is the wrong unit, and which would be right."""

    because = reason_field(_("为什么不归您单位"), _("写明职责依据。会写进记录。"))
    proposed = forms.ChoiceField(label=_("建议交给哪个单位"), required=False)

    def __init__(self, *args: Any, units: Units, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_of(self, "proposed", units)

    def given(self) -> dict[str, Any]:
        """As the act says it."""
        said = self.cleaned_data
        return {"because": said["because"], "proposed_id": int(said["proposed"] or 0) or None}


class DecideDeclinedForm(DeskForm):
    """Upheld, or to whom it goes now."""

    unit = forms.ChoiceField(
        label=_("决定"), help_text=_("改交的，答复期限不变，仍从第一次交办起算。")
    )
    because = reason_field()

    def __init__(self, *args: Any, units: Units, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_of(
            self,
            "unit",
            [
                ("0", str(_("不准退办，仍由原单位承办"))),
                *((pk, f"改交{name}") for pk, name in units),
            ],
        )

    def given(self) -> dict[str, Any]:
        """As the act says it."""
        chosen = int(self.cleaned_data["unit"])
        return {"unit_id": chosen or None, "because": self.cleaned_data["because"]}


class MetForm(DeskForm):
    """How one spoke with who raised it."""

    on = date_field(_("哪天"), validators=MOMENTS)
    form = _choice(_("怎样沟通"), ContactForm.choices)
    with_whom = forms.CharField(
        label=_("与谁"), required=False, max_length=100, help_text=_("没能沟通的不填。")
    )
    outcome = reason_field(
        _("结果"), _("提出人怎么说、商定了什么；没能沟通的写原因。请不要写个人的号码。")
    )
    evidence = FilesField(
        label=_("沟通记录"),
        required=False,
        help_text=_(
            "可以不附。座谈记录、签字的意见表、照片，一次最多10个；提出人看得到，文件名里不写个人的号码。"
        ),
    )

    def met(self) -> Met:
        """As the act takes it."""
        said = self.cleaned_data
        return Met(said["on"], said["form"], said["with_whom"], said["outcome"])


class OpinionForm(DeskForm):
    """What a helping unit says to the lead."""

    opinion = reason_field(_("会办意见"), _("写明您单位能办什么、什么时候办。提交后不能改。"))


class ReplyForm(DeskForm):
    """A reply."""

    answer_class = _choice(_("答复类别"), AnswerClass.choices)
    promised_on = date_field(
        _("办结日期"),
        required=False,
        help_text=_("B类必填：承诺哪天前办结，到期要核对。其他几类不填。"),
        validators=MOMENTS,
    )
    text = _words(
        _("答复全文"),
        _("写明办了什么、结果如何；暂不能解决的写明理由。请不要写个人的号码。"),
        rows=12,
    )


class RateForm(DeskForm):
    """What a signer says of a reply; nothing is chosen beforehand."""

    contact = _choice(_("对沟通联系"), Rating.choices)
    result = _choice(_("对办理结果"), Rating.choices, _("不满意的，承办单位要再次办理。"))
    words = _words(_("意见"), _("不满意的请写一句哪里不满意。"), rows=3, required=False)

    def rated(self) -> Rated:
        """As the act takes it."""
        said = self.cleaned_data
        return Rated(said["contact"], said["result"], said["words"])

    def scans(self) -> list[Sent]:
        """Of the own account there is none."""
        return []


class PaperRateForm(RateForm):
    """The same from a paper form, with its scan."""

    scan = forms.FileField(
        label=_("意见表扫描件"),
        help_text=_("PDF、JPG或PNG。照纸上的勾选录入，纸上没有勾的不要代填。"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def scans(self) -> list[Sent]:
        """The form as it was scanned."""
        return sent([self.cleaned_data["scan"]])


class ConsentForm(DeskForm):
    """Whether the public may see it."""

    consent = _choice(
        _("是否同意公开"), [(value, label) for value, label in Consent.choices if value != "unsaid"]
    )
    because = reason_field(_("怎样得知"), _("例如：本人勾选、电话核实、书面说明。"))


class OfficeForm(DeskForm):
    """Which unit assigns."""

    unit = forms.ChoiceField(label=_("单位"))
    kind = _choice(_("交办哪一类"), ProposalKind.choices)
    from_on = date_field(_("从哪天起"), validators=MOMENTS)
    basis = reason_field(_("依据"), _("指定它交办的文件和文号。"))

    def __init__(self, *args: Any, units: Units, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_of(self, "unit", units)

    def given(self) -> dict[str, Any]:
        """As the act says it."""
        said = self.cleaned_data
        return {
            "unit_id": int(said["unit"]),
            "kind": said["kind"],
            "basis": said["basis"],
            "from_on": said["from_on"],
        }


class EndOfficeForm(DeskForm):
    """The last day."""

    until_on = date_field(_("最后一天"), validators=MOMENTS)


class BindForm(DeskForm):
    """Which account is this person's."""

    username = forms.CharField(
        label=_("账号名"),
        required=False,
        max_length=60,
        help_text=_("要先开通账号，并登记“人大代表、政协委员”的岗位。留空是解除绑定。"),
    )
