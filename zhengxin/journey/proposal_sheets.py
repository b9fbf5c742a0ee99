"""What a page of decision shows of a proposal or of one unit's part in it; what is signed is what stands."""

from collections.abc import Mapping
from typing import Any

from zhengxin.accounts.signatures import last_signature
from zhengxin.journey.showing import Sheet
from zhengxin.ledger import queries as ledger
from zhengxin.oversight.proposals import queries
from zhengxin.oversight.proposals.models import Proposal
from zhengxin.subjects import queries as subjects


def _sheet(act: str, object_kind: str, object_id: object, content: Mapping[str, Any]) -> Sheet:
    kept = str(object_id)
    return Sheet(act, object_kind, kept, content, last_signature(object_kind, kept))


def new_office_sheet(nonce: str) -> Sheet:
    """An empty form: all that is signed of a new assigning office is what the form says."""
    return _sheet("proposal_office", "proposal_office", nonce, {})


def _shown(row: Proposal) -> dict[str, Any]:
    """The whole proposal: words, who raised it, who handles it, and what was done since."""
    parts = list(row.handlings.all())
    names = subjects.subject_names(each.unit_id for each in parts)
    return {
        "kind": row.kind,
        "session": row.session,
        "number": row.number,
        "title": row.title,
        "text": row.text,
        "consent": row.consent,
        "signers": [[each.delegate.name, each.delegate.delegation] for each in row.signers.all()],
        "parts": [[each.pk, names.get(each.unit_id, ""), each.state] for each in parts],
        "since": ledger.entries_about(row.entry_id),
    }


def proposal_sheet(act: str, proposal_id: int) -> Sheet:
    """A proposal before it is assigned. Raises UnknownProposal."""
    return _sheet(act, "proposal", proposal_id, _shown(queries.proposal(proposal_id)))


def handling_sheet(act: str, handling_id: int) -> Sheet:
    """One unit's part before it is replied to, looked over or released. Raises UnknownProposal."""
    part = queries.handling(handling_id)
    replies = [
        [each.pk, each.answer_class, each.text, str(each.promised_on or "")]
        for each in part.replies.order_by("id")
    ]
    content = {
        **_shown(queries.proposal(part.proposal_id)),
        "part": part.pk,
        "replies": replies,
        "contacts": [
            [str(each.on), each.form, each.with_whom, each.outcome]
            for each in part.contacts.order_by("id")
        ],
    }
    return _sheet(act, "handling", handling_id, content)
