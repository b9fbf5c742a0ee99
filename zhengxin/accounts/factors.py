"""Verbs of second factors: enrol an app or a passkey, recovery codes, remove, reset. Journey audits them."""

import json
import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pyotp
from django.db import transaction
from django.utils.translation import gettext as _

from zhengxin.accounts.enums import FactorKind
from zhengxin.accounts.models import Account, Factor, RecoveryCode
from zhengxin.accounts.permissions import check_reset_factors
from zhengxin.accounts.proofs import recovery_digest, typed, use_code
from zhengxin.accounts.sealing import seal
from zhengxin.accounts.types import Site
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import NotAllowed, Refused

if TYPE_CHECKING:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

RECOVERY_CODES = 10
# Without letters and digits that look alike.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
MOST = 10


class NotEnrolled(Refused):
    """A second factor was not added."""


def _own(account_id: int, actor: Actor, what: str) -> None:
    if actor.account_id != account_id:
        raise NotAllowed(what, _("第二因子只能由本人登记和移除。"), _("请用本人账号登录后办理。"))


def _insist_on_room(account_id: int) -> None:
    if Factor.objects.filter(account_id=account_id, confirmed_at__isnull=False).count() >= MOST:
        raise NotEnrolled(
            _("没有登记：第二因子已有{n}个。").format(n=MOST), "", _("请先移除不再使用的。")
        )


def start_app(*, account_id: int, name: str, at: datetime, actor: Actor) -> Factor:
    """A new secret for an authenticator app, not in force before a code of it was given."""
    _own(account_id, actor, _("验证器没有登记。"))
    _insist_on_room(account_id)
    with transaction.atomic():
        Factor.objects.filter(
            account_id=account_id, kind=FactorKind.TOTP, confirmed_at__isnull=True
        ).delete()
        return Factor.objects.create(
            account_id=account_id,
            kind=FactorKind.TOTP,
            name=name.strip()[:60] or _("验证器"),
            secret=seal(pyotp.random_base32().encode(), about=f"{account_id}"),
            created_at=at,
        )


def confirm_app(*, account_id: int, code: str, at: datetime, actor: Actor) -> Factor:
    """The app just started shows this code, so it works. Raises NotEnrolled."""
    _own(account_id, actor, _("验证器没有登记。"))
    with transaction.atomic():
        proven = use_code(account_id=account_id, code=typed(code), at=at, confirmed=False)
        if proven is None:
            raise NotEnrolled(
                _("验证码不对。"),
                _("验证器上的数字每30秒换一次，手机的时间也要准。"),
                _("请输入验证器上现在显示的6位数字。"),
            )
        factor = Factor.objects.get(pk=proven.factor_id)
        factor.confirmed_at = at
        factor.save(update_fields=["confirmed_at"])
    return factor


def passkey_registration(*, account: Account, site: Site) -> dict[str, Any]:
    """What a browser needs to make a passkey, its challenge among it."""
    # Loaded where it is used: every command would wait for it.
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=site.rp_id,
        rp_name=_("政信"),
        user_id=f"zhengxin-{account.pk}".encode(),
        user_name=account.username,
        user_display_name=account.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(account.pk),
    )
    return dict(json.loads(options_to_json(options)))


def passkey_question(*, account_id: int, site: Site, challenge: bytes) -> dict[str, Any]:
    """What a browser needs to have one of the account's passkeys answer a challenge."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    options = generate_authentication_options(
        rp_id=site.rp_id,
        challenge=challenge,
        allow_credentials=_descriptors(account_id),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(json.loads(options_to_json(options)))


def _descriptors(account_id: int) -> "list[PublicKeyCredentialDescriptor]":
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    ids = Factor.objects.filter(account_id=account_id, kind=FactorKind.PASSKEY).values_list(
        "credential_id", flat=True
    )
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in ids]


def add_passkey(
    *,
    account_id: int,
    name: str,
    answer: str,
    challenge: str,
    site: Site,
    at: datetime,
    actor: Actor,
) -> Factor:
    """The passkey a browser made for `challenge` (base64url). Raises NotEnrolled."""
    from webauthn import verify_registration_response
    from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
    from webauthn.helpers.exceptions import WebAuthnException

    _own(account_id, actor, _("通行密钥没有登记。"))
    _insist_on_room(account_id)
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.rp_id,
            expected_origin=list(site.origins),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, LookupError, TypeError) as fault:
        raise NotEnrolled(
            _("通行密钥没有登记。"),
            _("设备的回答没有通过核对，或者设备没有验证本人。"),
            _("请再试一次；仍不行的，改用动态验证码。"),
        ) from fault
    made_id = bytes_to_base64url(made.credential_id)
    with transaction.atomic():
        if Factor.objects.filter(credential_id=made_id).exists():
            raise NotEnrolled(_("这把通行密钥已经登记过。"), "", _("请换一个设备登记。"))
        return Factor.objects.create(
            account_id=account_id,
            kind=FactorKind.PASSKEY,
            name=name.strip()[:60] or _("通行密钥"),
            credential_id=made_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            created_at=at,
            confirmed_at=at,
        )


def renew_recovery_codes(*, account_id: int, at: datetime, actor: Actor) -> list[str]:
    """Ten new recovery codes, to be shown once; those before are void. Raises NotEnrolled without a factor."""
    _own(account_id, actor, _("恢复码没有生成。"))
    if not Factor.objects.filter(
        account_id=account_id,
        confirmed_at__isnull=False,
        kind__in=(FactorKind.TOTP, FactorKind.PASSKEY),
    ).exists():
        raise NotEnrolled(
            _("恢复码没有生成。"), _("还没有登记第二因子。"), _("请先登记验证器或通行密钥。")
        )
    codes = [
        "-".join("".join(secrets.choice(_LETTERS) for _place in range(5)) for _part in range(3))
        for _code in range(RECOVERY_CODES)
    ]
    with transaction.atomic():
        # The row stays, so that whoever came in by a code of the old set is not thrown out.
        kept, _made = Factor.objects.get_or_create(
            account_id=account_id,
            kind=FactorKind.RECOVERY,
            defaults={"name": str(FactorKind.RECOVERY.label), "created_at": at, "confirmed_at": at},
        )
        kept.codes.all().delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(factor=kept, digest=recovery_digest(account_id, code)) for code in codes
        )
    return codes


def remove_factor(*, account_id: int, factor_id: int, at: datetime, actor: Actor) -> str:
    """Removes one of one's own factors and returns its name; with the last one the recovery codes go too."""
    _own(account_id, actor, _("第二因子没有移除。"))
    with transaction.atomic():
        factor = (
            Factor.objects.select_for_update().filter(pk=factor_id, account_id=account_id).first()
        )
        if factor is None:
            raise NotEnrolled(_("没有移除。"), _("没有这个第二因子。"), _("请从列表里选择。"))
        name = factor.name
        factor.delete()
        if (
            not Factor.objects.filter(account_id=account_id, confirmed_at__isnull=False)
            .exclude(kind=FactorKind.RECOVERY)
            .exists()
        ):
            Factor.objects.filter(account_id=account_id).delete()
    return name


def reset_factors(*, account_id: int, at: datetime, actor: Actor) -> int:
    """Takes every factor of an account away; sessions proven by them end. Returns how many there were."""
    check_reset_factors(actor, account_id=account_id)
    found = Factor.objects.filter(account_id=account_id, confirmed_at__isnull=False)
    with transaction.atomic():
        n = found.exclude(kind=FactorKind.RECOVERY).count()
        Factor.objects.filter(account_id=account_id).delete()
    return n
