"""Forms of work plans. They check shape only; the rooms decide."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhengxin.desk.forms import MOMENTS, DeskForm, date_field, reason_field, without_number
from zhengxin.oversight.enums import AmendmentKind, UnitRole
from zhengxin.oversight.types import Change, Term, TermKind, TermUnit

ALL, CHOSEN, PUT_OFF = "all", "chosen", "put_off"
WHY = _("会和改动一起留着，确认的人能看到。")
Choices = Sequence[tuple[str, Any]]


class PlanFileForm(DeskForm):
    """The file of a plan."""

    file = forms.FileField(
        label=_("方案文件"),
        help_text=_("纯文本、DOCX、带文字的PDF或网页，不超过20MB。扫描件读不了，请要电子文本。"),
        widget=forms.FileInput(attrs={"accept": ".txt,.docx,.pdf,.html,.htm"}),
        allow_empty_file=True,
    )


class NameForm(DeskForm):
    """Which units a name means."""

    scope = forms.ChoiceField(label=_("这个名称指"), widget=forms.RadioSelect)
    units = forms.MultipleChoiceField(
        label=_("选定的单位"), required=False, widget=forms.CheckboxSelectMultiple
    )
    because = reason_field(_("理由"), WHY)

    def __init__(self, *args: Any, units: Choices, meant: Sequence[str], **kwargs: Any) -> None:
        """units: by kind, as choices; meant: ids of those the register's expansion gives, for a group."""
        super().__init__(*args, **kwargs)
        self._meant = tuple(meant)
        scopes = [(CHOSEN, _now("下面勾选的单位")), (PUT_OFF, _now("暂不落实，以后再定"))]
        if meant:
            told = _now("现在展开的全部%(n)s个单位") % {"n": len(meant)}
            scopes.insert(0, (ALL, told))
        _choices(self.fields["scope"], scopes)
        _choices(self.fields["units"], units)

    def clean(self) -> dict[str, Any]:
        """Units are chosen where they are said to be."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("scope") == CHOSEN and not cleaned.get("units") and not self.errors:
            self.add_error("units", _("还没有勾选单位。"))
        return cleaned

    def change(self, name: str) -> Change:
        """What was decided about the name."""
        scope, because = self.cleaned_data["scope"], self.cleaned_data["because"]
        if scope == PUT_OFF:
            return Change(AmendmentKind.SUSPEND, because, name=name)
        chosen = self._meant if scope == ALL else self.cleaned_data["units"]
        return Change(
            AmendmentKind.CHOOSE, because, name=name, unit_ids=tuple(int(pk) for pk in chosen)
        )


class AddUnitForm(DeskForm):
    """One more unit of a task."""

    unit = forms.ChoiceField(label=_("单位"))
    role = forms.ChoiceField(
        label=_("怎样参与"), choices=UnitRole.choices, widget=forms.RadioSelect
    )
    because = reason_field(_("理由"), WHY)

    def __init__(self, *args: Any, units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self.fields["unit"], [("", _now("请选择")), *units])

    def change(self, task: int) -> Change:
        """What was decided about the task."""
        said = self.cleaned_data
        return Change(
            AmendmentKind.ADD_UNIT,
            said["because"],
            task=task,
            unit_ids=(int(said["unit"]),),
            role=said["role"],
        )


class DropUnitForm(DeskForm):
    """Units that are not of a task."""

    units = forms.MultipleChoiceField(label=_("去掉哪些单位"), widget=forms.CheckboxSelectMultiple)
    because = reason_field(_("理由"), WHY)

    def __init__(self, *args: Any, units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self.fields["units"], units)

    def change(self, task: int) -> Change:
        """What was decided about the task."""
        chosen = tuple(int(pk) for pk in self.cleaned_data["units"])
        because = self.cleaned_data["because"]
        return Change(AmendmentKind.DROP_UNIT, because, task=task, unit_ids=chosen)


_PERIODS = {
    TermUnit.MONTHS: _("每月"),
    TermUnit.QUARTERS: _("每季度"),
    TermUnit.HALF_YEARS: _("每半年"),
    TermUnit.YEARS: _("每年"),
}
_DAY, _NONE = "day", "none"
_ALL, _MORE = "all", "more"


class TermForm(DeskForm):
    """One of the terms of a task, another one beside them, or one in the place of all."""

    which = forms.ChoiceField(
        label=_("改哪一条"),
        widget=forms.RadioSelect,
        help_text=_("没有选中的期限照旧；原文仍然留着。"),
    )
    term = forms.ChoiceField(
        label=_("改成"),
        widget=forms.RadioSelect,
        choices=[(_DAY, _("到一个日期")), *_PERIODS.items(), (_NONE, _("没有期限"))],
    )
    day = date_field(_("到哪一天"), required=False, validators=MOMENTS)
    because = reason_field(_("理由"), WHY)

    def __init__(self, *args: Any, terms: Sequence[Term], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._terms = tuple(terms)
        if not terms:
            del self.fields["which"]
            return
        # With its words: whoever opened the page before another changed the terms means none of those of now.
        own = [(f"{place} {term.text}", term.text) for place, term in enumerate(terms)]
        others = [(_MORE, _("另加一条"))] + [(_ALL, _("全部换成一条"))] * (len(own) > 1)
        _choices(self.fields["which"], [*own, *others])

    def clean_term(self) -> str:
        """One more is a term."""
        said: str = self.cleaned_data["term"]
        if said == _NONE and self.cleaned_data.get("which") == _MORE:
            raise ValidationError(_("另加一条的，请选期限。"))
        return said

    def clean_day(self) -> date | None:
        """A day is named where one is meant."""
        day: date | None = self.cleaned_data["day"]
        if self.cleaned_data.get("term") == _DAY and day is None:
            raise ValidationError(_("请填日期。"))
        return day

    def change(self, task: int) -> Change:
        """What was decided about the task."""
        said, day = self.cleaned_data["term"], self.cleaned_data["day"]
        terms: tuple[Term, ...] = ()
        if said == _DAY and day is not None:
            told = _now("%(y)s年%(m)s月%(d)s日前") % {"y": day.year, "m": day.month, "d": day.day}
            terms = (Term(TermKind.BY, told, year=day.year, month=day.month, day=day.day),)
        elif said != _NONE:
            unit = TermUnit(said)
            terms = (Term(TermKind.EVERY, str(_PERIODS[unit]), unit=unit),)
        because = self.cleaned_data["because"]
        return Change(AmendmentKind.CHANGE_TERM, because, task=task, terms=self._with(terms))

    def _with(self, new: tuple[Term, ...]) -> tuple[Term, ...]:
        """All terms of the task as they are from now on."""
        which = self.cleaned_data.get("which", _ALL)
        if which == _ALL:
            return new
        place = len(self._terms) if which == _MORE else int(which.split(" ")[0])
        return self._terms[:place] + new + self._terms[place + 1 :]


class DropTaskForm(DeskForm):
    """Why a task does not become a mandate."""

    because = reason_field(_("理由"), WHY)

    def change(self, task: int) -> Change:
        """What was decided about the task."""
        return Change(AmendmentKind.DROP_TASK, self.cleaned_data["because"], task=task)


class ConfirmPlanForm(DeskForm):
    """Whether the plan takes the place of another."""

    replaces = forms.TypedChoiceField(
        label=_("代替哪一份"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_(
            "修订、重发的方案选原来那一份；签署以后，原来那一份同时终止，已经产生的职责照旧办。"
        ),
    )

    def __init__(self, *args: Any, plans: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self.fields["replaces"], [("", _now("不代替")), *plans])


class ImplementingForm(DeskForm):
    """A unit's own plan of how it does its tasks."""

    parts = forms.MultipleChoiceField(label=_("针对哪些任务"), widget=forms.CheckboxSelectMultiple)
    title = forms.CharField(label=_("标题"), max_length=200, validators=[without_number])
    file = forms.FileField(
        label=_("文件"),
        help_text=_("PDF、DOCX、XLSX、JPG、PNG或纯文本，不超过20MB。"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.xlsx,.jpg,.jpeg,.png,.txt"}),
    )

    def __init__(self, *args: Any, parts: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self.fields["parts"], parts)


def _choices(field: forms.Field, choices: Choices) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
