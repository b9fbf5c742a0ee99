"""Records a person has decided on before: found again when the decision changes."""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from zhengxin.intake.enums import SubmissionState, WaitingState
from zhengxin.intake.folders import all_sources
from zhengxin.intake.models import Submission, WaitingRecord
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.uscc import FILLER
from zhengxin.ledger.keys import pepper
from zhengxin.ledger.models import Entry
from zhengxin.ledger.types import Payload
from zhengxin.subjects.models import Judgement
from zhengxin.subjects.queries import decided_under
from zhengxin.subjects.types import Mention

# Characters of a mention key that the waiting list keeps.
_LONGEST = 300


class NotDecidedYet(Refused):
    """There is no decision that could be changed."""


def decided_alike(waiting_id: int) -> list[WaitingRecord]:
    """A decided record first, then all decided ones of the same name and code, newest first.

    Those of a withdrawn submission are left out, and those decided on by themselves; one that was decided on by
    itself stands alone. Raises NotDecidedYet.
    """
    decided = WaitingRecord.objects.exclude(state=WaitingState.WAITING).filter(
        judgement_id__isnull=False
    )
    decided = decided.exclude(submission__state=SubmissionState.WITHDRAWN)
    first = decided.filter(pk=waiting_id).first()
    if first is None:
        raise NotDecidedYet(
            _("没有改判：这一行没有可以改的判断。"),
            _("它还没有人判断过，或者报送已经撤回。"),
            _("请回到主体列表查看。"),
        )
    alike = decided.filter(mention=first.mention).exclude(pk=first.pk).order_by("-id")
    keys = decided_under(row.judgement_id or 0 for row in [first, *alike])
    key = keys.get(first.judgement_id or 0)
    return [first, *(row for row in alike if keys.get(row.judgement_id or 0) == key)]


def waiting_reports(units: Collection[int] | None, before: datetime) -> list[WaitingRecord]:
    """Records that these units (None: all) sent before and that wait still, with a natural key; each with its submission."""
    rows = WaitingRecord.objects.filter(
        state=WaitingState.WAITING, key__isnull=False, submission__received_at__lt=before
    )
    if units is not None:
        rows = rows.filter(submission__unit_id__in=units)
    return list(rows.select_related("submission").order_by("id"))


def waiting_sealed(submission_id: int) -> list[WaitingRecord]:
    """Records of this submission that the law seals, with a natural key, and that wait for a person still."""
    rows = WaitingRecord.objects.filter(
        submission_id=submission_id, state=WaitingState.WAITING, sealed=True, key__isnull=False
    )
    return list(rows.select_related("submission").order_by("id"))


def recorders(entry_ids: Collection[int]) -> set[int]:
    """The accounts that sent these entries, or by whose decision they entered."""
    entries = dict(Entry.objects.filter(id__in=entry_ids).values_list("id", "batch_id"))
    waited = WaitingRecord.objects.filter(entry_id__in=entries)
    rows = waited.values_list("submission_id", "judgement_id")
    sent = Submission.objects.filter(
        Q(batch_id__in=set(entries.values())) | Q(id__in=[submission for submission, _ in rows])
    )
    decided = Judgement.objects.filter(id__in=[judgement for _, judgement in rows])
    accounts = {
        *sent.values_list("account_id", flat=True),
        *decided.values_list("decided_by", flat=True),
    }
    return {account for account in accounts if account is not None}


def decided_entries(submission_id: int) -> list[int]:
    """Entries that records of this submission became because a person decided."""
    rows = WaitingRecord.objects.filter(
        submission_id=submission_id, state=WaitingState.ADMITTED, entry_id__isnull=False
    )
    return [pk for pk in rows.order_by("id").values_list("entry_id", flat=True) if pk is not None]


def senders(entry_ids: Collection[int]) -> dict[int, int]:
    """The unit that sent each of these entries: where it reported for another, not the one whose record it is."""
    entries = dict(Entry.objects.filter(id__in=entry_ids).values_list("id", "batch_id"))
    sent = Submission.objects.filter(batch_id__in=set(entries.values()))
    units = dict(sent.values_list("batch_id", "unit_id"))
    waited = WaitingRecord.objects.filter(entry_id__in=entries)
    found = {pk: units[batch] for pk, batch in entries.items() if batch in units}
    rows = waited.values_list("entry_id", "submission__unit_id")
    return found | {pk: unit_id for pk, unit_id in rows if pk is not None}


def written_mention(kind: str, payload: Payload) -> str:
    """The mention key of a record of the ledger, as its sender named the party; empty when it names none."""
    held = {**payload.open, **payload.closed}
    for source in all_sources().values():
        if source.record_kind != kind:
            continue
        role = {name: column.field for name, column in source.by_role.items()}
        name = str(held.get(role["party_name"]) or "")
        if not name:
            continue
        code = str(held.get(role.get("party_code", "")) or "")
        number = str(held.get(role.get("party_id_number", "")) or "")
        hashed = hmac.new(pepper(), number.encode(), hashlib.sha256).hexdigest() if number else ""
        return Mention(name=name, code="" if code == FILLER else code, id_hash=hashed).key[
            :_LONGEST
        ]
    return ""


def handlers_of(submission_ids: Iterable[int], entry_ids: Sequence[int]) -> set[int]:
    """The accounts that sent these submissions, and those that said whose these entries are."""
    sent = Submission.objects.filter(id__in=list(submission_ids)).values_list(
        "account_id", flat=True
    )
    waited = WaitingRecord.objects.filter(entry_id__in=entry_ids)
    said = Judgement.objects.filter(id__in=waited.values("judgement_id"))
    decided = said.values_list("decided_by", flat=True)
    return {pk for pk in (*sent, *decided) if pk is not None}
