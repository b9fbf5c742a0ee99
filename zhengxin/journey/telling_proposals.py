"""Deputies and members are told that a reply went out to them, and once more while they have not rated it.

A message names no content: what a proposal is about may be erased, and a message stays.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.accounts import queries as accounts
from zhengxin.kernel.actor import Actor, Role
from zhengxin.messages import actions as messages
from zhengxin.messages.enums import MessageKind
from zhengxin.oversight.proposals import raisers
from zhengxin.oversight.proposals.enums import ProposalKind
from zhengxin.oversight.proposals.models import Handling


def tell_of_reply(*, part: Handling, at: datetime, actor: Actor) -> int:
    """Tells everybody who raised it and has an account; in the transaction of the sending."""
    able = _delegates(timezone.localdate(at))
    return _tell(
        part,
        "proposal_sent",
        able.intersection(raisers.accounts_of(part.proposal)),
        _("您提出的{kind}有了答复。"),
        at,
        actor,
    )


def remind_of_rating(*, day: date, at: datetime, actor: Actor) -> int:
    """Tells those who have not rated a reply that went out so many days before `day`, once."""
    able, told = _delegates(day), 0
    for part, account_ids in raisers.unrated(day - timedelta(days=raisers.days_to_remind(day))):
        subject = _("您提出的{kind}有了答复，还没有评价。")
        told += _tell(part, "proposal_rate", able.intersection(account_ids), subject, at, actor)
    return told


def _delegates(on: date) -> frozenset[int]:
    return frozenset(accounts.accounts_in_role(Role.DELEGATE, on))


def _tell(
    part: Handling,
    key: str,
    account_ids: Collection[int],
    subject: str,
    at: datetime,
    actor: Actor,
) -> int:
    return messages.tell(
        kind=MessageKind.PROPOSAL_REPLIED,
        key=f"{key}/{part.pk}",
        account_ids=sorted(account_ids),
        subject=subject.format(kind=ProposalKind(part.proposal.kind).label),
        text=_("请看答复，对沟通和结果各评一项；没有评价的不算满意。"),
        link=reverse("desk:proposal", args=[part.proposal_id]),
        at=at,
        actor=actor,
    )
