"""What a page of decision shows, as one value with a digest: what an official signs is what stands.

The same functions answer when the page is drawn, when the form comes back, and again inside the
transaction of the act. The last signature on the object belongs to what is shown, so whoever signs
second was shown less than what stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from zhengxin.accounts.signatures import last_signature
from zhengxin.duties import lists
from zhengxin.duties import standing as duties
from zhengxin.duties.models import Duty
from zhengxin.intake import queries as intake
from zhengxin.intake.enums import WaitingState
from zhengxin.intake.models import WaitingRecord
from zhengxin.journey.already import naming_who
from zhengxin.journey.records import kind_labels, record
from zhengxin.kernel.digests import canonical_json, sha256_hex
from zhengxin.kernel.refused import AlreadyDone, Refused
from zhengxin.kernel.say import say
from zhengxin.ledger import queries as ledger
from zhengxin.oversight import queries as plans
from zhengxin.oversight.enums import PlanState
from zhengxin.oversight.readings import mandate_json
from zhengxin.publication import queries as publication
from zhengxin.retention import queries as retention
from zhengxin.subjects import queries as subjects
from zhengxin.subjects.models import SharingAgreement, Succession
from zhengxin.subjects.types import SubjectCard

# So many candidates of the register stand beside a mention.
MOST_CANDIDATES = 8


class NothingToSign(Refused):
    """The object of a decision is not there, or was settled."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is shown of one object before an act. `after`: the last signature on the object, 0 for none."""

    act: str
    object_kind: str
    object_id: str
    content: Mapping[str, Any]
    after: int

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON of everything shown, 64 hexadecimal digits."""
        return sha256_hex(
            canonical_json(
                {
                    "act": self.act,
                    "object": [self.object_kind, self.object_id],
                    "after": self.after,
                    "content": dict(self.content),
                }
            )
        )


def _sheet(act: str, object_kind: str, object_id: object, content: Mapping[str, Any]) -> Sheet:
    kept = str(object_id)
    return Sheet(act, object_kind, kept, content, last_signature(object_kind, kept))


def entry_sheet(act: str, entry_id: int) -> Sheet:
    """One record with its facts and texts, what the law says of it, and what was said of it since."""
    shown = record(entry_id)
    names = subjects.subject_names(pk for pk in (shown.subject_id, shown.unit_id) if pk)
    verdict = publication.verdict(entry_id)
    content = {
        "entry": entry_id,
        "kind": shown.kind_label,
        "subject": names.get(shown.subject_id or 0, ""),
        "unit": names.get(shown.unit_id or 0, ""),
        "true_on": shown.true_on.isoformat() if shown.true_on else "",
        "known_at": shown.known_at.isoformat(),
        "facts": [[label, value] for label, value in shown.facts],
        "texts": [[text.label, text.words] for text in shown.texts],
        "finding": verdict.because if verdict else "",
        "since": ledger.entries_about(entry_id),
    }
    return _sheet(act, "entry", entry_id, content)


def erasure_sheet(entry_id: int) -> Sheet:
    """Which records of one matter these are, not what they say."""
    kinds = kind_labels()
    chain = [
        [each.id, kinds.get(each.kind, each.kind), ledger.entries_about(each.id)]
        for each in ledger.chain_of([ledger.entry(entry_id)])
    ]
    return _sheet("entry.erase", "entry", entry_id, {"entry": entry_id, "chain": chain})


def seal_sheet(entry_id: int) -> Sheet:
    """Which sealed record it is and how it came, not what it says: that is compared with the document itself."""
    shown = ledger.entry(entry_id)
    content = {
        "entry": entry_id,
        "kind": kind_labels().get(shown.kind, shown.kind),
        "unit": subjects.subject_names([shown.unit_id or 0]).get(shown.unit_id or 0, ""),
        "known_at": shown.known_at.isoformat(),
        "since": ledger.entries_about(entry_id),
    }
    return _sheet("seal_lifted", "entry", entry_id, content)


def new_hold_sheet(nonce: str) -> Sheet:
    """An empty form: all that is signed of a new hold is what the form says."""
    return _sheet("hold.place", "hold", nonce, {})


def hold_sheet(hold_id: int) -> Sheet:
    """A hold that stands: on what, on which ground, who placed it."""
    row = retention.hold(hold_id)
    if row is None or row.lifted_at is not None:
        raise NothingToSign(
            say("没有这项保全。"), say("它可能已经解除。"), say("请从保全列表中打开。")
        )
    content = {
        "on": row.on,
        "target": row.target_id,
        "legal_basis": row.legal_basis,
        "because": row.because,
        "until": row.until.isoformat() if row.until else "",
        "placed_by": row.placed_by_name,
    }
    return _sheet("hold.lift", "hold", hold_id, content)


def candidates(row: WaitingRecord) -> list[SubjectCard]:
    """Whom a name may mean: who has its code or number today, then whom the register offered when it came."""
    holder = subjects.holder_of(row.mention.rpartition("|")[2])
    offered = ([] if holder is None else [holder]) + row.candidates[:MOST_CANDIDATES]
    return [subjects.subject_card(pk) for pk in dict.fromkeys(offered)]


def _mention(row: WaitingRecord, rows: list[int]) -> dict[str, Any]:
    cards = candidates(row)
    return {
        "text": row.mention_text,
        "code": row.mention_code,
        "because": row.because,
        "rows": rows,
        "candidates": [[card.name, card.uscc, card.kind_label] for card in cards],
        "history": [
            [line.id, line.subject_name, line.decided_by_name, line.because]
            for line in subjects.judgements(row.mention, row.pk)
        ],
    }


def _mention_id(row: WaitingRecord) -> str:
    return sha256_hex(row.mention.encode())


def mention_sheet(waiting_id: int, *, whole_mention: bool = True) -> Sheet:
    """A name as it was written, the rows that wait under it, the register's candidates, earlier decisions."""
    row = WaitingRecord.objects.filter(pk=waiting_id).first()
    if row is None:
        raise NothingToSign(say("没有找到这一行。"), "", say("请从主体列表里打开。"))
    alike = WaitingRecord.objects.filter(mention=row.mention, state=WaitingState.WAITING)
    if not whole_mention:
        alike = alike.filter(pk=waiting_id)
    rows = list(alike.order_by("id").values_list("id", flat=True))
    return _sheet("attribution.decide", "mention", _mention_id(row), _mention(row, rows))


def redecision_sheet(waiting_id: int) -> Sheet:
    """The standing decision on a name and the rows decided under it. Raises NotDecidedYet."""
    rows = intake.decided_alike(waiting_id)
    content = _mention(rows[0], [row.pk for row in rows])
    return _sheet("attribution.redecide", "mention", _mention_id(rows[0]), content)


def succession_sheet(succession_id: int) -> Sheet:
    """Which unit is believed to have followed which, and on what ground."""
    for unit, line in subjects.unconfirmed_successions():
        if line.id == succession_id and line.other_id is not None:
            content = {
                "unit": unit.name,
                "kind": line.kind_label,
                "other": line.other_name,
                "on": line.on.isoformat() if line.on else "",
                "basis": line.basis,
            }
            return _sheet("succession.confirm", "succession", succession_id, content)
    if Succession.objects.filter(pk=succession_id, confirmed_at__isnull=False).exists():
        with naming_who("succession.confirm", "succession", succession_id):
            raise AlreadyDone(say("这一条沿革已经确认。"))
    raise NothingToSign(
        say("没有找到这一条沿革。"),
        say("编号有误，后继单位还不清楚，或者已经确认。"),
        say("请从主体列表里确认。"),
    )


def agreement_sheet(agreement_id: int) -> Sheet:
    """The terms of an agreement that nobody has ended."""
    for line in subjects.agreements():
        if line.id == agreement_id and line.ended_at is None:
            content = {
                "owner": line.owner_name,
                "reader": line.reader_name,
                "fields": sorted(line.fields),
                "basis": line.basis,
                "purpose": line.purpose,
                "valid_from": line.valid_from.isoformat(),
                "expires_on": line.expires_on.isoformat(),
            }
            return _sheet("agreement.end", "agreement", agreement_id, content)
    if SharingAgreement.objects.filter(pk=agreement_id, ended_at__isnull=False).exists():
        with naming_who("agreement.end", "agreement", agreement_id):
            raise AlreadyDone(say("这份共享协议已经终止。"))
    raise NothingToSign(
        say("没有找到这份协议。"), say("编号有误，或者已经终止。"), say("请从共享协议列表里打开。")
    )


def new_agreement_sheet(nonce: str) -> Sheet:
    """An empty form: all that is signed of a new agreement is what the form says."""
    return _sheet("agreement.make", "agreement", nonce, {})


def duty_sheet(act: str, duty_id: int) -> Sheet:
    """One duty: who owes what to whom by when, and what was done about it since."""
    shown = duties.duty(duty_id)
    now = duties.standing_now(duty_id)
    names = subjects.subject_names(pk for pk in (now.bearer_id, shown.to_id) if pk)
    content = {
        "duty": duty_id,
        "kind": shown.kind,
        "what": shown.what,
        "bearer": names.get(now.bearer_id, ""),
        "to": names.get(shown.to_id or 0, ""),
        "due_on": now.due_on.isoformat() if now.due_on else "",
        "state": now.state,
        "since": ledger.entries_about(shown.entry_id),
    }
    return _sheet(act, "duty", duty_id, content)


def taken_over(duty: Duty) -> list[Duty]:
    """What a unit with a new leader owes, apart from the list itself, by due day."""
    units = subjects.lineage(duty.bearer_id, timezone.localdate())
    return list(lists.running(units).exclude(kind=duties.TAKEOVER))


def takeover_sheet(duty_id: int) -> Sheet:
    """The list that a new leader signs for: every duty with its day and where it stands."""
    shown = duties.duty(duty_id)
    content = {
        "duty": duty_id,
        "state": duties.standing_now(duty_id).state,
        "list": [
            [each.pk, each.what, each.due_on.isoformat() if each.due_on else "", each.state]
            for each in taken_over(shown)
        ],
    }
    return _sheet("duty.take_over", "duty", duty_id, content)


def plan_sheet(plan_id: int, on: date) -> Sheet:
    """A plan as it would become mandates, by the register of that day; what was left out and why."""
    row = plans.plan(plan_id)
    if row.state != PlanState.READ:
        raise _no_plan()
    draft = plans.draft(row, on)
    content = {
        "title": row.title,
        "dated": row.dated.isoformat() if row.dated else "",
        "sha256": row.document.sha256,
        "mandates": [mandate_json(each) for each in draft.mandates],
        "dropped": [[each.task.number, each.dropped] for each in draft.tasks if each.dropped],
        "put_off": [
            [each.name, each.settled.because]
            for each in draft.names
            if each.settled and not each.units
        ],
    }
    return _sheet("plan.confirm", "plan", plan_id, content)


def plan_end_sheet(plan_id: int) -> Sheet:
    """A confirmed plan: what it is, who confirmed it, its mandates by their entries."""
    row = plans.plan(plan_id)
    if row.state != PlanState.CONFIRMED:
        raise _no_plan()
    content = {
        "title": row.title,
        "entry": row.entry_id,
        "confirmed_by": row.confirmed_by_name,
        "mandates": [each.entry_id for each in plans.mandates(plan_id)],
    }
    return _sheet("plan.end", "plan", plan_id, content)


def _no_plan() -> NothingToSign:
    return NothingToSign(
        say("这份方案现在不用签署。"),
        say("它已经确认、弃用或者终止。"),
        say("请从方案列表里打开核对。"),
    )
