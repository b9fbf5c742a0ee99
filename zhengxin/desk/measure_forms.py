"""Forms of measures: proposing, replying, hearing, deciding, showing, referring, confirming."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengxin.desk.forms import (
    MOMENTS,
    DeskForm,
    date_field,
    dress,
    reason_field,
    without_number,
)
from zhengxin.desk.inspection_forms import Choices, evidence_field, line_field, long_field
from zhengxin.sanctions.enums import Factor
from zhengxin.sanctions.models import Measure
from zhengxin.sanctions.types import TASKS

_SELECT = {"class": "form-select", "size": 6}


def entry_field() -> forms.IntegerField:
    """The number of a record."""
    return forms.IntegerField(
        label=_("登记簿条目"),
        min_value=1,
        max_value=10**15,
        help_text=_("作为依据的失信记录的编号：要成立、没有异议、说的就是这个单位。"),
    )


def _yes_or_no(label: Any, yes: Any, no: Any, help_text: Any = "") -> forms.ChoiceField:
    """One of two, and none beforehand."""
    return forms.ChoiceField(
        label=label,
        choices=[("yes", yes), ("no", no)],
        widget=forms.RadioSelect,
        help_text=help_text,
    )


def _short(label: Any) -> forms.CharField:
    """A sentence that may be missing."""
    return forms.CharField(label=label, required=False, max_length=400, validators=[without_number])


class UnitForm(DeskForm):
    """A form that begins with a unit."""

    unit_id = forms.TypedChoiceField(label=_("对哪个单位"), coerce=int)

    def __init__(self, *args: Any, units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_id"].choices = [("", _("请选择")), *units]  # type: ignore[attr-defined]  # a choice field


class ProposalForm(UnitForm):
    """What is proposed, against whom, resting on what."""

    entry_id = entry_field()
    measures = forms.MultipleChoiceField(
        label=_("拟采取的措施和依据"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("清单里今天有依据、由信用办决定的。同一种措施只选一条依据。"),
    )
    facts = long_field(
        _("事实"), _("什么时候、什么事、凭什么材料认定。会写进告知书。不写个人姓名和号码。")
    )

    def __init__(self, *args: Any, steps: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measures"].choices = steps  # type: ignore[attr-defined]  # a choice field


class ReplyForm(DeskForm):
    """What the unit has to say."""

    words = long_field(_("陈述"), _("逐点写明事实、理由。不写个人姓名和号码。"))
    evidence = evidence_field()


class HearingForm(DeskForm):
    """What was made of every point."""

    words = long_field(
        _("听取情况"), _("谁在哪天听取；单位说的每一点，核对了什么，采纳还是不采纳。")
    )


class DecisionForm(DeskForm):
    """Which of the announced measures, why; each factor with its proof and a sentence."""

    reasons = long_field(_("决定的理由"), _("事实、依据、为什么采取或者不采取。会送达单位。"))
    executing = forms.TypedMultipleChoiceField(
        label=_("执行单位"),
        required=False,
        coerce=int,
        widget=forms.SelectMultiple(attrs=_SELECT),
        help_text=_("取消评优等措施由谁执行，例如办理评选的单位。可以选几个：按住Ctrl键逐个点。"),
    )

    def __init__(
        self, *args: Any, measures: Sequence[Measure], units: Choices, replied: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._measures = measures
        if replied:
            help_text = _("逐点回应：采纳或者不采纳，为什么。")
            self.fields["answer"] = long_field(_("对陈述的回应"), help_text)
        for each in measures:
            self.fields[f"keep_{each.pk}"] = _yes_or_no(
                each.name, _("采取"), _("不采取"), each.basis
            )
            if each.code in TASKS:
                self.fields[f"due_{each.pk}"] = date_field(
                    _("{name}的期限").format(name=each.name), required=False, validators=MOMENTS
                )
        for factor in Factor:
            label = _("从轻情形：{factor}").format(factor=factor.label)
            self.fields[f"holds_{factor}"] = _yes_or_no(label, _("认定"), _("不认定"))
            self.fields[f"proof_{factor}"] = _short(_("凭什么材料"))
            self.fields[f"words_{factor}"] = _short(_("为什么认定"))
        self.fields["executing"].choices = units  # type: ignore[attr-defined]  # a choice field
        self.order_fields([*self._order()])
        dress(self.fields.values())

    def _order(self) -> Iterator[str]:
        yield from (name for name in self.fields if name.startswith(("keep_", "due_")))
        yield "executing"
        yield from (f"{part}_{each}" for each in Factor for part in ("holds", "proof", "words"))
        yield "answer"
        yield "reasons"

    def said(self) -> dict[str, Any]:
        """As the journey takes it."""
        data = self.cleaned_data
        kept = []
        for each in self._measures:
            if data[f"keep_{each.pk}"] == "yes":
                day = data.get(f"due_{each.pk}")
                kept.append([each.pk, day.isoformat() if day else ""])
        factors = [
            [
                each.value,
                data[f"holds_{each}"] == "yes",
                data[f"proof_{each}"],
                data[f"words_{each}"],
            ]
            for each in Factor
        ]
        return {
            "kept": kept,
            "reasons": data["reasons"],
            "answer": data.get("answer", ""),
            "factors": factors,
            "executing": data["executing"],
        }


class LiftForm(DeskForm):
    """Why a measure ends before its time."""

    because = reason_field(_("为什么提前解除"))


class CirculationForm(DeskForm):
    """What the public reads, and until when."""

    words = long_field(_("公开的内容"), _("事实和责任单位。不写任何个人。"))
    until_on = date_field(_("公开到哪天"), validators=MOMENTS, help_text=_("到期自行撤下。"))


class ReferralForm(UnitForm):
    """To whom, which situation, on what evidence."""

    entry_id = entry_field()
    situation = forms.ChoiceField(label=_("情形"))
    referred_to = forms.ChoiceField(label=_("移送给谁"))
    words = long_field(_("本县掌握的事实和证据"), _("写明材料名称和文号。不写个人号码。"))

    def __init__(self, *args: Any, situations: Choices, leads: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["situation"].choices = [("", _("请选择")), *situations]  # type: ignore[attr-defined]  # a choice field
        self.fields["referred_to"].choices = [("", _("请选择")), *leads]  # type: ignore[attr-defined]  # a choice field


class AnswerForm(DeskForm):
    """What came back."""

    answered_on = date_field(_("答复日期"), validators=MOMENTS)
    answer = long_field(_("答复的内容"), _("照来文写，写明文号。不写个人姓名和号码。"))
    evidence = evidence_field()


class ConfirmForm(DeskForm):
    """Which text was read, where."""

    words = line_field(
        _("对照了什么"),
        _("写明原文从哪里来、第几条，例如：县政府公报2026年第3期，第十二条。"),
    )
