"""A decision over paper: asked for by whoever decides, handed in as a scan, compared and carried out, or given up.

A verb that takes `signed` is marked `signable`. Called with OnPaper it goes as far as its signature and
leaves a paper instead; called again with Compared, when a second person compared the scan, it does the act.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.utils import timezone

from zhengxin.accounts import papers, permissions
from zhengxin.accounts import queries as accounts
from zhengxin.accounts.enums import FactorKind, PaperState
from zhengxin.accounts.models import Paper, Signature
from zhengxin.accounts.papers import PaperRefused
from zhengxin.accounts.proofs import prove
from zhengxin.accounts.queries import passkey_question
from zhengxin.accounts.signatures import ContentChanged, comparison_digest
from zhengxin.accounts.types import Compared, Proof, Proven, Signed, Site
from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.signing import WouldSign
from zhengxin.journey.telling import tell_of_scan
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import NotAllowed, Refused
from zhengxin.kernel.say import say

P = ParamSpec("P")
R = TypeVar("R")
SIGNABLE: dict[str, Callable[..., Any]] = {}


class AskedOnPaper(Exception):
    """Instead of the act there is a paper of this number now."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def signable(verb: Callable[P, R]) -> Callable[P, R]:
    """Marks a deciding verb, which can then also be signed on paper."""
    SIGNABLE[verb.__name__] = verb

    @wraps(verb)
    def inner(*arguments: P.args, **given: P.kwargs) -> R:
        try:
            return verb(*arguments, **given)
        except WouldSign as would:
            raise AskedOnPaper(_ask(verb.__name__, dict(given), would)) from None

    return inner


def _ask(verb: str, given: dict[str, Any], would: WouldSign) -> int:
    signed, at, actor = (given.pop(name) for name in ("signed", "at", "actor"))
    sheet = would.sheet
    paper = papers.ask(
        verb=verb,
        given={name: _as_json(value) for name, value in given.items()},
        act=sheet.act,
        object_kind=sheet.object_kind,
        object_id=sheet.object_id,
        shown=signed.shown,
        nonce=signed.nonce,
        statement=would.statement,
        at=at,
        actor=actor,
    )
    _line("paper.ask", paper, Outcome.DONE, at, actor)
    return paper.pk


def _as_json(value: Any) -> Any:
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _as_given(value: Any) -> Any:
    return date.fromisoformat(value["day"]) if isinstance(value, dict) else value


def keep_printed(*, paper_id: int, html: str, at: datetime, actor: Actor) -> None:
    """What the page of the decision showed, to be printed."""
    papers.keep_printed(paper_id=paper_id, html=html, at=at, actor=actor)


def hand_in_scan(*, paper_id: int, scan: bytes, at: datetime, actor: Actor) -> None:
    """The scan of the signed sheet. Raises NotAllowed, PaperRefused."""
    paper = papers.hand_in(paper_id=paper_id, scan=scan, at=at, actor=actor)
    _line("paper.hand_in", paper, Outcome.DONE, at, actor)
    tell_of_scan(paper=paper, at=at, actor=actor)


def comparing_question(
    *, paper_id: int, scan: str, site: Site, at: datetime, actor: Actor
) -> dict[str, Any]:
    """What a browser needs to have a passkey sign a comparison. Raises NotAllowed, PaperRefused."""
    paper = papers.paper_to_settle(paper_id, at)
    _check(paper, actor)
    return passkey_question(
        account_id=actor.account_id or 0, site=site, challenge=_challenge(paper, scan, actor)
    )


def compare_paper(*, paper_id: int, scan: str, proof: Proof, at: datetime, actor: Actor) -> None:
    """The second person signs that the scan bears what was printed; then the act is done as its decider's.

    scan: digest of the one that was looked at. Raises NotAllowed, PaperRefused, FactorRefused, Locked, and what
    the act itself raises; ContentChanged settles the paper for good.
    """
    paper = papers.paper_to_settle(paper_id, at)
    _check(paper, actor)
    decider = _decider(paper, at)
    given = {name: _as_given(value) for name, value in papers.given_of(paper).items()}
    try:
        proven = prove(
            account_id=actor.account_id or 0,
            proof=proof,
            challenge=_challenge(paper, scan, actor),
            at=at,
            actor=actor,
        )
    except Refused as refused:
        _line("paper.compare", paper, Outcome.REFUSED, at, actor, why=refused.what)
        raise
    papers.begin_comparing(paper=paper, scan=scan, at=at, actor=actor)
    signed = Signed(
        paper.shown, paper.nonce, Compared(paper.statement, _on(paper, scan, proven, actor))
    )
    try:
        SIGNABLE[paper.verb](**given, signed=signed, at=at, actor=decider)
    except ContentChanged:
        if _done(paper, at, actor):
            return
        papers.settle(paper_id=paper.pk, state=PaperState.STALE, at=at, actor=actor)
        _line("paper.compare", paper, Outcome.REFUSED, at, actor, why=say("内容已变"))
        raise
    except Refused as refused:
        papers.lay_back(paper_id=paper.pk, at=at, actor=actor)
        _line("paper.compare", paper, Outcome.REFUSED, at, actor, why=refused.what)
        raise
    _done(paper, at, actor)


def _done(paper: Paper, at: datetime, actor: Actor) -> bool:
    """Settles a paper whose signature is there; False when it is not."""
    signature = Signature.objects.filter(
        object_kind=paper.object_kind, object_id=paper.object_id, digest=paper.statement
    ).first()
    if signature is None:
        return False
    papers.settle(
        paper_id=paper.pk, state=PaperState.DONE, signature_id=signature.pk, at=at, actor=actor
    )
    _line("paper.compare", paper, Outcome.DONE, at, actor, signature=signature.pk)
    return True


def refuse_paper(*, paper_id: int, because: str, at: datetime, actor: Actor) -> None:
    """The second person finds that the scan is not what was printed. Raises NotAllowed, PaperRefused."""
    insist_on_reason(because)
    paper = papers.paper_to_settle(paper_id, at)
    _check(paper, actor)
    papers.end_by_hand(
        paper_id=paper.pk, state=PaperState.REFUSED, because=because, at=at, actor=actor
    )
    _line("paper.refuse", paper, Outcome.DONE, at, actor, because=because)


def withdraw_paper(*, paper_id: int, because: str, at: datetime, actor: Actor) -> None:
    """Whoever was to sign gives it up. Raises NotAllowed, PaperRefused."""
    insist_on_reason(because)
    paper = papers.paper_to_settle(paper_id, at)
    if paper.account_id != actor.account_id:
        raise NotAllowed(
            say("您不能撤回这份签署单。"), say("它是别人的。"), say("请由签字人本人撤回。")
        )
    papers.end_by_hand(
        paper_id=paper.pk, state=PaperState.WITHDRAWN, because=because, at=at, actor=actor
    )
    _line("paper.withdraw", paper, Outcome.DONE, at, actor, because=because)


def sweep_papers(*, at: datetime, actor: Actor) -> int:
    """Settles papers whose time is over, and what a crash left in the middle; returns how many."""
    swept = 0
    for paper in Paper.objects.filter(state=PaperState.COMPARING):
        if not _done(paper, at, actor):
            papers.lay_back(paper_id=paper.pk, at=at, actor=actor)
        swept += 1
    for paper in papers.over(at):
        if papers.settle(paper_id=paper.pk, state=PaperState.EXPIRED, at=at, actor=actor):
            _line("paper.expire", paper, Outcome.DONE, at, actor)
        swept += 1
    return swept


def _check(paper: Paper, actor: Actor) -> None:
    permissions.check_compare(
        actor, account_id=paper.account_id, unit_id=paper.unit_id, scanned_by=paper.scanned_by_id
    )


def _challenge(paper: Paper, scan: str, actor: Actor) -> bytes:
    return bytes.fromhex(comparison_digest(paper.statement, paper.pk, actor.account_id, scan))


def _on(paper: Paper, scan: str, proven: Proven, actor: Actor) -> Proven:
    """What the signature keeps: the paper, its scan, who compared, and that person's proof."""
    kept = {
        "paper": paper.pk,
        "scan": scan,
        "compared_by": actor.account_id,
        "factor": proven.kind,
        "answer": proven.assertion,
    }
    return Proven(proven.factor_id, FactorKind.PAPER, kept, proven.public_key, proven.rp_id)


def _decider(paper: Paper, at: datetime) -> Actor:
    """Whoever decides, in the post of then, as it is held today. Raises PaperRefused."""
    today = timezone.localdate(at)
    for post in accounts.posts_in_force(paper.account, today):
        actor = accounts.actor_for(paper.account, today, post_id=post.pk)
        behalf = actor.on_behalf_of.account_id if actor.on_behalf_of else None
        if (actor.unit_id, behalf) == (paper.unit_id, paper.behalf_id):
            return actor
    raise PaperRefused(
        say("没有办理：签字人今天已没有当时的岗位。"), "", say("请由现任的人重新办理。")
    )


def _line(
    act: str, paper: Paper, outcome: Outcome, at: datetime, actor: Actor, **detail: Any
) -> None:
    audit.record(
        act=act,
        object_kind="paper",
        object_id=paper.pk,
        outcome=outcome,
        at=at,
        actor=actor,
        signs=paper.act,
        on=f"{paper.object_kind}/{paper.object_id}",
        scan=paper.scan,
        **detail,
    )
