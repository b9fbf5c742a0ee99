"""The block at the foot of a form of decision: what is signed, by which second factor.

A page draws the block with the digest of what it shows. When the form comes back it carries that digest
and either a typed code, or a passkey's answer to a question asked for with the same form (by fetch).
"""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin import journey
from zhengxin.accounts import queries as accounts
from zhengxin.accounts.enums import FactorKind
from zhengxin.accounts.locking import Locked
from zhengxin.accounts.proofs import FactorRefused
from zhengxin.accounts.signatures import ContentChanged
from zhengxin.accounts.types import Proof, Signed
from zhengxin.desk.gate import DeskRequest
from zhengxin.desk.passkeys import elsewhere, site_of, works_here
from zhengxin.journey.showing import Sheet

SHOWN, NONCE, CODE, ASSERTION, ASKING = "shown", "nonce", "code", "assertion", "ask"


class SigningBlock:
    """What the template draws, and what came back with the form."""

    def __init__(self, request: DeskRequest, sheet: Callable[[str], Sheet]) -> None:
        """`sheet` gives what the page shows, for the random number of the form."""
        self._request = request
        posted = request.POST if request.method == "POST" else {}
        self.nonce = str(posted.get(NONCE, ""))[:32] or secrets.token_hex(16)
        self.sheet = sheet(self.nonce)
        self._shown = str(posted.get(SHOWN, ""))
        self._code = str(posted.get(CODE, ""))
        self._assertion = str(posted.get(ASSERTION, ""))
        self._asking = ASKING in posted
        kinds = {line.kind for line in accounts.factors(request.account.pk)}
        self.by_code = FactorKind.TOTP in kinds
        self.by_passkey = FactorKind.PASSKEY in kinds and works_here(request)
        self.passkey_elsewhere = elsewhere(request) if FactorKind.PASSKEY in kinds else ""
        self.error = ""

    @property
    def invented_code(self) -> str:
        """In the invented county: a code that passes now."""
        codes = accounts.invented_codes(timezone.now(), self._request.account.pk)
        return codes.get(self._request.account.pk, "")

    def done(
        self,
        form: BaseForm | None,
        said: Callable[[], Mapping[str, Any]],
        act: Callable[[Signed], object],
    ) -> HttpResponse | bool:
        """Carries the act out when the form is sound: True when it is done, False when the page is to be
        drawn again, or the question for a passkey. Raises ContentChanged."""
        if self._request.method != "POST":
            return False
        if form is not None and not form.is_valid():
            if self._asking:
                return JsonResponse({"errors": True}, status=422)
            return False
        if self._shown != self.sheet.digest:
            raise ContentChanged
        site = site_of(self._request)
        if self._asking:
            question = journey.signing_question(
                sheet=self.sheet,
                said=said(),
                nonce=self.nonce,
                site=site,
                at=timezone.now(),
                actor=self._request.actor,
            )
            return JsonResponse(question)
        if not self._code.strip() and not self._assertion:
            self.error = _("还没有签署：请输入验证码，或用通行密钥。")
            return False
        try:
            act(Signed(self._shown, self.nonce, Proof(self._code, self._assertion, site)))
        except (FactorRefused, Locked) as refused:
            self.error = str(refused)
            return False
        return True

    def status(self, form: BaseForm | None) -> int:
        """422 when the page is drawn again because something is missing."""
        return 422 if self.error or (form is not None and form.errors) else 200
