"""The filter of the audit log."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhengxin.audit.enums import Outcome
from zhengxin.audit.types import Wanted
from zhengxin.desk.forms import MOMENTS, DeskForm, date_field

MORE = ("object_kind", "object_id", "subject_id", "purpose")


class AuditFilter(DeskForm):
    """Which lines of the log to show."""

    since = date_field(_("从"), required=False, validators=MOMENTS)
    until = date_field(_("到"), required=False, validators=MOMENTS)
    who = forms.CharField(label=_("谁（全名或账号编号）"), required=False, max_length=100)
    outcome = forms.ChoiceField(
        label=_("结果"), required=False, choices=[("", _("全部")), *Outcome.choices]
    )
    act = forms.ChoiceField(label=_("事项"), required=False)
    object_kind = forms.ChoiceField(label=_("对象"), required=False)
    object_id = forms.CharField(label=_("对象编号"), required=False, max_length=64)
    subject_id = forms.IntegerField(
        label=_("主体编号"), required=False, min_value=1, max_value=10**18
    )
    purpose = forms.CharField(label=_("用途含有"), required=False, max_length=60)

    def __init__(
        self,
        *args: Any,
        acts: Sequence[tuple[str, str]],
        kinds: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("act", acts), ("object_kind", kinds)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("全部")), *choices]

    def usual(self) -> list[forms.BoundField]:
        """The conditions that stand open."""
        return [field for field in self if field.name not in MORE]

    def more(self) -> list[forms.BoundField]:
        """The conditions that are folded away until one is used."""
        return [self[name] for name in MORE]

    def narrowed(self) -> bool:
        """Whether one of the folded conditions is used."""
        return any(self.data.get(name) for name in MORE)

    def wanted(self) -> Wanted:
        """What is asked for; everything when the form is not valid."""
        asked = dict(self.cleaned_data) if self.is_valid() else {}
        since, until = asked.pop("since", None), asked.pop("until", None)
        return Wanted(
            **asked,
            since=start_of(since) if since else None,
            until=start_of(until + timedelta(days=1)) if until else None,
        )


def start_of(day: date) -> datetime:
    """The moment a day begins in the county."""
    return timezone.make_aware(datetime.combine(day, time.min))
