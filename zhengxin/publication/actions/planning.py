"""What oversight shows the public: plans, orders, inspections, replies. The board holds each list as one figure."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from zhengxin.kernel.actor import Actor
from zhengxin.publication.board.models import BoardFigure
from zhengxin.publication.board.plan_types import PlanPage

STORIES = ("orders", "inspections", "replies", "measures", "criticisms")


def put_plans(*, plans: Sequence[PlanPage], at: datetime, actor: Actor) -> None:
    """These plans, and no others, are what the public sees."""
    _put("plans", plans, at)


def put_story(*, name: str, rows: Sequence[Any], at: datetime, actor: Actor) -> None:
    """These rows (dataclasses of plain values) are what the public sees of a story. Raises ValueError for no story."""
    if name not in STORIES:
        raise ValueError(f"no story {name}")
    _put(name, rows, at)


def _put(name: str, rows: Sequence[Any], at: datetime) -> None:
    value = json.loads(json.dumps([asdict(row) for row in rows], cls=DjangoJSONEncoder))
    BoardFigure.objects.using("board").update_or_create(
        name=name, defaults={"value": value, "computed_at": at}
    )
