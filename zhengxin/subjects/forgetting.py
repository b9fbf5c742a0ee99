"""A subject of whom no content is left is forgotten: its number stays, because entries bear it; name and codes go."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say
from zhengxin.subjects.models import Judgement, Name, Subject


def forget(
    *, subject_ids: Iterable[int], mentions: Iterable[str], at: datetime, actor: Actor
) -> None:
    """Empty the names and identifiers of these subjects and the words of judgements on them; units stay as they are.

    mentions: keys nobody else's record bears; judgements on them that name no other subject go as well.
    Again is harmless.
    """
    with transaction.atomic():
        gone = Subject.objects.filter(pk__in=list(subject_ids), unit__isnull=True)
        ids = list(gone.values_list("pk", flat=True))
        gone.update(name=say("（已依法抹去）"), folded="", uscc=None, id_hash=None)
        Name.objects.filter(subject_id__in=ids).delete()
        known = set(Judgement.objects.filter(subject_id__in=ids).values_list("mention", flat=True))
        for mention in {*known, *(m for m in mentions if _names_nobody(m, ids))}:
            for row in Judgement.objects.filter(mention=mention):
                Judgement.objects.filter(pk=row.pk).update(
                    mention=f"#{row.pk}",
                    mention_text=say("（已依法抹去）"),
                    because=say("内容已依法删除。"),
                )


def _names_nobody(mention: str, forgotten: Iterable[int]) -> bool:
    standing = Judgement.objects.filter(mention=mention, superseded_by__isnull=True).first()
    return standing is not None and standing.subject_id in {None, *forgotten}
