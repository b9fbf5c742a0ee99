"""What whoever raised a proposal is told of it: what went out to them, not what the offices write to each other."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from zhengxin.duties.types import Step
from zhengxin.kernel.actor import Actor, Role
from zhengxin.ledger.enums import Act
from zhengxin.oversight.proposals.enums import HandlingState
from zhengxin.oversight.proposals.models import Contact, Handling, Opinion, Proposal, Signer
from zhengxin.oversight.proposals.rules import read_count
from zhengxin.rulebook.queries import parameter
from zhengxin.subjects import queries as subjects

_BETWEEN_OFFICES = (
    Act.PROPOSAL_DECLINED,
    Act.PROPOSAL_UPHELD,
    Act.PROPOSAL_OPINION,
    Act.PROPOSAL_REPLIED,
    Act.PROPOSAL_SENT_BACK,
)


def raiser(actor: Actor) -> int | None:
    """The account of who reads as a deputy or a member; None for whoever handles or oversees proposals."""
    raises = actor.has(Role.DELEGATE) and not actor.has(*subjects.COUNTY_WIDE)
    return actor.account_id if raises else None


def told_to_raiser(steps: Iterable[Step], names: Collection[str]) -> list[Step]:
    """Of a history, what who raised it is told. names: the reader's own, whose ratings are shown."""
    return [
        step
        for step in steps
        if step.act not in _BETWEEN_OFFICES
        and (step.act != Act.PROPOSAL_RATED or step.content.get("name") in names)
    ]


def files_shown(row: Proposal, actor: Actor) -> set[int]:
    """The pieces of evidence of a proposal that its page shows: of contacts, and scans of ratings."""
    contacts = Contact.objects.filter(handling__proposal=row)
    opinions = Opinion.objects.filter(handling__proposal=row)
    account_id = raiser(actor)
    if account_id is not None:
        opinions = opinions.filter(signer__delegate__account_id=account_id)
    kept = [*contacts.values_list("files", flat=True), *opinions.values_list("files", flat=True)]
    return {int(file["piece"]) for files in kept for file in files}


def accounts_of(row: Proposal) -> list[int]:
    """The accounts of everybody who raised it and has one."""
    rows = Signer.objects.filter(proposal=row).order_by("place")
    return [pk for pk in rows.values_list("delegate__account_id", flat=True) if pk is not None]


def days_to_remind(on: date) -> int:
    """How many days after a reply went out whoever has not rated it is told once more. Raises NoRule."""
    return read_count(parameter("proposal_rating_reminder_days", on).value)


def unrated(sent_on: date) -> Iterator[tuple[Handling, list[int]]]:
    """Replies that went out on the day, each with the accounts of those who raised it and have not rated it."""
    parts = Handling.objects.select_related("proposal").filter(sent_on=sent_on)
    for part in parts.exclude(state=HandlingState.AGAIN).order_by("id"):
        rated = Opinion.objects.filter(handling=part).values("signer__delegate__account_id")
        given = {each["signer__delegate__account_id"] for each in rated}
        yield part, [each for each in accounts_of(part.proposal) if each not in given]
