"""The key store hands accounts, which stand below it, the key of their second factors."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Rooms below rest on keys of this one."""

    name = "zhengxin.ledger.vault"

    def ready(self) -> None:
        """Secrets of second factors rest on the key store."""
        from zhengxin.accounts.sealing import rest_on
        from zhengxin.ledger.vault import keyring
        from zhengxin.ledger.vault.enums import KeyKind

        rest_on(lambda: keyring.made(KeyKind.FACTOR, "aes-256-gcm"))
