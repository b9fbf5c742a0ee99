"""The block at the foot of a form of decision: what is signed, by which second factor.

A page draws the block with the digest of what it shows. When the form comes back it carries that digest
and either a typed code, or a passkey's answer to a question asked for with the same form (by fetch).
"""

import re
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin import journey
from zhengxin.accounts import queries as accounts
from zhengxin.accounts.enums import FactorKind
from zhengxin.accounts.locking import Locked
from zhengxin.accounts.proofs import FactorRefused
from zhengxin.accounts.signatures import ContentChanged
from zhengxin.accounts.types import OnPaper, Proof, Signed, Site
from zhengxin.desk.gate import DeskRequest
from zhengxin.desk.passkeys import elsewhere, site_of, works_here
from zhengxin.journey.papering import AskedOnPaper
from zhengxin.journey.showing import Sheet

SHOWN, NONCE, CODE, ASSERTION, ASKING = "shown", "nonce", "code", "assertion", "ask"
PAPER = "paper"
# The work of a page, and of it what can be sent or run.
_WORK = re.compile(r"<!--work-->(.*)<!--/work-->", re.DOTALL)
_LIVE = re.compile(
    r'<fieldset class="zx-sign.*?</fieldset>|<script.*?</script>|<input type="hidden"[^>]*>'
    r'|</?form\b[^>]*>|\s(?:hx-\w+|action|data-\w+)="[^"]*"',
    re.DOTALL,
)
# What was typed into a form.
_TYPED = re.compile(r'<textarea[^>]*>(.*?)</textarea>|<input type="text"[^>]*>', re.DOTALL)
_VALUE = re.compile(r' value="([^"]*)"')


def as_shown(html: str) -> str:
    """What a page of the desk showed in its work, without forms, scripts and the block of signature."""
    found = _WORK.search(html)
    return _TYPED.sub(_in_full, _LIVE.sub("", found[1])) if found else ""


def _in_full(field: re.Match[str]) -> str:
    # A field would show its first lines only.
    value = _VALUE.search(field[0])
    words = field[1] if field[1] is not None else value[1] if value else ""
    return f'<p class="zx-words">{words}</p>'


class ProofBlock:
    """Where a second factor is asked for, and what came back with the form."""

    # Whether the decision can be signed by hand instead.
    offers_paper = False
    # The number of the paper that was asked for.
    paper = 0

    def __init__(self, request: DeskRequest) -> None:
        self._request = request
        posted = request.POST if request.method == "POST" else {}
        self.nonce = str(posted.get(NONCE, ""))[:32] or secrets.token_hex(16)
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

    def _proof(self, site: Site, use: Callable[[Proof], object]) -> bool:
        """True when the proof that came passed and was used; else `error` says why."""
        if not self._code.strip() and not self._assertion:
            self.error = _("还没有签署：请输入验证码，或用通行密钥。")
            return False
        try:
            use(Proof(self._code, self._assertion, site))
        except (FactorRefused, Locked) as refused:
            self.error = str(refused)
            return False
        return True

    def status(self, form: BaseForm | None) -> int:
        """422 when the page is drawn again because something is missing."""
        return 422 if self.error or (form is not None and form.errors) else 200


class SigningBlock(ProofBlock):
    """What the template draws of a decision, and what came back with the form."""

    offers_paper = True

    def __init__(self, request: DeskRequest, sheet: Callable[[str], Sheet]) -> None:
        """`sheet` gives what the page shows, for the random number of the form."""
        super().__init__(request)
        self.sheet = sheet(self.nonce)

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
        if PAPER in self._request.POST:
            return self._on_paper(act)
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
        return self._proof(site, lambda proof: act(Signed(self._shown, self.nonce, proof)))

    def _on_paper(self, act: Callable[[Signed], object]) -> bool:
        """Leaves a paper instead of the act; the page that is drawn now is what is printed."""
        try:
            act(Signed(self._shown, self.nonce, OnPaper()))
        except AskedOnPaper as asked:
            self.paper = asked.number
        return False

    def printed(self, drawn: HttpResponse) -> HttpResponse:
        """Keeps what the page shows, without what can be sent, and leads to the paper."""
        journey.keep_printed(
            paper_id=self.paper,
            html=as_shown(drawn.content.decode()),
            at=timezone.now(),
            actor=self._request.actor,
        )
        return redirect("desk:paper", self.paper)
