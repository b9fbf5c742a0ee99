"""Signing in by user name and password."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from zhengxin.accounts.models import Account


class AccountBackend(BaseBackend):
    """Checks the password of an open account. Roles are not Django permissions: posts carry them."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **credentials: Any,
    ) -> Account | None:
        """The account, or None; an unknown name takes as long as a wrong password."""
        if username is None or password is None:
            return None
        account = Account.objects.filter(username=username).first()
        if account is None:
            Account().set_password(password)
            return None
        return account if account.check_password(password) and account.is_active else None

    def get_user(self, user_id: int) -> Account | None:
        """The account of a session, None once it is closed."""
        return Account.objects.filter(pk=user_id, is_active=True).first()
