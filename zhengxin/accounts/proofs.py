"""Second factors put to the proof: a code of an app (each once), a passkey's answer, a recovery code (each once)."""

import json
import unicodedata
from datetime import datetime
from hmac import compare_digest

import pyotp
from django.db import transaction
from django.utils.translation import gettext as _

from zhengxin.accounts.enums import FactorKind
from zhengxin.accounts.locking import admit, factor_key, passed
from zhengxin.accounts.models import Account, Factor, RecoveryCode
from zhengxin.accounts.sealing import keyed_digest, seal, stored_digest, unseal
from zhengxin.accounts.types import Proof, Proven
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused

STEP = 30
DIGITS = 6


class FactorRefused(Refused):
    """The second factor did not pass; the failure is counted."""


def step_of(at: datetime) -> int:
    """The number of the 30-second step a moment lies in."""
    return int(at.timestamp()) // STEP


def code_of(secret: str, step: int) -> str:
    """The code of a base32 secret in a step (RFC 6238, SHA-1, 6 digits)."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=STEP).generate_otp(step)


def secret_of(factor: Factor) -> str:
    """The base32 secret of an app."""
    return _kept(factor)[0].decode()


def _kept(factor: Factor) -> tuple[bytes, bool]:
    return unseal(bytes(factor.secret), about=f"{factor.account_id}")


def typed(text: str) -> str:
    """A code as it was meant: without spaces, full-width figures and small letters as plain ones."""
    plain = unicodedata.normalize("NFKC", "".join(text.split())).upper()
    return plain if plain.isascii() else ""


def prove(
    *,
    account_id: int,
    proof: Proof,
    challenge: bytes,
    at: datetime,
    actor: Actor,
    recovery: bool = False,
) -> Proven:
    """Which factor of the account the proof is; `recovery` also admits recovery codes.

    Counted, tried and forgiven in one transaction that holds the account's count: of two processes the
    second tries after the first is counted, and one broken off has told nobody anything. Raises Locked, FactorRefused.
    """
    account, key = Account.objects.get(pk=account_id), factor_key(account_id)
    with transaction.atomic():
        admit(key=key, account=account, at=at, actor=actor)
        found = _passkey(account_id, proof, challenge, at) if proof.assertion else None
        code = typed(proof.code)
        if found is None and code.isdecimal():
            found = use_code(account_id=account_id, code=code, at=at)
        if found is None and recovery and code and not code.isdecimal():
            found = _recovery(account_id, code, at)
        if found is not None:
            passed(keys=[key], at=at, actor=actor)
    if found is None:
        raise FactorRefused(
            _("第二因子没有通过核对。"),
            _("验证码不对、已过时，或者已经用过一次；通行密钥要由登记的设备验证本人。"),
            _("验证码每30秒换一次，每个只能用一次：请等下一个再输入。"),
        )
    return found


def use_code(*, account_id: int, code: str, at: datetime, confirmed: bool = True) -> Proven | None:
    """Uses a code of one of the account's apps, one step early or late at most; None when it does not fit."""
    apps = Factor.objects.filter(
        account_id=account_id, kind=FactorKind.TOTP, confirmed_at__isnull=not confirmed
    )
    now = step_of(at)
    for factor in apps:
        kept, is_old = _kept(factor)
        secret = kept.decode()
        for step in (now - 1, now, now + 1):
            # Of two processes with the same code one moves the step, the other finds it moved.
            if compare_digest(code_of(secret, step), code) and Factor.objects.filter(
                pk=factor.pk, last_step__lt=step
            ).update(last_step=step, used_at=at):
                if is_old:
                    anew = seal(kept, about=f"{account_id}")
                    Factor.objects.filter(pk=factor.pk).update(secret=anew)
                return Proven(factor.pk, FactorKind.TOTP)
    return None


def _passkey(account_id: int, proof: Proof, challenge: bytes, at: datetime) -> Proven | None:
    # Loaded where it is used: every command would wait for it.
    from webauthn import verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        said = json.loads(proof.assertion)
        factor = Factor.objects.filter(
            account_id=account_id, kind=FactorKind.PASSKEY, credential_id=str(said["id"])
        ).first()
        if factor is None:
            return None
        verified = verify_authentication_response(
            credential=said,
            expected_challenge=challenge,
            expected_rp_id=proof.site.rp_id,
            expected_origin=list(proof.site.origins),
            credential_public_key=bytes(factor.public_key),
            credential_current_sign_count=factor.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, LookupError, TypeError):
        return None
    moved = Factor.objects.filter(pk=factor.pk, sign_count=factor.sign_count).update(
        sign_count=verified.new_sign_count, used_at=at
    )
    if not moved:
        return None
    kept = {
        "id": said["id"],
        "type": "public-key",
        "response": {
            name: said["response"][name]
            for name in ("authenticatorData", "clientDataJSON", "signature")
        },
    }
    return Proven(factor.pk, FactorKind.PASSKEY, kept, bytes(factor.public_key), proof.site.rp_id)


def recovery_digest(account_id: int, code: str) -> str:
    """What is kept of a recovery code: a keyed digest of it without its dashes."""
    return stored_digest(_words(account_id, code))


def _words(account_id: int, code: str) -> str:
    return f"recovery:{account_id}:{code.replace('-', '')}"


def _recovery(account_id: int, code: str, at: datetime) -> Proven | None:
    codes = RecoveryCode.objects.filter(
        factor__account_id=account_id,
        # Sets from before rest on the session secret.
        digest__in=(recovery_digest(account_id, code), keyed_digest(_words(account_id, code))),
        used_at__isnull=True,
    )
    found = codes.first()
    if found is None or not codes.filter(pk=found.pk).update(used_at=at):
        return None
    Factor.objects.filter(pk=found.factor_id).update(used_at=at)
    return Proven(found.factor_id, FactorKind.RECOVERY)
