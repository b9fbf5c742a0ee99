"""Forms of inspections."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from zhengxin.desk.duty_forms import FilesField
from zhengxin.desk.forms import MOMENTS, DeskForm, date_field, reason_field, without_number
from zhengxin.oversight.inspections.enums import ReviewOutcome, SeedKind, Verdict

Choices = Sequence[tuple[object, object]]
FILES_HELP = _("PDF、JPG、PNG、DOCX、XLSX或纯文本，每个不超过20兆字节，最多10个。")
_BASIS = re.compile(r"[|｜\t]")
LONG = 4000


def line_field(label: Any, help_text: Any = "", most: int = 200) -> forms.CharField:
    """One line of text without any person's number."""
    return forms.CharField(
        label=label, help_text=help_text, max_length=most, validators=[without_number]
    )


def long_field(label: Any, help_text: Any = "", rows: int = 5) -> forms.CharField:
    """Some paragraphs without any person's number."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        min_length=2,
        max_length=LONG,
        validators=[without_number],
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def evidence_field() -> FilesField:
    """Evidence, if there is any."""
    return FilesField(label=_("佐证材料"), required=False, help_text=FILES_HELP)


class DesignationForm(DeskForm):
    """The government's designation, as its document says."""

    unit_id = forms.TypedChoiceField(label=_("被指定的单位"), coerce=int)
    document = line_field(_("指定文件"), _("县政府文件的名称和文号。"), 100)
    matter = line_field(_("指定的事项"), _("照文件写，例如：政府承诺兑现情况。"))
    scope = line_field(_("指定的范围"), _("照文件写，例如：县政府各部门、各镇街。"))
    from_on = date_field(_("自"), validators=MOMENTS)
    until_on = date_field(_("至"), validators=MOMENTS)

    def __init__(self, *args: Any, units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_id"].choices = [("", _("请选择")), *units]  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        """The end lies not before the beginning."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("from_on") and said.get("until_on") and said["until_on"] < said["from_on"]:
            self.add_error("until_on", _("结束日期不能在开始日期之前。"))
        return said


class EndDesignationForm(DeskForm):
    """The government ended a designation before its last day."""

    document = line_field(_("终止文件"), _("县政府文件的名称和文号。"), 100)
    ended_on = date_field(
        _("从哪天起不再督查"),
        help_text=_("从这天起，不能再制定、抽取或者记检查结果。"),
        validators=MOMENTS,
    )
    because = reason_field(_("为什么提前终止"), _("照文件写。不写个人姓名和号码。"))


class PlanForm(DeskForm):
    """A campaign: who is drawn how, what is looked at."""

    title = line_field(_("名称"), _("例如：2026年承诺兑现专项督查。"), 120)
    designation_id = forms.TypedChoiceField(
        label=_("依据哪一项指定"),
        coerce=int,
        help_text=_("督查要在县政府指定的事项、范围和期限里开展。"),
    )
    basis = reason_field(_("督查依据"), _("督查方案的文号，以及所依据的文件和条款。"))
    from_on = date_field(_("督查自"), validators=MOMENTS)
    until_on = date_field(_("督查至"), validators=MOMENTS)
    items = long_field(
        _("检查清单"),
        _("一行一项，先写检查内容，再用竖线隔开写依据，例如：承诺是否按期兑现｜国发〔2016〕76号。"),
        8,
    )
    kinds = forms.MultipleChoiceField(
        label=_("从哪几类单位里抽"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("这几类今天在册的单位全部列入，不能单独去掉哪一个；督查单位和复核单位除外。"),
    )
    n = forms.IntegerField(label=_("抽几个单位"), min_value=1, max_value=500)
    per_kind = forms.BooleanField(
        label=_("每一类各抽这么多（不足的全抽）"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    seed_kind = forms.ChoiceField(
        label=_("用什么随机数抽"), choices=SeedKind.choices, widget=forms.RadioSelect
    )
    seed_named = reason_field(
        _("具体是哪一个"),
        _("写得谁都能找到，例如：2026年12月3日双色球第2026139期开奖号码，红球从小到大再写蓝球。"),
    )
    seed_on = date_field(
        _("它在哪天产生"),
        help_text=_("要在今天以后，这样谁也不能事先知道抽到谁。"),
        validators=MOMENTS,
    )
    review_unit_id = forms.TypedChoiceField(
        label=_("复核单位"),
        coerce=int,
        help_text=_("对结论有异议的向它申请复核；参加过督查的人不能作复核决定。"),
    )

    def __init__(
        self, *args: Any, designations: Choices, units: Choices, kinds: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["designation_id"].choices = designations  # type: ignore[attr-defined]  # a choice field
        self.fields["review_unit_id"].choices = units  # type: ignore[attr-defined]  # a choice field
        self.fields["kinds"].choices = kinds  # type: ignore[attr-defined]  # a choice field

    def clean_items(self) -> list[list[str]]:
        """Words and basis of each line."""
        found = []
        lines = [line for line in self.cleaned_data["items"].splitlines() if line.strip()]
        for place, line in enumerate(lines, start=1):
            words, *rest = (part.strip() for part in _BASIS.split(line, maxsplit=1))
            if not words or not rest or not rest[0]:
                raise ValidationError(
                    _("第%(n)s项缺少依据：请在检查内容后面用竖线隔开写依据。"), params={"n": place}
                )
            if len(words) > 400 or len(rest[0]) > 200:
                raise ValidationError(
                    _("第%(n)s项太长：检查内容不超过400字，依据不超过200字。"), params={"n": place}
                )
            found.append([words, rest[0]])
        return found


class DrawForm(DeskForm):
    """The seed, as it was published."""

    # No check for numbers of persons: a long public number may look like one.
    seed = forms.CharField(
        label=_("公布的随机数"),
        help_text=_("照约定的写法原样填写，空格也算。例如：03 07 12 21 29 30 08。"),
        max_length=200,
    )
    seed_source = reason_field(_("在哪里公布的"), _("网站、公告的名称和日期，别人照着能找到。"))


class RedrawForm(DrawForm):
    """The seed as it should have been typed, and why the draw is done again."""

    because = reason_field(
        _("为什么重新抽取"), _("上次哪里填错了。向社会公开，不写个人姓名和号码。")
    )


class FindingForm(DeskForm):
    """What was found of one item."""

    verdict = forms.ChoiceField(
        label=_("检查结果"),
        choices=Verdict.choices,
        widget=forms.RadioSelect,
        help_text=_("“不适用”是这一项与该单位无关；“没有检查”是该查而没有查成。都不算符合。"),
    )
    words = long_field(_("说明"), _("看了什么、事实怎样。没有检查的写明原因。不写个人姓名和号码。"))
    due_on = date_field(
        _("整改期限"), required=False, help_text=_("有问题的必填。"), validators=MOMENTS
    )
    evidence = evidence_field()

    def clean(self) -> dict[str, Any]:
        """A problem has a day, and nothing else has."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("verdict") == Verdict.PROBLEM and not said.get("due_on"):
            self.add_error("due_on", _("有问题的要写明整改期限。"))
        if said.get("verdict") != Verdict.PROBLEM:
            said["due_on"] = None
        return said


class RecheckForm(DeskForm):
    """What was seen on looking again."""

    resolved = forms.TypedChoiceField(
        label=_("复查结果"),
        choices=[("yes", _("已整改到位")), ("no", _("没有整改到位，继续整改"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    words = long_field(_("复查情况"), _("看了什么、是否属实。不写个人姓名和号码。"), 3)
    due_on = date_field(
        _("新的整改期限"), required=False, help_text=_("没有整改到位的必填。"), validators=MOMENTS
    )
    evidence = evidence_field()

    def clean(self) -> dict[str, Any]:
        """What is not resolved is owed by another day."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("resolved") is False and not said.get("due_on"):
            self.add_error("due_on", _("没有整改到位的要写明新的期限。"))
        if said.get("resolved"):
            said["due_on"] = None
        return said


class ConclusionForm(DeskForm):
    """The conclusion on one unit."""

    conclusion = long_field(
        _("督查结论"),
        _("事实清楚、证据充分、客观公正。会送达该单位，写进登记簿。不写个人姓名。"),
        8,
    )


class SummaryForm(DeskForm):
    """The end of a campaign."""

    summary = long_field(
        _("总的情况"),
        _("查了哪些单位、发现什么、整改怎样；没有抽取就取消的，写为什么。不写个人姓名。"),
        6,
    )


class ReceiptForm(DeskForm):
    """When and how a conclusion was received."""

    received_on = date_field(_("收到的日期"), validators=MOMENTS)
    how = line_field(_("怎样收到的"), _("例如：本单位在系统里签收；送达回证第几号。"))


class ReviewForm(DeskForm):
    """Why a unit asks for a review."""

    grounds = long_field(_("异议和理由"), _("对哪一项不服、事实和依据是什么。不写个人姓名和号码。"))
    evidence = evidence_field()


class DecisionForm(DeskForm):
    """What a review decided."""

    outcome = forms.ChoiceField(
        label=_("复核决定"), choices=ReviewOutcome.choices, widget=forms.RadioSelect
    )
    decision = long_field(_("理由"), _("会送达该单位，写进登记簿。变更的写明变更成什么。"), 6)
