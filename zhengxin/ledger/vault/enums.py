"""Kinds of keys that the vault holds wrapped."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class KeyKind(TextChoices):
    """What a wrapped key is for."""

    # Encrypts the secrets of entries. One an epoch.
    WRAPPING = "wrapping", _("包裹密钥")
    # With an entry's secret gives the key of its content. One an epoch.
    DERIVING = "deriving", _("派生密钥")
    PEPPER = "pepper", _("证号摘要密钥")
    # Encrypts the secrets of accounts' second factors.
    FACTOR = "factor", _("第二因子密钥")
    # Encrypts the files that come with acts.
    EVIDENCE = "evidence", _("佐证文件密钥")
    # Encrypts who objects, and how to reach them.
    CONTACT = "contact", _("异议人联系信息密钥")
    # The private half of the key to which the public seals letters.
    LETTER = "letter", _("来信密钥")
    SIGNING = "signing", _("检查点签名密钥")
