"""What the public may see of proposals: those whose raiser agreed, once the reply is out. No person's name."""

from dataclasses import dataclass
from datetime import date

from zhengxin.oversight.proposals.enums import AnswerClass, Consent, ProposalKind
from zhengxin.oversight.proposals.models import Reply
from zhengxin.subjects import queries as subjects


@dataclass(frozen=True, slots=True)
class PublicReply:
    """A reply that went out. text: empty until another person than its writer released it; again: a second reply."""

    kind: str
    session: str
    number: str
    title: str
    unit: str
    answer_class: str
    replied_on: date
    promised_on: date | None
    text: str
    again: bool


def published(on: date) -> list[PublicReply]:
    """Replies that were out on the day, by session and number."""
    rows = list(
        Reply.objects.filter(sent_on__lte=on, handling__proposal__consent=Consent.YES)
        .select_related("handling__proposal")
        .order_by(
            "-handling__proposal__session",
            "handling__proposal__kind",
            "handling__proposal__place",
            "id",
        )
    )
    names = subjects.subject_names({row.handling.unit_id for row in rows})
    found = []
    for row in rows:
        about = row.handling.proposal
        released = row.released_on is not None and row.released_on <= on
        if row.sent_on is not None:
            found.append(
                PublicReply(
                    kind=str(ProposalKind(about.kind).label),
                    session=about.session,
                    number=about.number,
                    title=about.title,
                    unit=names.get(row.handling.unit_id, ""),
                    answer_class=str(AnswerClass(row.answer_class).label),
                    replied_on=row.sent_on,
                    promised_on=row.promised_on,
                    text=row.text if released else "",
                    again=row.handling.nth > 1,
                )
            )
    return found
