"""Second factors for tests: an app whose secret is known, a passkey in software, and a client that signs."""

import base64
import hashlib
import json
import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from zhengxin.accounts import factors
from zhengxin.accounts.models import Account, Factor
from zhengxin.accounts.proofs import code_of, secret_of, step_of
from zhengxin.accounts.types import Proof, Signed, Site
from zhengxin.desk.gate import FACTOR_KEY
from zhengxin.journey.showing import Sheet
from zhengxin.kernel.actor import Actor

HOST = "localhost"
SITE = Site(HOST, (f"http://{HOST}",))


def url64(data: bytes) -> str:
    """Base64url without padding, as browsers write it."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class SoftPasskey:
    """An authenticator in software (ES256) that always verifies its user."""

    def __init__(self, origin: str = f"http://{HOST}", rp_id: str = HOST) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = hashlib.sha256(str(id(self.key)).encode() + str(time.time_ns()).encode()).digest()
        self.origin, self.rp_id, self.count = origin, rp_id, 0
        # User present and verified.
        self.flags = 0x05

    def _client_data(self, kind: str, question: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": question["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

    def _head(self, flags: int) -> bytes:
        self.count += 1
        return (
            hashlib.sha256(self.rp_id.encode()).digest()
            + bytes([flags])
            + self.count.to_bytes(4, "big")
        )

    def create(self, question: dict[str, Any]) -> str:
        """The answer of navigator.credentials.create, without attestation."""
        point = self.key.public_key().public_numbers()
        cose = {
            1: 2,
            3: -7,
            -1: 1,
            -2: point.x.to_bytes(32, "big"),
            -3: point.y.to_bytes(32, "big"),
        }
        data = self._head(self.flags | 0x40) + bytes(16) + len(self.id).to_bytes(2, "big") + self.id
        made = {"fmt": "none", "attStmt": {}, "authData": data + cbor2.dumps(cose)}
        response = {
            "clientDataJSON": url64(self._client_data("webauthn.create", question)),
            "attestationObject": url64(cbor2.dumps(made)),
        }
        return self._answer(response)

    def get(self, question: dict[str, Any]) -> str:
        """The answer of navigator.credentials.get."""
        client, data = self._client_data("webauthn.get", question), self._head(self.flags)
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": url64(client),
            "authenticatorData": url64(data),
            "signature": url64(signed),
        }
        return self._answer(response)

    def _answer(self, response: dict[str, str]) -> str:
        name = url64(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def own(account: Account) -> Actor:
    """The account itself, before any post."""
    return Actor(account.pk, account.name, None, frozenset())


def add_passkey(account: Account, key: SoftPasskey | None = None) -> SoftPasskey:
    """Enrols a passkey in software."""
    key = key or SoftPasskey()
    question = factors.passkey_registration(account=account, site=SITE)
    factors.add_passkey(
        account_id=account.pk,
        name="测试密钥",
        answer=key.create(question),
        challenge=question["challenge"],
        site=SITE,
        at=timezone.now(),
        actor=own(account),
    )
    return key


def add_app(account: Account, at: datetime | None = None) -> str:
    """Enrols an app, as of a day ago, and returns its secret."""
    at = at or timezone.now() - timedelta(days=1)
    started = factors.start_app(account_id=account.pk, name="测试手机", at=at, actor=own(account))
    secret = secret_of(started)
    code = code_of(secret, step_of(at))
    factors.confirm_app(account_id=account.pk, code=code, at=at, actor=own(account))
    return secret


def fresh_code(account: Account) -> str:
    """A code of the account's app that passes now; waits for the next one when three were used."""
    while True:
        factor = Factor.objects.get(account=account, kind="totp")
        now = step_of(timezone.now())
        # The eldest code lasts to the end of this half minute: typed just before, it would arrive too late.
        soon = step_of(timezone.now() + timedelta(seconds=10))
        step = max(soon - 1, factor.last_step + 1)
        if step <= now + 1:
            return code_of(secret_of(factor), step)
        time.sleep(0.5)


def type_code(page: Page, account: Account) -> None:
    """Types a code where the page asks for one: made when the field is there, for a code does not wait for a slow page."""
    field = page.get_by_label("验证器上的6位数字")
    field.wait_for()
    field.fill(fresh_code(account))


def signed_at(account_id: int | None, sheet: Sheet, at: datetime, nonce: str = "00") -> Signed:
    """Signed by the account's app with the code of that moment (once a moment)."""
    factor = Factor.objects.get(account_id=account_id or 0, kind="totp")
    return Signed(sheet.digest, nonce, Proof(code=code_of(secret_of(factor), step_of(at))))


def signed_soon(account_id: int, sheet: Sheet) -> dict[str, Any]:
    """`signed` and `at` of a verb, at the next moment for which the account's app has an unused code."""
    factor = Factor.objects.get(account_id=account_id, kind="totp")
    step = max(step_of(timezone.now()), factor.last_step + 1)
    at = datetime.fromtimestamp(step * 30, UTC)
    return {"signed": signed_at(account_id, sheet, at), "at": at}


class DeskClient(Client):
    """A browser at the desk whose official has a passkey (or none, as a clerk)."""

    def __init__(self, account: Account, key: SoftPasskey | None) -> None:
        super().__init__(SERVER_NAME=HOST)
        self.key = key
        self.force_login(account)
        if key is not None:
            session = self.session
            session[FACTOR_KEY] = Factor.objects.get(credential_id=url64(key.id)).pk
            session.save()

    def block(self, path: str) -> dict[str, str]:
        """The hidden values of the block of signature on a page."""
        page = self.get(path).content.decode()
        found = {
            name: re.search(rf'name="{name}" value="([0-9a-f]*)"', page)
            for name in ("shown", "nonce")
        }
        return {name: match[1] for name, match in found.items() if match}

    def sign(self, path: str, data: dict[str, Any], block: dict[str, str] | None = None) -> Any:
        """Sends a form of decision, signed with the passkey over what the page shows (or showed)."""
        form = {**data, **(self.block(path) if block is None else block)}
        asked = self.post(path, {**form, "ask": "1"})
        if asked.status_code != 200 or self.key is None:
            return self.post(path, form)
        return self.post(path, {**form, "assertion": self.key.get(asked.json())})
