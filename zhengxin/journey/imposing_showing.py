"""Criticism of units that a second person approved, as the public sees it now."""

from datetime import datetime

from django.utils import timezone

from zhengxin.kernel.actor import Actor
from zhengxin.publication import actions as publication
from zhengxin.sanctions import public as sanctions


def show_criticisms(*, at: datetime, actor: Actor) -> None:
    """The board shows those approved whose measure is in force, and no others. Again is harmless."""
    rows = sanctions.published(timezone.localdate(at))
    publication.put_story(name="criticisms", rows=rows, at=at, actor=actor)
