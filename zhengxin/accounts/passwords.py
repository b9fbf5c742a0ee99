"""A rule of passwords that Django has not: the name of the account is no part of them."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from zhengxin.accounts.models import Account


class WithoutName:
    """Refuses a password that holds the user name or the name of its person."""

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raises ValidationError."""
        if user is not None and any(
            part.casefold() in password.casefold() for part in (user.username, user.name) if part
        ):
            raise ValidationError(_("密码里不能有账号名或姓名。"), code="password_has_name")

    def get_help_text(self) -> str:
        """What the person is told beforehand."""
        return _("密码里不能有账号名或姓名，也不能是最近用过的。")
