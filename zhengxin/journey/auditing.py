"""The audit log enters the ledger: lines sealed in blocks, the whole verified, what is past its term removed."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from zhengxin.audit import actions as audit
from zhengxin.audit import queries as audit_queries
from zhengxin.audit import sealing, verification
from zhengxin.audit.enums import Outcome
from zhengxin.audit.permissions import check_dispose
from zhengxin.audit.settling import settled
from zhengxin.audit.types import Act as Told
from zhengxin.audit.types import Block, Cutoffs, Report, Term
from zhengxin.audit.watching import Watch
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.periods import add_months
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.ledger import actions as ledger
from zhengxin.ledger import queries as ledger_queries
from zhengxin.ledger.enums import Act
from zhengxin.ledger.types import Draft
from zhengxin.ledger.types import Report as LedgerReport
from zhengxin.publication import queries as publication
from zhengxin.publication.enums import Asked
from zhengxin.rulebook import queries as rulebook
from zhengxin.rulebook.types import Parameter

# Up to which taking of the board the log has its lines, kept like a follower's place.
_TAKINGS = "takings"
_AT_ONCE = 500


class NothingToDispose(Refused):
    """No line is past its term."""


@dataclass(frozen=True, slots=True)
class Disposed:
    """What a disposal did: the contents removed now, the terms it kept to, where the ledger says so."""

    number: int
    n: int
    terms: tuple[Term, ...]
    entry_id: int


def seal_audit(*, at: datetime, actor: Actor, watch: Watch | None = None) -> int:
    """Seals every line that is written and settled; returns how many lines. With a watch, as it saw them first.

    A block and the ledger's entry of its root are one transaction: broken off, neither exists. Lines
    of transactions that are still open wait for the next time, and so does everything after them.
    """
    _collect_takings(at, actor)
    sealed = 0
    up_to = settled("audit_auditline")
    while (block := sealing.next_block(up_to, watch=watch)) is not None:
        try:
            with transaction.atomic():
                [entry_id] = ledger.append(drafts=[_seal_draft(block, at)], at=at, actor=actor)
                audit.seal(block=block, entry_id=entry_id, at=at, actor=actor)
        except audit.BlockTaken:
            continue
        sealed += block.n
    return sealed


def seal_audit_when_due(*, at: datetime, actor: Actor, watch: Watch | None = None) -> int:
    """Seals when a line waits longer than AUDIT_SEAL_SECONDS or more than AUDIT_SEAL_LINES wait.

    A watch takes note of new lines each time; what it saw is what is sealed.
    """
    _collect_takings(at, actor)
    if watch is not None:
        watch.look(settled("audit_auditline", patience=0.1), sealing.BLOCK)
    waiting, oldest = sealing.waiting()
    if oldest is None:
        return 0
    waits = timedelta(seconds=settings.AUDIT_SEAL_SECONDS)
    if waiting <= settings.AUDIT_SEAL_LINES and at - oldest.at < waits:
        return 0
    return seal_audit(at=at, actor=actor, watch=watch)


def _collect_takings(at: datetime, actor: Actor) -> None:
    """What recipients took, and keys that were refused, stand on the board, where the portal's own
    process can write; here they become lines, each once."""
    up_to = settled("board_boardtaking", using="board")
    while ledger_queries.cursor(_TAKINGS) < up_to:
        with transaction.atomic():
            position = ledger_queries.cursor(_TAKINGS, lock=True)
            found = publication.takings_between(position, up_to, _AT_ONCE)
            for taking, recipient in found:
                refused = taking.asked == Asked.REFUSED
                audit.record(
                    act="recipient.take",
                    object_kind="recipient",
                    object_id=taking.recipient_id or "",
                    outcome=Outcome.REFUSED if refused else Outcome.READ,
                    at=taking.at,
                    actor=Actor(None, recipient.name if recipient else "", None, frozenset()),
                    purpose=recipient.purpose if recipient else "",
                    asked=str(Asked(taking.asked).label),
                    **({} if refused else _span(taking.first_id, taking.last_id, taking.n)),
                )
            position = found[-1][0].id if len(found) == _AT_ONCE else up_to
            ledger.advance(follower=_TAKINGS, position=position)


def _span(first: int, last: int, n: int) -> dict[str, int]:
    return {"first": first, "last": last, "records": n}


def _seal_draft(block: Block, at: datetime) -> Draft:
    return _act(
        Act.AUDIT_SEAL,
        block.number,
        block.root,
        at,
        first=block.first_id,
        last=block.last_id,
        lines=block.n,
        previous=block.previous.hex(),
    )


def _act(kind: Act, number: int, digest: bytes, at: datetime, **told: int | str) -> Draft:
    """Number and digest stand in clear, in the trait: they are verified without any key, and no
    erasure takes them away."""
    return Draft(
        kind=kind,
        subject_id=None,
        unit_id=None,
        true_on=timezone.localdate(at),
        known_at=at,
        open={"number": number, "digest": digest.hex(), **told},
        trait=f"{number};{digest.hex()}",
    )


def _told(kind: Act) -> list[Told]:
    """What the ledger says of blocks or of disposals."""
    found = []
    for entry_id, trait in ledger_queries.traits_of(kind):
        number, _, digest = trait.partition(";")
        found.append(Told(int(number), bytes.fromhex(digest), entry_id))
    return found


def verify_audit(*, at: datetime, actor: Actor) -> tuple[LedgerReport, Report]:
    """Recomputes the ledger, then every block of the audit log from its lines; the check is logged.

    The two reports belong together: the log is compared with entries that the first one vouches for.
    """
    of_ledger = ledger_queries.verify()
    report = verification.verify(blocks=_told(Act.AUDIT_SEAL), disposals=_told(Act.AUDIT_DISPOSAL))
    audit.record(
        act="audit.verify",
        object_kind="audit",
        object_id="",
        outcome=Outcome.DONE,
        at=at,
        actor=actor,
        lines=report.lines,
        problems=len(report.problems) + len(of_ledger.problems),
    )
    return of_ledger, report


def audit_terms(*, on: date) -> tuple[Term, ...]:
    """How long lines are kept at least by the law of that day: queries, lines about a subject, all others.

    A line is kept for the longest term of those that concern it. Raises NoRule.
    """
    others = rulebook.parameter("audit_kept_months", on)
    subjects = _longer(rulebook.parameter("audit_kept_months_subject", on), others)
    queries = _longer(rulebook.parameter("audit_kept_months_query", on), subjects)
    return (
        _term(say("查询信用信息的记录"), queries),
        _term(say("涉及主体的其他记录"), subjects),
        _term(say("其余记录"), others),
    )


def _longer(one: Parameter, other: Parameter) -> Parameter:
    return one if int(str(one.value)) >= int(str(other.value)) else other


def _term(what: str, rule: Parameter) -> Term:
    return Term(
        what=what,
        months=int(str(rule.value)),
        basis=rule.citation.text,
        unread=rule.citation.needs_confirmation,
    )


def dispose_audit(*, before: date, at: datetime, actor: Actor) -> Disposed:
    """Removes the content of sealed lines older than `before` and past every term that concerns them.

    Id, moment, outcome and leaf stay, so every proof holds. The decision stands in the audit log and in
    the ledger before anything is removed; broken off, the next call finishes it. Raises
    NotAllowed, NothingToDispose.
    """
    check_dispose(actor)
    seal_audit(at=at, actor=actor)
    for number in audit_queries.unfinished_disposals():
        audit.dispose(number=number, at=at, actor=actor)
    terms = audit_terms(on=timezone.localdate(at))
    cutoffs = _cutoffs(terms, before, at)
    last = audit_queries.seals().order_by("-number").first()
    last_id = last.last_id if last else 0
    digest, n = sha256(), 0
    ids = audit_queries.past_term(cutoffs, last_id).order_by("id").values_list("id", flat=True)
    for line_id in ids.iterator():
        digest.update(b"%d\n" % line_id)
        n += 1
    if not n:
        raise NothingToDispose(
            say("没有清除：{before}以前没有到期的行。", before=before),
            say(
                "保存期限：{terms}。",
                terms="；".join(
                    say("{what}{n}个月", what=term.what, n=term.months) for term in terms
                ),
            ),
            say("请过了期限再办理。"),
        )
    number = audit_queries.next_disposal()
    with transaction.atomic():
        draft = _act(
            Act.AUDIT_DISPOSAL,
            number,
            digest.digest(),
            at,
            lines=n,
            last=last_id,
            queries_before=cutoffs.reads.isoformat(),
            subjects_before=cutoffs.subjects.isoformat(),
            others_before=cutoffs.others.isoformat(),
            basis="；".join(term.basis for term in terms),
            by=actor.name,
        )
        [entry_id] = ledger.append(drafts=[draft], at=at, actor=actor)
        audit.decide_disposal(
            number=number,
            cutoffs=cutoffs,
            last_id=last_id,
            n=n,
            digest=digest.digest(),
            entry_id=entry_id,
            at=at,
            actor=actor,
        )
        audit.record(
            act="audit.dispose",
            object_kind="audit",
            object_id=number,
            outcome=Outcome.DONE,
            at=at,
            actor=actor,
            before=before.isoformat(),
            records=n,
            entry=entry_id,
        )
    audit.dispose(number=number, at=at, actor=actor)
    return Disposed(number=number, n=n, terms=terms, entry_id=entry_id)


def _cutoffs(terms: tuple[Term, ...], before: date, at: datetime) -> Cutoffs:
    """The ends of what may go: the day asked for, or the end of the term where that is earlier."""
    today = timezone.localdate(at)
    ends = [
        timezone.make_aware(
            datetime.combine(min(before, add_months(today, -term.months)), time.min)
        )
        for term in terms
    ]
    return Cutoffs(*ends)
