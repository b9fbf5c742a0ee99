"""Forms of accounts, posts, delegations and invitations. They check shape only; the room decides."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhengxin import journey
from zhengxin.accounts.enums import RoleChoice
from zhengxin.desk.forms import MOMENTS, PASSWORD_HELP, DeskForm, date_field, without_number
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import AlreadyDone, NotAllowed, Refused

Result = TypeVar("Result")


def tried(
    form: forms.Form, verb: Callable[[], Result], *, act: str, about: object, actor: Actor
) -> Result | None:
    """What the verb returned; None when it refused: the reason stands in the form and in the log.

    That somebody may not do it at all (NotAllowed), or that it has been done, goes on to the gate.
    """
    try:
        return verb()
    except (NotAllowed, AlreadyDone):
        raise
    except Refused as refused:
        form.add_error(None, str(refused))
        journey.record_refusal(
            act=act,
            object_kind="account",
            object_id=str(about),
            refusal=refused,
            at=timezone.now(),
            actor=actor,
        )
        return None


def _username() -> forms.CharField:
    return forms.CharField(
        label=_("账号名"),
        max_length=60,
        help_text=_("小写字母开头，3至60位，只用小写字母、数字和 . _ -。登录时用，不能改。"),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )


def _name() -> forms.CharField:
    return forms.CharField(
        label=_("姓名"),
        max_length=60,
        validators=[without_number],
        help_text=_("账号由本人专用，写真实姓名。"),
    )


def choices_of(form: forms.Form, name: str, choices: Sequence[tuple[str, str]]) -> None:
    """Fills a choice of the form, with an empty first line."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [("", _("请选择")), *choices]


class NewPasswordForm(DeskForm):
    """A password, twice."""

    password = forms.CharField(
        label=_("密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("再输一遍密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = PASSWORD_HELP

    def clean(self) -> dict[str, Any]:
        """Both spellings must agree."""
        cleaned: dict[str, Any] = super().clean() or {}
        both = cleaned.get("password"), cleaned.get("again")
        if all(both) and both[0] != both[1]:
            self.add_error("again", _("两次输入的密码不一样。"))
        return cleaned


class AdministratorForm(NewPasswordForm):
    """The account of an administrator who opens it by a link."""

    name = _name()
    username = _username()
    unit = forms.ChoiceField(label=_("单位"))
    field_order = ("name", "username", "unit", "password", "again")

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_of(self, "unit", units)


class OpenAccountForm(DeskForm):
    """A person who gets an account; the password is theirs to set."""

    name = _name()
    username = _username()


class CloseAccountForm(DeskForm):
    """Closing an account is confirmed."""

    confirmed = forms.BooleanField(
        label=_("我已核对：他的岗位和委托今天结束，登录立即失效。办过的事和记录都留着。"),
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )


class InviteForm(DeskForm):
    """A new link for a person who can sign in: the old password ends, so it is confirmed."""

    confirmed = forms.BooleanField(
        label=_("我已当面或电话核实是本人要求。原来的密码立即失效，登录立即退出。"),
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )


class AccountFilter(DeskForm):
    """Which accounts to show."""

    q = forms.CharField(label=_("姓名、账号或单位"), required=False, max_length=60)
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[
            ("", _("全部")),
            ("open", _("在用")),
            ("invited", _("等本人设密码")),
            ("closed", _("已停用")),
        ],
    )


class PostForm(DeskForm):
    """A role at a unit from one day until another."""

    role = forms.ChoiceField(label=_("岗位"), choices=[("", _("请选择")), *RoleChoice.choices])
    unit = forms.ChoiceField(label=_("单位"))
    from_on = date_field(_("从哪天起"), validators=MOMENTS)
    until_on = date_field(
        _("到哪天止"), required=False, help_text=_("含这一天。长期任职的不填。"), validators=MOMENTS
    )

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_of(self, "unit", units)


class EndPostForm(DeskForm):
    """The last day of a post."""

    last_day = date_field(
        _("最后一天"), help_text=_("这一天还能办，第二天起不能。"), validators=MOMENTS
    )


class HandOverForm(EndPostForm):
    """Who follows in a post, from the next day on."""

    successor = forms.CharField(
        label=_("接任人的账号名"), max_length=60, help_text=_("接任人从第二天起任职。")
    )


class DelegateForm(DeskForm):
    """Who acts in a post during a leave."""

    delegate = forms.ChoiceField(
        label=_("委托给谁"), help_text=_("用他自己的账号办，记在两个人名下。")
    )
    from_on = date_field(_("从哪天起"), validators=MOMENTS)
    until_on = date_field(
        _("到哪天止"), help_text=_("含这一天，到期自动收回。"), validators=MOMENTS
    )
    because = forms.CharField(
        label=_("事由"),
        max_length=200,
        validators=[without_number],
        help_text=_("例如年休假、外出学习。"),
    )

    def __init__(
        self, *args: Any, colleagues: Sequence[tuple[str, str]] | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if colleagues is None:
            self.fields["delegate"] = forms.CharField(
                label=_("委托给谁（账号名）"),
                max_length=60,
                help_text=_("用他自己的账号办，记在两个人名下。"),
                widget=forms.TextInput(attrs={"class": "form-control"}),
            )
        else:
            choices_of(self, "delegate", colleagues)

    def clean(self) -> dict[str, Any]:
        """An end after the beginning."""
        cleaned: dict[str, Any] = super().clean() or {}
        start, end = cleaned.get("from_on"), cleaned.get("until_on")
        if isinstance(start, date) and isinstance(end, date) and end < start:
            self.add_error("until_on", _("结束日期早于开始日期。"))
        return cleaned
