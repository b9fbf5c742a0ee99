"""Reads of people's decisions on whose a mention is, and of who has the number that stands in it."""

from collections.abc import Iterable

from django.db.models import Q

from zhengxin.subjects.models import Judgement, Subject
from zhengxin.subjects.types import JudgementLine, identifies, is_id_hash, own_key


def holder_of(identifier: str) -> int | None:
    """The id of the subject that has this credit code or this hash of an identity number; None when nobody has."""
    if not identifier:
        return None
    held = Q(id_hash=identifier) if is_id_hash(identifier) else Q(uscc=identifier)
    return Subject.objects.filter(held).values_list("id", flat=True).first()


def stands_alone(mention: str, subject_id: int | None) -> bool:
    """Whether a decision that a mention is this subject holds for its own row only.

    So it is for a natural person whom nothing but the name tells from others.
    """
    if subject_id is None or identifies(mention.rpartition("|")[2]):
        return False
    return Subject.objects.filter(pk=subject_id, natural_person=True).exists()


def decided_under(ids: Iterable[int]) -> dict[int, str]:
    """The keys under which these judgements stand, by their ids."""
    return dict(Judgement.objects.filter(pk__in=set(ids)).values_list("id", "mention"))


def judgements(mention: str, row: int | None = None) -> list[JudgementLine]:
    """Every decision on a mention key, with `row` also those on that waiting row alone; newest first.

    Of each key only the newest is not superseded.
    """
    own = "" if row is None else own_key(mention, row)
    rows = Judgement.objects.select_related("subject", "superseded_by")
    rows = rows.filter(mention__in=[mention, own] if own else [mention])
    return [
        JudgementLine(
            id=each.pk,
            mention=each.mention,
            mention_text=each.mention_text,
            subject_id=each.subject_id,
            subject_name=each.subject.name if each.subject else "",
            natural_person=each.subject is not None and each.subject.natural_person,
            certainty=each.certainty,
            because=each.because,
            decided_by_name=each.decided_by_name,
            decided_at=each.decided_at,
            superseded=hasattr(each, "superseded_by"),
            own_row=each.mention == own,
        )
        for each in rows.order_by("-id")
    ]
